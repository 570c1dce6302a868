import { ActionIcon, Button, Group, Popover, Text, Tooltip } from '@mantine/core'
import { IconPencil, IconSum, IconX, IconZoomScan } from '@tabler/icons-react'
import { lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Selection } from '../api/client'
import type { FeatureRow, Register } from '../api/model'
import { useMap } from '../page/MapContext'
import { Part } from '../page/Part'
import { page, usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import { BulkEdit } from './BulkEdit'
import { ChosenTools } from './ChosenTools'
import type { ListState } from './state'

const Statistics = lazy(() => import('../selection/Statistics'))

interface Props {
  layer: Register
  list: ListState
  rows: FeatureRow[]
  total: number
  exact: boolean
  selection: Selection
}

/** How many rows there are or are ticked, and what can be done with them together. */
export function SelectionBar({ layer, list, rows, total, exact, selection }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const map = useMap()
  const moment = usePage((state) => state.moment)
  const [editing, setEditing] = useState(false)
  const { chosen } = list
  // Where no row is ticked, what follows is about the whole list.
  const some = chosen.length > 0
  const about: Selection = some ? { ids: chosen } : selection
  const number = count(some ? chosen.length : total, language)
  const boxes = rows.flatMap(({ id, bbox }) => (bbox && chosen.includes(id) ? [bbox] : []))
  const changes = !moment && layer.editableIn.length > 0
  const editable = changes && layer.actions.includes('update')
  return (
    <Group gap={4} px={12} pb={4} wrap="nowrap" justify="space-between">
      <Text size="xs" c={some ? undefined : 'dimmed'} fw={some ? 600 : undefined} role="status">
        {some
          ? t('list.chosen', { count: chosen.length, number })
          : exact
            ? t('list.count', { count: total, number })
            : t('list.countAbout', { count: total, number })}
      </Text>
      <Group gap={2} wrap="nowrap">
        {some && (
          <Tooltip label={t('list.choseNone')}>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={t('list.choseNone')}
              onClick={() => page.changeList({ chosen: [] })}
            >
              <IconX size={14} />
            </ActionIcon>
          </Tooltip>
        )}
        {boxes.length > 0 && (
          <Tooltip label={t('list.zoomTo')}>
            <ActionIcon
              size="sm"
              variant="subtle"
              aria-label={t('list.zoomTo')}
              onClick={() =>
                map.fit(
                  [
                    Math.min(...boxes.map(([x]) => x)),
                    Math.min(...boxes.map(([, y]) => y)),
                    Math.max(...boxes.map(([, , x]) => x)),
                    Math.max(...boxes.map(([, , , y]) => y)),
                  ],
                  { maxZoom: 19 },
                )
              }
            >
              <IconZoomScan size={14} />
            </ActionIcon>
          </Tooltip>
        )}
        <Popover withArrow shadow="md" position="bottom-end" trapFocus withRoles={false}>
          <Popover.Target>
            <Tooltip label={t('sums.title')}>
              <ActionIcon
                size="sm"
                variant="subtle"
                aria-label={t('sums.title')}
                aria-haspopup="dialog"
              >
                <IconSum size={14} />
              </ActionIcon>
            </Tooltip>
          </Popover.Target>
          <Popover.Dropdown role="dialog" aria-label={t('sums.title')} p="xs">
            <Part>
              <Statistics layer={layer} selection={about} />
            </Part>
          </Popover.Dropdown>
        </Popover>
        <ChosenTools
          layer={layer}
          list={list}
          total={total}
          selection={selection}
          deletes={changes && layer.actions.includes('delete')}
        />
        {editable && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPencil size={14} aria-hidden />}
            disabled={total === 0}
            onClick={() => setEditing(true)}
          >
            {some ? t('bulk.chosen') : t('bulk.all')}
          </Button>
        )}
      </Group>
      {editing && (
        <BulkEdit
          layer={layer}
          selection={about}
          number={number}
          onClose={() => setEditing(false)}
        />
      )}
    </Group>
  )
}
