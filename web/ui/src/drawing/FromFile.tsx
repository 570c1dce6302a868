import { Alert, Button, Checkbox, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { farFrom } from '../editing/far'
import { boxOf } from '../editing/geometry'
import { fitted } from '../editing/parts'
import { lengthText } from '../editing/quantity'
import { Tool } from '../editing/Tool'
import type { EditSession, Geometry, LayerInfo } from '../map/api'
import { focusMap } from '../map/focus'
import { useMap } from '../page/MapContext'
import { useTown } from '../page/useTown'
import { BARS } from '../shortcuts/table'
import { useLanguage } from '../words/i18n'
import type { FileFeature, FileReason } from './files'

/** What a file gave: shapes to choose from, or why none. */
interface Read {
  file: string
  shapes: FileFeature[]
  /** Shapes of the file that the layer keeps no such of. */
  unfit: number
  fault: { reason: FileReason | 'unfit' | 'far'; detail: string } | null
}

/** The most shapes that are offered to choose from. */
const OFFERED = 500

/** Draws what a file holds: chosen, or dropped on the map. */
export function FromFile({ edit, layer }: { edit: EditSession; layer: LayerInfo }) {
  const { t } = useTranslation('drawing')
  const language = useLanguage()
  const map = useMap()
  const town = useTown()
  const input = useRef<HTMLInputElement>(null)
  const [read, setRead] = useState<Read | null>(null)

  async function open(file: File) {
    const { shapesOf, FileFault } = await import('./files')
    try {
      const found = await shapesOf(file)
      const shapes = found.flatMap(({ name, geometry }) => {
        const kept = fitted(geometry, layer.geometry.type)
        return kept ? [{ name, geometry: kept }] : []
      })
      const near = shapes.filter(({ geometry }) => farFrom(town, geometry) === null)
      const unfit = found.length - shapes.length
      if (shapes.length === 0) tell(file, 'unfit')
      else if (near.length === 0) {
        tell(
          file,
          'far',
          lengthText(farFrom(town, (shapes[0] as FileFeature).geometry) ?? 0, language),
        )
      } else if (near.length === 1 && found.length === 1) draw([near[0]?.geometry as Geometry])
      else
        setRead({
          file: file.name,
          shapes: near,
          unfit: unfit + shapes.length - near.length,
          fault: null,
        })
    } catch (error) {
      if (!(error instanceof FileFault)) throw error
      tell(file, error.reason, error.detail)
    }
  }
  const tell = ({ name }: File, reason: FileReason | 'unfit' | 'far', detail = '') =>
    setRead({ file: name, shapes: [], unfit: 0, fault: { reason, detail } })

  function draw([geometry, ...rest]: Geometry[]) {
    setRead(null)
    if (!geometry) return
    edit.restore(layer, {
      layer: layer.id,
      original: null,
      geometry,
      pieces: { made: rest.map((each) => ({ geometry: each })), taken: [] },
    })
    const box = boxOf(geometry)
    if (box) map.fit(box, { maxZoom: 19 })
    focusMap()
  }

  useDrop((file) => void open(file))
  return (
    <>
      <Tool
        label={t('file.open')}
        letter={BARS.aids.letters['file.open']}
        onClick={() => input.current?.click()}
      >
        <IconFileUpload size={18} />
      </Tool>
      <input
        ref={input}
        type="file"
        hidden
        accept=".geojson,.json,.gpx,.kml"
        aria-label={t('file.open')}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          event.currentTarget.value = ''
          if (file) void open(file)
        }}
      />
      {read && (
        <Modal
          opened
          onClose={() => setRead(null)}
          title={t('file.title', { file: read.file })}
          closeButtonProps={{ 'aria-label': t('file.close') }}
          centered
        >
          {read.fault ? (
            <Alert color="red" role="alert">
              {t(`file.fault.${read.fault.reason}`, { detail: read.fault.detail })}
            </Alert>
          ) : (
            <Choice read={read} onChosen={draw} />
          )}
        </Modal>
      )}
    </>
  )
}

function Choice({ read, onChosen }: { read: Read; onChosen: (shapes: Geometry[]) => void }) {
  const { t } = useTranslation('drawing')
  const offered = read.shapes.slice(0, OFFERED)
  const [chosen, setChosen] = useState<string[]>(['0'])
  return (
    <Stack gap="sm">
      <ScrollArea.Autosize mah="50vh" viewportProps={{ tabIndex: 0 }}>
        <Checkbox.Group label={t('file.which')} value={chosen} onChange={setChosen}>
          <Stack gap={6} mt={6}>
            {offered.map(({ name }, i) => (
              <Checkbox
                // biome-ignore lint/suspicious/noArrayIndexKey: names of a file may be the same
                key={i}
                value={String(i)}
                label={name || t('file.unnamed', { nth: i + 1 })}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      </ScrollArea.Autosize>
      {read.shapes.length > OFFERED && <Text size="xs">{t('file.more', { count: OFFERED })}</Text>}
      {read.unfit > 0 && <Text size="xs">{t('file.unfit', { count: read.unfit })}</Text>}
      <Group justify="flex-end">
        <Button
          variant="default"
          onClick={() =>
            setChosen(chosen.length < offered.length ? offered.map((_, i) => String(i)) : [])
          }
        >
          {t('file.all')}
        </Button>
        <Button
          disabled={chosen.length === 0}
          onClick={() =>
            onChosen(
              chosen
                .map(Number)
                .sort((a, b) => a - b)
                .flatMap((i) => offered[i]?.geometry ?? []),
            )
          }
        >
          {t('file.draw')}
        </Button>
      </Group>
    </Stack>
  )
}

/** A file that is dropped on the map. */
function useDrop(dropped: (file: File) => void) {
  const latest = useRef(dropped)
  latest.current = dropped
  useEffect(() => {
    const element = document.getElementById('map')
    if (!element) return
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    }
    const drop = (event: DragEvent) => {
      const [file] = event.dataTransfer?.files ?? []
      if (!file) return
      event.preventDefault()
      latest.current(file)
    }
    element.addEventListener('dragover', over)
    element.addEventListener('drop', drop)
    return () => {
      element.removeEventListener('dragover', over)
      element.removeEventListener('drop', drop)
    }
  }, [])
}
