/** What tools of all models share: the place they work at, and how they draw and snap. */
import type OLFeature from 'ol/Feature'
import Draw from 'ol/interaction/Draw'
import type Interaction from 'ol/interaction/Interaction'
import Modify from 'ol/interaction/Modify'
import Snap from 'ol/interaction/Snap'
import type VectorSource from 'ol/source/Vector'
import { SKETCH } from '../editing/olstyle'
import type { Coordinate, Geometry } from '../map/api'
import { measure } from '../map/measure'
import { geometryOf } from '../map/olgeometry'
import type { Given, WorkingState } from './api'
import type { Operation } from './model'

/** Pixels within which the pointer means a vertex or a border. */
export const NEAR = 10

/** What a tool may use of the session. */
export interface Workplace {
  readonly state: WorkingState
  readonly given: Given
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
  /** What is being drawn; null: nothing. */
  sketched(sketch: { length?: number; area?: number } | null): void
}

/** A tool at work: interactions of the map, and what a click means. */
export interface Gestures {
  interactions?: Interaction[]
  clicked?(at: Coordinate): void
}

export type Tool = (place: Workplace) => Gestures

/** Draws a line or an outline, and hands on its coordinates. */
export function drawing(
  place: Workplace,
  type: 'LineString' | 'Polygon',
  drawn: (geometry: Geometry) => void,
): Gestures {
  const draw = new Draw({ type, style: SKETCH, stopClick: true })
  draw.on('drawstart', ({ feature }) => {
    place.sketched({})
    feature.getGeometry()?.on('change', () => place.sketched(measure(geometryOf(feature))))
  })
  draw.on('drawabort', () => place.sketched(null))
  draw.on('drawend', ({ feature }) => {
    const geometry = geometryOf(feature)
    place.sketched(null)
    // Draw is still at work on this event.
    if (geometry) queueMicrotask(() => drawn(geometry))
  })
  return { interactions: [draw] }
}

/**
 * Snaps what the interactions do to the shapes at hand. What is grabbed is what lies under the
 * pointer itself; snapping begins with the drag.
 */
export function snapping(source: VectorSource<OLFeature>, interactions: Interaction[]): Snap {
  const snap = new Snap({ source, pixelTolerance: NEAR, intersection: false })
  for (const interaction of interactions) {
    if (!(interaction instanceof Modify)) continue
    snap.setActive(false)
    interaction.on('modifystart', () => snap.setActive(true))
    interaction.on('modifyend', () => snap.setActive(false))
  }
  return snap
}
