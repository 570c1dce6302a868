import { Alert, Loader, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Selection } from '../api/client'
import type { Register } from '../api/model'
import { summaryQuery } from '../api/queries'
import { useLanguage } from '../words/i18n'
import { count, value } from '../words/values'

/** What the numbers of the rows amount to. */
export function Sums({ layer, selection }: { layer: Register; selection: Selection }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { data, error } = useQuery(summaryQuery(layer.id, selection))
  if (error) return <Alert color="red">{error.message}</Alert>
  if (!data) return <Loader size="xs" aria-label={t('loading')} />
  const measures = [
    { name: t('sums.area'), of: data.area, unit: 'm²' },
    { name: t('sums.length'), of: data.length, unit: 'm' },
  ].filter(({ of }) => of)
  const shown = data.fields.filter(({ filled }) => filled > 0)
  return (
    <>
      <Text size="xs" fw={600}>
        {t('list.count', { count: data.count, number: count(data.count, language) })}
      </Text>
      {measures.map(({ name, of, unit }) => (
        <Text key={name} size="xs">
          {name} : {count(Math.round(of ?? 0), language)} {unit}
        </Text>
      ))}
      {shown.length > 0 && (
        <Table fz="xs" verticalSpacing={2} horizontalSpacing={6} mt={4} captionSide="top">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('sums.field')}</Table.Th>
              {(['sum', 'average', 'min', 'max'] as const).map((which) => (
                <Table.Th key={which} ta="right">
                  {t(`sums.${which}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ field: name, ...of }) => {
              const field = layer.fields.find((each) => each.name === name)
              return (
                <Table.Tr key={name}>
                  <Table.Td>{field?.label[language]}</Table.Td>
                  {(['sum', 'average', 'min', 'max'] as const).map((which) => (
                    <Table.Td key={which} ta="right" style={{ whiteSpace: 'nowrap' }}>
                      {value(Math.round(of[which] * 100) / 100, field, language)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      )}
    </>
  )
}
