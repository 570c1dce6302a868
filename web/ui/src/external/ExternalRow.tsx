import { ActionIcon, Checkbox, Collapse, Menu, Text } from '@mantine/core'
import {
  IconChevronDown,
  IconChevronRight,
  IconDotsVertical,
  IconZoomScan,
} from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DrawnLayer, withVisible } from '../layers/arrangement'
import { Opacity } from '../layers/Opacity'
import { useMap } from '../page/MapContext'
import { altStep, MoveItems } from '../page/MoveItems'
import { page } from '../page/state'
import { useMapView } from '../page/useMapView'
import { useLanguage } from '../words/i18n'
import type { ExternalLayer } from './api'
import classes from './external.module.css'
import { useSeen } from './seen'

interface Props {
  layer: ExternalLayer
  drawn: DrawnLayer
  onUp?: () => void
  onDown?: () => void
}

/** A layer of others in the classes. */
export function ExternalRow({ layer, drawn, onUp, onDown }: Props) {
  const { t } = useTranslation('external')
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  const title = layer.title[language]
  const hidden = useHidden(layer, drawn)
  function keyboard(event: KeyboardEvent) {
    const step = altStep(event)
    const move = step === -1 ? onUp : step === 1 ? onDown : undefined
    if (!move) return
    event.preventDefault()
    move()
  }
  return (
    <li className={classes.row} onKeyDown={keyboard}>
      <div className={classes.line}>
        <Checkbox
          size="xs"
          ml={18}
          checked={drawn.visible}
          onChange={(event) => {
            const { checked } = event.currentTarget
            page.arrange((arrangement) => withVisible(arrangement, layer.id, checked))
          }}
          label={
            <span className={classes.name} data-faint={hidden !== null}>
              {title}
            </span>
          }
          classNames={{ root: classes.check, body: classes.checkBody, labelWrapper: classes.label }}
        />
        <RowMenu layer={layer} title={title} onUp={onUp} onDown={onDown} />
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-expanded={open}
          aria-label={t('detailsOf', { layer: title })}
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

/** Why a layer that is switched on is not wholly on the screen; null when it is. */
function useHidden(layer: ExternalLayer, drawn: DrawnLayer): string | null {
  const { t } = useTranslation('external')
  const { scale } = useMapView()
  const seen = useSeen((state) => state[layer.id])
  if (!drawn.visible) return null
  const most = layer.kind === 'wfs' ? 100_000 : layer.maxScale
  if (most > 0 && scale > most) return t('zoomIn')
  if (layer.minScale > 0 && scale < layer.minScale) return t('zoomOut')
  return seen?.more ? t('more', { count: seen.count }) : null
}

function RowMenu({
  layer,
  title,
  onUp,
  onDown,
}: Pick<Props, 'layer' | 'onUp' | 'onDown'> & { title: string }) {
  const { t } = useTranslation('external')
  const map = useMap()
  const { extent } = layer
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={t('actionsOf', { layer: title })}
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
          {t('zoomTo')}
        </Menu.Item>
        <Menu.Divider />
        <MoveItems up={t('up')} down={t('down')} onUp={onUp} onDown={onDown} />
      </Menu.Dropdown>
    </Menu>
  )
}

function Details({ layer, drawn }: Pick<Props, 'layer' | 'drawn'>) {
  const { t } = useTranslation('external')
  const language = useLanguage()
  const title = layer.title[language]
  return (
    <div className={classes.details}>
      <Text size="xs" c="dimmed">
        {t('from', { service: layer.service[language], kind: layer.kind.toUpperCase() })}
      </Text>
      {layer.attribution && (
        <Text size="xs" c="dimmed">
          {layer.attribution}
        </Text>
      )}
      {layer.legend && (
        <img
          className={classes.legend}
          src={`${layer.url}/legend`}
          alt={t('legendOf', { layer: title })}
        />
      )}
      <Opacity
        drawn={drawn}
        title={t('opacity')}
        label={t('opacityOf', { layer: title })}
        className={classes.opacity}
      />
    </div>
  )
}
