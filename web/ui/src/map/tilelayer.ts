/**
 * One Arpent layer on the map: vector tiles that stay fresh. OpenLayers has no refresh by extent and
 * both `refresh()` and a new URL blank the layer, so a change is brought in below its surface: the
 * touched source tiles fetch again in the background, their features are swapped in one go, and only
 * the rendered tiles made from them are drawn again. See DESIGN.md, "Fresh tiles".
 */
import MVT from 'ol/format/MVT'
import VectorTileLayer from 'ol/layer/VectorTile'
import type OLMap from 'ol/Map'
import type RenderFeature from 'ol/render/Feature'
import VectorTileSource from 'ol/source/VectorTile'
import type Style from 'ol/style/Style'
import type { StyleFunction } from 'ol/style/Style'
import type Tile from 'ol/Tile'
import TileState from 'ol/TileState'
import type VectorRenderTile from 'ol/VectorRenderTile'
import type OLVectorTile from 'ol/VectorTile'
import { position } from '../api/position'
import type { Extent, LayerInfo } from './api'
import { carries, type Demand, demandOf, nothing, queryOf, together } from './demand'
import { squaredDistance } from './hit'
import { entryOf, shapeOf, zoomRange } from './symbol'
import { overlap, type TileCoordinate, tileReach, touches } from './tiles'

type Drawing = VectorTileLayer<VectorTileSource<RenderFeature>, RenderFeature>
type SourceTile = OLVectorTile<RenderFeature>

/** Where a source tile stands: one fetch at a time, and whether the world changed meanwhile. */
interface Fetching {
  etag: string | null
  running: Promise<void> | null
  again: boolean
}

/** Stacking of words and outlines over the shapes, whose index is their place in the context. */
const Z_LABELS = 500
const Z_MARKS = 1000
const Z_BEYOND = 250

/** Of the line across the map when two states are compared: without one all is near. */
export type Side = 'near' | 'beyond'

/** How a layer is drawn: its shapes, and its words. */
export interface Styles {
  shapes: StyleFunction
  words: StyleFunction
}

export interface Arranged {
  visible: boolean
  opacity: number
  /** Place among the layers, bottom first. */
  index: number
  /** Entries of the legend that are switched off. */
  off: readonly string[]
}

export const EVERYWHERE: Extent[] = [[-Infinity, -Infinity, Infinity, Infinity]]

export interface TileHit {
  id: string
  properties: Record<string, unknown>
  squaredDistance: number
}

export class TileLayer {
  #info: LayerInfo
  #styles: Styles
  readonly #stylesOf: (info: LayerInfo) => Styles
  /** The shapes. */
  readonly layer: Drawing
  /** The words, over the shapes of all layers. */
  readonly labels: Drawing
  readonly source: VectorTileSource<RenderFeature>
  /** Features drawn elsewhere for now, as the one being edited. */
  readonly hidden = new Set<string>()
  #tiles = new Map<string, SourceTile>()
  #fetching = new WeakMap<SourceTile, Fetching>()
  /** Draws the outlined features over everything else, from the same tiles. */
  readonly marks: Drawing
  #marked = new Map<string, Style>()
  /** Parameters by which the tiles choose features, and why they may by personal data. */
  #narrowed = { query: '', reason: '' }

  /** Of the parts a small feature is cut into by tiles, the widest, which alone carries its words. */
  #widest = new Map<string, { part: RenderFeature; width: number; tile: SourceTile }>()

  /** What tiles are asked for, and what had to come before the present style could be drawn. */
  #demand: Demand = nothing
  #moment: string | null = null
  #arriving: Promise<unknown> = Promise.resolve()
  /** As the layer is to be drawn once tiles have what that takes. */
  #wanted: LayerInfo
  /** Entries of the legend that are switched off. */
  #off = new Set<string>()

  readonly #side: Side

