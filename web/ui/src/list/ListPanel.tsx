import { ActionIcon, Alert, Button, Group, Switch, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconSearch, IconX } from '@tabler/icons-react'
import { DataTable } from 'mantine-datatable'
import 'mantine-datatable/styles.css'
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FeatureRow, Register } from '../api/model'
import ExportButton from '../exports/ExportButton'
import { useMap } from '../page/MapContext'
import { type ListState, page, usePage } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import { columnsOf } from './columns'
import classes from './list.module.css'
import { PAGE_SIZE, useRows } from './useRows'

/** The features of a layer as a table, in step with the map where the reader wants it so. */
export default function ListPanel({ layer, list }: { layer: Register; list: ListState }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <section className={classes.panel} aria-labelledby="list-title">
      <header className={classes.head}>
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h4" id="list-title">
            {layer.title[language]}
          </Title>
          <Group gap={4} wrap="nowrap">
            {!layer.geometry && layer.editableIn.length > 0 && (
              <Button
                size="compact-sm"
                leftSection={<IconPlus size={14} aria-hidden />}
                onClick={() => page.begin({ layer: layer.id, values: {} })}
              >
                {t('list.add')}
              </Button>
            )}
            <ExportButton layer={layer} list={list} />
            <ActionIcon variant="subtle" aria-label={t('list.close')} onClick={page.closeList}>
              <IconX size={18} />
            </ActionIcon>
          </Group>
        </Group>
        <Group gap="xs" mt={4}>
          <Filter key={layer.id} text={list.text} />
          {layer.geometry && (
            <Switch
              size="xs"
              label={t('list.follow')}
              checked={list.follow}
              onChange={(event) => page.changeList({ follow: event.currentTarget.checked })}
            />
          )}
        </Group>
      </header>
      <Rows key={layer.id} layer={layer} list={list} />
    </section>
  )
}

function Filter({ text }: { text: string }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(text)
  const [settled] = useDebouncedValue(typed, 250)
  useEffect(() => page.changeList({ text: settled }), [settled])
  return (
    <TextInput
      size="xs"
      flex={1}
      miw={140}
      type="search"
      aria-label={t('list.filter')}
      placeholder={t('list.filter')}
      leftSection={<IconSearch size={14} aria-hidden />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  )
}

function Rows({ layer, list }: { layer: Register; list: ListState }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const map = useMap()
  const select = useSelect()
  const selected = usePage((state) => state.selected)
  const { rows, total, pageNumber, setPageNumber, isFetching, error, refetch } = useRows(list)
  const columns = useMemo(() => columnsOf(layer, language), [layer, language])

  const point = (row: FeatureRow | null) =>
    map.highlight(row ? [{ layer: layer.id, id: row.id }] : [])
  useEffect(() => () => map.highlight([]), [map])

  const open = (row: FeatureRow) => select({ layer: layer.id, id: row.id }, { fit: row.bbox })
  const descending = list.sort.startsWith('-')

  if (error) {
    return (
      <Alert m="sm" color="red" title={t('list.unread')}>
        <Button size="xs" variant="default" onClick={() => void refetch()}>
          {t('retry')}
        </Button>
      </Alert>
    )
  }
  return (
    <>
      <Text size="xs" c="dimmed" px={12} pb={4} role="status">
        {total === undefined
          ? t('loading')
          : t('list.count', { count: total, number: count(total, language) })}
      </Text>
      <DataTable<FeatureRow>
        className={classes.table}
        height="100%"
        fz="xs"
        verticalSpacing={4}
        horizontalSpacing="xs"
        highlightOnHover
        withTableBorder={false}
        records={rows}
        idAccessor="id"
        columns={columns}
        fetching={isFetching && rows === undefined}
        minHeight={120}
        noRecordsText={list.text || list.follow ? t('list.noneFound') : t('list.empty')}
        totalRecords={total}
        recordsPerPage={PAGE_SIZE}
        page={pageNumber}
        onPageChange={setPageNumber}
        paginationText={({ from, to, totalRecords }) =>
          t('list.range', { from, to, total: totalRecords })
        }
        getPaginationControlProps={(control) => ({ 'aria-label': t(`list.page.${control}`) })}
        paginationSize="xs"
        sortStatus={{
          columnAccessor: list.sort.replace('-', ''),
          direction: descending ? 'desc' : 'asc',
        }}
        onSortStatusChange={({ columnAccessor, direction }) =>
          page.changeList({
            sort: `${direction === 'desc' ? '-' : ''}${String(columnAccessor)}`,
          })
        }
        onRowClick={({ record }) => open(record)}
        rowClassName={(row) =>
          selected?.layer === layer.id && selected.id === row.id ? classes.selected : undefined
        }
        customRowAttributes={(row) => ({
          tabIndex: 0,
          'aria-selected': selected?.layer === layer.id && selected.id === row.id,
          onMouseEnter: () => point(row),
          onMouseLeave: () => point(null),
          onFocus: () => point(row),
          onBlur: () => point(null),
          onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
            if (event.key === 'Enter') open(row)
            const side = event.key === 'ArrowDown' ? 'nextElementSibling' : 'previousElementSibling'
            if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
            event.preventDefault()
            const other = event.currentTarget[side]
            if (other instanceof HTMLElement) other.focus()
          },
        })}
      />
    </>
  )
}
