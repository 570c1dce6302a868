import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { useLanguage } from '../words/i18n'
import { value } from '../words/values'
import { type How, type Working, type WorkingValue, workingApi } from './model'

/** What follows from shapes stands open, in this order; what is only copied is unfolded. */
const OPEN: How[] = ['divided', 'interpolated', 'ended', 'numbered']

/** What would be stored beside the shapes of a set, as it is now. */
export function useValues({ layer, revision }: Pick<Working, 'layer' | 'revision'>) {
  const { data = [] } = useQuery({
    queryKey: ['working', 'values', layer, revision],
    queryFn: () => workingApi.values(layer),
    enabled: revision > 0,
    placeholderData: (before) => before,
    gcTime: 0,
  })
  return data
}

/** Where the values of one feature come from that are stored beside its shape. */
export function Values({
  values,
  register,
  nameOf,
}: {
  /** Of one feature. */
  values: WorkingValue[]
  register: Register | undefined
  nameOf: (ref: { layer: string; id: string }) => string
}) {
  const { t } = useTranslation('panel')
  const language = useLanguage()
  const told = (each: WorkingValue) => {
    const field = register?.fields.find(({ name }) => name === each.field)
    const label = field?.label[language] ?? each.field
    // An identifier says nothing to who reads.
    if (field?.reference || each.how === 'ended') return label
    return `${label} ${value(each.value, field, language) || t('values.none')}`
  }
  const line = (of: WorkingValue[]) => of.map(told).join(', ')
  const copied = values.filter(({ how }) => how === 'copied')
  const origin = copied[0]?.of
  return (
    <>
      {OPEN.map((how) => {
        const of = values.filter((each) => each.how === how)
        return (
          of.length > 0 && (
            <Text key={how} size="xs" pl="xs">
              {t(`values.${how}`, { fields: line(of) })}
            </Text>
          )
        )
      })}
      {copied.length > 0 && (
        <Text component="details" size="xs" pl="xs">
          <summary>
            {origin
              ? t('values.copiedOf', { count: copied.length, origin: nameOf(origin) })
              : t('values.copied', { count: copied.length })}
          </summary>
          {line(copied)}
        </Text>
      )}
    </>
  )
}
