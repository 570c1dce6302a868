/** Where a border that follows the pointer goes over another one: told before the server refuses it. */
import { type Course, coursesOf, crossing } from '../drawing/snap'
import type { Coordinate, Extent, Geometry } from '../map/api'

/** Map units within which borders meet and do not cross: what is snapped to another lies that near. */
const MEETS = 0.02

export type Side = readonly [from: Coordinate, to: Coordinate]

/** Sides that a drag has moved: those of the shapes that were not there before, each once. */
export function movedSides(before: readonly Geometry[], now: readonly Geometry[]): Side[] {
  const there = new Set(before.flatMap(sidesOf).map(keyOf))
  const moved = now.flatMap(sidesOf).filter((side) => !there.has(keyOf(side)))
  return [...new Map(moved.map((side) => [keyOf(side), side])).values()]
}

/** The first place where one of some sides crosses a border; null: none does. */
export function acrossOf(sides: readonly Side[], borders: readonly Geometry[]): Coordinate | null {
  const all = borders.flatMap(sidesOf)
  for (const side of sides) {
    const [minx, miny, maxx, maxy] = boxOfSide(side)
    for (const other of all) {
      const [ox, oy, ux, uy] = boxOfSide(other)
      if (ox > maxx || ux < minx || oy > maxy || uy < miny) continue
      const at = crossing([...side], [...other])
      if (at && [...side, ...other].every((end) => away(end, at))) return at
    }
  }
  return null
}

export const boxOfSide = ([[ax, ay], [bx, by]]: Side): Extent => [
  Math.min(ax, bx),
  Math.min(ay, by),
  Math.max(ax, bx),
  Math.max(ay, by),
]

const away = ([x, y]: Coordinate, at: Coordinate) => Math.hypot(x - at[0], y - at[1]) > MEETS

const sidesOf = (geometry: Geometry): Side[] =>
  coursesOf(geometry).flatMap((course: Course) =>
    course.slice(1).map((to, i): Side => [placeOf(course[i] as number[]), placeOf(to)] as const),
  )

const placeOf = ([x = 0, y = 0]: number[]): Coordinate => [x, y]

/** Neighbours run through a common border in opposite directions. */
const keyOf = ([from, to]: Side): string => [from, to].map(String).sort().join(' ')
