import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { LayerInfo, Register } from '../api/model'
import { layersQuery } from '../api/queries'
import { usePage } from '../page/state'
import { drawn } from './arrangement'

const NONE: Register[] = []

/** The layers the viewer may read: those on the map and how they are drawn, and all with a list. */
export function useLayers() {
  const { data: registers = NONE, isPending, error, refetch } = useQuery(layersQuery)
  const layers = useMemo(() => registers.filter(onMap), [registers])
  const arrangement = usePage((state) => state.arrangement)
  const context = useMemo(() => drawn(layers, arrangement), [layers, arrangement])
  return { layers, registers, context, isPending, error, refetch }
}

/** Whether the layer is drawn on the map. */
export function onMap(layer: Register): layer is LayerInfo {
  return layer.geometry !== null && layer.kind === 'main'
}
