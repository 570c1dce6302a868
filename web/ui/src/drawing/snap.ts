/**
 * Where the pointer is drawn to: plain geometry on the exact coordinates of what lies around. Corners
 * come before crossings, those before middles and feet, and a border anywhere comes last, so that the
 * place one most likely means wins over one that is merely nearer.
 */
import type { Coordinate, Geometry } from '../map/api'

export const KINDS = ['vertex', 'intersection', 'midpoint', 'perpendicular', 'edge'] as const
export type SnapKind = (typeof KINDS)[number]

export interface Snapped {
  at: Coordinate
  kind: SnapKind
}

/** A line, a ring, or a single point, in map coordinates. */
export type Course = readonly number[][]

export interface SnapOptions {
  kinds: readonly SnapKind[]
  /** The vertex placed last: where a side from it would meet a border at a right angle. */
  from: Coordinate | null
}

/** The place within reach of the pointer, in map units, that it is drawn to; null when there is none. */
export function snap(
  pointer: Coordinate,
  reach: number,
  courses: readonly Course[],
  { kinds, from }: SnapOptions,
): Snapped | null {
  const best = new Map<SnapKind, { at: Coordinate; distance: number }>()
  const offer = (kind: SnapKind, at: Coordinate) => {
    const distance = Math.hypot(at[0] - pointer[0], at[1] - pointer[1])
    if (distance > reach || distance >= (best.get(kind)?.distance ?? Number.POSITIVE_INFINITY))
      return
    best.set(kind, { at, distance })
  }
  const near: [Coordinate, Coordinate][] = []
  for (const course of courses) {
    for (let i = 0; i < course.length; i++) {
      const b = course[i] as unknown as Coordinate
      offer('vertex', [b[0], b[1]])
      if (i === 0) continue
      const a = course[i - 1] as unknown as Coordinate
      if (!passes(a, b, pointer, reach)) continue
      near.push([a, b])
      offer('edge', footOn(a, b, pointer))
      offer('midpoint', [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2])
      const foot = from && perpendicular(a, b, from)
      if (foot) offer('perpendicular', foot)
    }
  }
  if (kinds.includes('intersection')) {
    for (let i = 1; i < near.length; i++) {
      for (let k = 0; k < i; k++) {
        const at = crossing(
          near[i] as [Coordinate, Coordinate],
          near[k] as [Coordinate, Coordinate],
        )
        if (at) offer('intersection', at)
      }
    }
  }
  for (const kind of KINDS) {
    const found = best.get(kind)
    if (found && kinds.includes(kind)) return { at: found.at, kind }
  }
  return null
}

/** The segments of courses whose box comes within reach of a place. */
export function segmentsNear(
  courses: readonly Course[],
  place: Coordinate,
  reach: number,
): [Coordinate, Coordinate][] {
  const near: [Coordinate, Coordinate][] = []
  for (const course of courses) {
    for (let i = 1; i < course.length; i++) {
      const [a, b] = [course[i - 1], course[i]] as unknown as [Coordinate, Coordinate]
      if (passes(a, b, place, reach)) near.push([a, b])
    }
  }
  return near
}

/** The lines, rings and points that a geometry is made of. */
export function coursesOf(geometry: Geometry): Course[] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates]]
    case 'MultiPoint':
      return geometry.coordinates.map((point) => [point])
    case 'LineString':
      return [geometry.coordinates]
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates
    case 'MultiPolygon':
      return geometry.coordinates.flat()
  }
}

/** Whether the box of a segment comes within reach of a place. */
const passes = (a: Coordinate, b: Coordinate, [x, y]: Coordinate, reach: number) =>
  Math.min(a[0], b[0]) - reach <= x &&
  Math.max(a[0], b[0]) + reach >= x &&
  Math.min(a[1], b[1]) - reach <= y &&
  Math.max(a[1], b[1]) + reach >= y

/** How far along a segment the foot of a place lies: 0 at a, 1 at b. */
function along(a: Coordinate, b: Coordinate, [x, y]: Coordinate): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const square = dx * dx + dy * dy
  return square === 0 ? 0 : ((x - a[0]) * dx + (y - a[1]) * dy) / square
}

const between = (a: Coordinate, b: Coordinate, t: number): Coordinate => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
]

/** The place of a segment nearest to another place. */
export const footOn = (a: Coordinate, b: Coordinate, place: Coordinate): Coordinate =>
  between(a, b, Math.max(0, Math.min(1, along(a, b, place))))

/** Where a line from a place meets a segment at a right angle; null when it meets it nowhere. */
export function perpendicular(a: Coordinate, b: Coordinate, place: Coordinate): Coordinate | null {
  const t = along(a, b, place)
  return t > 0 && t < 1 ? between(a, b, t) : null
}

/** Where two segments cross; null when they do not, or lie along each other. */
export function crossing(
  [a, b]: [Coordinate, Coordinate],
  [c, d]: [Coordinate, Coordinate],
): Coordinate | null {
  const [rx, ry] = [b[0] - a[0], b[1] - a[1]]
  const [sx, sy] = [d[0] - c[0], d[1] - c[1]]
  const cross = rx * sy - ry * sx
  if (cross === 0) return null
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? between(a, b, t) : null
}
