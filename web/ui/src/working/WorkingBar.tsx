import { Button, Paper } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconPointer,
  IconTrash,
  IconX,
} from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DrawingAids } from '../drawing/DrawingAids'
import { SaveTool } from '../editing/SaveTool'
import { Tool } from '../editing/Tool'
import type { LayerInfo } from '../map/api'
import { focusMap } from '../map/focus'
import { useMap } from '../page/MapContext'
import { BARS, KEYS } from '../shortcuts/table'
import { useLanguage } from '../words/i18n'
import { CoverageTools } from './CoverageTools'
import { Discard } from './Discard'
import { FreeTools } from './FreeTools'
import { NetworkTools } from './NetworkTools'
import { useWorking } from './useWorking'
import { WorkingStatus } from './WorkingStatus'
import classes from './working.module.css'

const SIZE = 18

/** The bar of a working set: the tools of the layer's model, and what becomes of the set. */
export default function WorkingBar({
  layer,
  layers,
}: {
  layer: LayerInfo
  /** All that the map shows: what may be snapped to. */
  layers: LayerInfo[]
}) {
  const { t } = useTranslation('working')
  const language = useLanguage()
  const { working: session } = useMap()
  const state = useWorking(session)
  const [discarding, setDiscarding] = useState(false)
  const { working, tool } = state
  const done = working?.done ?? 0
  const steps = working?.steps.length ?? 0

  async function save() {
    const saved = await session.save()
    if (saved) notifications.show({ message: t('saved', { ...saved }) })
  }
  return (
    <Paper
      component="section"
      role="toolbar"
      aria-label={t('toolbar', { layer: layer.title[language] })}
      shadow="sm"
      p={6}
      withBorder
    >
      <div className={classes.bar}>
        <div className={classes.tools}>
          <Tool
            label={t('choose')}
            letter={BARS.working.letters.choose}
            pressed={tool === 'choose'}
            onClick={() => session.use('choose')}
          >
            <IconPointer size={SIZE} />
          </Tool>
          {layer.geometry.model === 'coverage' && <CoverageTools session={session} state={state} />}
          {layer.geometry.model === 'network' && <NetworkTools session={session} state={state} />}
          {layer.geometry.model === 'free' && (
            <FreeTools session={session} state={state} layer={layer} />
          )}
          <DrawingAids
            tools={session}
            pen={state.pen}
            magnet={state.magnet}
            layers={layers.map(({ id, title }) => ({ id, title: title[language] }))}
          />
        </div>
        <div className={classes.set}>
          <Tool
            label={t('undo')}
            shortcut={KEYS.edit.undo[0]}
            disabled={!state.pen?.begun && done === 0}
            onClick={() => session.undo()}
          >
            <IconArrowBackUp size={SIZE} />
          </Tool>
          <Tool
            label={t('redo')}
            shortcut={KEYS.edit.redo[0]}
            disabled={!state.pen?.takenBack && done === steps}
            onClick={() => session.redo()}
          >
            <IconArrowForwardUp size={SIZE} />
          </Tool>
          <Button
            size="compact-sm"
            variant={state.panel ? 'light' : 'subtle'}
            leftSection={state.conflicts.length > 0 && <IconAlertTriangle size={16} aria-hidden />}
            aria-expanded={state.panel}
            onClick={() => session.open(!state.panel)}
          >
            {working?.features.length ? t('count', { count: working.features.length }) : t('none')}
          </Button>
          <Tool label={t('discard')} disabled={steps === 0} onClick={() => setDiscarding(true)}>
            <IconTrash size={SIZE} />
          </Tool>
          <SaveTool
            label={t('save')}
            disabled={!working?.features.length}
            onSave={() => void save()}
          />
          <Tool label={t('leave')} onClick={() => session.stop()}>
            <IconX size={SIZE} />
          </Tool>
        </div>
      </div>
      <WorkingStatus session={session} state={state} />
      {discarding && (
        <Discard
          steps={steps}
          onClose={() => setDiscarding(false)}
          onDiscard={() => {
            focusMap()
            void session.discard()
          }}
        />
      )}
    </Paper>
  )
}
