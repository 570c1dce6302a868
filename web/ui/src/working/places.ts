/** Vertices and sides near a place of the map, in its units. */
import { type Course, coursesOf, footOn as footOnSide } from '../drawing/snap'
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
      const foot = footOnSide(a as Coordinate, b as Coordinate, at)
      const distance = Math.hypot(foot[0] - at[0], foot[1] - at[1])
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
  return boxOfAll(
    [...before.features, ...after.features]
      .filter(({ layer, id }) => touched.has(`${layer} ${id}`))
      .flatMap(({ before, after }) => [before, after]),
  )
}

/** Around several shapes; null where there is none. */
export function boxOfAll(shapes: (Geometry | null)[]): Extent | null {
  const boxes = shapes.map((shape) => boxOf(shape)).filter((box) => box !== null)
  if (boxes.length === 0) return null
  const [xs, ys] = [boxes.flatMap(([a, , b]) => [a, b]), boxes.flatMap(([, a, , b]) => [a, b])]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** How far a place is from lines and points; of areas infinitely, which one is in or not. */
export function distanceTo(geometry: Geometry | null, at: Coordinate): number {
  const courses = geometry && !geometry.type.endsWith('Polygon') ? coursesOf(geometry) : []
  return Math.min(
    ...courses.map((course) => {
      const [x = 0, y = 0] = footOn(course, at)
      return Math.hypot(x - at[0], y - at[1])
    }),
  )
}

/** The place of a line nearest to another place. */
export function footOn(course: Course, at: Coordinate): Coordinate {
  const [start = [0, 0]] = course as unknown as Coordinate[]
  let [best, least] = [start, Math.hypot(start[0] - at[0], start[1] - at[1])]
  for (let i = 1; i < course.length; i++) {
    const foot = footOnSide(course[i - 1] as Coordinate, course[i] as Coordinate, at)
    const distance = Math.hypot(foot[0] - at[0], foot[1] - at[1])
    if (distance < least) [best, least] = [foot, distance]
  }
  return best
}

export function ringsOf(geometry: Geometry | null): number[][][] {
  if (geometry?.type === 'Polygon') return geometry.coordinates
  if (geometry?.type === 'MultiPolygon') return geometry.coordinates.flat()
  return []
}
