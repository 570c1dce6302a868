/** Where lines or outlines cross themselves. */
import type { Coordinate, Geometry } from '../map/api'
import { crossing } from './snap'

interface Side {
  ring: number
  nth: number
  count: number
  closed: boolean
  ends: [Coordinate, Coordinate]
  box: [minx: number, miny: number, maxx: number, maxy: number]
}

/** The first place where an area's outlines cross or touch each other or themselves; null when nowhere. */
export function crossingOf(geometry: Geometry | null): Coordinate | null {
  if (geometry?.type === 'Polygon') return crossingOfCourses(geometry.coordinates, true)
  if (geometry?.type !== 'MultiPolygon') return null
  for (const rings of geometry.coordinates) {
    const found = crossingOfCourses(rings, true)
    if (found) return found
  }
  return null
}

/** As crossingOf, of courses; closed ones are outlines, others are too once they came back to their first vertex. */
export function crossingOfCourses(
  courses: readonly number[][][],
  closed: boolean,
): Coordinate | null {
  const sides = courses
    .flatMap((course, ring) => sidesOf(course, ring, closed))
    .sort((a, b) => a.box[0] - b.box[0])
  // A sweep from west to east: only sides whose boxes overlap are compared.
  const open: Side[] = []
  for (const side of sides) {
    let kept = 0
    for (const other of open) {
      if (other.box[2] < side.box[0]) continue
      open[kept++] = other
      if (other.box[1] > side.box[3] || other.box[3] < side.box[1] || adjoin(side, other)) continue
      const at = crossing(side.ends, other.ends)
      if (at) return at
    }
    open.length = kept
    open.push(side)
  }
  return null
}

function sidesOf(course: readonly number[][], ring: number, closed: boolean): Side[] {
  const places = course.filter(
    ([x, y], i) => i === 0 || x !== course[i - 1]?.[0] || y !== course[i - 1]?.[1],
  )
  const count = places.length - 1
  const back = places[0]?.[0] === places[count]?.[0] && places[0]?.[1] === places[count]?.[1]
  return places.slice(1).map((place, nth) => {
    const [a, b] = [places[nth], place] as unknown as [Coordinate, Coordinate]
    return {
      ring,
      nth,
      count,
      closed: closed || back,
      ends: [a, b],
      box: [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])],
    }
  })
}

/** Sides that follow each other have a vertex in common by right. */
function adjoin(a: Side, b: Side): boolean {
  if (a.ring !== b.ring) return false
  const apart = Math.abs(a.nth - b.nth)
  return apart <= 1 || (a.closed && apart === a.count - 1)
}
