/**
 * Finding what is under the pointer by geometry, not by colour: a parcel drawn as an outline only
 * answers a click in its middle, and nothing has to be drawn again to know.
 */

/** Flat coordinates (x, y, x, y, …) with the end index of each line or ring, as tiles give them. */
export interface FlatShape {
  kind: 'point' | 'line' | 'polygon'
  flat: readonly number[]
  ends: readonly number[]
}

/** Squared distance from a point to a shape, 0 inside a polygon, in squared units of the input. */
export function squaredDistance({ kind, flat, ends }: FlatShape, x: number, y: number): number {
  const at = (i: number) => flat[i] as number
  let best = Number.POSITIVE_INFINITY
  if (kind === 'point') {
    for (let i = 0; i + 1 < flat.length; i += 2) {
      best = Math.min(best, (at(i) - x) ** 2 + (at(i + 1) - y) ** 2)
    }
    return best
  }
  let inside = false
  let start = 0
  for (const end of ends.length > 0 ? ends : [flat.length]) {
    for (let i = start + 2; i < end; i += 2) {
      const ax = at(i - 2)
      const ay = at(i - 1)
      const bx = at(i)
      const by = at(i + 1)
      best = Math.min(best, toSegment(x, y, ax, ay, bx, by))
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    }
    start = end
  }
  return kind === 'polygon' && inside ? 0 : best
}

function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax
  const dy = by - ay
  const squared = dx * dx + dy * dy
  const t = squared === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / squared))
  return (ax + t * dx - x) ** 2 + (ay + t * dy - y) ** 2
}
