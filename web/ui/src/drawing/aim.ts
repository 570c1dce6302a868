/** Where a vertex goes that one points at: what is typed, what it snaps to, and the guides, in one place. */
import type { Coordinate } from '../map/api'
import { type Edge, footOnGuide, type Guide, guidesOf, meet, typedGuide } from './guides'
import { polar, step } from './numbers'
import { type Course, type SnapKind, segmentsNear, snap } from './snap'

export interface AimOptions {
  kinds: readonly SnapKind[]
  /** Whether the pointer is drawn to guides. */
  guides: boolean
  /** The vertex goes on a guide, however far the pointer is from it. */
  ortho: boolean
  /** The vertices placed so far. */
  placed: readonly Coordinate[]
  /** They become an outline. */
  closing: boolean
  /** Edges that were picked, to be parallel to. */
  edges: readonly Edge[]
  /** Of the side that follows the pointer, as typed: metres. */
  length: number | null
  /** Degrees clockwise from north. */
  azimuth: number | null
}

export interface Aim {
  at: Coordinate
  /** What it is drawn to. */
  kind: SnapKind | 'guide' | null
  /** The guides it lies on. */
  guides: Guide[]
}

/** Corners and crossings are meant even where a guide runs near. */
const STRONGER: readonly (SnapKind | null)[] = ['vertex', 'intersection']

/** Where a pointer aims, all in map units; reach is how far it is drawn. */
export function aim(
  pointer: Coordinate,
  reach: number,
  courses: readonly Course[],
  options: AimOptions,
): Aim {
  const { placed, closing, edges, length, azimuth, kinds } = options
  const last = placed.at(-1) ?? null
  const snapped = snap(pointer, reach, courses, { kinds, from: last })
  if (!last) return { at: snapped?.at ?? pointer, kind: snapped?.kind ?? null, guides: [] }
  const forced = azimuth !== null || options.ortho
  const guides =
    azimuth !== null ? [typedGuide(last, azimuth)] : guidesOf(placed, { closing, edges })
  const wanted = forced || options.guides ? guides : []
  const free = forced && wanted.length > 0 ? null : snapped
  const segments = segmentsNear(courses, pointer, reach * (forced ? 3 : 1))
  const guided = onGuides(pointer, reach, wanted, segments, forced, last)
  const found: Aim =
    free && (!guided || STRONGER.includes(free.kind) || (!guided.crossing && free.kind !== 'edge'))
      ? { at: free.at, kind: free.kind, guides: [] }
      : (guided ?? { at: pointer, kind: null, guides: [] })
  if (length === null) return found
  const way = azimuth ?? polar(last, found.at).azimuth
  return { ...found, at: step(last, length, way) }
}

/** The place on guides that is meant: their crossings with what is near, else the nearest foot. */
function onGuides(
  pointer: Coordinate,
  reach: number,
  guides: readonly Guide[],
  segments: readonly Edge[],
  forced: boolean,
  last: Coordinate,
): (Aim & { crossing: boolean }) | null {
  const feet = guides
    .map((guide) => ({ guide, at: footOnGuide(guide, pointer) }))
    .map((foot) => ({ ...foot, distance: apart(foot.at, pointer) }))
    .filter(({ distance }) => forced || distance <= reach)
    .sort((a, b) => a.distance - b.distance)
  const [best] = feet
  // At the last vertex itself all guides meet: none is meant there.
  if (!best || (!forced && apart(pointer, last) <= reach)) return null
  const crossings = (forced ? [best] : feet)
    .flatMap(({ guide }) => [
      ...segments.map((edge) => ({ at: meet(guide, edge, true), guides: [guide] })),
      ...guides
        .filter((other) => other !== guide && apart(other.at, guide.at) > 0)
        .map((other) => ({ at: meet(guide, [other.at, other.to], false), guides: [guide, other] })),
    ])
    .flatMap(({ at, guides }) => (at ? [{ at, guides, distance: apart(at, best.at) }] : []))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
  const crossing = crossings[0]
  return crossing
    ? { at: crossing.at, kind: 'guide', guides: crossing.guides, crossing: true }
    : { at: best.at, kind: 'guide', guides: [best.guide], crossing: false }
}

const apart = (a: Coordinate, b: Coordinate) => Math.hypot(a[0] - b[0], a[1] - b[1])
