import { createContext, use } from 'react'
import type { MapController } from '../map/api'

export const MapContext = createContext<MapController | null>(null)

/** The one map of the page. */
export function useMap(): MapController {
  const map = use(MapContext)
  if (!map) throw new Error('useMap outside of MapContext')
  return map
}
