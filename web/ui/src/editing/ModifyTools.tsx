import {
  IconArrowsJoin,
  IconArrowsMaximize,
  IconArrowsMove,
  IconBoxMultiple,
  IconCircleDashed,
  IconLineDashed,
  IconPuzzle,
  IconResize,
  IconRotate2,
  IconScissors,
  IconSquareDashed,
  IconVector,
  IconVectorSpline,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { EditSession, EditState, EditTool, LayerInfo } from '../map/api'
import { BARS } from '../shortcuts/table'
import { Beside } from './Beside'
import { drawnType } from './geometry'
import { Tool } from './Tool'

const SIZE = 18
const LETTERS = BARS.shape.letters

/** The tools of a shape; those that the layer's kind of shape has no use for are left out. */
export function ModifyTools({
  edit,
  state,
  layer,
}: {
  edit: EditSession
  state: EditState
  layer: LayerInfo
}) {
  const { t } = useTranslation('shape')
  const { type } = layer.geometry
  const kind = drawnType(type)
  const [area, point] = [kind === 'Polygon', kind === 'Point']
  const many = type.startsWith('Multi') || type === 'Geometry'
  const tool = (name: Exclude<EditTool, 'draw' | 'take'>, icon: ReactNode, possible = true) => (
    <Tool
      label={t(`tool.${name}`)}
      letter={LETTERS[`tool.${name}`]}
      pressed={state.tool === name}
      disabled={state.busy || !possible}
      onClick={() => edit.setTool(name)}
    >
      {icon}
    </Tool>
  )
  return (
    <>
      {tool('vertices', <IconVector size={SIZE} />)}
      {tool('move', <IconArrowsMove size={SIZE} />)}
      {!point && (
        <>
          {tool('rotate', <IconRotate2 size={SIZE} />)}
          {tool('scale', <IconResize size={SIZE} />)}
          {tool('split', <IconScissors size={SIZE} />)}
          {tool('reshape', <IconVectorSpline size={SIZE} />)}
          <Beside
            kind="offset"
            letter={LETTERS['tool.offset']}
            line={!area}
            corners="mitre"
            busy={state.busy}
            icon={<IconLineDashed size={SIZE} />}
            onGiven={(change) => edit.change(change)}
          />
        </>
      )}
      {area && (
        <>
          <Beside
            kind="buffer"
            letter={LETTERS['tool.buffer']}
            line={false}
            corners="round"
            busy={state.busy}
            icon={<IconCircleDashed size={SIZE} />}
            onGiven={(change) => edit.change(change)}
          />
          {tool('hole', <IconSquareDashed size={SIZE} />)}
          {tool('fill', <IconPuzzle size={SIZE} />, state.holes > 0)}
        </>
      )}
      {!point && tool('merge', <IconArrowsJoin size={SIZE} />)}
      {many && (
        <>
          {tool('collect', <IconBoxMultiple size={SIZE} />)}
          <Tool
            label={t('explode')}
            letter={LETTERS.explode}
            disabled={state.busy || state.parts < 2}
            onClick={() => edit.change({ kind: 'explode' })}
          >
            <IconArrowsMaximize size={SIZE} />
          </Tool>
        </>
      )}
    </>
  )
}
