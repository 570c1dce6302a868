/** What a file of tiles is to hold. */
import type { LayerInfo } from '../api/model'
import type { components } from '../api/schema'
import type { Extent } from '../map/api'
import { WGS84 } from '../status/crs'
import { fromMap } from '../status/projection'

export type TilesOrder = components['schemas']['TilesExport']
export type Expected = components['schemas']['TilesExpected']
export type SeedOrder = components['schemas']['TilesSeed']

/** What the reader chooses. */
export interface TilesChoice {
  layers: string[]
  format: TilesOrder['format']
  /** What one sees oneself, not what anybody may see. */
  own: boolean
  /** What the map shows, not all there is. */
  here: boolean
  zooms: [number, number]
}

/** Deep zooms hold most of the tiles, and are enlarged well by clients: fewer to begin with. */
const DEEP = 16

/** The zooms at which some of the layers have tiles. */
export function zoomsOf(layers: readonly LayerInfo[]): [number, number] {
  if (layers.length === 0) return [0, 22]
  return [
    Math.min(...layers.map(({ tiles }) => tiles.minzoom)),
    Math.max(...layers.map(({ tiles }) => tiles.maxzoom)),
  ]
}

/** The layers that are on the map and may be exported. */
export function firstTiles(layers: readonly LayerInfo[], shown: readonly string[]): TilesChoice {
  const chosen = layers.filter(({ id }) => shown.includes(id))
  const [first, last] = zoomsOf(chosen)
  return {
    layers: chosen.map(({ id }) => id),
    format: 'pmtiles',
    own: false,
    here: false,
    zooms: [first, Math.max(first, Math.min(DEEP, last))],
  }
}

/** Other layers are taken at the zooms that they have, no deeper than before where that is possible. */
export function withLayers(
  choice: TilesChoice,
  ids: string[],
  layers: readonly LayerInfo[],
): Partial<TilesChoice> {
  if (ids.length === 0) return { layers: ids }
  const [first, last] = zoomsOf(layers.filter(({ id }) => ids.includes(id)))
  return { layers: ids, zooms: [first, Math.max(first, Math.min(choice.zooms[1], last))] }
}

/** The choice as the server takes it; the extent is that of the map, in EPSG:3857. */
export function tilesOrder(
  { layers, format, own, here, zooms: [minZoom, maxZoom] }: TilesChoice,
  [west, south, east, north]: Extent,
): TilesOrder {
  const low = fromMap([west, south], WGS84)
  const high = fromMap([east, north], WGS84)
  const bounds = here ? [...low, ...high].map((side) => Number(side.toFixed(6))) : undefined
  return { layers, format, own: own || undefined, minZoom, maxZoom, bounds }
}
