import {
  IconArrowsJoin,
  IconChartPie,
  IconLayersIntersect,
  IconPencilPlus,
  IconPuzzle,
  IconRoad,
  IconScissors,
  IconSquareDashed,
  IconVector,
  IconVectorSpline,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Tool } from '../editing/Tool'
import { BARS } from '../shortcuts/table'
import { Asking } from './Asking'
import type { CoverageTool, WorkingSession, WorkingState } from './api'
import { choices } from './choices'

const SIZE = 18
const LETTERS = BARS.coverage.letters

/** The tools of a coverage: neighbours that share a border keep sharing it. */
export function CoverageTools({
  session,
  state: { tool, chosen },
}: {
  session: WorkingSession
  state: WorkingState
}) {
  const { t } = useTranslation('working')
  const one = chosen.length === 1
  const choice = choices<CoverageTool>(session, tool)
  return (
    <>
      {choice('vertices', t('vertices'), LETTERS.vertices, <IconVector size={SIZE} />)}
      {choice('split', t('split'), LETTERS.split, <IconScissors size={SIZE} />)}
      <Asking
        label={t('areas')}
        letter={LETTERS.areas}
        field={t('areasLabel')}
        go={t('areasGo')}
        disabled={!one}
        pressed={tool === 'split-by-areas'}
        icon={<IconChartPie size={SIZE} />}
        onGiven={(areas) => session.use('split-by-areas', { areas })}
      />
      <Tool
        label={t('merge')}
        letter={LETTERS.merge}
        disabled={chosen.length < 2}
        onClick={() => void session.do({ kind: 'merge', ids: chosen })}
      >
        <IconArrowsJoin size={SIZE} />
      </Tool>
      {choice('reshape', t('reshape'), LETTERS.reshape, <IconVectorSpline size={SIZE} />, one)}
      <Asking
        label={t('road')}
        letter={LETTERS.road}
        field={t('widthLabel')}
        go={t('widthGo')}
        initial="6"
        disabled={false}
        pressed={tool === 'cut-road'}
        icon={<IconRoad size={SIZE} />}
        onGiven={([width]) => session.use('cut-road', { width })}
      />
      {choice('draw', t('draw'), LETTERS.draw, <IconPencilPlus size={SIZE} />)}
      {choice('cut-hole', t('hole'), LETTERS.hole, <IconSquareDashed size={SIZE} />, one)}
      {choice('fill-gap', t('fill'), LETTERS.fill, <IconPuzzle size={SIZE} />, chosen.length < 2)}
      {choice(
        'assign-overlap',
        t('overlap'),
        LETTERS.overlap,
        <IconLayersIntersect size={SIZE} />,
        one,
      )}
    </>
  )
}
