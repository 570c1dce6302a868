/**
 * Drags whole features. OpenLayers' Translate takes hold of what a layer draws; what is chosen here is
 * drawn from tiles, and the shapes at hand are drawn only while they are dragged.
 */
import { primaryAction } from 'ol/events/condition'
import type OLFeature from 'ol/Feature'
import PointerInteraction from 'ol/interaction/Pointer'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import type { Coordinate } from '../map/api'

export interface CarryOptions {
  /** They follow the pointer together. */
  features: readonly OLFeature[]
  /** Whether one of them lies at a place. */
  grabs: (at: Coordinate) => boolean
  /** They are about to follow. */
  lifted: () => void
  dropped: (from: Coordinate, to: Coordinate) => void
}

export class Carry extends PointerInteraction {
  readonly #options: CarryOptions
  #from: Coordinate | null = null
  /** Null: they have not moved yet. */
  #at: Coordinate | null = null

  constructor(options: CarryOptions) {
    super()
    this.#options = options
  }

  override handleDownEvent(event: MapBrowserEvent): boolean {
    const at = event.coordinate as Coordinate
    if (!primaryAction(event) || !this.#options.grabs(at)) return false
    this.#from = at
    this.#at = null
    return true
  }

  override handleDragEvent(event: MapBrowserEvent): void {
    if (!this.#from) return
    const to = event.coordinate as Coordinate
    const [x, y] = this.#at ?? this.#from
    if (!this.#at) this.#options.lifted()
    for (const feature of this.#options.features) {
      feature.getGeometry()?.translate(to[0] - x, to[1] - y)
    }
    this.#at = to
  }

  override handleUpEvent(): boolean {
    if (this.#from && this.#at) this.#options.dropped(this.#from, this.#at)
    this.#from = null
    return false
  }
}
