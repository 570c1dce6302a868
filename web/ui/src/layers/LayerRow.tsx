import { ActionIcon, Checkbox, Collapse, Menu, Slider, Text, Tooltip } from '@mantine/core'
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconChevronRight,
  IconDotsVertical,
  IconFocusCentered,
  IconGripVertical,
  IconPalette,
  IconTable,
  IconZoomScan,
} from '@tabler/icons-react'
import { type DragEvent, type KeyboardEvent, lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LayerInfo } from '../api/model'
import { narrows, whole } from '../list/state'
import { zoomRange } from '../map/symbol'
import { useMap } from '../page/MapContext'
import { Part } from '../page/Part'
import { page, usePage } from '../page/state'
import { useMapView } from '../page/useMapView'
import { useLanguage } from '../words/i18n'
import { type DrawnLayer, withOnly, withOpacity, withVisible } from './arrangement'
import classes from './layers.module.css'
import { legend, swatch } from './legend'
import { Swatch } from './Swatch'

const NarrowedSign = lazy(() => import('../list/NarrowedSign'))

interface Props {
  layer: LayerInfo
  drawn: DrawnLayer
  first: boolean
  last: boolean
  dragging: boolean
  onMove: (step: 1 | -1) => void
  onDragStart: () => void
  onDragOver: () => void
  onDragEnd: () => void
}

export function LayerRow(props: Props) {
  const { layer, drawn, dragging, onMove, onDragStart, onDragOver, onDragEnd } = props
  const { t } = useTranslation()
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  const title = layer.title[language]
  const hidden = useHidden(layer, drawn)
  const narrowed = usePage((state) => narrows(state.narrowed[layer.id] ?? whole))

  function keyboard(event: KeyboardEvent) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
  const over = (event: DragEvent) => {
    event.preventDefault()
    onDragOver()
  }

  return (
    <li className={classes.row} data-dragging={dragging} onKeyDown={keyboard} onDragOver={over}>
      <div className={classes.line}>
        <span
          className={classes.grip}
          draggable
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move'
            onDragStart()
          }}
          onDragEnd={onDragEnd}
          aria-hidden
        >
          <IconGripVertical size={14} />
        </span>
        <Checkbox
          size="xs"
          checked={drawn.visible}
          onChange={(event) => {
            const { checked } = event.currentTarget
            page.arrange((arrangement) => withVisible(arrangement, layer.id, checked))
          }}
          label={
            <span className={classes.name} data-faint={hidden !== null}>
              <Swatch entry={swatch(layer)} />
              {title}
            </span>
          }
          classNames={{ root: classes.check, body: classes.checkBody, labelWrapper: classes.label }}
        />
        <Part>{narrowed && <NarrowedSign layer={layer.id} title={title} />}</Part>
        <Tooltip label={t('layers.list')}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t('layers.listOf', { layer: title })}
            onClick={() => page.openList(layer.id)}
          >
            <IconTable size={16} />
          </ActionIcon>
        </Tooltip>
        <RowMenu {...props} title={title} />
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-expanded={open}
          aria-label={t('layers.detailsOf', { layer: title })}
          onClick={() => setOpen(!open)}
        >
          {open ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
        </ActionIcon>
      </div>
      {hidden && (
        <Text size="xs" c="dimmed" pl={48}>
          {hidden}
        </Text>
      )}
      <Collapse expanded={open}>{open && <Details layer={layer} drawn={drawn} />}</Collapse>
    </li>
  )
}

/** Why a layer that is switched on is not on the screen; null when it may be. */
function useHidden(layer: LayerInfo, drawn: DrawnLayer): string | null {
  const { t } = useTranslation()
  const { zoom } = useMapView()
  const [from, to] = zoomRange(layer)
  if (!drawn.visible) return null
  if (zoom < from) return t('layers.zoomIn')
  return zoom > to ? t('layers.zoomOut') : null
}

function RowMenu({ layer, title, first, last, onMove }: Props & { title: string }) {
  const { t } = useTranslation()
  const map = useMap()
  const { extent } = layer
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          id={`actions-${layer.id}`}
          aria-label={t('layers.actionsOf', { layer: title })}
        >
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconZoomScan size={16} aria-hidden />}
          disabled={!extent}
          onClick={() => extent && map.fit(extent)}
        >
          {t('layers.zoomTo')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFocusCentered size={16} aria-hidden />}
          onClick={() => page.arrange((arrangement) => withOnly(arrangement, layer.id))}
        >
          {t('layers.only')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTable size={16} aria-hidden />}
          onClick={() => page.openList(layer.id)}
        >
          {t('layers.list')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPalette size={16} aria-hidden />}
          onClick={() =>
            usePage.setState({
              styling: layer.id,
              ...(window.matchMedia('(max-width: 48em)').matches && { layersOpen: false }),
            })
          }
        >
          {t('layers.style')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconArrowUp size={16} aria-hidden />}
          rightSection={<kbd>Alt ↑</kbd>}
          disabled={first}
          onClick={() => onMove(-1)}
        >
          {t('layers.up')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={16} aria-hidden />}
          rightSection={<kbd>Alt ↓</kbd>}
          disabled={last}
          onClick={() => onMove(1)}
        >
          {t('layers.down')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Details({ layer, drawn }: { layer: LayerInfo; drawn: DrawnLayer }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const entries = legend(layer, language, t('layers.others')).filter(({ label }) => label !== '')
  return (
    <div className={classes.details}>
      <Text size="xs" c="dimmed">
        {layer.description[language]}
      </Text>
      {entries.length > 0 && (
        <ul className={classes.legend}>
          {entries.map((entry) => (
            <li key={`${entry.key} ${entry.label}`}>
              <Swatch entry={entry} /> {entry.label}
            </li>
          ))}
        </ul>
      )}
      <div className={classes.opacity}>
        <Text size="xs" component="span" id={`opacity-${layer.id}`}>
          {t('layers.opacity')}
        </Text>
        <Slider
          size="sm"
          flex={1}
          min={10}
          step={5}
          value={Math.round(drawn.opacity * 100)}
          onChange={(percent) =>
            page.arrange((arrangement) => withOpacity(arrangement, layer.id, percent / 100))
          }
          label={(percent) => `${percent} %`}
          thumbLabel={t('layers.opacityOf', { layer: layer.title[language] })}
        />
      </div>
    </div>
  )
}
