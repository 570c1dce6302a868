/** The base map on the map: one layer of tiles under all others. */
import TileLayer from 'ol/layer/Tile'
import type OLMap from 'ol/Map'
import { register } from 'ol/proj/proj4'
import type TileSource from 'ol/source/Tile'
import proj4 from 'proj4'
import { Listeners } from '../map/listeners'
import '../status/projection'
import type { BackdropSession, BaseMap } from './api'
import { resolutionsOf, sourceOf } from './sources'

/** Under everything else. */
const Z = -1000
/** So many refusals, or so many milliseconds without a tile, before it counts as silent. */
const REFUSALS = 3
const PATIENCE = 20_000

export class Backdrop implements BackdropSession {
  readonly #map: OLMap
  readonly #listeners = new Listeners<{ silent: BaseMap }>()
  #layer: TileLayer<TileSource> | null = null
  #shown: BaseMap | null = null
  #opacity = 1
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(map: OLMap) {
    register(proj4)
    this.#map = map
  }

  show(map: BaseMap | null): void {
    if (map?.id === this.#shown?.id) return
    clearTimeout(this.#timer)
    if (this.#layer) {
      this.#map.removeLayer(this.#layer)
      this.#layer.dispose()
      this.#layer = null
    }
    this.#shown = map
    if (!map) return
    const source = sourceOf(map)
    const [coarsest = Number.POSITIVE_INFINITY] = resolutionsOf(map).slice(map.minzoom)
    this.#layer = new TileLayer({
      source,
      zIndex: Z,
      opacity: this.#opacity,
      maxResolution: map.kind === 'wms' || map.minzoom === 0 ? undefined : coarsest * 1.5,
      preload: 1,
    })
    this.#listen(source, map)
    this.#map.addLayer(this.#layer)
  }

  setOpacity(opacity: number): void {
    this.#opacity = opacity
    this.#layer?.setOpacity(opacity)
  }

  onSilent(listener: (map: BaseMap) => void): () => void {
    return this.#listeners.on('silent', listener)
  }

  /** A service that gave one tile is there: what it lacks now and then is not worth a word. */
  #listen(source: TileSource, map: BaseMap): void {
    let refusals = 0
    let settled = false
    const settle = (silent: boolean) => {
      if (settled) return
      settled = true
      clearTimeout(this.#timer)
      if (silent && this.#shown?.id === map.id) this.#listeners.emit('silent', map)
    }
    const tiles = source as unknown as {
      on(type: 'tileloadstart' | 'tileloadend' | 'tileloaderror', listener: () => void): void
    }
    tiles.on('tileloadend', () => settle(false))
    tiles.on('tileloaderror', () => ++refusals === REFUSALS && settle(true))
    tiles.on('tileloadstart', () => {
      if (settled || this.#timer !== undefined) return
      this.#timer = setTimeout(() => settle(true), PATIENCE)
    })
    this.#timer = undefined
  }
}
