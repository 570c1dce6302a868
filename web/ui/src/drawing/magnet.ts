/**
 * Draws the pointer to what lies around and to guides before other interactions see it, and shows to
 * what: add it last. It works with Draw, Modify and Translate as OpenLayers' own Snap does, and knows
 * more places.
 */
import OLFeature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import OLPoint from 'ol/geom/Point'
import Interaction from 'ol/interaction/Interaction'
import VectorLayer from 'ol/layer/Vector'
import type OLMap from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import VectorSource from 'ol/source/Vector'
import type { Coordinate } from '../map/api'
import { geometryOf } from '../map/olgeometry'
import { type Aim, aim } from './aim'
import type { Held, MagnetState } from './api'
import type { Edge, Guide } from './guides'
import { CROSSING, EDGE, GUIDE, SIGNS, WAY } from './olstyle'
import { useDrawingSettings } from './settings'
import { type Course, coursesOf, footOn, segmentsNear } from './snap'
import { Chains } from './trace'

export interface MagnetOptions {
  /** What is snapped to. */
  sources: VectorSource<OLFeature>[]
  /** Features that are not snapped to: those that follow the pointer. */
  without?: () => ReadonlySet<OLFeature>
  /** The vertices placed so far, and whether they become an outline. */
  drawn?: () => { placed: Coordinate[]; closing: boolean }
  changed: () => void
}

const POINTER = ['pointermove', 'pointerdrag', 'pointerdown', 'pointerup', 'click', 'dblclick']
const PRESSES = ['pointerdown', 'pointerup', 'click', 'singleclick', 'dblclick']
const NOTHING_HELD: Held = { length: null, azimuth: null }

