/** The tools of a network: each turns a gesture into one operation. The server divides and joins edges. */
import { Magnet } from '../drawing/magnet'
import { refOf } from '../editing/snapping'
import type { Coordinate } from '../map/api'
import { groundScale } from '../map/measure'
import { geometryOf } from '../map/olgeometry'
import type { NetworkTool } from './api'
import { endingAt, endsAt, type Foot, feet, type Named, nodeNear, SAME } from './ends'
import { type Dragged, drawing, type Gestures, moving, type Tool, type Workplace } from './gestures'
import type { Operation } from './model'
import { MEANT, PREVIEW } from './olstyle'
import { type Aim, Pointing } from './pointing'

/** How far a lateral may run, and a node be from its foot to be taken instead, in metres. */
const LATERAL = 100
const PREFERRED = 1

export const networkTools: Record<NetworkTool, Tool> = {
  nodes,
  'draw-edge': (place) =>
    drawing(place, 'LineString', (geometry) => {
      if (geometry.type !== 'LineString') return
      void place.do({ kind: 'draw', line: geometry.coordinates })
    }),
  reroute: (place) =>
    drawing(place, 'LineString', (geometry) => {
      if (geometry.type !== 'LineString') return
      const ids = place.state.chosen.slice(0, 1)
      void place.do({ kind: 'reshape', ids, line: geometry.coordinates })
    }),
  connect: (place) => pointing(place, (at) => lateral(place, at), true),
  'put-node': (place) =>
    pointing(place, (at) => {
      const found = edgeAt(place, at)
      return (
        found && {
          shown: [shown(point(found.at))],
          act: () =>
            void place.do({
              kind: 'put-node',
              to: [found.at],
              ids: [found.id],
              width: place.reach(),
            }),
        }
      )
    }),
  'merge-through': (place) =>
    pointing(place, (at) => {
      const node = nodeAt(place, at)
      return (
        node && {
          shown: [
            meant(point(node)),
            ...edgesAt(place, node).map(({ geometry }) => meant(geometry)),
          ],
          act: () => void place.do({ kind: 'merge-through', from: [node] }),
        }
      )
    }),
  reverse: (place) =>
    pointing(place, (at) => {
      const found = edgeAt(place, at)
      return (
        found && {
          shown: edge(place, found.id),
          act: () => void place.do({ kind: 'reverse', ids: [found.id] }),
        }
      )
    }),
  delete: (place) =>
    pointing(place, (at) => {
      const node = nodeAt(place, at)
      if (node) return { shown: [meant(point(node))], act: () => askNode(place, node) }
      const found = edgeAt(place, at)
      return found && { shown: edge(place, found.id), act: () => askEdges(place, [found.id]) }
    }),
}

/** A node is moved with its edges, a vertex of an edge alone: they follow while they are dragged. */
function nodes(place: Workplace): Gestures {
  return moving(place, {
    move(vertex, to, dragged) {
      const { edges, nodes } = split(place, dragged)
      const [first] = edges
      const inner = nodes.length === 0 && !edges.some((each) => endsAt(each, vertex))
      void place.do(
        inner && first
          ? { kind: 'move-vertex', ids: [first.id], from: [vertex], to: [to] }
          : { kind: 'move-node', from: [vertex], to: [to] },
      )
    },
    insert(at, to, dragged) {
      const [first] = split(place, dragged).edges
      if (!first) return
      const width = place.reach()
      void place.do({ kind: 'insert-vertex', ids: [first.id], from: [at], to: [to], width })
    },
    remove(vertex) {
      const at = vertex as Coordinate
      const [found] = feet(around(place, at, SAME).edges, at, SAME)
      if (found) void place.do({ kind: 'remove-vertex', ids: [found.id], from: [vertex] })
    },
  })
}

/** The shortest way from a place to an edge: to one of those chosen, where there are any. */
function lateral(place: Workplace, from: Coordinate): Aim | null {
  const { east, north } = groundScale(from[1])
  const reach = LATERAL / Math.max(east, north)
  const { chosen } = place.state
  const edges = around(place, from, reach).edges.filter(
    ({ id }) => chosen.length === 0 || chosen.includes(id),
  )
  const [foot] = feet(edges, from, reach)
  if (!foot) return null
  const of = edges.filter(({ id }) => id === foot.id)
  const to = nodeNear([], of, foot.at, PREFERRED / east) ?? foot.at
  return {
    shown: [shown({ type: 'LineString', coordinates: [from, to] }), shown(point(to))],
    act: () =>
      void place.do({
        kind: 'connect',
        from: [from],
        ids: [foot.id],
        width: LATERAL,
        prefer: PREFERRED,
      }),
  }
}

/** Asks what becomes of the edges at a node that goes. */
function askNode(place: Workplace, node: Coordinate): void {
  const count = edgesAt(place, node).length
  const plain: Operation = { kind: 'delete-node', from: [node] }
  if (count === 0) void place.do(plain)
  else
    place.ask({
      about: 'node',
      count,
      plain,
      healed: count === 2 ? { ...plain, heal: true } : null,
    })
}

/** Asks what becomes of the nodes of edges that go. */
export function askEdges(place: Workplace, ids: string[]): void {
  const plain: Operation = { kind: 'delete-edge', ids }
  place.ask({ about: 'edges', count: ids.length, plain, healed: { ...plain, heal: true } })
}

/** Snaps: the place itself is meant, and not what is near it. */
function pointing(
  { sources, changed, miss: missed }: Workplace,
  aim: (at: Coordinate) => Aim | null,
  snaps = false,
): Gestures {
  const pointing = new Pointing({ aim, missed })
  if (!snaps) return { interactions: [pointing] }
  const magnet = new Magnet({ sources, changed })
  return { interactions: [pointing, magnet], magnet }
}

/** The edge that is meant at a place: one of those chosen, where it is near, else the nearest. */
function edgeAt(place: Workplace, at: Coordinate): Foot | null {
  const reach = place.reach()
  const near = feet(around(place, at, reach).edges, at, reach)
  return near.find(({ id }) => place.state.chosen.includes(id)) ?? near[0] ?? null
}

function nodeAt(place: Workplace, at: Coordinate, reach = place.reach()): Coordinate | null {
  const { nodes, edges } = around(place, at, reach)
  return nodeNear(nodes, edges, at, reach)
}

const edgesAt = (place: Workplace, node: Coordinate): Named[] =>
  endingAt(around(place, node, SAME).edges, node)

function edge(place: Workplace, id: string): Aim['shown'] {
  const geometry = place.shape(id)
  return geometry ? [meant(geometry)] : []
}

const around = (place: Workplace, at: Coordinate, reach: number) =>
  split(
    place,
    place.near(at, reach).map((each) => ({ ref: refOf(each), geometry: geometryOf(each) })),
  )

/** Features as edges and nodes. */
function split(place: Workplace, features: Dragged[]): { edges: Named[]; nodes: Named[] } {
  const edges: Named[] = []
  const nodes: Named[] = []
  for (const { ref, geometry } of features) {
    const kind = ref.layer === place.state.working?.layer ? edges : nodes
    if (geometry) kind.push({ id: ref.id, geometry })
  }
  return { edges, nodes }
}

const point = (coordinates: Coordinate) => ({ type: 'Point' as const, coordinates })
const shown = (geometry: Aim['shown'][number]['geometry']) => ({ geometry, style: PREVIEW })
const meant = (geometry: Aim['shown'][number]['geometry']) => ({ geometry, style: MEANT })
