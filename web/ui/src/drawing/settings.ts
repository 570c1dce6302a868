/** How this person snaps and draws on this machine. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import { KINDS, type SnapKind } from './snap'

export interface DrawingSettings {
  snapping: boolean
  kinds: SnapKind[]
  /** Pixels within which the pointer is drawn to something. */
  tolerance: number
  /** Layers that are not snapped to. */
  without: string[]
  /** Sides of a regular polygon. */
  sides: number
}

export const useDrawingSettings = create<DrawingSettings>()(
  persist(
    (): DrawingSettings => ({
      snapping: true,
      kinds: [...KINDS],
      tolerance: 12,
      without: [],
      sides: 6,
    }),
    { name: 'arpent.drawing' },
  ),
)

/** The list with an item, or without it where it had it. */
export const toggled = <T>(items: readonly T[], item: T): T[] =>
  items.includes(item) ? items.filter((each) => each !== item) : [...items, item]
