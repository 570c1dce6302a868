import type { Extent, Geometry } from '../map/api'
import { groundScale } from '../map/measure'
import { boxOf } from './geometry'

/** Metres outside the town at which a shape is taken for one of another place. */
const FAR = 5_000

/** How far a shape lies from the town in metres, when that is too far to be meant; else null. */
export function farFrom(town: Extent | null, geometry: Geometry): number | null {
  const box = boxOf(geometry)
  if (!town || !box) return null
  const { east, north } = groundScale((town[1] + town[3]) / 2)
  const gap = (low: number, high: number, least: number, most: number) =>
    Math.max(0, low - most, least - high)
  const metres = Math.hypot(
    gap(box[0], box[2], town[0], town[2]) * east,
    gap(box[1], box[3], town[1], town[3]) * north,
  )
  return Number.isFinite(metres) && metres <= FAR ? null : metres
}
