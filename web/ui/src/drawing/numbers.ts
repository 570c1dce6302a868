/** Vertices that are typed: by coordinates, or by the length and the direction of a side. */
import type { Coordinate } from '../map/api'
import { groundScale } from '../map/measure'

/** Length in metres and direction in degrees, clockwise from north, from one place to another. */
export function polar(from: Coordinate, to: Coordinate): { length: number; azimuth: number } {
  const { east, north } = groundScale((from[1] + to[1]) / 2)
  const [dx, dy] = [(to[0] - from[0]) * east, (to[1] - from[1]) * north]
  return { length: Math.hypot(dx, dy), azimuth: turned((Math.atan2(dx, dy) * 180) / Math.PI) }
}

/** Where one comes to over a length in metres in a direction. */
export function step(from: Coordinate, length: number, azimuth: number): Coordinate {
  const angle = (azimuth * Math.PI) / 180
  // The map's scale is that of the middle of the side, which the side itself decides.
  let to = from
  for (let i = 0; i < 4; i++) {
    const { east, north } = groundScale((from[1] + to[1]) / 2)
    to = [from[0] + (length * Math.sin(angle)) / east, from[1] + (length * Math.cos(angle)) / north]
  }
  return to
}

/** The angle by which one turns right from the last side to the next, in degrees. */
export function turn(placed: readonly Coordinate[], azimuth: number): number {
  const [a, b] = placed
  return turned(a && b ? azimuth - polar(a, b).azimuth : azimuth)
}

/** An angle of 0 to 360 degrees. */
const turned = (angle: number) => ((angle % 360) + 360) % 360

/** A number as people type it, with a comma or a point; null when it is none. */
export function number(text: string): number | null {
  const plain = text.replaceAll(/[\s\u202f\u00a0]/g, '').replace(',', '.')
  return /^[-+]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null
}
