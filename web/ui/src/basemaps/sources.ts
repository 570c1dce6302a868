/** Base maps as sources of OpenLayers. */
import type TileSource from 'ol/source/Tile'
import TileWMS from 'ol/source/TileWMS'
import WMTS from 'ol/source/WMTS'
import XYZ from 'ol/source/XYZ'
import TileGrid from 'ol/tilegrid/TileGrid'
import WMTSTileGrid from 'ol/tilegrid/WMTS'
import type { BaseMap } from './api'

/** Units to the pixel at level 0 of the tiles of the web, and their upper left corner. */
const COARSEST = 156543.03392804097
const CORNER = [-20037508.342789244, 20037508.342789244]

/** The resolution of each level that the service has. */
export function resolutionsOf({ grid, maxzoom }: Pick<BaseMap, 'grid' | 'maxzoom'>): number[] {
  if (grid) return grid.resolutions.slice(0, maxzoom + 1)
  return Array.from({ length: maxzoom + 1 }, (_, level) => COARSEST / 2 ** level)
}

export function sourceOf(map: BaseMap): TileSource {
  const { url, layer = '', style = '', format, matrixSet = '', crs, grid, minzoom, maxzoom } = map
  const common = {
    url,
    projection: crs,
    crossOrigin: map.cors ? 'anonymous' : undefined,
    // Some hosts, OpenStreetMap's among them, answer only who says from where he comes.
    referrerPolicy: 'strict-origin-when-cross-origin' as const,
    transition: 0,
  }
  const resolutions = resolutionsOf(map)
  const tiles = { origin: grid?.origin ?? CORNER, resolutions, tileSize: grid?.tileSize ?? 256 }
  switch (map.kind) {
    case 'wmts':
      return new WMTS({
        ...common,
        layer,
        style,
        format,
        matrixSet,
        wrapX: false,
        tileGrid: new WMTSTileGrid({
          ...tiles,
          matrixIds: resolutions.map((_, level) => grid?.matrices[level] ?? String(level)),
        }),
      })
    case 'wms':
      return new TileWMS({
        ...common,
        wrapX: false,
        params: { LAYERS: layer, STYLES: style, FORMAT: format },
      })
    default:
      return grid
        ? new XYZ({
            ...common,
            wrapX: false,
            tileGrid: new TileGrid({ ...tiles, minZoom: minzoom }),
          })
        : new XYZ({ ...common, wrapX: false, minZoom: minzoom, maxZoom: maxzoom })
  }
}
