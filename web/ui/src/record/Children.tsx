import { Alert, Button, Group, Skeleton, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Child, Feature, FeatureRow, Field, Register } from '../api/model'
import { rowsQuery } from '../api/queries'
import { useLayers } from '../layers/useLayers'
import type { FeatureRef } from '../map/api'
import { useMap } from '../page/MapContext'
import { page, usePage } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import { draftKey, drafts } from './drafts'
import { Links } from './Links'
import classes from './record.module.css'
import { rowsOfParent } from './rowsOfParent'
import { shown } from './shown'

interface Props {
  parent: FeatureRef
  child: Child
  /** The record itself, once it is read. */
  feature: Feature | undefined
}

/** What belongs to the record, as its tab lists it. */
export default function Children({ parent, child, feature }: Props) {
  const { t } = useTranslation()
  const { registers } = useLayers()
  const [limit, setLimit] = useState<number>()
  const layer = registers.find(({ id }) => id === child.layer)
  const { data, error, refetch } = useQuery(
    rowsQuery(child.layer, rowsOfParent(child.field, parent.id, limit)),
  )
  if (!layer) return null
  if (error) {
    return (
      <Alert m="sm" color="red" title={t('list.unread')}>
        <Button size="xs" variant="default" onClick={() => void refetch()}>
          {t('retry')}
        </Button>
      </Alert>
    )
  }
  if (!data) return <Skeleton m="sm" height={80} />
  const { features: rows, total } = data
  if (layer.kind === 'link') {
    return <Links parent={parent} child={child} layer={layer} rows={rows} feature={feature} />
  }
  return (
    <>
      <Head parent={parent} child={child} layer={layer} total={total} feature={feature} />
      {rows.length > 0 && <Rows parent={parent} child={child} layer={layer} rows={rows} />}
      {rows.length < total && (
        <Button m="sm" size="xs" variant="default" onClick={() => setLimit(rows.length + 200)}>
          {t('children.more')}
        </Button>
      )}
    </>
  )
}

function Head({
  parent,
  child,
  layer,
  total,
  feature,
}: Props & { layer: Register; total: number }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const map = useMap()
  const trail = usePage((state) => state.trail)
  const now = usePage((state) => state.moment === null)
  const own = feature?.collectivity
  const mayAdd = now && (own ? layer.editableIn.includes(own) : layer.editableIn.length > 0)
  const add = () => {
    const values = { [child.field]: parent.id }
    drafts.drop(draftKey(layer.id, undefined))
    map.edit.cancel()
    page.begin({ layer: layer.id, values, collectivity: own }, [...trail, parent])
  }
  return (
    <Group justify="space-between" p="sm" pb={4}>
      <Text size="xs" c="dimmed" role="status">
        {total === 0
          ? t('children.none')
          : t('list.count', { count: total, number: count(total, language) })}
      </Text>
      {mayAdd && (
        <Button size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          {t('children.add')}
        </Button>
      )}
    </Group>
  )
}

interface RowsProps {
  parent: FeatureRef
  child: Child
  layer: Register
  rows: FeatureRow[]
}

function Rows({ parent, child, layer, rows }: RowsProps) {
  const language = useLanguage()
  const map = useMap()
  const select = useSelect()
  const trail = usePage((state) => state.trail)
  const columns = columnsOf(layer, child.field)
  const open = (row: FeatureRow) =>
    select(
      { layer: layer.id, id: row.id },
      { trail: [...trail, parent], tab: 'form', fit: row.bbox },
    )
  const point = (row: FeatureRow | null) =>
    map.highlight(row?.bbox ? [{ layer: layer.id, id: row.id }] : [])
  return (
    <div className={classes.rows}>
      <Table fz="xs" highlightOnHover verticalSpacing={4} aria-label={child.title[language]}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((field) => (
              <Table.Th key={field.name}>{field.label[language]}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr
              key={row.id}
              className={classes.row}
              onClick={() => open(row)}
              onMouseEnter={() => point(row)}
              onMouseLeave={() => point(null)}
            >
              {columns.map((field, at) => (
                <Table.Td key={field.name}>
                  {at === 0 ? (
                    <button type="button" className={classes.opens}>
                      {shown(row, field, language) || row.label || row.id}
                    </button>
                  ) : (
                    shown(row, field, language)
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

/** The columns of the layer's list but the one that is the same in every row. */
function columnsOf(layer: Register, without: string): Field[] {
  const listed = layer.list.filter((name) => name !== without)
  const found = listed.flatMap((name) => layer.fields.find((field) => field.name === name) ?? [])
  return found.length > 0 ? found : layer.fields.slice(0, 1)
}
