import { Group, NativeSelect, Paper, Text } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconColorPicker,
  IconPencilPlus,
  IconScissors,
  IconTrash,
  IconVector,
  IconX,
} from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DrawingAids } from '../drawing/DrawingAids'
import { FigureMenu } from '../drawing/FigureMenu'
import { FromFile } from '../drawing/FromFile'
import type { EditSession, Feature, LayerInfo } from '../map/api'
import { focusMap } from '../map/focus'
import { BARS, KEYS } from '../shortcuts/table'
import { CopyPaste } from './CopyPaste'
import { DiscardShape } from './DiscardShape'
import { EditStatus } from './EditStatus'
import { drawnType } from './geometry'
import { editKey } from './keys'
import { ModifyTools } from './ModifyTools'
import { SaveTool } from './SaveTool'
import { Tool } from './Tool'
import { useEditState } from './useEditState'

const SIZE = 18
const LETTERS = BARS.draw.letters

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
  const titled = layers.map(({ id, title }) => ({ id, title: title[language] }))
  const snapped = titled.filter(({ id }) => state.snapping.layers.includes(id))
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
          letter={LETTERS['edit.draw']}
          onClick={() => edit.startDraw(target)}
        >
          <IconPencilPlus size={SIZE} />
        </Tool>
        {!editing && drawnType(target.geometry.type) === 'Polygon' && (
          <FigureMenu onChoose={(figure) => edit.startDraw(target, figure)} />
        )}
        {!editing && (
          <Tool
            label={t('edit.modify')}
            letter={LETTERS['edit.modify']}
            disabled={!selected?.geometry || !selectedLayer}
            onClick={() => {
              if (selected && selectedLayer) edit.startModify(selectedLayer, selected)
            }}
          >
            <IconVector size={SIZE} />
          </Tool>
        )}
        {(!editing || (state.mode === 'draw' && !state.canUndo)) && (
          <FromFile edit={edit} layer={target} />
        )}
        {!editing && <CopyPaste edit={edit} target={target} />}
        {state.mode === 'draw' && (
          <Tool
            label={t('edit.take')}
            letter={LETTERS['edit.take']}
            pressed={state.tool === 'take'}
            disabled={state.pen !== null && state.canUndo}
            onClick={() => edit.setTool(state.tool === 'take' ? 'draw' : 'take')}
          >
            <IconColorPicker size={SIZE} />
          </Tool>
        )}
        {state.mode === 'modify' && <ModifyTools edit={edit} state={state} layer={target} />}
        {!editing && (
          <Tool
            label={t('edit.delete')}
            disabled={!selected || !selectedLayer}
            onClick={() => selected && onDelete(selected)}
          >
            <IconTrash size={SIZE} />
          </Tool>
        )}
        {!editing && (
          <Tool
            label={t(target.geometry.model === 'free' ? 'edit.several' : 'edit.together')}
            onClick={() => onWorking(target)}
          >
            <IconScissors size={SIZE} />
          </Tool>
        )}
        {editing && (
          <>
            <DrawingAids tools={edit} pen={state.pen} magnet={state.magnet} layers={snapped} />
            <Tool
              label={t('edit.undo')}
              shortcut={KEYS.edit.undo[0]}
              disabled={!state.canUndo}
              onClick={() => edit.undo()}
            >
              <IconArrowBackUp size={SIZE} />
            </Tool>
            <Tool
              label={t('edit.redo')}
              shortcut={KEYS.edit.redo[0]}
              disabled={!state.canRedo}
              onClick={() => edit.redo()}
            >
              <IconArrowForwardUp size={SIZE} />
            </Tool>
            <Tool label={t('edit.cancel')} onClick={leave}>
              <IconX size={SIZE} />
            </Tool>
            <SaveTool
              label={t('edit.save')}
              saving={saving}
              disabled={!state.complete || !state.dirty}
              onSave={onSave}
            />
          </>
        )}
      </Group>
      {state.unreachable && (
        <Text size="xs" role="alert" c="red.9">
          {t('edit.unreachable')}
        </Text>
      )}
      {editing && (
        <EditStatus edit={edit} state={state} layer={target} layers={titled} language={language} />
      )}
      {asking && (
        <DiscardShape
          onKeep={() => setAsking(false)}
          onDiscard={() => {
            setAsking(false)
            focusMap()
            edit.cancel()
          }}
        />
      )}
    </Paper>
  )
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