export class Magnet extends Interaction {
  state: MagnetState = { on: null, picking: false, edges: 0, way: null, crossing: null }
  /** Where the pointer is on the page, in CSS pixels. */
  pointer: [x: number, y: number] | null = null
  readonly #options: MagnetOptions
  readonly #source = new VectorSource<OLFeature>()
  readonly #layer = new VectorLayer({
    source: this.#source,
    zIndex: 2000,
    updateWhileInteracting: true,
  })
  readonly #courses = new WeakMap<OLFeature, { revision: number; courses: Course[] }>()
  #edges: Edge[] = []
  #held: Held = NOTHING_HELD
  #chains: { of: string; chains: Chains } | null = null

  constructor(options: MagnetOptions) {
    super()
    this.#options = options
  }

  override setMap(map: OLMap | null): void {
    this.getMap()?.removeLayer(this.#layer)
    super.setMap(map)
    map?.addLayer(this.#layer)
  }

  override setActive(active: boolean): void {
    super.setActive(active)
    if (!active) this.#show(null)
  }

  override handleEvent(event: MapBrowserEvent): boolean {
    if (!POINTER.includes(event.type) && !PRESSES.includes(event.type)) return true
    const { clientX, clientY } = event.originalEvent as PointerEvent
    this.pointer = [clientX, clientY]
    if (this.state.picking) return this.#pick(event)
    if (POINTER.includes(event.type)) this.#draw(event)
    return true
  }

  pick(picking: boolean): void {
    this.#edges = []
    this.#show(null)
    this.#tell({ picking, edges: 0 })
  }

  hold(held: Held): void {
    this.#held = held
  }

  /** Shows where what is drawn or dragged crosses what it must not; null: nowhere. Whoever warns tells. */
  warn(crossing: Coordinate | null): void {
    if (crossing?.join() === this.state.crossing?.join()) return
    this.state = { ...this.state, crossing }
    this.#mark(this.#edges)
  }

  /** Lets go of what was held and picked for the side that was just placed. */
  release(): void {
    this.#held = NOTHING_HELD
    this.#show(null)
  }

  /** The vertices between two places along the edges of what is snapped to; null: none lead there. */
  way(from: Coordinate, to: Coordinate): Coordinate[] | null {
    const of = this.#options.sources.map((source) => source.getRevision()).join()
    if (this.#chains?.of !== of) {
      const features = this.#options.sources.flatMap((source) => source.getFeatures())
      this.#chains = { of, chains: new Chains(features.flatMap((each) => this.#coursesOf(each))) }
    }
    return this.#chains.chains.way(from, to)
  }

  #draw(event: MapBrowserEvent): void {
    const { snapping, kinds, tolerance, guides, ortho, tracing } = useDrawingSettings.getState()
    const { ctrlKey, shiftKey } = event.originalEvent as PointerEvent
    const pointer = event.coordinate as Coordinate
    const reach = tolerance * (event.map.getView().getResolution() ?? 1)
    const { placed = [], closing = false } = this.#options.drawn?.() ?? {}
    const drawn = snapping && !ctrlKey
    const aimed = aim(pointer, reach, drawn ? this.#around(pointer, reach * 3) : [], {
      kinds,
      guides: guides && drawn,
      ortho: ortho !== shiftKey,
      placed,
      closing,
      edges: this.#edges,
      ...this.#held,
    })
    if (aimed.at !== pointer) {
      event.coordinate = aimed.at
      event.pixel = event.map.getPixelFromCoordinate(aimed.at)
    }
    this.#show(aimed, tracing && event.type === 'pointermove' ? (placed.at(-1) ?? null) : null)
  }

  /** While an edge is picked a press is nobody else's; the press let go picks. */
  #pick(event: MapBrowserEvent): boolean {
    const at = event.coordinate as Coordinate
    const reach = 2 * useDrawingSettings.getState().tolerance
    const units = reach * (event.map.getView().getResolution() ?? 1)
    const edge = nearest(segmentsNear(this.#around(at, units), at, units), at)
    this.#mark(edge ? [...this.#edges, edge] : this.#edges)
    if (event.type === 'pointerup' && edge && !event.dragging) {
      this.#edges = [...this.#edges, edge]
      this.#tell({ picking: false, edges: this.#edges.length })
    }
    return !PRESSES.includes(event.type)
  }

  #around([x, y]: Coordinate, reach: number): Course[] {
    const box = [x - reach, y - reach, x + reach, y + reach]
    const without = this.#options.without?.()
    return this.#options.sources
      .flatMap((source) => source.getFeaturesInExtent(box))
      .filter((feature) => !without?.has(feature))
      .flatMap((feature) => this.#coursesOf(feature))
  }

  #coursesOf(feature: OLFeature): Course[] {
    const revision = feature.getGeometry()?.getRevision() ?? 0
    const known = this.#courses.get(feature)
    if (known?.revision === revision) return known.courses
    const geometry = geometryOf(feature)
    const courses = geometry ? coursesOf(geometry) : []
    this.#courses.set(feature, { revision, courses })
    return courses
  }

  /** Shows what the pointer is drawn to, and the way from a vertex that a click would trace. */
  #show(aimed: Aim | null, tracedFrom: Coordinate | null = null): void {
    this.#mark(this.#edges)
    const kind = aimed?.kind ?? null
    for (const { at, to } of aimed?.guides ?? []) this.#put(endless(at, to), GUIDE)
    let way: MagnetState['way'] = null
    if (aimed && tracedFrom) {
      const between = this.way(tracedFrom, aimed.at)
      way = between ? 'found' : 'none'
      if (between) this.#put(new LineString([tracedFrom, ...between, aimed.at]), WAY)
    }
    if (aimed && kind) this.#put(new OLPoint(aimed.at), SIGNS[kind])
    if (kind !== this.state.on || way !== this.state.way) this.#tell({ on: kind, way })
  }

  #mark(edges: readonly Edge[]): void {
    this.#source.clear(true)
    for (const [a, b] of edges) this.#put(new LineString([a, b]), EDGE)
    const { crossing } = this.state
    if (crossing) this.#put(new OLPoint(crossing), CROSSING)
  }

  #put(geometry: OLPoint | LineString, style: typeof GUIDE): void {
    const feature = new OLFeature<OLPoint | LineString>(geometry)
    feature.setStyle(style)
    this.#source.addFeature(feature)
  }

  #tell(part: Partial<MagnetState>): void {
    this.state = { ...this.state, ...part }
    this.#options.changed()
  }
}

function nearest(edges: readonly Edge[], at: Coordinate): Edge | null {
  const distance = ([a, b]: Edge) => {
    const [x, y] = footOn(a, b, at)
    return Math.hypot(x - at[0], y - at[1])
  }
  return edges.toSorted((a, b) => distance(a) - distance(b))[0] ?? null
}

/** A line over the whole view through two places. */
function endless([x, y]: Guide['at'], [tx, ty]: Guide['to']): LineString {
  const [dx, dy] = [tx - x, ty - y]
  return new LineString([
    [x - dx * 100, y - dy * 100],
    [x + dx * 100, y + dy * 100],
  ])
}
