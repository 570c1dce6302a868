/** Whole shapes moved, turned and grown, right on the ground (see figures.ts). Coordinates are EPSG:3857. */
import { ground } from '../drawing/figures'
import type { Coordinate, Geometry } from '../map/api'
import { boxOf } from './geometry'

type Metres = readonly [x: number, y: number]

/** The middle of a shape's box: what it is turned and grown around. */
export function middleOf(geometry: Geometry): Coordinate {
  const box = boxOf(geometry) ?? [0, 0, 0, 0]
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
}

/** Moved by metres to the east and to the north. */
export const moved = (geometry: Geometry, east: number, north: number): Geometry =>
  onGround(geometry, middleOf(geometry), ([x, y]) => [x + east, y + north])

/** Turned around its middle, degrees clockwise. */
export function turned(geometry: Geometry, degrees: number): Geometry {
  const angle = (degrees * Math.PI) / 180
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)]
  return onGround(geometry, middleOf(geometry), ([x, y]) => [x * cos + y * sin, y * cos - x * sin])
}

/** Grown around its middle; a factor of 1 changes nothing. */
export const grown = (geometry: Geometry, factor: number): Geometry =>
  onGround(geometry, middleOf(geometry), ([x, y]) => [x * factor, y * factor])

/** Degrees clockwise from one place to another as seen from the middle. */
export function turnBetween(middle: Coordinate, from: Coordinate, to: Coordinate): number {
  const [fx, fy] = ground(middle).to(from)
  const [tx, ty] = ground(middle).to(to)
  return ((Math.atan2(tx, ty) - Math.atan2(fx, fy)) * 180) / Math.PI
}

/** How many times further from the middle the second place is than the first. */
export function growthBetween(middle: Coordinate, from: Coordinate, to: Coordinate): number {
  const [fx, fy] = ground(middle).to(from)
  const [tx, ty] = ground(middle).to(to)
  const before = Math.hypot(fx, fy)
  return before === 0 ? 1 : Math.hypot(tx, ty) / before
}

/** Heights stay as they are. */
function onGround(
  geometry: Geometry,
  origin: Coordinate,
  change: (place: Metres) => Metres,
): Geometry {
  const plane = ground(origin)
  const visit = (item: unknown): unknown => {
    if (!Array.isArray(item)) return item
    if (typeof item[0] !== 'number') return item.map(visit)
    const [x = 0, y = 0, ...rest] = item as number[]
    return [...plane.from(change(plane.to([x, y]))), ...rest]
  }
  return { ...geometry, coordinates: visit(geometry.coordinates) } as Geometry
}
