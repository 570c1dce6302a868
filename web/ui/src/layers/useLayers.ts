import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { LayerInfo } from '../api/model'
import { layersQuery } from '../api/queries'
import { usePage } from '../page/state'
import { drawn } from './arrangement'

const NONE: LayerInfo[] = []

/** The layers the viewer may read, and how they are drawn. */
export function useLayers() {
  const { data: layers = NONE, isPending, error, refetch } = useQuery(layersQuery)
  const arrangement = usePage((state) => state.arrangement)
  const context = useMemo(() => drawn(layers, arrangement), [layers, arrangement])
  return { layers, context, isPending, error, refetch }
}
