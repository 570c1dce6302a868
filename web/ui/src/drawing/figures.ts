/**
 * Shapes that are drawn by few points. They are right on the ground: Web Mercator stretches, and not
 * quite alike in both directions, so that a circle or a right angle of its plane is none in the layer's.
 */
import type { Coordinate } from '../map/api'
import { groundScale } from '../map/measure'

/** How far a side may be from the arc it stands for, in metres. */
const DEVIATION = 0.01

export const FIGURES = {
  circle: { points: 2 },
  diameter: { points: 2 },
  rectangle: { points: 2 },
  turned: { points: 3 },
  regular: { points: 2 },
} as const
export type Figure = keyof typeof FIGURES

type Metres = readonly [x: number, y: number]

/** The plane of the ground around a place, in metres from it. */
export function ground(origin: Coordinate) {
  const { east, north } = groundScale(origin[1])
  return {
    to: ([x, y]: Coordinate): Metres => [(x - origin[0]) * east, (y - origin[1]) * north],
    from: ([x, y]: Metres): Coordinate => [origin[0] + x / east, origin[1] + y / north],
  }
}

/** The closed ring of a figure through its points; null while they make none. */
export function ringOf(
  figure: Figure,
  points: readonly Coordinate[],
  sides: number,
): Coordinate[] | null {
  const [a, b, c] = points
  if (!a || !b) return null
  switch (figure) {
    case 'circle':
      return around(a, b)
    case 'diameter':
      return around([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], b)
    case 'rectangle':
      if (a[0] === b[0] || a[1] === b[1]) return null
      return [a, [b[0], a[1]], b, [a[0], b[1]], a]
    case 'turned':
      return c ? turned(a, b, c) : null
    case 'regular':
      return around(a, b, sides)
  }
}

/** Corners at equal angles around a centre, the first at a given place. */
function around(centre: Coordinate, first: Coordinate, sides?: number): Coordinate[] | null {
  const plane = ground(centre)
  const [x, y] = plane.to(first)
  const radius = Math.hypot(x, y)
  if (radius === 0) return null
  const n = sides ?? sidesOf(radius)
  const start = Math.atan2(y, x)
  const ring = Array.from({ length: n }, (_, i): Coordinate => {
    if (i === 0) return first
    const angle = start + (2 * Math.PI * i) / n
    return plane.from([radius * Math.cos(angle), radius * Math.sin(angle)])
  })
  return [...ring, first]
}

/** How many sides keep a circle within the deviation. */
export function sidesOf(radius: number): number {
  const angle = Math.acos(Math.max(0, 1 - DEVIATION / radius))
  return Math.max(16, Math.min(720, Math.ceil(Math.PI / angle)))
}

/** A rectangle on a side, as deep as a third place lies from it. */
function turned(a: Coordinate, b: Coordinate, c: Coordinate): Coordinate[] | null {
  const plane = ground(a)
  const [bx, by] = plane.to(b)
  const [cx, cy] = plane.to(c)
  const length = Math.hypot(bx, by)
  const depth = length === 0 ? 0 : (bx * cy - by * cx) / length
  if (depth === 0) return null
  const across: Metres = [(-by / length) * depth, (bx / length) * depth]
  return [a, b, plane.from([bx + across[0], by + across[1]]), plane.from(across), a]
}
