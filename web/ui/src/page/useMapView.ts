import { useEffect, useState } from 'react'
import type { MapView } from '../map/api'
import { useMap } from './MapContext'

/** Where the map came to rest. */
export function useMapView(): MapView {
  const map = useMap()
  const [view, setView] = useState(() => map.view())
  useEffect(() => map.on('view', setView), [map])
  return view
}
