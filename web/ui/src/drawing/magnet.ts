/**
 * Draws the pointer to what lies around before other interactions see it, and shows to what: add it
 * last. It works with Draw, Modify and Translate as OpenLayers' own Snap does, and knows more places.
 */
import OLFeature from 'ol/Feature'
import OLPoint from 'ol/geom/Point'
import Interaction from 'ol/interaction/Interaction'
import VectorLayer from 'ol/layer/Vector'
import type OLMap from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import VectorSource from 'ol/source/Vector'
import type { Coordinate } from '../map/api'
import { geometryOf } from '../map/olgeometry'
import { SIGNS } from './olstyle'
import { useDrawingSettings } from './settings'
import { type Course, coursesOf, type SnapKind, snap } from './snap'

export interface MagnetOptions {
  source: VectorSource<OLFeature>
  /** The vertex placed last, of which a right angle is looked for. */
  from?: () => Coordinate | null
  /** What the pointer is drawn to now; null: nothing. */
  onSnap?: (kind: SnapKind | null) => void
}

const POINTER = ['pointermove', 'pointerdrag', 'pointerdown', 'pointerup', 'click', 'dblclick']

export class Magnet extends Interaction {
  readonly #options: MagnetOptions
  readonly #sign = new OLFeature<OLPoint>()
  readonly #layer = new VectorLayer({
    source: new VectorSource({ features: [this.#sign] }),
    zIndex: 2000,
    updateWhileInteracting: true,
  })
  readonly #courses = new WeakMap<OLFeature, { revision: number; courses: Course[] }>()
  #kind: SnapKind | null = null

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
    if (!active) this.#show(null, null)
  }

  override handleEvent(event: MapBrowserEvent): boolean {
    if (POINTER.includes(event.type)) this.#draw(event)
    return true
  }

  #draw(event: MapBrowserEvent): void {
    const { snapping, kinds, tolerance } = useDrawingSettings.getState()
    const held = (event.originalEvent as PointerEvent).ctrlKey
    const [x = 0, y = 0] = event.coordinate
    const reach = tolerance * (event.map.getView().getResolution() ?? 1)
    const found =
      snapping && !held
        ? snap([x, y], reach, this.#around([x, y], reach), {
            kinds,
            from: this.#options.from?.() ?? null,
          })
        : null
    if (found) {
      event.coordinate = found.at
      event.pixel = event.map.getPixelFromCoordinate(found.at)
    }
    this.#show(found?.kind ?? null, found?.at ?? null)
  }

  #around([x, y]: Coordinate, reach: number): Course[] {
    const box = [x - reach, y - reach, x + reach, y + reach]
    return this.#options.source.getFeaturesInExtent(box).flatMap((feature) => {
      const revision = feature.getGeometry()?.getRevision() ?? 0
      const known = this.#courses.get(feature)
      if (known?.revision === revision) return known.courses
      const geometry = geometryOf(feature)
      const courses = geometry ? coursesOf(geometry) : []
      this.#courses.set(feature, { revision, courses })
      return courses
    })
  }

  #show(kind: SnapKind | null, at: Coordinate | null): void {
    this.#sign.setGeometry(at ? new OLPoint(at) : undefined)
    if (kind === this.#kind) return
    this.#kind = kind
    this.#sign.setStyle(kind ? SIGNS[kind] : undefined)
    this.#options.onSnap?.(kind)
  }
}
