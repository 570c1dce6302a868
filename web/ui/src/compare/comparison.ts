/**
 * What is drawn right of a line across the map: layers of their own over the same view, cut by the
 * style sheet of the map (map.css), as their canvases are apart. Loaded when somebody compares.
 */
import type OLMap from 'ol/Map'
import type { Compared, Extent, LayerInfo, MapContext } from '../map/api'
import { EVERYWHERE, sameDrawing, sameTiles, type TileLayer } from '../map/tilelayer'

export interface ComparisonHost {
  map: OLMap
  /** Makes a layer that is drawn right of the line. */
  make(info: LayerInfo): TileLayer
  /** The box in view; null while the map has no size. */
  seen(): Extent | null
  /** Holds what waits for tiles until they are there. */
  await(work: Promise<unknown>): void
}

export class Comparison {
  readonly #host: ComparisonHost
  readonly #layers = new Map<string, TileLayer>()
  #at = 50

  constructor(host: ComparisonHost) {
    this.#host = host
  }

  /** Draws right of the line; what the reader narrowed is narrowed there too. */
  show(compared: Compared, context: MapContext): void {
    const { map, make, seen } = this.#host
    this.#at = compared.at
    const wanted = new Map(compared.infos.map((info) => [info.id, info]))
    for (const [id, layer] of this.#layers) {
      const info = wanted.get(id)
      if (info && sameTiles(info, layer.info)) {
        if (!sameDrawing(info, layer.wanted)) this.#host.await(layer.restyle(info, seen()))
      } else this.#drop(id, layer)
    }
    const places = new Map(compared.layers.map((layer, index) => [layer.id, { layer, index }]))
    for (const info of compared.infos) {
      const place = places.get(info.id)
      let layer = this.#layers.get(info.id)
      if (!layer) {
        if (!place?.layer.visible) continue
        layer = make(info)
        this.#layers.set(info.id, layer)
        layer.addTo(map)
      }
      layer.arrange({
        visible: place?.layer.visible ?? false,
        opacity: place?.layer.opacity ?? 1,
        index: place?.index ?? 0,
        off: place?.layer.off ?? [],
      })
      this.#host.await(layer.showAsAt(compared.moment, seen()))
      if (layer.narrow(context.narrowed[info.id] ?? '', context.reason)) {
        this.refresh(info.id, EVERYWHERE)
      }
    }
  }

  hide(): void {
    for (const [id, layer] of this.#layers) this.#drop(id, layer)
  }

  /** Whether a pixel of the map lies right of the line. */
  holds([x = 0]: number[]): boolean {
    const [width = 0] = this.#host.map.getSize() ?? []
    return this.#layers.size > 0 && x > (width * this.#at) / 100
  }

  /** Layers drawn at the present view, topmost first. */
  visible(): TileLayer[] {
    const view = this.#host.map.getView()
    return [...this.#layers.values()]
      .filter(({ layer }) => layer.isVisible(view))
      .sort((a, b) => (b.layer.getZIndex() ?? 0) - (a.layer.getZIndex() ?? 0))
  }

  /** Fetches again the tiles of a layer that the boxes touch. */
  refresh(id: string, boxes: readonly Extent[]): void {
    const layer = this.#layers.get(id)
    if (layer) this.#host.await(layer.refresh(boxes, this.#host.seen()))
  }

  redrawAll(): void {
    for (const layer of this.#layers.values()) layer.redrawAll()
  }

  #drop(id: string, layer: TileLayer): void {
    layer.removeFrom(this.#host.map)
    layer.dispose()
    this.#layers.delete(id)
  }
}
