import { useEffect, useMemo } from 'react'
import { useLayers } from '../layers/useLayers'
import type { Compared } from '../map/api'
import { useMap } from '../page/MapContext'
import { usePage } from '../page/state'
import type { Compare } from './beyond'

/** Keeps the map at what is compared. */
export function useComparison({ at, beyond }: Compare): void {
  const map = useMap()
  const { layers, context } = useLayers()
  const now = usePage((state) => state.moment)
  const compared = useMemo((): Compared => {
    const named = beyond.by === 'layers' ? new Set(beyond.layers) : null
    return {
      at,
      infos:
        beyond.by === 'style'
          ? layers.map((layer) => ({ ...layer, style: layer.fileStyle }))
          : layers,
      layers: named
        ? context.map((layer) => ({ ...layer, visible: named.has(layer.id) }))
        : context,
      moment: beyond.by === 'moment' ? beyond.moment : now,
    }
  }, [at, beyond, layers, context, now])
  useEffect(() => map.compare(compared), [map, compared])
  useEffect(() => () => map.compare(null), [map])
}
