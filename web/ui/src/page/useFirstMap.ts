import { useEffect, useState } from 'react'
import { useLayers } from '../layers/useLayers'
import { useMap } from './MapContext'

/** Whether the first map is on the screen: what is large and can wait loads from then on. */
export function useFirstMap(): boolean {
  const map = useMap()
  const { isPending } = useLayers()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (isPending) return
    void map.rendered().then(() => {
      performance.mark('first map')
      setShown(true)
    })
  }, [map, isPending])
  return shown
}
