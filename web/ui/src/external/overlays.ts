/** Layers of others on the map: pictures, tiles and features, all fetched through the server. */
import type OLFeature from 'ol/Feature'
import WMSGetFeatureInfo from 'ol/format/WMSGetFeatureInfo'
import type Layer from 'ol/layer/Layer'
import VectorLayer from 'ol/layer/Vector'
import type OLMap from 'ol/Map'
import { get as projectionOf, transformExtent } from 'ol/proj'
import { register } from 'ol/proj/proj4'
import type VectorSource from 'ol/source/Vector'
import proj4 from 'proj4'
import type { DrawnLayer } from '../layers/arrangement'
import type { Coordinate, Extent } from '../map/api'
import { Listeners } from '../map/listeners'
import { geometryOf } from '../map/olgeometry'
import '../status/projection'
import type { ExternalLayer, OverlaysSession, Told } from './api'
import { plain, tableOf, tablesOf, wordsOf } from './information'
import { layerOf } from './ollayers'

/** Above base maps, under the town's own layers. */
const Z = -500
/** Pixels of the picture around a place that is asked about. */
const AROUND = 101
/** How far from a feature a click may be, in CSS pixels. */
const REACH = 5

interface Overlay {
  info: ExternalLayer
  layer: Layer
}

export class Overlays implements OverlaysSession {
  readonly #map: OLMap
  readonly #overlays = new Map<string, Overlay>()
  readonly #listeners = new Listeners<{
    silent: ExternalLayer
    features: { id: string; count: number; more: boolean }
  }>()
  readonly #silent = new Set<string>()

  constructor(map: OLMap) {
    register(proj4)
    this.#map = map
  }

  show(layers: ExternalLayer[], context: DrawnLayer[]): void {
    for (const [id, { layer }] of this.#overlays) {
      if (layers.some((info) => info.id === id)) continue
      this.#map.removeLayer(layer)
      layer.dispose()
      this.#overlays.delete(id)
    }
    for (const info of layers) {
      const drawn = context.find(({ id }) => id === info.id)
      if (!drawn || (!drawn.visible && !this.#overlays.has(info.id))) continue
      const { layer } = this.#overlays.get(info.id) ?? this.#add(info)
      layer.setVisible(drawn.visible)
      layer.setOpacity(drawn.opacity)
      layer.setZIndex(Z + context.indexOf(drawn))
    }
  }

  async tell(place: Coordinate): Promise<Told[]> {
    const told = await Promise.all(this.#visible().map((overlay) => this.#ask(overlay, place)))
    return told.flat()
  }

  onSilent(listener: (layer: ExternalLayer) => void): () => void {
    return this.#listeners.on('silent', listener)
  }

  onFeatures(listener: (seen: { id: string; count: number; more: boolean }) => void): () => void {
    return this.#listeners.on('features', listener)
  }

  /** The features of others that are drawn within a box, to snap to: copies without identifiers. */
  within(extent: Extent): OLFeature[] {
    return this.#visible().flatMap(({ layer }) =>
      layer instanceof VectorLayer
        ? (layer.getSource() as VectorSource).getFeaturesInExtent(extent).map((f) => f.clone())
        : [],
    )
  }

  #add(info: ExternalLayer): Overlay {
    const layer = layerOf(info, {
      failed: () => {
        if (this.#silent.has(info.id)) return
        this.#silent.add(info.id)
        this.#listeners.emit('silent', info)
      },
      answered: () => this.#silent.delete(info.id),
      features: (count, more) => this.#listeners.emit('features', { id: info.id, count, more }),
    })
    const overlay = { info, layer }
    this.#overlays.set(info.id, overlay)
    this.#map.addLayer(layer)
    return overlay
  }

  /** Layers drawn at the present view, topmost first. */
  #visible(): Overlay[] {
    const view = this.#map.getView()
    return [...this.#overlays.values()]
      .filter(({ layer }) => layer.getVisible() && layer.isVisible(view))
      .sort((a, b) => (b.layer.getZIndex() ?? 0) - (a.layer.getZIndex() ?? 0))
  }

  async #ask({ info, layer }: Overlay, place: Coordinate): Promise<Told[]> {
    if (!info.tells) return []
    if (layer instanceof VectorLayer) return this.#featuresAt(info, layer, place)
    try {
      const answer = await fetch(`${info.url}/information?${this.#question(info, place)}`)
      if (!answer.ok) throw new Error(`${answer.status}`)
      return told(info, await answer.json())
    } catch {
      return [{ layer: info, tables: [], failed: true }]
    }
  }

  #featuresAt(info: ExternalLayer, layer: VectorLayer, place: Coordinate): Told[] {
    const pixel = this.#map.getPixelFromCoordinate(place)
    const found = this.#map.getFeaturesAtPixel(pixel, {
      layerFilter: (each) => each === layer,
      hitTolerance: REACH,
    }) as OLFeature[]
    return found.map((feature) => ({
      layer: info,
      tables: [tableOf(feature.getProperties())],
      shape: geometryOf(feature) ?? undefined,
    }))
  }

  /** A small picture with the place in its middle, in the CRS of the layer. */
  #question({ crs }: ExternalLayer, [x, y]: Coordinate): URLSearchParams {
    const half = ((this.#map.getView().getResolution() ?? 1) * AROUND) / 2
    const box = [x - half, y - half, x + half, y + half]
    const middle = String((AROUND - 1) / 2)
    return new URLSearchParams({
      bbox: (projectionOf(crs) ? transformExtent(box, 'EPSG:3857', crs) : box).join(),
      width: String(AROUND),
      height: String(AROUND),
      x: middle,
      y: middle,
    })
  }
}

/** What a service answered, as tables or a text; nothing where it found nothing. */
function told(layer: ExternalLayer, { format, text }: { format: string; text: string }): Told[] {
  if (format === 'json' || format === 'gml') {
    const tables =
      format === 'json'
        ? tablesOf(text)
        : new WMSGetFeatureInfo().readFeatures(text).map((f) => tableOf(f.getProperties()))
    return tables.length > 0 ? [{ layer, tables }] : []
  }
  const words = format === 'html' ? wordsOf(text) : plain(text)
  return words ? [{ layer, tables: [], text: words }] : []
}
