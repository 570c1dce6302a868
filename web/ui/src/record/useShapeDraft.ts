import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Feature } from '../api/model'
import { keys } from '../api/queries'
import { useLayers } from '../layers/useLayers'
import type { EditState } from '../map/api'
import { useMap } from '../page/MapContext'
import { page } from '../page/state'
import { draftKey, drafts, useDrafts } from './drafts'

/** Keeps the shape being edited across a reload, and the version of the record it began on. */
export function useShapeDraft() {
  const map = useMap()
  const queries = useQueryClient()
  const { layers } = useLayers()
  const restored = useRef(false)

  useEffect(() => {
    if (restored.current || layers.length === 0) return
    restored.current = true
    const { shape } = useDrafts.getState()
    const layer = layers.find(({ id }) => id === shape?.layer)
    if (!shape || !layer) return
    page.select(shape.featureId ? { layer: layer.id, id: shape.featureId } : null)
    map.edit.restore(layer, shape)
  }, [map, layers])

  useEffect(() => {
    let edited: string | null = null
    const keep = ({ mode, layer, featureId }: EditState) => {
      if (!restored.current) return
      drafts.putShape(mode === 'idle' ? null : map.edit.draft())
      const key = mode === 'modify' && layer && featureId ? draftKey(layer, featureId) : null
      if (edited && edited !== key) dropUntouched(edited)
      if (key && layer && featureId && !drafts.of(key)) {
        const record = queries.getQueryData<Feature>(keys.feature({ layer, id: featureId }))
        drafts.put(key, { version: record?.version, changes: {} })
      }
      edited = key
    }
    return map.edit.subscribe(keep)
  }, [map, queries])
}

/** A version kept only for the shape's sake is of no use once the shape is saved or given up. */
function dropUntouched(key: string) {
  const draft = drafts.of(key)
  if (draft && Object.keys(draft.changes).length === 0) drafts.drop(key)
}
