/**
 * Lines that a side is drawn along: on from the last side, at a right angle to it, at a right angle to
 * the first side where an outline closes, along or across an edge that was picked. Angles are those of
 * the ground, as in figures.ts.
 */
import type { Coordinate } from '../map/api'
import { ground } from './figures'
import { step } from './numbers'

export type GuideKind = 'straight' | 'right' | 'closing' | 'parallel' | 'across' | 'typed'
export type Edge = readonly [Coordinate, Coordinate]

/** An endless line through two places of the map. */
export interface Guide {
  kind: GuideKind
  at: Coordinate
  to: Coordinate
}

/** How long the second place of a guide lies from the first, in metres: enough to be exact. */
const ARM = 100

/** The guides of the next vertex, of those placed so far; closing: of an outline. */
export function guidesOf(
  placed: readonly Coordinate[],
  { closing = false, edges = [] }: { closing?: boolean; edges?: readonly Edge[] } = {},
): Guide[] {
  const last = placed.at(-1)
  const before = placed.at(-2)
  if (!last) return []
  const guides: Guide[] = []
  const add = (kind: GuideKind, at: Coordinate, edge: Edge, right: boolean) => {
    const to = directed(at, edge, right)
    if (to) guides.push({ kind, at, to })
  }
  for (const edge of edges) {
    add('parallel', last, edge, false)
    add('across', last, edge, true)
  }
  if (before) {
    add('right', last, [before, last], true)
    add('straight', last, [before, last], false)
  }
  const [first, second] = placed
  if (closing && placed.length > 2 && first && second) add('closing', first, [first, second], true)
  return guides
}

/** A guide in a typed direction, in degrees clockwise from north. */
export const typedGuide = (at: Coordinate, azimuth: number): Guide => ({
  kind: 'typed',
  at,
  to: step(at, ARM, azimuth),
})

/** A place from `at` in the direction of an edge, or at a right angle to it; null of an edge without length. */
function directed(at: Coordinate, [a, b]: Edge, right: boolean): Coordinate | null {
  const [x, y] = ground(a).to(b)
  const length = Math.hypot(x, y)
  if (length === 0) return null
  const [ux, uy] = [(x / length) * ARM, (y / length) * ARM]
  return ground(at).from(right ? [-uy, ux] : [ux, uy])
}

/** The place of a guide nearest to another place. */
export function footOnGuide({ at, to }: Guide, [x, y]: Coordinate): Coordinate {
  const [dx, dy] = [to[0] - at[0], to[1] - at[1]]
  const t = ((x - at[0]) * dx + (y - at[1]) * dy) / (dx * dx + dy * dy)
  return [at[0] + dx * t, at[1] + dy * t]
}

/** Where a guide crosses another line; only between the ends of it where that is a segment. */
export function meet(guide: Guide, [c, d]: Edge, segment: boolean): Coordinate | null {
  const [rx, ry] = [guide.to[0] - guide.at[0], guide.to[1] - guide.at[1]]
  const [sx, sy] = [d[0] - c[0], d[1] - c[1]]
  const cross = rx * sy - ry * sx
  // Nearly along each other they cross nowhere that one could mean.
  if (Math.abs(cross) < 1e-6 * Math.hypot(rx, ry) * Math.hypot(sx, sy)) return null
  const u = ((c[0] - guide.at[0]) * ry - (c[1] - guide.at[1]) * rx) / cross
  if (segment && (u < 0 || u > 1)) return null
  return [c[0] + sx * u, c[1] + sy * u]
}
