/** How many features of a layer of others are drawn, for its row in the tree. */
import { create } from 'zustand'

export const useSeen = create<Record<string, { count: number; more: boolean }>>()(() => ({}))
