/** Draws one point, line, outline or figure: with the magnet, by numbers, along edges, taken back place by place. */
import type OLFeature from 'ol/Feature'
import OLPolygon from 'ol/geom/Polygon'
import Draw, { type GeometryFunction } from 'ol/interaction/Draw'
import type Interaction from 'ol/interaction/Interaction'
import type VectorSource from 'ol/source/Vector'
import type { StyleLike } from 'ol/style/Style'
import type { Coordinate, Geometry } from '../map/api'
import { measure } from '../map/measure'
import { geometryOf } from '../map/olgeometry'
import type { DrawingTools, Held, PenState } from './api'
import { crossingOf, crossingOfCourses } from './crossing'
import { FIGURES, type Figure, ringOf } from './figures'
import { Magnet } from './magnet'
import { polar } from './numbers'
import { useDrawingSettings } from './settings'

export interface PenOptions {
  type: 'Point' | 'LineString' | 'Polygon'
  figure?: Figure
  style: StyleLike
  /** What is snapped to. */
  sources: VectorSource<OLFeature>[]
  changed: () => void
  drawn: (geometry: Geometry) => void
}

export class Pen implements DrawingTools {
  readonly magnet: Magnet
  readonly #options: PenOptions
  readonly #draw: Draw
  #sketch: OLFeature | null = null
  /** The vertices of a figure, which its outline does not tell. */
  #points: Coordinate[] = []
  /** What each click placed: one vertex, or those of a traced way. */
  #runs: Coordinate[][] = []
  #takenBack: Coordinate[][] = []
  /** Vertices change by this object's own doing. */
  #busy = false

