/** Where lines of a network meet, and which is meant: plain geometry in map units. */
import { coursesOf } from '../drawing/snap'
import type { Coordinate, Geometry } from '../map/api'
import { footOn } from './places'

/** An edge, or a node, as a geometry with its name. */
export interface Named {
  id: string
  geometry: Geometry
}

/** The place of an edge nearest to another place. */
export interface Foot {
  id: string
  at: Coordinate
  distance: number
}

/** Ends at one place have the same coordinates but for what a change of CRS does to them. */
export const SAME = 0.001

export const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot((a[0] ?? 0) - (b[0] ?? 0), (a[1] ?? 0) - (b[1] ?? 0))

/** The feet of a place on edges within reach, the nearest first. */
export function feet(edges: readonly Named[], place: Coordinate, reach: number): Foot[] {
  return edges
    .flatMap(({ id, geometry }) =>
      coursesOf(geometry).map((course) => {
        const at = footOn(course, place)
        return { id, at, distance: apart(at, place) }
      }),
    )
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
}

const endsOf = (geometry: Geometry): Coordinate[] =>
  coursesOf(geometry).flatMap((course) => [course[0], course.at(-1)] as unknown as Coordinate[])

/** The node nearest to a place within reach: a point, or where an edge ends. */
export function nodeNear(
  nodes: readonly Named[],
  edges: readonly Named[],
  place: Coordinate,
  reach: number,
): Coordinate | null {
  const places = [...nodes, ...edges].flatMap(({ geometry }) => endsOf(geometry))
  const [best] = places
    .map(([x, y]) => ({ at: [x, y] as Coordinate, distance: apart([x, y], place) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
  return best?.at ?? null
}

/** The edges that end at a place; one that begins and ends there twice. */
export const endingAt = <T extends Named>(edges: readonly T[], node: readonly number[]): T[] =>
  edges.flatMap((edge) =>
    endsOf(edge.geometry)
      .filter((end) => apart(end, node) < SAME)
      .map(() => edge),
  )

/** Whether an edge begins or ends at a place. */
export const endsAt = (edge: Named, place: readonly number[]): boolean =>
  endsOf(edge.geometry).some((end) => apart(end, place) < SAME)
