/** What the map shows of an edit: the shape at work and its pieces; the tiles leave out what they show. */
import Collection from 'ol/Collection'
import type OLFeature from 'ol/Feature'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import type { Extent, FeatureRef, Geometry, Pieces } from '../map/api'
import { featureOf } from '../map/olgeometry'
import { boxOf } from './geometry'
import type { EditHost } from './host'
import { EDITED, LINGERING, MADE } from './olstyle'

export class Stage {
  /** The shape that interactions change. */
  readonly edited = new Collection<OLFeature>()
  readonly #host: EditHost
  readonly #lingering = new VectorSource()
  readonly #made = new VectorSource()
  readonly #layers: VectorLayer[]
  /** Left out by the tiles of one layer. */
  #layer: string | null = null
  #hidden = new Set<string>()

  constructor(host: EditHost) {
    this.#host = host
    const { zIndex } = host
    this.#layers = [
      new VectorLayer({ source: this.#lingering, style: LINGERING, zIndex }),
      new VectorLayer({ source: this.#made, style: MADE, zIndex }),
      new VectorLayer({
        source: new VectorSource({ features: this.edited }),
        style: EDITED,
        zIndex,
        updateWhileInteracting: true,
      }),
    ]
    for (const each of this.#layers) host.map.addLayer(each)
  }

  show(geometry: Geometry | null, { made }: Pieces): void {
    this.edited.clear()
    if (geometry) this.edited.push(featureOf(geometry))
    this.#made.clear()
    this.#made.addFeatures(made.map(({ geometry }) => featureOf(geometry)))
  }

  clear(): void {
    this.edited.clear()
    this.#made.clear()
  }

  /** The tiles of a layer leave these features out, and show again what they left out before. */
  hide(layer: string | null, ids: readonly string[]): void {
    if (layer !== this.#layer) this.#turn(new Set())
    this.#layer = layer
    this.#turn(new Set(ids))
  }

  /** Keeps the old picture whole until the fresh tiles are drawn: shapes stay, tiles still leave out. */
  async settle(layer: string, boxes: Extent[], shapes: Geometry[]): Promise<void> {
    const lingering = shapes.map(featureOf)
    this.#lingering.addFeatures(lingering)
    const hidden = this.#layer === layer ? this.#hidden : new Set<string>()
    this.#hidden = new Set()
    this.#layer = null
    await this.#host.refresh(layer, boxes)
    const tiles = this.#host.layer(layer)
    const again = [...hidden].filter((id) => !(this.#layer === layer && this.#hidden.has(id)))
    for (const id of again) tiles?.hidden.delete(id)
    if (again.length > 0) tiles?.redraw(again)
    await this.#host.rendered()
    for (const each of lingering) this.#lingering.removeFeature(each)
  }

  /** The boxes of a feature's tile copies, which are left out from now on. */
  remove({ layer, id }: FeatureRef): Extent[] {
    const boxes = this.#host.layer(layer)?.boxes(id) ?? []
    this.hide(layer, [id])
    return boxes
  }

  dispose(): void {
    for (const each of this.#layers) this.#host.map.removeLayer(each)
  }

  #turn(ids: Set<string>): void {
    const tiles = this.#layer === null ? undefined : this.#host.layer(this.#layer)
    const turned = [...this.#hidden, ...ids].filter((id) => this.#hidden.has(id) !== ids.has(id))
    for (const id of turned) {
      if (ids.has(id)) tiles?.hidden.add(id)
      else tiles?.hidden.delete(id)
    }
    this.#hidden = ids
    if (turned.length > 0) tiles?.redraw(turned)
  }
}

export const boxesOf = (...geometries: (Geometry | null)[]): Extent[] =>
  geometries.map(boxOf).filter((box) => box !== null)