  constructor(options: PenOptions) {
    this.#options = options
    this.magnet = new Magnet({
      sources: options.sources,
      drawn: () => ({ placed: this.#placed(), closing: options.type === 'Polygon' }),
      changed: options.changed,
    })
    this.#draw = this.#drawing()
  }

  /** In the order in which the map gets them. */
  get interactions(): Interaction[] {
    return [this.#draw, this.magnet]
  }

  get state(): PenState {
    const { type, figure } = this.#options
    const geometry = geometryOf(this.#sketch)
    return {
      figure,
      area: type === 'Polygon',
      begun: this.#sketch !== null,
      placed: this.#placed(),
      side: figure ? undefined : sideOf(geometry),
      measure: measure(geometry),
      crossing: this.#crossing(geometry),
      takenBack: this.#takenBack.length > 0,
    }
  }

  place(at: Coordinate): void {
    const { type, drawn } = this.#options
    if (type === 'Point') {
      drawn({ type, coordinates: at })
      return
    }
    this.#takenBack = []
    this.#append([at])
  }

  hold(held: Held): void {
    this.magnet.hold(held)
  }

  pick(picking: boolean): void {
    this.magnet.pick(picking)
  }

  /** Takes back what was placed last; false when nothing is. */
  undo(): boolean {
    const last = this.#runs.pop()
    if (!last || !this.#sketch) return false
    this.#takenBack.push(last)
    const kept = this.#takenBack
    const runs = this.#runs
    if (runs.length === 0) this.#draw.abortDrawing()
    else {
      this.#quietly(() => {
        for (const _ of last) this.#draw.removeLastPoint()
      })
    }
    this.#runs = runs
    this.#takenBack = kept
    this.#changed()
    return true
  }

  redo(): boolean {
    const next = this.#takenBack.pop()
    if (!next) return false
    this.#append(next)
    return true
  }

  finish(): void {
    const { type, figure } = this.#options
    if (figure || this.#placed().length < (type === 'Polygon' ? 3 : 2)) return
    this.#draw.finishDrawing()
  }

  where(): [x: number, y: number] | null {
    return this.magnet.pointer
  }

  /** Gives up what is begun; false when nothing is. */
  abort(): boolean {
    if (!this.#sketch) return false
    this.#draw.abortDrawing()
    return true
  }

  #drawing(): Draw {
    const { type, figure, style } = this.#options
    const draw = new Draw({
      ...(figure
        ? {
            type: 'LineString',
            maxPoints: FIGURES[figure].points,
            geometryFunction: this.#figured(figure),
          }
        : { type }),
      style,
      stopClick: true,
      // Ctrl held frees the pointer from the magnet, Shift holds it to a guide: both place all the same.
      condition: ({ originalEvent }) => !originalEvent.altKey,
      // Shift keeps a side on the guides.
      freehandCondition: () => false,
    })
    draw.on('drawstart', ({ feature }) => {
      this.#sketch = feature
      this.#runs = []
      feature.getGeometry()?.on('change', () => this.#moved())
      this.#moved()
    })
    draw.on('drawabort', () => this.#clear())
    draw.on('drawend', ({ feature }) => {
      const geometry = geometryOf(feature)
      const closed = geometry && !figure ? this.#closed(geometry) : geometry
      // Draw is still at work on this event.
      queueMicrotask(() => {
        this.#clear()
        // Points that make no figure: one begins again.
        if (closed && (!figure || isRing(closed))) this.#options.drawn(closed)
      })
    })
    return draw
  }

  /** Makes the outline of a figure of the points placed, the last of which follows the pointer. */
  #figured(figure: Figure): GeometryFunction {
    return (coordinates, geometry) => {
      const polygon = (geometry as OLPolygon | undefined) ?? new OLPolygon([])
      const points = coordinates as Coordinate[]
      this.#points = points.slice(0, -1).map(([x, y]) => [x, y])
      const ring = ringOf(figure, points, useDrawingSettings.getState().sides)
      const [first, last] = [points[0], points.at(-1)]
      polygon.setCoordinates(ring ? [ring] : first && last ? [[first, last, first]] : [])
      return polygon
    }
  }

  /** The sketch changed: a vertex was placed, or the last follows the pointer. */
  #moved(): void {
    if (this.#busy) return
    const placed = this.#placed()
    const known = this.#runs.flat().length
    if (placed.length > known) {
      const from = this.#runs.flat().at(-1)
      this.#runs.push(placed.slice(known))
      this.#takenBack = []
      this.magnet.release()
      const to = placed.at(-1)
      const between = from && to && this.#traces() ? this.magnet.way(from, to) : null
      // Draw is still at work on this event.
      if (between?.length && to) queueMicrotask(() => this.#trace([...between, to]))
    }
    this.#changed()
  }

  /** Puts a way in the place of the side that was drawn last. */
  #trace(way: Coordinate[]): void {
    if (!this.#sketch) return
    this.#quietly(() => {
      this.#draw.removeLastPoint()
      this.#draw.appendCoordinates(way)
    })
    this.#runs[this.#runs.length - 1] = way
    this.#changed()
  }

  /** An outline that is traced is traced to its first vertex too. */
  #closed(geometry: Geometry): Geometry {
    if (geometry.type !== 'Polygon' || !this.#traces()) return geometry
    const [ring = []] = geometry.coordinates
    const [first, last] = [ring[0], ring.at(-2)] as [Coordinate?, Coordinate?]
    const between = first && last ? this.magnet.way(last, first) : null
    return between?.length
      ? {
          type: 'Polygon',
          coordinates: [[...ring.slice(0, -1), ...between, ring[0] as Coordinate]],
        }
      : geometry
  }

  #append(places: Coordinate[]): void {
    const runs = this.#sketch ? this.#runs : []
    const kept = this.#takenBack
    this.#quietly(() => this.#draw.appendCoordinates(places))
    // A figure may be whole by it.
    if (this.#sketch) this.#runs = [...runs, places]
    this.#takenBack = kept
    this.magnet.release()
    this.#changed()
  }

  #quietly(act: () => void): void {
    this.#busy = true
    act()
    this.#busy = false
  }

  #clear(): void {
    this.#sketch = null
    this.#points = []
    this.#runs = []
    this.#takenBack = []
    this.magnet.release()
    this.#changed()
  }

  #changed(): void {
    this.magnet.warn(this.#crossing(geometryOf(this.#sketch)))
    this.#options.changed()
  }

  #traces(): boolean {
    return !this.#options.figure && useDrawingSettings.getState().tracing
  }

  /** Where the sides drawn so far, without the one that closes them, cross each other. */
  #crossing(geometry: Geometry | null): Coordinate | null {
    if (this.#options.figure) return crossingOf(geometry)
    if (geometry?.type !== 'Polygon') return null
    return crossingOfCourses([(geometry.coordinates[0] ?? []).slice(0, -1)], false)
  }

  #placed(): Coordinate[] {
    if (this.#options.figure) return this.#points
    return verticesOf(geometryOf(this.#sketch)) as Coordinate[]
  }
}

/** Whether a figure came of the points, and not the line that stands for it till then. */
const isRing = (geometry: Geometry) =>
  geometry.type === 'Polygon' && (geometry.coordinates[0]?.length ?? 0) > 3

/** The side that follows the pointer. */
function sideOf(geometry: Geometry | null): PenState['side'] {
  if (geometry?.type !== 'LineString' && geometry?.type !== 'Polygon') return undefined
  const free = geometry.type === 'LineString'
  const course = free ? geometry.coordinates : (geometry.coordinates[0] ?? []).slice(0, -1)
  const [from, to] = course.slice(-2) as Coordinate[]
  return from && to ? polar(from, to) : undefined
}

/** The vertices placed so far; OpenLayers adds one that follows the pointer, and closes rings. */
function verticesOf(geometry: Geometry | null): number[][] {
  if (geometry?.type === 'LineString') return geometry.coordinates.slice(0, -1)
  if (geometry?.type !== 'Polygon') return []
  return (geometry.coordinates[0] ?? []).slice(0, -2)
}
