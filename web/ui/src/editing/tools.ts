/** The tools of a shape: each turns gestures on the map into the next state of what is edited. */
import type Collection from 'ol/Collection'
import { altKeyOnly, click } from 'ol/events/condition'
import type OLFeature from 'ol/Feature'
import type Interaction from 'ol/interaction/Interaction'
import Modify from 'ol/interaction/Modify'
import Translate from 'ol/interaction/Translate'
import type VectorSource from 'ol/source/Vector'
import { Magnet } from '../drawing/magnet'
import { Pen } from '../drawing/pen'
import type { Coordinate, EditTool, Geometry } from '../map/api'
import { featureOf, geometryOf } from '../map/olgeometry'
import { Grips } from './grips'
import { SKETCH } from './olstyle'

/** What tools see of the session. */
export interface Bench {
  readonly edited: Collection<OLFeature>
  /** What is snapped to. */
  readonly sources: VectorSource<OLFeature>[]
  changed(): void
  /** Takes what the interactions made of the shape as its next state. */
  commit(): void
  split(line: Geometry): void
  reshape(line: Geometry): void
  cut(area: Geometry): void
  fill(at: Coordinate): void
  /** Joins the feature of the layer at a place to the shape. */
  join(at: Coordinate, how: 'merge' | 'collect'): void
  /** Takes the shape of a feature of any layer. */
  take(at: Coordinate): void
}

/** A tool at work. */
export interface Gestures {
  /** In the order in which the map gets them. */
  interactions: Interaction[]
  magnet?: Magnet
  pen?: Pen
  modify?: Modify
  clicked?: (at: Coordinate) => void
}

export const modifyTools: Record<Exclude<EditTool, 'draw'>, (bench: Bench) => Gestures> = {
  vertices,
  move,
  rotate: (bench) => gripped(bench, 'rotate'),
  scale: (bench) => gripped(bench, 'scale'),
  split: (bench) => drawing(bench, 'LineString', (line) => bench.split(line)),
  reshape: (bench) => drawing(bench, 'LineString', (line) => bench.reshape(line)),
  hole: (bench) => drawing(bench, 'Polygon', (area) => bench.cut(area)),
  fill: (bench) => ({ interactions: [], clicked: (at) => bench.fill(at) }),
  merge: (bench) => ({ interactions: [], clicked: (at) => bench.join(at, 'merge') }),
  collect: (bench) => ({ interactions: [], clicked: (at) => bench.join(at, 'collect') }),
  take: (bench) => ({ interactions: [], clicked: (at) => bench.take(at) }),
}

function drawing(
  { sources, changed }: Bench,
  type: 'LineString' | 'Polygon',
  drawn: (geometry: Geometry) => void,
): Gestures {
  const pen = new Pen({ type, style: SKETCH, sources, changed, drawn })
  return { interactions: pen.interactions, magnet: pen.magnet, pen }
}

/**
 * What is grabbed is what lies under the pointer itself: a neighbour's corner must not draw the
 * pointer away from the vertex one means. Snapping begins with the drag.
 */
function vertices(bench: Bench): Gestures {
  const modify = new Modify({
    features: bench.edited,
    style: SKETCH,
    pixelTolerance: 10,
    deleteCondition: (event) => altKeyOnly(event) && click(event),
  })
  const magnet = sleeping(bench)
  modify.on('modifystart', () => magnet.setActive(true))
  modify.on('modifyend', () => {
    magnet.setActive(false)
    bench.commit()
  })
  return { interactions: [modify, magnet], magnet, modify }
}

function move(bench: Bench): Gestures {
  const translate = new Translate({ features: bench.edited, hitTolerance: 6 })
  translate.on('translateend', () => bench.commit())
  const { sources, changed } = bench
  const magnet = new Magnet({ sources, changed })
  return { interactions: [translate, magnet], magnet }
}

function gripped(bench: Bench, kind: 'rotate' | 'scale'): Gestures {
  const magnet = sleeping(bench)
  const grips = new Grips({
    kind,
    geometry: () => geometryOf(bench.edited.item(0)),
    drag: (geometry) => bench.edited.item(0)?.setGeometry(featureOf(geometry).getGeometry()),
    drop: () => bench.commit(),
    held: (held) => magnet.setActive(held),
  })
  return { interactions: [grips, magnet], magnet }
}

function sleeping({ sources, changed }: Bench): Magnet {
  const magnet = new Magnet({ sources, changed })
  magnet.setActive(false)
  return magnet
}
