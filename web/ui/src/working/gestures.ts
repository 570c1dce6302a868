/** What tools of all models share: the place they work at, and how they draw and snap. */

import { altKeyOnly, click } from 'ol/events/condition'
import type OLFeature from 'ol/Feature'
import type Interaction from 'ol/interaction/Interaction'
import Modify from 'ol/interaction/Modify'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import { unByKey } from 'ol/Observable'
import type VectorSource from 'ol/source/Vector'
import { Magnet } from '../drawing/magnet'
import { Pen } from '../drawing/pen'
import { SKETCH } from '../editing/olstyle'
import { refOf } from '../editing/snapping'
import type { Coordinate, Geometry, LayerInfo } from '../map/api'
import { geometryOf } from '../map/olgeometry'
import type { Given, Question, WorkingState } from './api'
import type { Operation, Ref } from './model'

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
  /** Features that are chosen at a place, those of the set first, of lines the nearest. */
  at(place: Coordinate): string[]
  /** What is at hand around a place, within a distance in map units. */
  near(place: Coordinate, reach: number): OLFeature[]
  shape(id: string): Geometry | null
  /** The vertex nearest to a place, as the server knows it. */
  vertexAt(place: number[]): number[] | null
  /** NEAR in map units. */
  reach(): number
  /** Shows features while they are dragged. */
  drag(features: OLFeature[]): void
  /** Asks before an operation is done. */
  ask(question: Question): void
  /** Tells that a gesture meant nothing here. */
  miss(at: Coordinate): void
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

/** A feature as it was before the drag. */
export interface Dragged {
  ref: Ref
  geometry: Geometry | null
}

/** What becomes of vertices that are dragged. */
export interface Moves {
  /** A vertex, and what was dragged with it, as the server knows them. */
  move(vertex: number[], to: number[], dragged: Dragged[]): void
  /** A side, where a vertex comes. */
  insert(at: number[], to: number[], dragged: Dragged[]): void
  remove(vertex: number[]): void
  /** Where a drag so far leads to what cannot be; null: nowhere. Of what is dragged the shapes before. */
  fault?(features: OLFeature[], before: Geometry[]): Coordinate | null
}

/** Modify, which starts with the first drag: with a quick hand far from where it was pressed. */
class Grab extends Modify {
  /** Where that was. */
  pressed: number[] = []

  override handleDownEvent(event: MapBrowserEvent): boolean {
    this.pressed = event.coordinate
    return super.handleDownEvent(event)
  }
}

/** Drags vertices, and sides to put one there; Alt-click takes one away. All who have it follow. */
export function moving(place: Workplace, { move, insert, remove, fault }: Moves): Gestures {
  let grabbed: { vertex: number[] | null; at: number[]; dragged: Dragged[] } | null = null
  const modify = new Grab({
    source: place.hand,
    style: SKETCH,
    pixelTolerance: NEAR,
    // Lines meet at one place at whatever level.
    sharedVerticesEqual: ([ax, ay], [bx, by]) => ax === bx && ay === by,
    deleteCondition: (event) => {
      const vertex = altKeyOnly(event) && click(event) && place.vertexAt(event.coordinate)
      if (vertex) remove(vertex)
      return false // the server does it, for all who have the vertex
    },
  })
  modify.on('modifystart', ({ features }) => {
    const at = modify.pressed
    const all = features.getArray()
    const dragged = all.map((each) => ({ ref: refOf(each), geometry: geometryOf(each) }))
    grabbed = { vertex: place.vertexAt(at), at, dragged }
    place.drag(all)
    if (fault) follow([...all], dragged)
  })
  modify.on('modifyend', ({ mapBrowserEvent }) => {
    if (!grabbed || !mapBrowserEvent) return
    const { vertex, at, dragged } = grabbed
    grabbed = null
    const to = mapBrowserEvent.coordinate as number[]
    if (vertex) move(vertex, to, dragged)
    else insert(at, to, dragged)
  })
  const gestures = dragging(place, modify)
  /** Warns of what a drag leads to, once all features of it have followed the pointer. */
  function follow(all: OLFeature[], dragged: Dragged[]): void {
    const before = dragged.flatMap(({ geometry }) => (geometry ? [geometry] : []))
    let asked = false
    const look = () => {
      asked = false
      gestures.magnet?.warn(grabbed ? (fault?.(all, before) ?? null) : null)
      place.changed()
    }
    const keys = all.map((each) =>
      each.getGeometry()?.on('change', () => {
        if (!asked) queueMicrotask(look)
        asked = true
      }),
    )
    modify.once('modifyend', () => {
      unByKey(keys.filter((key) => key !== undefined))
      look()
    })
  }
  return gestures
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
