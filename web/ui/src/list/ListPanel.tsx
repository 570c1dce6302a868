import { Alert, Button } from '@mantine/core'
import { DataTable } from 'mantine-datatable'
import 'mantine-datatable/styles.css'
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FeatureRow, Register } from '../api/model'
import { useMap } from '../page/MapContext'
import { page, usePage } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useLanguage } from '../words/i18n'
import { columnsOf, fieldsOf } from './columns'
import FilterPanel from './FilterPanel'
import { ListHead } from './ListHead'
import classes from './list.module.css'
import { Pager } from './Pager'
import { SelectionBar } from './SelectionBar'
import type { ListState } from './state'
import { useRows, useSelection } from './useRows'
import { useViews } from './useViews'

/** The features of a layer as a table, in step with the map where the reader wants it so. */
export default function ListPanel({ layer, list }: { layer: Register; list: ListState }) {
  const [filtering, setFiltering] = useState(list.filter !== null)
  const { columns, choose } = useViews(layer.id)
  return (
    <section className={classes.panel} aria-labelledby="list-title">
      <ListHead
        layer={layer}
        list={list}
        filtering={filtering}
        onFiltering={setFiltering}
        columns={list.columns ?? columns}
        onColumns={(names) => {
          page.changeList({ columns: names.length > 0 ? names : null })
          choose.mutate(names)
        }}
      />
      {filtering && <FilterPanel layer={layer} filter={list.filter} />}
      <Rows key={layer.id} layer={layer} list={list} columns={list.columns ?? columns} />
    </section>
  )
}

interface Props {
  layer: Register
  list: ListState
  columns: string[] | null
}

function Rows({ layer, list, columns: names }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const map = useMap()
  const select = useSelect()
  const selected = usePage((state) => state.selected)
  const selection = useSelection(layer, list)
  const { rows, total, exact, first, isFetching, error, refetch, ...pages } = useRows(
    list,
    selection,
  )
  const columns = useMemo(
    () => columnsOf(layer, fieldsOf(layer, names), language),
    [layer, names, language],
  )
  const { chosen } = list

  const point = (row: FeatureRow | null) =>
    map.highlight(row ? [{ layer: layer.id, id: row.id }] : [])
  useEffect(() => () => map.highlight([]), [map])

  const open = (row: FeatureRow) => select({ layer: layer.id, id: row.id }, { fit: row.bbox })
  const isSelected = (row: FeatureRow) => selected?.layer === layer.id && selected.id === row.id

  if (error) {
    return (
      <Alert m="sm" color="red" title={t('list.unread')}>
        {error.message}
        <Button mt="xs" size="xs" variant="default" onClick={() => void refetch()}>
          {t('retry')}
        </Button>
      </Alert>
    )
  }
  const found = list.text || list.follow || list.filter || list.only
  return (
    <>
      <SelectionBar
        layer={layer}
        list={list}
        rows={rows ?? []}
        total={total ?? 0}
        exact={exact}
        selection={selection}
      />
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
        noRecordsText={found ? t('list.noneFound') : t('list.empty')}
        selectedRecords={(rows ?? []).filter(({ id }) => chosen.includes(id))}
        onSelectedRecordsChange={(ticked) => {
          const here = new Set(rows?.map(({ id }) => id))
          page.changeList({
            chosen: [...chosen.filter((id) => !here.has(id)), ...ticked.map(({ id }) => id)],
          })
        }}
        allRecordsSelectionCheckboxProps={{ size: 'xs', 'aria-label': t('list.choosePage') }}
        getRecordSelectionCheckboxProps={(row) => ({
          size: 'xs',
          'aria-label': t('list.choose', { record: row.label }),
        })}
        sortStatus={{
          columnAccessor: list.sort.replace('-', ''),
          direction: list.sort.startsWith('-') ? 'desc' : 'asc',
        }}
        onSortStatusChange={({ columnAccessor, direction }) =>
          page.changeList({
            sort: `${direction === 'desc' ? '-' : ''}${String(columnAccessor)}`,
          })
        }
        onRowClick={({ record }) => open(record)}
        rowClassName={(row) => (isSelected(row) ? classes.selected : undefined)}
        customRowAttributes={(row) => ({
          tabIndex: 0,
          'aria-selected': isSelected(row),
          onMouseEnter: () => point(row),
          onMouseLeave: () => point(null),
          onFocus: () => point(row),
          onBlur: () => point(null),
          onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
            if (event.target !== event.currentTarget) return
            if (event.key === 'Enter') open(row)
            if (event.key === ' ') {
              event.preventDefault()
              page.tick({ layer: layer.id, id: row.id })
            }
            const side = event.key === 'ArrowDown' ? 'nextElementSibling' : 'previousElementSibling'
            if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
            event.preventDefault()
            const other = event.currentTarget[side]
            if (other instanceof HTMLElement) other.focus()
          },
        })}
      />
      <Pager first={first} shown={rows?.length ?? 0} total={total ?? 0} exact={exact} {...pages} />
    </>
  )
}
