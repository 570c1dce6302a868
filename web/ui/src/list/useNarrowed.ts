import { useMemo } from 'react'
import { useLayers } from '../layers/useLayers'
import { usePage } from '../page/state'
import { parametersOf, selectionOf } from './selection'
import { narrows } from './state'

/** By layer of the map that is narrowed: the parameters by which the server chooses its features. */
export function useNarrowed(): Record<string, string> {
  const { layers } = useLayers()
  const narrowed = usePage((state) => state.narrowed)
  return useMemo(
    () =>
      Object.fromEntries(
        layers.flatMap((layer) => {
          const narrowing = narrowed[layer.id]
          if (!narrowing || !narrows(narrowing)) return []
          return [[layer.id, parametersOf(selectionOf(layer, narrowing))]]
        }),
      ),
    [layers, narrowed],
  )
}
