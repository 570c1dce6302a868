import { ActionIcon, Anchor, Button, Group, Text, TextInput, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload, IconFile, IconMapPin, IconPencil, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refusal } from '../api/client'
import type { Document, Feature, Register } from '../api/model'
import { keys } from '../api/queries'
import type { Geometry, LayerInfo } from '../map/api'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import { moment } from '../words/values'
import { contentOf, fileSize, opens, previewOf } from './files'
import classes from './record.module.css'

interface Props {
  document: Document
  layer: Register
  id: string
  feature: Feature | undefined
}

/** One file: its picture, what is known of it, and what can be done with it. */
export function FileCard({ document, layer, id, feature }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const change = useChange(layer.id, id)
  const [naming, setNaming] = useState(false)
  const editable = feature?.editable === true
  const { name, title, size, who, at, takenAt } = document
  const remove = async () => {
    if (!(await change(document.id, { removed: true }))) return
    const note = `file-${document.id}`
    const undo = () => {
      notifications.hide(note)
      void change(document.id, { removed: false })
    }
    notifications.show({
      id: note,
      autoClose: 10_000,
      message: <Removed name={title || name} onUndo={undo} />,
    })
  }
  return (
    <li className={classes.file}>
      <Picture document={document} />
      <div className={classes.about}>
        {naming ? (
          <TextInput
            size="xs"
            autoFocus
            aria-label={t('files.title')}
            defaultValue={title || name}
            maxLength={200}
            onBlur={() => setNaming(false)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setNaming(false)
              if (event.key !== 'Enter') return
              setNaming(false)
              void change(document.id, { title: event.currentTarget.value })
            }}
          />
        ) : (
          <Anchor
            size="sm"
            fw={600}
            href={contentOf(document)}
            target={opens(document) ? '_blank' : undefined}
            rel="noopener"
          >
            {title || name}
          </Anchor>
        )}
        <Text size="xs" c="dimmed">
          {t('files.from', { size: fileSize(size, language), who, at: moment(at, language) })}
        </Text>
        {takenAt && (
          <Text size="xs" c="dimmed">
            {t('files.taken', { at: moment(takenAt, language) })}
          </Text>
        )}
        <Place document={document} layer={layer} id={id} feature={feature} />
      </div>
      <Group gap={0} wrap="nowrap" align="start">
        <Tooltip label={t('files.download')}>
          <ActionIcon
            component="a"
            href={contentOf(document, true)}
            download={name}
            variant="subtle"
            color="gray"
            aria-label={t('files.downloadOf', { name })}
          >
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
        {editable && (
          <>
            <Action name={t('files.rename', { name })} onClick={() => setNaming(true)}>
              <IconPencil size={16} />
            </Action>
            <Action name={t('files.remove', { name })} onClick={() => void remove()}>
              <IconTrash size={16} />
            </Action>
          </>
        )}
      </Group>
    </li>
  )
}

function Picture({ document }: { document: Document }) {
  const { preview, title, name } = document
  if (!preview) return <IconFile className={classes.noPicture} aria-hidden />
  return (
    <img className={classes.picture} src={previewOf(document)} alt={title || name} loading="lazy" />
  )
}

function Action({
  name,
  onClick,
  children,
}: {
  name: string
  onClick: () => void
  children: ReactNode
}) {
  return (
    <Tooltip label={name}>
      <ActionIcon variant="subtle" color="gray" aria-label={name} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

/** Where a photo was taken: shown on the map, and offered as the place of a point. */
function Place({ document: { position }, layer, id, feature }: Props) {
  const { t } = useTranslation()
  const map = useMap()
  const [shownOnMap, setShown] = useState(false)
  useEffect(() => {
    if (!shownOnMap || !position) return
    return map.showVersions(null, { type: 'Point', coordinates: position })
  }, [map, shownOnMap, position])
  if (!position) return null
  const [x, y] = position
  const point: Geometry = { type: 'Point', coordinates: position }
  const see = () => map.fit([x, y, x, y], { maxZoom: 19 })
  const placeable = feature?.editable && isPointLayer(layer)
  const place = () => {
    if (!isPointLayer(layer) || map.edit.state.dirty) return
    const geometry: Geometry =
      layer.geometry.type === 'MultiPoint' ? { type: 'MultiPoint', coordinates: [position] } : point
    map.edit.cancel()
    map.edit.restore(layer, {
      layer: layer.id,
      featureId: id,
      original: feature?.geometry ?? null,
      geometry,
    })
    see()
  }
  return (
    <Group gap={4} mt={4}>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconMapPin size={14} aria-hidden />}
        onMouseEnter={() => setShown(true)}
        onMouseLeave={() => setShown(false)}
        onFocus={() => setShown(true)}
        onBlur={() => setShown(false)}
        onClick={see}
      >
        {t('files.seePlace')}
      </Button>
      {placeable && (
        <Button size="compact-xs" variant="default" onClick={place}>
          {t('files.place')}
        </Button>
      )}
    </Group>
  )
}

const isPointLayer = (layer: Register): layer is Register & LayerInfo =>
  layer.geometry?.type === 'Point' || layer.geometry?.type === 'MultiPoint'

function Removed({ name, onUndo }: { name: string; onUndo: () => void }) {
  const { t } = useTranslation()
  return (
    <Group justify="space-between" wrap="nowrap">
      {t('files.removed', { name })}
      <Button size="compact-xs" variant="default" onClick={onUndo}>
        {t('undo')}
      </Button>
    </Group>
  )
}

/** Changes a file and reads again what shows it; false when the server refused. */
function useChange(layer: string, id: string) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  return async (document: number, change: { title?: string; removed?: boolean }) => {
    try {
      await api.changeDocument(document, change)
    } catch (refusal) {
      const message = refusal instanceof Refusal ? refusal.message : t('record.failed.other')
      notifications.show({ id: 'file', color: 'red', message })
      return false
    }
    for (const key of [keys.documents, keys.related, keys.history])
      void queries.invalidateQueries({ queryKey: key({ layer, id }) })
    return true
  }
}
