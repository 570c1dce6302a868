import { Button, Group, NativeSelect, Stack, Table, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { profilesQuery, type ReadsFilter, readsQuery } from '../api/admin'
import { useLanguage } from '../words/i18n'
import { Scrolling } from './Scrolling'
import { useDay } from './useDay'

const PAGE = 100

/** Who read personal data, when, of which records, and why. */
export function PersonalReads() {
  const { t } = useTranslation()
  const language = useLanguage()
  const day = useDay()
  const { data: rights } = useQuery(profilesQuery)
  const [filter, setFilter] = useState<ReadsFilter>({})
  const { data: reads = [] } = useQuery(readsQuery(filter))
  const layers = rights?.layers ?? []
  const titleOf = (id: string) => layers.find((l) => l.id === id)?.title[language] || id
  /** Days of the reader's own clock. */
  const moment = (date: string, days: number) => {
    if (!date) return undefined
    const at = new Date(`${date}T00:00`)
    at.setDate(at.getDate() + days)
    return at.toISOString()
  }
  const last = reads.at(-1)
  const narrow = (change: ReadsFilter) => setFilter({ ...filter, before: undefined, ...change })
  return (
    <Stack>
      <Group align="flex-end">
        <TextInput
          label={t('reads.who')}
          onChange={(event) => narrow({ who: event.currentTarget.value || undefined })}
        />
        <NativeSelect
          label={t('admin.layer')}
          onChange={(event) => narrow({ layer: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: t('reads.allLayers') },
            ...layers.map(({ id, title }) => ({ value: id, label: title[language] || id })),
          ]}
        />
        <TextInput
          label={t('reads.record')}
          onChange={(event) => narrow({ feature: event.currentTarget.value || undefined })}
        />
        <TextInput
          type="date"
          label={t('reads.from')}
          onChange={(event) => narrow({ from: moment(event.currentTarget.value, 0) })}
        />
        <TextInput
          type="date"
          label={t('reads.until')}
          onChange={(event) => narrow({ until: moment(event.currentTarget.value, 1) })}
        />
      </Group>
      <Scrolling label={t('reads.title')}>
        <Table captionSide="top" striped>
          <Table.Caption>{reads.length === 0 ? t('reads.none') : t('reads.title')}</Table.Caption>
          {reads.length > 0 && (
            <>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('reads.at')}</Table.Th>
                  <Table.Th>{t('reads.who')}</Table.Th>
                  <Table.Th>{t('admin.layer')}</Table.Th>
                  <Table.Th>{t('reads.records')}</Table.Th>
                  <Table.Th>{t('reads.fields')}</Table.Th>
                  <Table.Th>{t('reads.purpose')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {reads.map((read) => (
                  <Table.Tr key={read.id}>
                    <Table.Td>{day(read.at)}</Table.Td>
                    <Table.Td>{read.who}</Table.Td>
                    <Table.Td>{titleOf(read.layer)}</Table.Td>
                    <Table.Td>
                      {read.features.length > 5
                        ? t('reads.many', {
                            count: read.features.length,
                            first: read.features.slice(0, 5).join(', '),
                          })
                        : read.features.join(', ') || t('reads.counted')}
                    </Table.Td>
                    <Table.Td>{read.fields.join(', ')}</Table.Td>
                    <Table.Td>{read.purpose}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </>
          )}
        </Table>
      </Scrolling>
      <Group>
        {filter.before !== undefined && (
          <Button variant="default" onClick={() => narrow({})}>
            {t('reads.newest')}
          </Button>
        )}
        {last && reads.length === PAGE && (
          <Button variant="default" onClick={() => setFilter({ ...filter, before: last.id })}>
            {t('reads.older')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
