/** Vertices and sides near a place of the map, in its units. */
import { boxOf } from '../editing/geometry'
import type { Coordinate, Extent, Geometry } from '../map/api'
import type { Working } from './model'

/** The vertex nearest to a place; null when none lies within reach. */
export function vertexNear(
  geometries: Iterable<Geometry | null>,
  [x = 0, y = 0]: number[],
  reach: number,
): number[] | null {
  let best: number[] | null = null
  let least = reach
  const visit = (item: unknown): void => {
    if (!Array.isArray(item)) return
    if (typeof item[0] !== 'number') {
      for (const part of item) visit(part)
      return
    }
    const distance = Math.hypot(item[0] - x, item[1] - y)
    if (distance <= least) [best, least] = [item, distance]
  }
  for (const geometry of geometries) visit(geometry?.coordinates)
  return best
}

/** The side of a polygon nearest to a place, of its holes too. */
export function sideNear(geometry: Geometry | null, at: Coordinate): [number[], number[]] | null {
  let best: [number[], number[]] | null = null
  let least = Number.POSITIVE_INFINITY
  for (const ring of ringsOf(geometry)) {
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1] as number[], ring[i] as number[]]
      const distance = toSegment(at, a, b)
      if (distance < least) [best, least] = [[a, b], distance]
    }
  }
  return best
}

/** Around what the steps changed that were done, or undone, from one set to the next. */
export function boxOfSteps(before: Working, after: Working): Extent | null {
  const turned = [
    ...before.steps.slice(after.done, before.done),
    ...after.steps.slice(before.done, after.done),
  ]
  const touched = new Set(
    turned.flatMap(({ features }) => features.map(({ layer, id }) => `${layer} ${id}`)),
  )
  const boxes = [...before.features, ...after.features]
    .filter(({ layer, id }) => touched.has(`${layer} ${id}`))
    .flatMap(({ before, after }) => [boxOf(before), boxOf(after)])
    .filter((box) => box !== null)
  if (boxes.length === 0) return null
  const [xs, ys] = [boxes.flatMap(([a, , b]) => [a, b]), boxes.flatMap(([, a, , b]) => [a, b])]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

export function ringsOf(geometry: Geometry | null): number[][][] {
  if (geometry?.type === 'Polygon') return geometry.coordinates
  if (geometry?.type === 'MultiPolygon') return geometry.coordinates.flat()
  return []
}

function toSegment([x, y]: Coordinate, a: number[], b: number[]): number {
  const [ax = 0, ay = 0] = a
  const [bx = 0, by = 0] = b
  const [dx, dy] = [bx - ax, by - ay]
  const squared = dx * dx + dy * dy
  const t = squared === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / squared))
  return Math.hypot(ax + t * dx - x, ay + t * dy - y)
}
