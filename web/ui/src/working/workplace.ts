/** What tools see of a session. */
import type { SnapTargets } from '../editing/snapping'
import type { Coordinate, LayerInfo } from '../map/api'
import type { Given } from './api'
import type { Workplace } from './gestures'
import type { Shapes } from './shapes'

export function workplace(
  session: Pick<Workplace, 'state' | 'do' | 'choose'>,
  shapes: Shapes,
  more: Pick<Workplace, 'ask' | 'miss' | 'reach' | 'changed'> & {
    around: SnapTargets['source']
    type: () => LayerInfo['geometry']['type']
    given: () => Given
    hits: (at: Coordinate) => string[]
  },
): Workplace {
  return {
    get state() {
      return session.state
    },
    get given() {
      return more.given()
    },
    hand: shapes.hand,
    do: (operation) => session.do(operation),
    choose: (ids) => session.choose(ids),
    get type() {
      return more.type()
    },
    at: (place) => [
      ...shapes.at(place, more.reach()),
      ...more.hits(place).filter((id) => !shapes.covers(id)),
    ],
    near: (place, reach) => shapes.near(place, reach),
    shape: (id) => shapes.shape(id),
    vertexAt: (place) => shapes.vertexAt(place, more.reach()),
    reach: more.reach,
    drag: (features) => shapes.drag(features),
    ask: more.ask,
    miss: more.miss,
    sources: [shapes.hand, more.around],
    changed: more.changed,
  }
}
