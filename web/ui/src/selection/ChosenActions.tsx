import { ActionIcon, Group, Popover, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBasket, IconSum, IconTable, IconX, IconZoomScan } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { LayerInfo } from '../api/model'
import { basket } from '../basket/basket'
import { useMap } from '../page/MapContext'
import { page } from '../page/state'
import Statistics from './Statistics'

/** How many features the basket takes at once. */
const MOST = 1000

/** What is done with the features that are chosen; editing, export and deletion are with their list. */
export function ChosenActions({ layer, ids }: { layer: LayerInfo; ids: string[] }) {
  const { t } = useTranslation('selection')
  const map = useMap()
  const failed = (error: Error) => notifications.show({ color: 'red', message: error.message })
  const zoom = () =>
    api.pick(layer.id, { ids }).then(({ bbox }) => bbox && map.fit(bbox, { maxZoom: 19 }), failed)
  const gather = () =>
    api
      .features(layer.id, { ids, limit: MOST }, new AbortController().signal)
      .then(({ features }) => basket.fill(layer.id, features), failed)
  return (
    <Group gap={2} wrap="nowrap">
      <Act label={t('list')} onClick={() => page.openList(layer.id)}>
        <IconTable size={16} />
      </Act>
      <Act label={t('zoom')} onClick={() => void zoom()}>
        <IconZoomScan size={16} />
      </Act>
      <Popover withArrow shadow="md" position="bottom-end" trapFocus returnFocus withRoles={false}>
        <Popover.Target>
          <ActionIcon
            size="sm"
            variant="subtle"
            aria-label={t('statistics')}
            title={t('statistics')}
            aria-haspopup="dialog"
          >
            <IconSum size={16} />
          </ActionIcon>
        </Popover.Target>
        {/* It has the focus, and so Escape, before its figures are there. */}
        <Popover.Dropdown role="dialog" aria-label={t('statistics')} tabIndex={-1} p="xs">
          <Statistics layer={layer} selection={{ ids }} />
        </Popover.Dropdown>
      </Popover>
      <Act label={t('basket')} disabled={ids.length > MOST} onClick={() => void gather()}>
        <IconBasket size={16} />
      </Act>
      <Act label={t('clear')} onClick={() => page.choose('', [])}>
        <IconX size={16} />
      </Act>
    </Group>
  )
}

function Act({
  label,
  disabled,
  onClick,
  children,
}: {
  label: string
  disabled?: boolean
  onClick: () => void
  children: ReactNode
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size="sm"
        variant="subtle"
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
