import { IconAngle, IconEqualDouble, IconNumbers, IconRoute } from '@tabler/icons-react'
import { lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Tool } from '../editing/Tool'
import { useKey } from '../editing/useLetter'
import { Part } from '../page/Part'
import { BARS } from '../shortcuts/table'
import type { DrawingTools, MagnetState, PenState } from './api'
import { SnapMenu } from './SnapMenu'
import { useDrawingSettings } from './settings'

/** Brings the library of reference systems along. */
const PointerNumbers = lazy(() => import('./PointerNumbers'))

const SIZE = 18
const LETTERS = BARS.aids.letters
const set = useDrawingSettings.setState

const digit = (event: KeyboardEvent) =>
  /^[-\d]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey

/** What helps to draw exactly, in every bar where something is drawn. */
export function DrawingAids({
  tools,
  pen,
  magnet,
  layers,
}: {
  tools: DrawingTools
  pen: PenState | null
  magnet: MagnetState
  /** Those that are snapped to. */
  layers: { id: string; title: string }[]
}) {
  const { t } = useTranslation('drawing')
  const { ortho, tracing } = useDrawingSettings()
  /** What was typed to open the numbers; null: they are closed. */
  const [typed, setTyped] = useState<string | null>(null)
  const free = pen !== null && pen.figure === undefined
  useKey(pen ? digit : null, ({ key }) => setTyped(key))
  return (
    <>
      <SnapMenu layers={layers} />
      {free && (
        <>
          <Tool
            label={t('ortho')}
            letter={LETTERS.ortho}
            pressed={ortho}
            onClick={() => set({ ortho: !ortho })}
          >
            <IconAngle size={SIZE} />
          </Tool>
          <Tool
            label={t('parallel')}
            letter={LETTERS.parallel}
            pressed={magnet.picking}
            onClick={() => tools.pick(!magnet.picking)}
          >
            <IconEqualDouble size={SIZE} />
          </Tool>
          <Tool
            label={t('trace')}
            letter={LETTERS.trace}
            pressed={tracing}
            onClick={() => set({ tracing: !tracing })}
          >
            <IconRoute size={SIZE} />
          </Tool>
        </>
      )}
      {pen && (
        <Tool
          label={t('numbers.title')}
          letter={LETTERS['numbers.title']}
          expanded={typed !== null}
          onClick={() => setTyped(typed === null ? '' : null)}
        >
          <IconNumbers size={SIZE} />
        </Tool>
      )}
      <Part>
        {pen && typed !== null && (
          <PointerNumbers tools={tools} pen={pen} typed={typed} onClose={() => setTyped(null)} />
        )}
      </Part>
    </>
  )
}
