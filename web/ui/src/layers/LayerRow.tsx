import { ActionIcon, Checkbox, Collapse, Menu, Text, Tooltip, UnstyledButton } from '@mantine/core'
import {
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
import { altStep, MoveItems } from '../page/MoveItems'
import { Part } from '../page/Part'
import { page, usePage, usePreferences } from '../page/state'
import { useMapView } from '../page/useMapView'
import { useLanguage } from '../words/i18n'
import { scale } from '../words/values'
import { type DrawnLayer, withOnly, withVisible } from './arrangement'
import type { TreeGroup } from './groups'
import classes from './layers.module.css'
import { legend, swatch } from './legend'
import { Opacity } from './Opacity'
import { returning } from './returning'
import { Swatch } from './Swatch'

const RowCount = lazy(() => import('./RowCount'))
const NarrowedSign = lazy(() => import('../list/NarrowedSign'))

interface Props {
  layer: LayerInfo
  drawn: DrawnLayer
  tree: TreeGroup[]
  /** On which side of it what is dragged would go. */
  goal: 'above' | 'below' | null
  dragging: boolean
  onMove: (step: 1 | -1) => void
  /** Puts it on top of a group. */
  onPlace: (group: string) => void
  onDragStart: () => void
  onDragOver: (side: 'above' | 'below') => void
  onDrop: () => void
  onDragEnd: () => void
}

export function LayerRow(props: Props) {
  const { layer, drawn, goal, dragging, onMove, onDragStart, onDragOver, onDrop, onDragEnd } = props
  const { t } = useTranslation()
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  const title = layer.title[language]
  const hidden = useHidden(layer, drawn)
  const map = useMap()
  const counting = usePreferences((state) => state.counts !== 'none')
  const narrowed = usePage((state) => narrows(state.narrowed[layer.id] ?? whole))

  function keyboard(event: KeyboardEvent) {
    const step = altStep(event)
    if (!step) return
    event.preventDefault()
    onMove(step)
  }
  const over = (event: DragEvent) => {
    event.preventDefault()
    const { top, height } = event.currentTarget.getBoundingClientRect()
    onDragOver(event.clientY < top + height / 2 ? 'above' : 'below')
  }

  return (
    <li
      className={classes.row}
      data-layer={layer.id}
      data-dragging={dragging}
      data-goal={goal}
      onKeyDown={keyboard}
      onDragOver={over}
      onDrop={onDrop}
    >
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
          checked={drawn.checked}
          onChange={(event) => {
            const { checked } = event.currentTarget
            page.arrange((arrangement) => withVisible(arrangement, layer.id, checked))
          }}
          label={
            <span className={classes.name} data-faint={hidden !== null || !drawn.visible}>
              <Swatch entry={swatch(layer)} />
              {title}
            </span>
          }
          classNames={{ root: classes.check, body: classes.checkBody, labelWrapper: classes.label }}
        />
        <Part>{counting && drawn.visible && <RowCount layer={layer.id} />}</Part>
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
        <UnstyledButton
          className={classes.zoomThere}
          aria-label={t('layers.zoomThere', { words: hidden.words, layer: title })}
          onClick={() => map.setView(map.view().center, hidden.zoom)}
        >
          {hidden.words}
        </UnstyledButton>
      )}
      <Collapse expanded={open}>{open && <Details layer={layer} drawn={drawn} />}</Collapse>
    </li>
  )
}

/** Why a layer that is switched on is not on the screen; null when it may be. */
function useHidden(layer: LayerInfo, drawn: DrawnLayer): { words: string; zoom: number } | null {
  const { t } = useTranslation()
  const { zoom } = useMapView()
  const [from, to] = zoomRange(layer)
  if (!drawn.visible) return null
  if (zoom < from) return { words: t('layers.zoomIn'), zoom: from }
  return zoom > to ? { words: t('layers.zoomOut'), zoom: to } : null
}

function RowMenu({ layer, tree, title, onMove, onPlace }: Props & { title: string }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const beside = tree.filter(({ layers }) => layers.length > 0)
  const first = beside[0]?.layers[0] === layer.id
  const last = tree.at(-1)?.layers.at(-1) === layer.id
  const map = useMap()
  const { extent } = layer
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          ref={(button: HTMLButtonElement | null) => {
            if (!button || returning.to !== layer.id) return
            returning.to = null
            button.focus()
          }}
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
        <MoveItems
          up={t('layers.up')}
          down={t('layers.down')}
          onUp={first ? undefined : () => onMove(-1)}
          onDown={last ? undefined : () => onMove(1)}
        />
        <Menu.Divider />
        <Menu.Label>{t('layers.intoGroup')}</Menu.Label>
        {tree
          .filter(({ layers }) => !layers.includes(layer.id))
          .map(({ id, title }) => (
            <Menu.Item key={id} onClick={() => onPlace(id)}>
              {title[language]}
            </Menu.Item>
          ))}
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
      <Scales layer={layer} />
      {entries.length > 0 && (
        <ul className={classes.legend}>
          {entries.map((entry) => (
            <li key={`${entry.key} ${entry.label}`}>
              <Swatch entry={entry} /> {entry.label}
            </li>
          ))}
        </ul>
      )}
      <Opacity
        drawn={drawn}
        title={t('layers.opacity')}
        label={t('layers.opacityOf', { layer: layer.title[language] })}
        className={classes.opacity}
      />
    </div>
  )
}

/** Between which scales the layer is drawn. */
function Scales({ layer }: { layer: LayerInfo }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const view = useMapView()
  const [from, to] = zoomRange(layer)
  const at = (zoom: number) => scale(view.scale * 2 ** (view.zoom - zoom), language)
  return (
    <Text size="xs" c="dimmed">
      {t('layers.scales', {
        from: at(from),
        to: Number.isFinite(to) ? at(to) : t('layers.nearest'),
      })}
    </Text>
  )
}
