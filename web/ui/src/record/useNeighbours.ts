import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { FeatureRow } from '../api/model'
import { keys, rowsQuery } from '../api/queries'
import { useLayers } from '../layers/useLayers'
import type { Extent } from '../map/api'
import { usePage } from '../page/state'
import { useSelect } from '../page/useSelect'
import { rowsOfParent } from './rowsOfParent'
import type { Subject } from './useSubject'

export interface Neighbour {
  id: string
  bbox?: Extent
}

/** The records before and after this one in the list it was opened from. */
export function useNeighbours({ layer, id }: Pick<Subject, 'layer' | 'id'>) {
  const select = useSelect()
  const trail = usePage((state) => state.trail)
  const { registers } = useLayers()
  const parent = trail.at(-1)
  const child = registers
    .find((each) => each.id === parent?.layer)
    ?.children.find((each) => each.layer === layer.id)
  const siblings = useQuery({
    ...rowsQuery(layer.id, rowsOfParent(child?.field ?? '', parent?.id ?? '')),
    enabled: child !== undefined,
  })
  const listed = useListed(layer.id)
  const rows: Neighbour[] = child ? (siblings.data?.features ?? []) : listed
  const at = rows.findIndex((row) => row.id === id)
  const go = (to: Neighbour | undefined) => {
    if (to) select({ layer: layer.id, id: to.id }, { trail, fit: to.bbox })
  }
  return {
    before: at > 0 ? rows[at - 1] : undefined,
    after: at >= 0 ? rows[at + 1] : undefined,
    go,
  }
}

const NONE: Neighbour[] = []

/** The rows of the list that is open beside the record, in its order. */
function useListed(layer: string): Neighbour[] {
  const cache = useQueryClient().getQueryCache()
  const open = usePage((state) => state.list?.layer === layer)
  return useSyncExternalStore(
    (changed) => cache.subscribe(changed),
    () => {
      if (!open) return NONE
      const lists = cache.findAll({ queryKey: keys.lists(layer), type: 'active' })
      const list = lists.find(({ queryKey }) => queryKey[2] !== 'rows')
      return (list?.state.data as { features?: FeatureRow[] } | undefined)?.features ?? NONE
    },
  )
}
