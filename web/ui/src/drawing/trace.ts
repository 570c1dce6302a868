/**
 * The way along existing edges from one place to another, vertex for vertex. Edges of all features
 * are joined where they have a vertex in common, so that a way may lead along several of them. The
 * shortest is found by Dijkstra's algorithm; lengths are map units.
 */
import PriorityQueue from 'ol/structs/PriorityQueue'
import type { Coordinate } from '../map/api'
import { type Course, footOn, segmentsNear } from './snap'

/** How near to an edge, in map units, a place lies on it: coordinates are kept to a millimetre. */
const ON = 0.005

interface Node {
  at: Coordinate
  next: Set<string>
}

const keyOf = ([x, y]: Coordinate) => `${Math.round(x * 1000)},${Math.round(y * 1000)}`
const apart = (a: Coordinate, b: Coordinate) => Math.hypot(a[0] - b[0], a[1] - b[1])

export class Chains {
  readonly #courses: readonly Course[]
  readonly #nodes = new Map<string, Node>()

  constructor(courses: readonly Course[]) {
    this.#courses = courses
    for (const course of courses) {
      let before: string | null = null
      for (const place of course) {
        const [x = 0, y = 0] = place
        const key = keyOf([x, y])
        const node = this.#nodes.get(key) ?? { at: [x, y], next: new Set() }
        this.#nodes.set(key, node)
        if (before !== null && before !== key) {
          node.next.add(before)
          this.#nodes.get(before)?.next.add(key)
        }
        before = key
      }
    }
  }

  /** The vertices between two places on edges; null when no edges lead from one to the other. */
  way(from: Coordinate, to: Coordinate): Coordinate[] | null {
    if (apart(from, to) <= ON) return null
    const starts = this.#doors(from)
    const ends = this.#doors(to)
    if (starts.size === 0 || ends.size === 0) return null
    if (this.#onOneEdge(from, to)) return []
    const came = new Map<string, string | null>()
    const best = new Map<string, number>()
    const queue = new PriorityQueue<{ key: string; far: number; from: string | null; nth: number }>(
      ({ far }) => far,
      ({ nth }) => String(nth),
    )
    let nth = 0
    for (const [key, far] of starts) queue.enqueue({ key, far, from: null, nth: nth++ })
    let goal: { key: string; far: number } | null = null
    while (!queue.isEmpty()) {
      const { key, far, from: previous } = queue.dequeue()
      if (goal && far >= goal.far) break
      if (came.has(key)) continue
      came.set(key, previous)
      const rest = ends.get(key)
      if (rest !== undefined && (!goal || far + rest < goal.far)) goal = { key, far: far + rest }
      const node = this.#nodes.get(key)
      for (const next of node?.next ?? []) {
        const other = this.#nodes.get(next)
        if (!node || !other || came.has(next)) continue
        const there = far + apart(node.at, other.at)
        if (there >= (best.get(next) ?? Number.POSITIVE_INFINITY)) continue
        best.set(next, there)
        queue.enqueue({ key: next, far: there, from: key, nth: nth++ })
      }
    }
    return goal && this.#between(goal.key, came, from, to)
  }

  #between(
    last: string,
    came: Map<string, string | null>,
    from: Coordinate,
    to: Coordinate,
  ): Coordinate[] {
    const way: Coordinate[] = []
    for (let key: string | null = last; key !== null; key = came.get(key) ?? null) {
      const at = this.#nodes.get(key)?.at
      if (at) way.push(at)
    }
    return way.reverse().filter((at) => apart(at, from) > ON && apart(at, to) > ON)
  }

  /** The vertices that one comes to first from a place on an edge, with how far they are. */
  #doors(place: Coordinate): Map<string, number> {
    const doors = new Map<string, number>()
    for (const ends of this.#edgesAt(place)) {
      for (const end of ends) doors.set(keyOf(end), apart(end, place))
    }
    return doors
  }

  #onOneEdge(from: Coordinate, to: Coordinate): boolean {
    return this.#edgesAt(from).some(([a, b]) => apart(footOn(a, b, to), to) <= ON)
  }

  #edgesAt(place: Coordinate): [Coordinate, Coordinate][] {
    return segmentsNear(this.#courses, place, ON).filter(
      ([a, b]) => apart(footOn(a, b, place), place) <= ON,
    )
  }
}
