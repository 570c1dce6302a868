import { Alert, Button, CopyButton, Group, Loader, NativeSelect, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Selection, Summary } from '../api/client'
import type { Register } from '../api/model'
import { groupsQuery, summaryQuery } from '../api/queries'
import { lengthText, surfaceText } from '../editing/quantity'
import { useLanguage } from '../words/i18n'
import { count, value } from '../words/values'
import { countable, FIGURES, figure, type Group as GroupCount, tableOf } from './statistics'

/** What records amount to: sums of their numbers, how many have which value. Copied as a table. */
export default function Statistics({
  layer,
  selection,
}: {
  layer: Register
  selection: Selection
}) {
  const { t } = useTranslation('selection')
  const language = useLanguage()
  const choices = countable(layer)
  const [name, setName] = useState('')
  const by = choices.find((field) => field.name === name)
  const { data, error } = useQuery(summaryQuery(layer.id, selection))
  const { data: found = [] } = useQuery(groupsQuery(layer.id, selection, name))
  if (error) return <Alert color="red">{error.message}</Alert>
  if (!data) return <Loader size="xs" aria-label={t('loading')} />
  const groups: GroupCount[] = found.map((group) => ({
    ...group,
    label: by?.reference || by?.enum ? group.label : value(group.value, by, language),
  }))
  const words = {
    count: t('records'),
    area: `${t('area')} (m²)`,
    length: `${t('length')} (m)`,
    field: t('field'),
    figures: FIGURES.map((which) => t(`figure.${which}`)),
  }
  const counted = by ? { title: by.label[language], rows: groups, none: t('empty') } : null
  return (
    <>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text size="xs" fw={600}>
          {t('count', { count: data.count, number: count(data.count, language) })}
        </Text>
        <CopyButton value={tableOf(layer, data, counted, words, language)}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {copied ? t('copied') : t('copyTable')}
            </Button>
          )}
        </CopyButton>
      </Group>
      {Boolean(data.area) && (
        <Text size="xs">
          {t('area')} : {surfaceText(data.area ?? 0, language)}
        </Text>
      )}
      {Boolean(data.length) && (
        <Text size="xs">
          {data.area ? t('perimeter') : t('length')} : {lengthText(data.length ?? 0, language)}
        </Text>
      )}
      <Numbers layer={layer} summary={data} />
      {choices.length > 0 && (
        <NativeSelect
          mt={6}
          size="xs"
          label={t('countBy')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data={[
            { value: '', label: t('nothing') },
            ...choices.map((field) => ({ value: field.name, label: field.label[language] })),
          ]}
        />
      )}
      {by && <Counts groups={groups} title={by.label[language]} of={data.count} />}
    </>
  )
}

function Numbers({ layer, summary }: { layer: Register; summary: Summary }) {
  const { t } = useTranslation('selection')
  const language = useLanguage()
  const shown = summary.fields.filter(({ filled }) => filled > 0)
  if (shown.length === 0) return null
  return (
    <Table.ScrollContainer minWidth={0} mah={220} maw="calc(100vw - 48px)">
      <Table fz="xs" verticalSpacing={2} horizontalSpacing={6} mt={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('field')}</Table.Th>
            {FIGURES.map((which) => (
              <Table.Th key={which} ta="right">
                {t(`figure.${which}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((aggregate) => {
            const field = layer.fields.find(({ name }) => name === aggregate.field)
            return (
              <Table.Tr key={aggregate.field}>
                <Table.Td>{field?.label[language]}</Table.Td>
                {FIGURES.map((which) => (
                  <Table.Td key={which} ta="right" style={{ whiteSpace: 'nowrap' }}>
                    {figure(aggregate, which, field, language)}
                  </Table.Td>
                ))}
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Counts({ groups, title, of }: { groups: GroupCount[]; title: string; of: number }) {
  const { t } = useTranslation('selection')
  const language = useLanguage()
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <Table.ScrollContainer minWidth={0} mah={200}>
      <Table fz="xs" verticalSpacing={2} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{title}</Table.Th>
            <Table.Th ta="right">{t('records')}</Table.Th>
            <Table.Th ta="right">{t('share')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(({ label, empty, count: number }) => (
            <Table.Tr key={`${empty}${label}`}>
              <Table.Td>{empty ? t('empty') : label}</Table.Td>
              <Table.Td ta="right">{count(number, language)}</Table.Td>
              <Table.Td ta="right">{of > 0 && percent.format(number / of)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
