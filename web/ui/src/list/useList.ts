import { useMemo } from 'react'
import { usePage } from '../page/state'
import { type ListState, whole } from './state'

/** The list that is open, with what its layer is narrowed to and what is chosen of it. */
export function useList(): ListState | null {
  const list = usePage((state) => state.list)
  const narrowed = usePage((state) => state.narrowed[list?.layer ?? ''] ?? whole)
  const chosen = usePage((state) => (state.chosen.layer === list?.layer ? state.chosen.ids : NONE))
  return useMemo(() => list && { ...list, ...narrowed, chosen }, [list, narrowed, chosen])
}

const NONE: string[] = []
