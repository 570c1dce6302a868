import { Button, Group, Loader, Modal, NativeSelect, Paper, Text } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsMove,
  IconDeviceFloppy,
  IconPencilPlus,
  IconScissors,
  IconTrash,
  IconVector,
  IconX,
} from '@tabler/icons-react'
import { lazy, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FigureMenu } from '../drawing/FigureMenu'
import { Live } from '../drawing/Live'
import { SnapMenu } from '../drawing/SnapMenu'
import type { EditSession, EditState, Feature, LayerInfo } from '../map/api'
import { Part } from '../page/Part'
import { drawnType } from './geometry'
import { editKey } from './keys'
import { areaText, lengthText } from './quantity'
import { Tool } from './Tool'
import { useEditState } from './useEditState'

/** Brings the library of reference systems along. */
const NumbersMenu = lazy(() => import('../drawing/NumbersMenu'))

export interface EditToolbarProps {
  edit: EditSession
  /** All layers; only those with somewhere to write are offered. */
  layers: LayerInfo[]
  /** The selected feature when the viewer may change it. */
  selected: Feature | null
  saving?: boolean
  onSave: () => void
  /** Asks for the selected feature to be deleted; the frame confirms and saves. */
  onDelete: (feature: Feature) => void
  /** Opens a working set of the layer. */
  onWorking: (layer: LayerInfo) => void
}

/** The tools of map editing: nothing when the viewer may write nowhere. */
export function EditToolbar({
  edit,
  layers,
  selected,
  saving = false,
  onSave,
  onDelete,
  onWorking,
}: EditToolbarProps) {
  const { t, i18n } = useTranslation('map')
  const state = useEditState(edit)
  const [chosen, setChosen] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const language = i18n.language === 'en' ? 'en' : 'fr'

  const editable = layers.filter((layer) => layer.editableIn.length > 0)
  const target =
    editable.find((layer) => layer.id === (state.layer ?? chosen ?? selected?.layer)) ?? editable[0]
  const selectedLayer = editable.find((layer) => layer.id === selected?.layer)
  const editing = state.mode !== 'idle'
  const leave = () => (state.dirty ? setAsking(true) : edit.cancel())

  useEffect(() => edit.load(), [edit])
  useEscape(editing && state.dirty && !asking, () => setAsking(true))

  if (!target) return null
  return (
    <Paper
      component="section"
      role="toolbar"
      aria-label={t('edit.toolbar')}
      shadow="sm"
      p={6}
      withBorder
    >
      <Group gap={6}>
        <NativeSelect
          aria-label={t('edit.layer')}
          size="xs"
          value={target.id}
          disabled={editing}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={editable.map((layer) => ({ value: layer.id, label: layer.title[language] }))}
        />
        <Tool
          label={t('edit.draw')}
          pressed={state.mode === 'draw'}
          disabled={editing}
          letter="d"
          onClick={() => edit.startDraw(target)}
        >
          <IconPencilPlus size={18} />
        </Tool>
        {!editing && drawnType(target.geometry.type) === 'Polygon' && (
          <FigureMenu onChoose={(figure) => edit.startDraw(target, figure)} />
        )}
        {state.mode === 'modify' ? (
          <>
            <Tool
              label={t('edit.vertices')}
              pressed={state.tool === 'vertices'}
              onClick={() => edit.setTool('vertices')}
            >
              <IconVector size={18} />
            </Tool>
            <Tool
              label={t('edit.move')}
              pressed={state.tool === 'move'}
              onClick={() => edit.setTool('move')}
            >
              <IconArrowsMove size={18} />
            </Tool>
          </>
        ) : editing ? null : (
          <Tool
            label={t('edit.modify')}
            disabled={!selected?.geometry || !selectedLayer}
            onClick={() => {
              if (selected && selectedLayer) edit.startModify(selectedLayer, selected)
            }}
          >
            <IconVector size={18} />
          </Tool>
        )}
        {!editing && (
          <Tool
            label={t('edit.delete')}
            disabled={!selected || !selectedLayer}
            onClick={() => selected && onDelete(selected)}
          >
            <IconTrash size={18} />
          </Tool>
        )}
        {!editing && target.geometry.model === 'coverage' && (
          <Tool label={t('edit.together')} onClick={() => onWorking(target)}>
            <IconScissors size={18} />
          </Tool>
        )}
        {editing && (
          <>
            <SnapMenu
              layers={layers
                .filter(({ id }) => state.snapping.layers.includes(id))
                .map(({ id, title }) => ({ id, title: title[language] }))}
            />
            <Part>
              {state.mode === 'draw' && (
                <NumbersMenu placed={state.placed ?? []} onPlace={(at) => edit.place(at)} />
              )}
            </Part>
            <Tool label={t('edit.undo')} disabled={!state.canUndo} onClick={() => edit.undo()}>
              <IconArrowBackUp size={18} />
            </Tool>
            <Tool label={t('edit.redo')} disabled={!state.canRedo} onClick={() => edit.redo()}>
              <IconArrowForwardUp size={18} />
            </Tool>
            <Tool label={t('edit.cancel')} onClick={leave}>
              <IconX size={18} />
            </Tool>
            <Button
              size="xs"
              leftSection={<IconDeviceFloppy size={16} aria-hidden />}
              loading={saving}
              disabled={!state.complete || !state.dirty}
              onClick={onSave}
            >
              {t('edit.save')}
            </Button>
          </>
        )}
      </Group>
      {state.unreachable && (
        <Text size="xs" role="alert" c="red.9">
          {t('edit.unreachable')}
        </Text>
      )}
      {editing && (
        <Group gap="sm" mt={4} mih={20}>
          {!(state.mode === 'draw' && state.figure) && (
            <Text size="xs">{t(hintOf(state, target))}</Text>
          )}
          {state.mode === 'draw' || state.snapping.on ? (
            <Live state={state} language={language} />
          ) : null}
          <Measures state={state} language={language} />
          {state.snapping.loading && <Loader size={12} aria-label={t('edit.snapping')} />}
        </Group>
      )}
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('edit.discard.title')}
        withCloseButton={false}
        centered
      >
        <Text size="sm">{t('edit.discard.text')}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t('edit.discard.keep')}
          </Button>
          <Button
            color="red"
            onClick={() => {
              setAsking(false)
              edit.cancel()
            }}
          >
            {t('edit.discard.confirm')}
          </Button>
        </Group>
      </Modal>
    </Paper>
  )
}

function Measures({ state, language }: { state: EditState; language: string }) {
  const { t } = useTranslation('map')
  const { area, length } = state.measure
  return (
    <>
      {area !== undefined && (
        <Text size="xs" fw={600}>
          {t('edit.area')} {areaText(area, language)}
        </Text>
      )}
      {length !== undefined && (
        <Text size="xs" fw={600}>
          {t(area === undefined ? 'edit.length' : 'edit.perimeter')} {lengthText(length, language)}
        </Text>
      )}
    </>
  )
}

function hintOf(state: EditState, target: LayerInfo): string {
  if (state.mode === 'modify') return `edit.hint.${state.tool}`
  return drawnType(target.geometry.type) === 'Point' ? 'edit.hint.drawPoint' : 'edit.hint.draw'
}

/** Escape while there is something to lose: the session leaves that key to who can ask. */
function useEscape(active: boolean, ask: () => void) {
  useEffect(() => {
    if (!active) return
    const listen = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && editKey(event) === 'escape') ask()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  })
}
