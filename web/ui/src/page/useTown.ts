import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { sessionQuery } from '../api/queries'
import { useLayers } from '../layers/useLayers'
import type { Extent } from '../map/api'

/** The box of the viewer's collectivities, else of all layers; null while unknown. */
export function useTown(): Extent | null {
  const { layers } = useLayers()
  const { data: session } = useQuery(sessionQuery)
  return useMemo(() => {
    if (!session) return null
    const towns = session.collectivities.flatMap(({ extent }) => (extent ? [extent] : []))
    return union(
      towns.length > 0 ? towns : layers.flatMap(({ extent }) => (extent ? [extent] : [])),
    )
  }, [session, layers])
}

function union(extents: number[][]): Extent | null {
  if (extents.length === 0) return null
  const bound = (side: 0 | 1 | 2 | 3, pick: (...values: number[]) => number) =>
    pick(...extents.map((extent) => extent[side] ?? 0))
  return [bound(0, Math.min), bound(1, Math.min), bound(2, Math.max), bound(3, Math.max)]
}
