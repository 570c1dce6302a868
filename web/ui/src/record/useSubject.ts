import { useQuery } from '@tanstack/react-query'
import type { Feature, Register } from '../api/model'
import { featureQuery } from '../api/queries'
import { useEditState } from '../editing/useEditState'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { usePage } from '../page/state'

/** What the record panel is about: the selected feature, or a new one. */
export interface Subject {
  layer: Register
  /** Absent for a new one. */
  id?: string
  /** Absent while it is new or loading. */
  feature?: Feature
  /** A new one whose form comes first, its shape perhaps later. */
  blank: boolean
  error: Error | null
  retry: () => void
}

export function useSubject(): Subject | null {
  const map = useMap()
  const edit = useEditState(map.edit)
  const selected = usePage((state) => state.selected)
  const begun = usePage((state) => state.blank)
  const { registers } = useLayers()
  const drawing = edit.mode !== 'idle' && edit.featureId === undefined
  const blank = begun !== null && !drawing
  const layerId = drawing ? edit.layer : (begun?.layer ?? selected?.layer)
  const id = drawing || blank ? undefined : selected?.id
  const query = useQuery({
    ...featureQuery({ layer: layerId ?? '', id: id ?? '' }),
    enabled: id !== undefined,
  })
  const layer = registers.find((each) => each.id === layerId)
  if (!layer) return null
  if (id === undefined) return { layer, blank, error: null, retry: () => undefined }
  return {
    layer,
    id,
    feature: query.data,
    blank: false,
    error: query.error,
    retry: () => void query.refetch(),
  }
}