  /** Beyond: for the other side of the line across the map when two states are compared. */
  constructor(info: LayerInfo, stylesOf: (info: LayerInfo) => Styles, side: Side = 'near') {
    this.#side = side
    this.#info = info
    this.#wanted = info
    this.#stylesOf = stylesOf
    this.#styles = stylesOf(info)
    this.#demand = demandOf(info)
    this.source = new VectorTileSource<RenderFeature>({
      format: new MVT<RenderFeature>({ idProperty: 'id' }),
      url: info.tiles.url,
      minZoom: info.tiles.minzoom,
      maxZoom: info.tiles.maxzoom,
      tileSize: 512,
      wrapX: false,
      transition: 0,
      tileLoadFunction: (tile) => this.#load(tile as SourceTile),
    })
    // Canvases of their own by name: the style sheet cuts them at the line of a comparison.
    const common = { source: this.source, visible: false, className: `arpent-${side}` }
    this.layer = new VectorTileLayer({
      ...common,
      style: (feature, resolution) =>
        this.#isDrawn(feature as RenderFeature)
          ? this.#styles.shapes(feature, resolution)
          : undefined,
    })
    this.labels = new VectorTileLayer({
      ...common,
      style: (feature, resolution) =>
        this.#isDrawn(feature as RenderFeature) &&
        this.#carriesWords(feature as RenderFeature, resolution)
          ? this.#styles.words(feature, resolution)
          : undefined,
      renderMode: 'vector',
      declutter: side,
    })
    this.marks = new VectorTileLayer({
      ...common,
      style: (feature) => this.#marked.get(String(feature.getId())),
      renderMode: 'vector',
    })
    this.#limitZooms()
  }

  get info(): LayerInfo {
    return this.#info
  }

  /** As the layer is to be drawn: what it is drawn by now, or will be in a moment. */
  get wanted(): LayerInfo {
    return this.#wanted
  }

