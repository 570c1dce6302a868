/** An edit as the page sees it: plain values. Where the shape crosses itself the magnet shows it. */
import type OLFeature from 'ol/Feature'
import { crossingOf } from '../drawing/crossing'
import type { EditState, EditTool } from '../map/api'
import { measure } from '../map/measure'
import { geometryOf } from '../map/olgeometry'
import { equal } from './geometry'
import type { Making } from './making'
import { holesOf, partsOf } from './parts'
import { IDLE } from './state'
import type { Gestures } from './tools'
import type { Work } from './work'

/** What there is to tell beside the work itself. */
interface Seen {
  tool: EditTool
  gestures: Gestures
  /** The shape on the map, as it is at this moment of a drag; none while it is drawn. */
  edited: OLFeature | undefined
  snapping: EditState['snapping']
  making: Making
}

export function described(
  { history, original, layer, featureId }: Work,
  { tool, gestures: { pen, magnet }, edited, snapping, making }: Seen,
): EditState {
  const { geometry, made, taken } = history.present
  const drawing = geometry === null
  const shown = drawing ? null : geometryOf(edited)
  const crossing = crossingOf(shown)
  if (!drawing && !pen) magnet?.warn(crossing)
  const drawn = pen?.state ?? null
  const begun = drawn?.begun ?? false
  return {
    mode: drawing ? 'draw' : 'modify',
    tool,
    canUndo: begun || history.past.length > 0,
    canRedo: (drawn?.takenBack ?? false) || history.future.length > 0,
    dirty: begun || !equal(geometry, original) || made.length + taken.length > 0,
    complete: !drawing,
    layer: layer.id,
    featureId,
    measure: drawn && begun ? drawn.measure : measure(shown),
    snapping,
    pen: drawn,
    magnet: magnet?.state ?? IDLE.magnet,
    crossing: drawn?.crossing ?? crossing,
    parts: shown ? partsOf(shown).length : 0,
    holes: holesOf(shown),
    pieces: { made: made.length, taken: taken.length },
    busy: making.busy,
    fault: making.fault,
    choices: making.choices,
  }
}
