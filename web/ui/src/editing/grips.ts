/** Handles by which a whole shape is turned or grown: they lie around its box, and follow the pointer. */
import OLFeature from 'ol/Feature'
import OLPoint from 'ol/geom/Point'
import PointerInteraction from 'ol/interaction/Pointer'
import VectorLayer from 'ol/layer/Vector'
import type OLMap from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import VectorSource from 'ol/source/Vector'
import type { Coordinate, Geometry } from '../map/api'
import { boxOf } from './geometry'
import { GRIP, MIDDLE } from './olstyle'
import { grown, growthBetween, middleOf, turnBetween, turned } from './transform'

export type GripKind = 'rotate' | 'scale'

export interface GripsOptions {
  kind: GripKind
  geometry: () => Geometry | null
  /** The shape while it follows the pointer. */
  drag: (geometry: Geometry) => void
  /** The handle was let go. */
  drop: () => void
  /** A handle is held, or let go: the magnet works in between. */
  held: (held: boolean) => void
}

/** Pixels within which the pointer means a handle. */
const NEAR = 16

export class Grips extends PointerInteraction {
  readonly #options: GripsOptions
  readonly #source = new VectorSource<OLFeature<OLPoint>>()
  readonly #layer = new VectorLayer({ source: this.#source, style: GRIP, zIndex: 1999 })
  #start: { geometry: Geometry; middle: Coordinate; from: Coordinate } | null = null

  constructor(options: GripsOptions) {
    super()
    this.#options = options
    this.#put()
  }

  override setMap(map: OLMap | null): void {
    this.getMap()?.removeLayer(this.#layer)
    super.setMap(map)
    map?.addLayer(this.#layer)
  }

  override handleDownEvent(event: MapBrowserEvent): boolean {
    const geometry = this.#options.geometry()
    const grip = geometry && this.#gripAt(event)
    if (!geometry || !grip) return false
    this.#start = { geometry, middle: middleOf(geometry), from: grip }
    this.#options.held(true)
    return true
  }

  override handleDragEvent(event: MapBrowserEvent): void {
    if (!this.#start) return
    const { geometry, middle, from } = this.#start
    const to = event.coordinate as Coordinate
    this.#options.drag(
      this.#options.kind === 'rotate'
        ? turned(geometry, turnBetween(middle, from, to))
        : grown(geometry, Math.max(0.001, growthBetween(middle, from, to))),
    )
    this.#put()
  }

  override handleUpEvent(): boolean {
    this.#start = null
    this.#options.held(false)
    this.#options.drop()
    this.#put()
    return false
  }

  #gripAt({ map, pixel }: MapBrowserEvent): Coordinate | null {
    const [x = 0, y = 0] = pixel
    for (const grip of this.#source.getFeatures()) {
      const at = grip.getGeometry()?.getCoordinates() as Coordinate | undefined
      const [gx = 0, gy = 0] = (at && map.getPixelFromCoordinate(at)) ?? []
      if (at && !grip.get('middle') && Math.hypot(gx - x, gy - y) <= NEAR) return at
    }
    return null
  }

  #put(): void {
    this.#source.clear(true)
    const geometry = this.#options.geometry()
    const box = boxOf(geometry)
    if (!geometry || !box) return
    const [minx, miny, maxx, maxy] = box
    for (const at of [
      [minx, miny],
      [maxx, miny],
      [maxx, maxy],
      [minx, maxy],
    ]) {
      this.#source.addFeature(new OLFeature(new OLPoint(at)))
    }
    const middle = new OLFeature(new OLPoint(middleOf(geometry)))
    middle.set('middle', true)
    middle.setStyle(MIDDLE)
    this.#source.addFeature(middle)
  }
}
