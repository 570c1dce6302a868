import { useQuery } from '@tanstack/react-query'
import type { Feature, LayerInfo } from '../api/model'
import { featureQuery } from '../api/queries'
import { useEditState } from '../editing/useEditState'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { usePage } from '../page/state'

/** What the record panel is about: the selected feature, or a new one being drawn. */
export interface Subject {
  layer: LayerInfo
  /** Absent for a new one. */
  id?: string
  /** Absent while it is new or loading. */
  feature?: Feature
  error: Error | null
  retry: () => void
}

export function useSubject(): Subject | null {
  const map = useMap()
  const edit = useEditState(map.edit)
  const selected = usePage((state) => state.selected)
  const { layers } = useLayers()
  const drawing = edit.mode !== 'idle' && edit.featureId === undefined
  const layerId = drawing ? edit.layer : selected?.layer
  const id = drawing ? undefined : selected?.id
  const query = useQuery({
    ...featureQuery({ layer: layerId ?? '', id: id ?? '' }),
    enabled: id !== undefined,
  })
  const layer = layers.find((each) => each.id === layerId)
  if (!layer) return null
  if (id === undefined) return { layer, error: null, retry: () => undefined }
  return {
    layer,
    id,
    feature: query.data,
    error: query.error,
    retry: () => void query.refetch(),
  }
}
