/**
 * Steps that were asked for and not answered yet. They are kept in order, through a reload too, until
 * the server can be reached: a lost connection loses nothing.
 */
import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'
import { belongings } from '../api/belongings'
import { Refusal } from '../api/client'
import type { Geometry } from '../map/api'
import type { Operation } from './model'

/** An operation, or so many steps to take back; below zero to do again. */
export type Wish = { operation: Operation } | { turn: number }

interface Kept {
  /** Of the set on which the first of them is based. */
  revision: number
  wishes: readonly Wish[]
}

const NONE: Kept = { revision: 0, wishes: [] }

/** By layer. */
export const useWaiting = create<{ layers: Record<string, Kept> }>()(
  persist((): { layers: Record<string, Kept> } => ({ layers: {} }), {
    name: 'arpent.waiting',
    storage: createJSONStorage(() => sessionStorage),
  }),
)

belongings.add(() => useWaiting.setState({ layers: {} }))

function put(layer: string, kept: Kept): void {
  const { [layer]: _, ...others } = useWaiting.getState().layers
  const layers = kept.wishes.length > 0 ? { ...others, [layer]: kept } : others
  try {
    useWaiting.setState({ layers })
  } catch (error) {
    // It waits all the same; only a reload would lose what the browser has no room for.
    console.warn('a step that waits is not kept through a reload', error)
  }
}

export const waiting = {
  of: (layer: string): Kept => useWaiting.getState().layers[layer] ?? NONE,

  /** Revision: that of the set as it is known. */
  add(layer: string, wish: Wish, revision: number): void {
    const kept = waiting.of(layer)
    const first = kept.wishes.length === 0
    put(layer, {
      revision: first ? revision : kept.revision,
      wishes: [...kept.wishes, wish],
    })
  },

  /** The first was answered, which left the set at a revision. */
  answered(layer: string, revision: number): void {
    put(layer, { revision, wishes: waiting.of(layer).wishes.slice(1) })
  },

  clear: (layer: string) => put(layer, NONE),
}

/** Whether a call did not reach the server, or not one that is at work. Status 0: it got no answer. */
export const isLost = (status: number): boolean => [0, 502, 503, 504].includes(status)

export const statusOf = (error: unknown): number => (error instanceof Refusal ? error.status : 0)

/** What was drawn by the operations that wait and were not taken back. */
export function drawnOf(wishes: readonly Wish[]): Geometry[] {
  const standing: Operation[] = []
  for (const wish of wishes) {
    if ('operation' in wish) standing.push(wish.operation)
    else if (wish.turn > 0) standing.splice(-wish.turn)
  }
  return standing.flatMap(({ line, region, shapes = [], from = [], to = [] }): Geometry[] => [
    ...(line ? [{ type: 'LineString' as const, coordinates: line }] : []),
    ...(region ? [{ type: 'MultiPolygon' as const, coordinates: region }] : []),
    ...shapes,
    ...to.map((place, i): Geometry => {
      const start = from[i]
      return start
        ? { type: 'LineString', coordinates: [start, place] }
        : { type: 'Point', coordinates: place }
    }),
  ])
}
