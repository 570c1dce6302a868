import { useQuery } from '@tanstack/react-query'
import { usePage } from '../page/state'
import { type BaseMap, mapsQuery } from './api'
import { OWN } from './choice'

const NONE: BaseMap[] = []

/** The base maps to choose from, and the one that is there; null: the town's layers alone. */
export function useBaseMap() {
  const { data } = useQuery(mapsQuery)
  const chosen = usePage((state) => state.base)
  const maps = data?.baseMaps ?? NONE
  const { id, opacity } = chosen ?? { id: data?.default ?? OWN, opacity: 1 }
  return { maps, map: maps.find((map) => map.id === id) ?? null, opacity }
}
