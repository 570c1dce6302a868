import { useEffect, useState } from 'react'
import { useEditState } from '../editing/useEditState'
import { useMap } from '../page/MapContext'
import { page, usePage } from '../page/state'
import { useWorking } from '../working/useWorking'
import type { SelectingSession } from './api'
import { combined, inArea } from './choice'
import { useTools } from './tools'
import { useChoosing } from './useChoosing'
import { useTarget } from './useTarget'

/** Keeps the map at what one chooses with; barred while its clicks mean a shape. */
export function useSelecting(): { barred: boolean; busy: boolean } {
  const map = useMap()
  const tool = useTools((state) => state.tool)
  const { target } = useTarget()
  const { mutate, isPending } = useChoosing()
  const working = useWorking(map.working).layer !== null
  const barred = useEditState(map.edit).mode !== 'idle' || working
  const [session, setSession] = useState<SelectingSession | null>(null)
  useEffect(() => {
    let gone = false
    void map.selecting().then((ready) => !gone && setSession(ready))
    return () => {
      gone = true
    }
  }, [map])
  useEffect(() => {
    session?.use(barred ? null : tool)
    return () => session?.use(null)
  }, [session, tool, barred])
  useEffect(() => session?.onLeft(() => useTools.setState({ tool: null })), [session])
  useEffect(
    () =>
      session?.onDrawn(({ area, way }) => {
        const { whole, way: usual } = useTools.getState()
        if (!target) return
        mutate({ layer: target, condition: inArea(area, whole), way: way ?? usual })
      }),
    [session, target, mutate],
  )
  // A click chooses what it hits of the layer; of several things the topmost.
  useEffect(() => {
    if (!tool || barred) return
    return map.claim(({ hits, more }) => {
      if (!target) return
      const hit = hits.find(({ layer }) => layer === target.id)
      const { way } = useTools.getState()
      if (!hit && (more || way !== 'replace')) return
      const found = hit ? [hit.id] : []
      const { layer, ids } = combined(
        usePage.getState().chosen,
        target.id,
        found,
        more ? 'toggle' : way,
      )
      page.choose(layer, ids)
    })
  }, [map, tool, barred, target])
  return { barred, busy: isPending }
}
