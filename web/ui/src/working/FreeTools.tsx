import {
  IconArrowsJoin,
  IconArrowsMaximize,
  IconArrowsMove,
  IconBoxMultiple,
  IconCircleDashed,
  IconEraser,
  IconLineDashed,
  IconPencilPlus,
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
import { Beside } from '../editing/Beside'
import { drawnType } from '../editing/geometry'
import { Tool } from '../editing/Tool'
import { useLayers } from '../layers/useLayers'
import type { LayerInfo } from '../map/api'
import { BARS } from '../shortcuts/table'
import { Asking } from './Asking'
import type { FreeTool, WorkingSession, WorkingState } from './api'
import { choices } from './choices'
import type { OperationKind } from './model'

const SIZE = 18
const LETTERS = BARS.free.letters
const OWNER = 'collectivity'

/** The tools of a free layer: features are changed one by one, or all that are chosen at once. */
export function FreeTools({
  session,
  state: { tool, chosen, busy },
  layer,
}: {
  session: WorkingSession
  state: WorkingState
  layer: LayerInfo
}) {
  const { t } = useTranslation('shape')
  const kind = drawnType(layer.geometry.type)
  const many = layer.geometry.type.startsWith('Multi') || layer.geometry.type === 'Geometry'
  const some = chosen.length > 0
  const { layers } = useLayers()
  const fields = layers.find(({ id }) => id === layer.id)?.fields ?? []
  const [owner] = layer.editableIn
  // Who may write in several collectivities has to say whose a new record is.
  const owned = fields.some(({ name }) => name === OWNER) && owner ? { [OWNER]: owner } : undefined
  const choice = choices<FreeTool>(session, tool)
  const act = (
    name: OperationKind,
    label: string,
    letter: string,
    icon: ReactNode,
    possible: boolean,
  ) => (
    <Tool
      label={label}
      letter={letter}
      disabled={busy || !possible}
      onClick={() => void session.do({ kind: name, ids: chosen })}
    >
      {icon}
    </Tool>
  )
  return (
    <>
      <Tool
        label={t('put')}
        letter={LETTERS.put}
        pressed={tool === 'put'}
        onClick={() => session.use(tool === 'put' ? 'choose' : 'put', { properties: owned })}
      >
        <IconPencilPlus size={SIZE} />
      </Tool>
      {choice(
        'free-vertices',
        t('tool.vertices'),
        LETTERS['tool.vertices'],
        <IconVector size={SIZE} />,
        some,
      )}
      {choice(
        'free-move',
        t('tool.move'),
        LETTERS['tool.move'],
        <IconArrowsMove size={SIZE} />,
        some,
      )}
      {kind !== 'Point' && (
        <>
          <Asking
            label={t('tool.rotate')}
            letter={LETTERS['tool.rotate']}
            field={t('field.degrees')}
            go={t('go.rotate')}
            disabled={!some}
            pressed={false}
            icon={<IconRotate2 size={SIZE} />}
            onGiven={([degrees = 0]) =>
              void session.do({ kind: 'rotate', ids: chosen, angle: -degrees })
            }
          />
          <Asking
            label={t('tool.scale')}
            letter={LETTERS['tool.scale']}
            field={t('field.factor')}
            go={t('go.scale')}
            disabled={!some}
            pressed={false}
            icon={<IconResize size={SIZE} />}
            onGiven={([factor]) => void session.do({ kind: 'scale', ids: chosen, factor })}
          />
          {choice(
            'free-split',
            t('tool.split'),
            LETTERS['tool.split'],
            <IconScissors size={SIZE} />,
          )}
          {choice(
            'free-reshape',
            t('tool.reshape'),
            LETTERS['tool.reshape'],
            <IconVectorSpline size={SIZE} />,
            chosen.length === 1,
          )}
          {(['offset', 'buffer'] as const)
            .filter((name) => name === 'offset' || kind === 'Polygon')
            .map((name) => (
              <Beside
                key={name}
                kind={name}
                letter={LETTERS[`tool.${name}`]}
                line={kind !== 'Polygon'}
                corners={name === 'offset' ? 'mitre' : 'round'}
                busy={busy || !some}
                icon={
                  name === 'offset' ? (
                    <IconLineDashed size={SIZE} />
                  ) : (
                    <IconCircleDashed size={SIZE} />
                  )
                }
                onGiven={({ distance, corners }) =>
                  void session.do({ kind: name, ids: chosen, width: distance, corners })
                }
              />
            ))}
        </>
      )}
      {kind === 'Polygon' && (
        <>
          {choice(
            'free-hole',
            t('tool.hole'),
            LETTERS['tool.hole'],
            <IconSquareDashed size={SIZE} />,
            some,
          )}
          {choice(
            'free-fill',
            t('tool.fill'),
            LETTERS['tool.fill'],
            <IconPuzzle size={SIZE} />,
            some,
          )}
        </>
      )}
      {kind !== 'Point' &&
        act(
          'merge',
          t('mergeChosen'),
          LETTERS.mergeChosen,
          <IconArrowsJoin size={SIZE} />,
          chosen.length > 1,
        )}
      {many && (
        <>
          {act(
            'collect',
            t('collectChosen'),
            LETTERS.collectChosen,
            <IconBoxMultiple size={SIZE} />,
            chosen.length > 1,
          )}
          {act('explode', t('explode'), LETTERS.explode, <IconArrowsMaximize size={SIZE} />, some)}
        </>
      )}
      {act('remove', t('removeChosen'), LETTERS.removeChosen, <IconEraser size={SIZE} />, some)}
    </>
  )
}
