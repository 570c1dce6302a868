/** Which tiles of the Web Mercator pyramid a change touches. Pure arithmetic, boxes in EPSG:3857. */
import type { Extent } from './api'

/** Half the side of the Web Mercator world, in its units. */
const HALF = Math.PI * 6378137

/** Resolution of zoom 0, one 512-pixel tile: what makes the map's zooms tile zooms. */
export const MAX_RESOLUTION = (2 * HALF) / 512

/** How far a tile's features reach past its edge, as a share of its side (64 of 4096 units). */
const TILE_BUFFER = 64 / 4096

export type TileCoordinate = readonly [z: number, x: number, y: number]

/** The tile's box, widened by the buffer its features may reach into. */
export function tileReach([z, x, y]: TileCoordinate): Extent {
  const side = (2 * HALF) / 2 ** z
  const margin = side * TILE_BUFFER
  const minx = -HALF + x * side
  const maxy = HALF - y * side
  return [minx - margin, maxy - side - margin, minx + side + margin, maxy + margin]
}

/** Whether a change inside one of the boxes can alter the tile. Touching counts. */
export function touches(tile: TileCoordinate, boxes: readonly Extent[]): boolean {
  const reach = tileReach(tile)
  return boxes.some((box) => overlap(box, reach))
}

/** Whether two boxes share a point. */
export function overlap(a: Extent, b: Extent): boolean {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1]
}

export function zoomOf(resolution: number): number {
  return Math.log2(MAX_RESOLUTION / resolution)
}
