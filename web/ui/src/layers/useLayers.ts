import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { LayerInfo, Register } from '../api/model'
import { layersQuery } from '../api/queries'
import type { LayerStyle } from '../map/api'
import { usePage } from '../page/state'
import { drawn } from './arrangement'

const NONE: Register[] = []

/** The layers the viewer may read: those on the map and how they are drawn, and all with a list. */
export function useLayers() {
  const { data: registers = NONE, isPending, error, refetch } = useQuery(layersQuery)
  const kept = useMemo(() => registers.filter(onMap), [registers])
  const styles = usePage((state) => state.styles)
  const layers = useMemo(() => kept.map((layer) => styled(layer, styles[layer.id])), [kept, styles])
  const arrangement = usePage((state) => state.arrangement)
  const off = usePage((state) => state.off)
  const context = useMemo(
    () => drawn(kept, arrangement).map((layer) => ({ ...layer, off: off[layer.id] })),
    [kept, arrangement, off],
  )
  return { layers, registers, context, isPending, error, refetch }
}

/** A layer as a link or whoever is choosing its style draws it. */
function styled(layer: LayerInfo, style: LayerStyle | undefined): LayerInfo {
  return style && !isKept(layer, style) ? { ...layer, style } : layer
}

/** Whether the style is the one that the layer has anyway. */
export const isKept = (layer: Pick<LayerInfo, 'style'>, style: LayerStyle) =>
  JSON.stringify(style) === JSON.stringify(layer.style)

/** Whether the layer is drawn on the map. */
export function onMap(layer: Register): layer is LayerInfo {
  return layer.geometry !== null && layer.kind === 'main'
}