  get #drawings(): Drawing[] {
    return [this.layer, this.labels, this.marks]
  }

  #limitZooms(): void {
    const [minzoom, maxzoom] = zoomRange(this.#info)
    for (const drawing of this.#drawings) {
      // OpenLayers counts a layer out at its own minZoom; ours is drawn from it on.
      drawing.setMinZoom(minzoom - 1e-6)
      drawing.setMaxZoom(maxzoom)
    }
  }

  #isDrawn(feature: RenderFeature): boolean {
    if (this.hidden.has(String(feature.getId()))) return false
    return (
      this.#off.size === 0 || !this.#off.has(entryOf(this.#info.style, feature.getProperties()))
    )
  }

  addTo(map: OLMap): void {
    for (const drawing of this.#drawings) map.addLayer(drawing)
  }

  removeFrom(map: OLMap): void {
    for (const drawing of this.#drawings) map.removeLayer(drawing)
  }

  /** Shows or hides the layer, and puts it in its place: shapes, then words, then outlines. */
  arrange({ visible, opacity, index, off }: Arranged): void {
    this.layer.setVisible(visible)
    this.labels.setVisible(visible && this.#info.style.label !== undefined)
    this.marks.setVisible(visible && this.#marked.size > 0)
    for (const drawing of [this.layer, this.labels]) {
      drawing.setOpacity(opacity * (this.#info.style.opacity ?? 1))
    }
    const lift = this.#side === 'beyond' ? Z_BEYOND : 0
    this.layer.setZIndex(lift + index)
    this.labels.setZIndex(Z_LABELS + lift + index)
    this.marks.setZIndex(Z_MARKS)
    if (off.length === this.#off.size && off.every((entry) => this.#off.has(entry))) return
    this.#off = new Set(off)
    this.redrawAll()
  }

  /** Draws everything again, as in other colours. */
  redrawAll(): void {
    this.layer.changed()
    this.labels.changed()
  }

  /**
   * Draws by another style, in the same frame for all tiles. Where tiles lack what it draws by, the
   * old style stays until those in view have it. Answers whether it is drawn: not when yet another
   * style was asked for meanwhile.
   */
  async restyle(info: LayerInfo, view: Extent | null): Promise<boolean> {
    this.#wanted = info
    const wanted = demandOf(info)
    if (!carries(this.#demand, wanted)) {
      this.#demand = together(this.#demand, wanted)
      this.#arriving = this.refresh(EVERYWHERE, view)
    }
    await this.#arriving
    if (this.#wanted !== info) return false
    const words = info.style.label && !this.#info.style.label
    this.#info = info
    this.#styles = this.#stylesOf(info)
    if (words) for (const tile of this.#live()) this.#findWidest(tile, tile.getFeatures() ?? [])
    this.#limitZooms()
    this.redrawAll()
    return true
  }

  /** Draws the layer as it was at a moment (ISO 8601); null for now. */
  async showAsAt(moment: string | null, view: Extent | null): Promise<void> {
    if (this.#moment === moment) return
    this.#moment = moment
    this.#widest.clear()
    await this.refresh(EVERYWHERE, view)
  }

  /**
   * Chooses which features the tiles hold; empty: all. Answers whether that is another choice: what
   * is drawn stays until the tiles were refreshed.
   */
  narrow(query: string, reason: string): boolean {
    const before = this.#narrowed
    const another = before.query !== query || (query !== '' && before.reason !== reason)
    if (another) this.#narrowed = { query, reason }
    return another
  }

  /** Outlines these features and no others, each in its style. */
  mark(marked: Map<string, Style>): void {
    const changed = [...this.#marked.keys(), ...marked.keys()].filter(
      (id) => this.#marked.get(id) !== marked.get(id),
    )
    if (changed.length === 0) return
    this.#marked = marked
    this.marks.setVisible(this.layer.getVisible() && marked.size > 0)
    for (const tile of this.#holding(changed)) this.#repaint(tile, [this.marks])
  }

  /**
   * Fetches again the tiles touched by the boxes. Those in view keep showing the old until the new
   * are in; the others are dropped. Resolves when every tile in view holds features fetched after
   * the call, failed ones excepted; drawing follows with the next frame.
   */
  async refresh(boxes: readonly Extent[], view: Extent | null): Promise<void> {
    const seen = view !== null && this.layer.getVisible() ? view : null
    const fetches: Promise<void>[] = []
    for (const tile of this.#live()) {
      if (!touches(coordinateOf(tile), boxes)) continue
      const keep = tile.getState() !== TileState.ERROR && seen !== null
      if (keep && overlap(tileReach(coordinateOf(tile)), seen)) fetches.push(this.#refetch(tile))
      else this.#drop(tile)
    }
    this.layer.getMapInternal()?.render()
    await Promise.all(fetches)
  }

  /** Draws again the tiles that hold one of the features, after `hidden` changed. */
  redraw(ids: readonly string[]): void {
    for (const tile of this.#holding(ids)) this.#repaint(tile)
  }

  /** What lies within `reach` map units of a point, nearest first, from the tiles drawn now. */
  at(x: number, y: number, reach: number): TileHit[] {
    const hits = new Map<string, TileHit>()
    const box: Extent = [x - reach, y - reach, x + reach, y + reach]
    for (const feature of this.#drawn(box)) {
      if (feature.getId() === undefined) continue // it stands for several
      const id = String(feature.getId())
      if (!this.#isDrawn(feature) || !overlap(feature.getExtent() as Extent, box)) continue
      const squared = squaredDistance(
        {
          kind: shapeOf(feature.getType()),
          flat: feature.getFlatCoordinates(),
          ends: feature.getEnds() ?? [],
        },
        x,
        y,
      )
      if (squared > reach * reach || squared >= (hits.get(id)?.squaredDistance ?? Infinity))
        continue
      hits.set(id, { id, properties: feature.getProperties(), squaredDistance: squared })
    }
    return [...hits.values()].sort((a, b) => a.squaredDistance - b.squaredDistance)
  }

  /** The coordinates of a feature as the tiles drawn now have them, as one comparable text. */
  shape(id: string): string {
    const parts: string[] = []
    for (const tile of this.#drawnTiles()) {
      for (const feature of tile.getFeatures() ?? []) {
        if (String(feature.getId()) === id) {
          parts.push(`${tile.tileCoord}:${feature.getFlatCoordinates()}`)
        }
      }
    }
    return parts.sort().join(' ')
  }

  /** The boxes of a feature's parts in all tiles at hand: refreshing them reaches every one. */
  boxes(id: string): Extent[] {
    return this.#holding([id]).flatMap((tile) =>
      (tile.getFeatures() ?? [])
        .filter((feature) => String(feature.getId()) === id)
        .map((feature) => feature.getExtent() as Extent),
    )
  }

  dispose(): void {
    for (const drawing of [this.layer, this.labels, this.marks]) drawing.dispose()
    this.source.dispose()
  }

  #load(tile: SourceTile): void {
    this.#tiles.set(tile.getTileUrl(), tile)
    tile.setLoader(() => {
      const state: Fetching = { etag: null, running: null, again: false }
      this.#fetching.set(tile, state)
      this.#run(tile, state).catch(() => tile.onError())
    })
  }

  /** Fetches until nothing changed during the last fetch. */
  #run(tile: SourceTile, state: Fetching): Promise<void> {
    const work = async () => {
      do {
        state.again = false
        await this.#fetch(tile, state)
      } while (state.again && this.#tiles.get(tile.getTileUrl()) === tile)
    }
    state.running = work().finally(() => {
      state.running = null
    })
    return state.running
  }

  async #refetch(tile: SourceTile): Promise<void> {
    const state = this.#fetching.get(tile)
    if (!state) return
    state.again = true
    try {
      await (state.running ?? this.#run(tile, state))
    } catch (error) {
      // The old tile stays; the next change, or the event stream's return, asks again.
      console.warn(`tile ${tile.getTileUrl()} was not refreshed`, error)
    }
  }

  async #fetch(tile: SourceTile, state: Fetching): Promise<void> {
    // The server marks tiles no-cache: the browser asks whether its copy still holds.
    const response = await this.#ask(tile)
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
    const etag = response.headers.get('ETag')
    const loaded = tile.getState() === TileState.LOADED
    if (loaded && etag !== null && etag === state.etag) return
    const data = response.status === 204 ? new ArrayBuffer(0) : await response.arrayBuffer()
    state.etag = etag
    const features = tile.getFormat().readFeatures(data, {
      extent: tile.extent ?? undefined,
      featureProjection: tile.projection ?? undefined,
    }) as RenderFeature[]
    this.#findWidest(tile, features)
    tile.setFeatures(features)
    if (loaded) this.#repaint(tile)
  }

  /** A link may bring an expression that cannot be: then the layer is drawn without its words. */
  async #ask(tile: SourceTile): Promise<Response> {
    const { query, reason } = this.#narrowed
    const asked = [...queryOf(this.#demand, this.#moment), ...(query ? [query] : [])]
    const headers = position.headers()
    if (reason && query) headers['Arpent-Purpose'] = encodeURIComponent(reason)
    const response = await fetch(
      tile.getTileUrl() + (asked.length > 0 ? `?${asked.join('&')}` : ''),
      { headers },
    )
    if (response.status !== 400 || this.#demand.text === '') return response
    this.#demand = { ...this.#demand, text: '' }
    return this.#ask(tile)
  }

  /** Source tiles the source still holds; what the caches let go of is forgotten here too. */
  #live(): SourceTile[] {
    const live: SourceTile[] = []
    for (const [url, tile] of this.#tiles) {
      if (this.source.sourceTiles_[url] === tile) live.push(tile)
      else this.#tiles.delete(url)
    }
    return live
  }

  /** Notes which part of each small feature is its widest; the part it takes over from is redrawn. */
  #findWidest(tile: SourceTile, features: RenderFeature[]): void {
    if (!this.#info.style.label) return
    for (const part of features) {
      const [minx, miny, maxx, maxy] = part.getExtent() as Extent
      const width = Math.max(maxx - minx, maxy - miny)
      const key = `${tile.tileCoord[0]}/${part.getId()}`
      const other = this.#widest.get(key)
      const live = other && this.source.sourceTiles_[other.tile.getTileUrl()] === other.tile
      if (live && other.tile !== tile && other.width >= width) continue
      this.#widest.set(key, { part, width, tile })
      if (live && other.tile !== tile) this.#repaint(other.tile, [this.labels])
    }
  }

  /** Wide features say their name in every tile; a small one only once. */
  #carriesWords(part: RenderFeature, resolution: number): boolean {
    if (part.getId() === undefined) return true // it stands for several
    const z = this.source.getTileGrid()?.getZForResolution(resolution, 1) ?? 0
    const widest = this.#widest.get(`${z}/${part.getId()}`)
    if (!widest || widest.part === part) return true
    return widest.width > 512 * (this.source.getTileGrid()?.getResolution(z) ?? 0)
  }

  #holding(ids: readonly string[]): SourceTile[] {
    const wanted = new Set(ids)
    return this.#live().filter((tile) =>
      tile.getFeatures()?.some((feature) => wanted.has(String(feature.getId()))),
    )
  }

  /** Marks what was rendered from a source tile as out of date and asks for a frame. */
  #repaint(tile: SourceTile, layers = this.#drawings): void {
    for (const layer of layers) {
      for (const [, rendered] of renderedFrom(layer, tile)) {
        const state = rendered.getReplayState(layer)
        state.dirty = true
        state.renderedTileResolution = Number.NaN
      }
      layer.getMapInternal()?.render()
    }
  }

  #drop(tile: SourceTile): void {
    for (const layer of this.#drawings) {
      const cache = layer.getRenderer()?.getTileCache()
      for (const [key, rendered] of renderedFrom(layer, tile)) {
        cache?.remove(key)
        rendered.release()
      }
    }
    this.#tiles.delete(tile.getTileUrl())
  }

  /** Loaded source tiles of the zoom the view draws from. */
  #drawnTiles(): SourceTile[] {
    const map = this.layer.getMapInternal()
    const resolution = map?.getView().getResolution()
    if (!map || resolution === undefined || !this.layer.isVisible(map.getView())) return []
    const z = this.source.getTileGrid()?.getZForResolution(resolution, 1)
    return this.#live().filter(
      (tile) => tile.tileCoord[0] === z && tile.getState() === TileState.LOADED,
    )
  }

  *#drawn(box: Extent): Iterable<RenderFeature> {
    for (const tile of this.#drawnTiles()) {
      if (overlap(tileReach(coordinateOf(tile)), box)) yield* tile.getFeatures() ?? []
    }
  }
}

function renderedFrom(layer: VectorTileLayer, tile: SourceTile): [string, VectorRenderTile][] {
  const found: [string, VectorRenderTile][] = []
  layer
    .getRenderer()
    ?.getTileCache()
    .forEach((rendered: Tile, key: string) => {
      const candidate = rendered as VectorRenderTile
      if (candidate.sourceTiles.includes(tile as never)) found.push([key, candidate])
    })
  return found
}

const coordinateOf = (tile: SourceTile) => tile.tileCoord as unknown as TileCoordinate

/** Whether two descriptions of a layer have the same tiles. */
export function sameTiles(a: LayerInfo, b: LayerInfo): boolean {
  return JSON.stringify(a.tiles) === JSON.stringify(b.tiles)
}

/** Whether two descriptions of a layer draw alike. */
export function sameDrawing(a: LayerInfo, b: LayerInfo): boolean {
  const drawing = ({ style, label }: LayerInfo) => JSON.stringify([style, label])
  return drawing(a) === drawing(b)
}
