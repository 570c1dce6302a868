/** What tools of all models share: the place they work at, and how they draw and snap. */
import type OLFeature from 'ol/Feature'
import type Interaction from 'ol/interaction/Interaction'
import type Modify from 'ol/interaction/Modify'
import type VectorSource from 'ol/source/Vector'
import { Magnet } from '../drawing/magnet'
import { Pen } from '../drawing/pen'
import { SKETCH } from '../editing/olstyle'
import type { Coordinate, Geometry, LayerInfo } from '../map/api'
import type { Given, WorkingState } from './api'
import type { Operation } from './model'

/** Pixels within which the pointer means a vertex or a border. */
export const NEAR = 10

/** What a tool may use of the session. */
export interface Workplace {
  readonly state: WorkingState
  readonly given: Given
  /** Of the geometries of the layer. */
  readonly type: LayerInfo['geometry']['type']
  /** The shapes as they are now, of the set and around: Modify changes them while one drags. */
  readonly hand: VectorSource<OLFeature>
  do(operation: Operation): Promise<void>
  choose(ids: string[]): void
  /** Features of the layer at a place, those of the set first. */
  at(place: Coordinate): string[]
  shape(id: string): Geometry | null
  /** The vertex nearest to a place, as the server knows it. */
  vertexAt(place: number[]): number[] | null
  /** NEAR in map units. */
  reach(): number
  /** Shows features while they are dragged. */
  drag(features: OLFeature[]): void
  /** What is snapped to: the shapes at hand, and those of other layers. */
  readonly sources: VectorSource<OLFeature>[]
  /** The pen or the magnet has another state. */
  changed(): void
}

/** A tool at work: interactions of the map, and what a click means. */
export interface Gestures {
  /** In the order in which the map gets them. */
  interactions?: Interaction[]
  magnet?: Magnet
  pen?: Pen
  clicked?(at: Coordinate): void
}

export type Tool = (place: Workplace) => Gestures

/** Draws a line or an outline, and hands on its coordinates. */
export function drawing(
  { sources, changed }: Workplace,
  type: 'LineString' | 'Polygon',
  drawn: (geometry: Geometry) => void,
): Gestures {
  const pen = new Pen({ type, style: SKETCH, sources, changed, drawn })
  return { interactions: pen.interactions, magnet: pen.magnet, pen }
}

/**
 * Modify with the magnet. What is grabbed is what lies under the pointer itself; snapping begins with
 * the drag, and not to the shapes that are dragged.
 */
export function dragging({ sources, changed }: Workplace, modify: Modify): Gestures {
  let dragged: ReadonlySet<OLFeature> = new Set()
  const magnet = new Magnet({ sources, changed, without: () => dragged })
  magnet.setActive(false)
  modify.on('modifystart', ({ features }) => {
    dragged = new Set(features.getArray())
    magnet.setActive(true)
  })
  modify.on('modifyend', () => magnet.setActive(false))
  return { interactions: [modify, magnet], magnet }
}
