/** How this person snaps and draws on this machine. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import { KINDS, type SnapKind } from './snap'

export interface DrawingSettings {
  snapping: boolean
  kinds: SnapKind[]
  /** Whether the pointer is drawn to right angles, to where a side goes on, and to parallels. */
  guides: boolean
  /** Pixels within which the pointer is drawn to something. */
  tolerance: number
  /** Layers that are not snapped to. */
  without: string[]
  /** Sides of a regular polygon. */
  sides: number
  /** Vertices go on guides alone. */
  ortho: boolean
  /** From one click to the next along the edges between. */
  tracing: boolean
}

export const useDrawingSettings = create<DrawingSettings>()(
  persist(
    (): DrawingSettings => ({
      snapping: true,
      kinds: [...KINDS],
      guides: true,
      tolerance: 12,
      without: [],
      sides: 6,
      ortho: false,
      tracing: false,
    }),
    {
      name: 'arpent.drawing',
      // What one draws by now is not how one always draws.
      partialize: ({ ortho: _, tracing: __, ...kept }) => kept,
    },
  ),
)

/** The list with an item, or without it where it had it. */
export const toggled = <T>(items: readonly T[], item: T): T[] =>
  items.includes(item) ? items.filter((each) => each !== item) : [...items, item]
