import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { position } from '../api/position'
import { keys, sessionQuery } from '../api/queries'
import type { Job } from '../jobs/useJob'
import { leadsAway } from '../list/selection'
import type { ChangeEvent } from '../map/api'
import { useMap } from './MapContext'
import { usePage } from './state'

const RETRY = 5_000

/** Follows what others save. Answers whether the stream is open. */
export function useChanges(): boolean {
  const map = useMap()
  const queries = useQueryClient()
  const { data: session } = useQuery(sessionQuery)
  const viewer = session?.user?.login ?? ''
  const known = session !== undefined
  const [open, setOpen] = useState(true)

  // Another viewer is another stream: it carries only what that viewer may read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: viewer is the reason to reconnect
  useEffect(() => {
    if (!known) return
    let stream: EventSource
    let retry: number | undefined
    let missed = false

    const changed = (event: MessageEvent<string>) => {
      const change = JSON.parse(event.data) as ChangeEvent
      position.note(change.position)
      map.applyChange(change)
      void queries.invalidateQueries({ queryKey: keys.lists(change.layer) })
      const about = !change.id ? [change.layer] : [change.layer, change.id]
      void queries.invalidateQueries({ queryKey: ['feature', ...about] })
      void queries.invalidateQueries({ queryKey: ['history', ...about] })
      void queries.invalidateQueries({ queryKey: ['related'] })
      for (const [layer, { filter }] of Object.entries(usePage.getState().narrowed)) {
        if (layer === change.layer || !leadsAway(filter)) continue
        map.refresh(layer)
        void queries.invalidateQueries({ queryKey: keys.lists(layer) })
      }
    }
    const worked = (event: MessageEvent<string>) => {
      const { id } = JSON.parse(event.data) as Job
      void queries.invalidateQueries({ queryKey: keys.job(id) })
      void queries.invalidateQueries({ queryKey: keys.jobs })
    }
    const knocked = (event: MessageEvent<string>) => {
      const { layer } = JSON.parse(event.data) as { layer: string }
      map.working.knocked(layer)
    }
    const noted = (event: MessageEvent<string>) => {
      const { sheet } = JSON.parse(event.data) as { sheet: number }
      void queries.invalidateQueries({
        queryKey: keys.notes,
        predicate: ({ state }) =>
          sheet === 0 || ((state.data as { id?: number } | undefined)?.id ?? sheet) === sheet,
      })
    }
    const ready = (event: MessageEvent<string>) => {
      const { stream: name, position: told } = JSON.parse(event.data) as {
        stream: string
        position: number
      }
      position.note(told)
      setOpen(true)
      map.working.streamed(name)
      if (!missed) return
      missed = false
      map.refreshAll()
      void queries.invalidateQueries()
    }
    const redefined = () => {
      void queries.invalidateQueries({ queryKey: keys.layers })
      void queries.invalidateQueries({ queryKey: ['form'] })
      map.refreshAll()
    }
    const failed = () => {
      setOpen(false)
      missed = true
      if (stream.readyState === EventSource.CLOSED) retry = window.setTimeout(connect, RETRY)
    }
    const connect = () => {
      stream = new EventSource('/api/changes')
      stream.addEventListener('change', changed)
      stream.addEventListener('job', worked)
      stream.addEventListener('working', knocked)
      stream.addEventListener('notes', noted)
      stream.addEventListener('layers', redefined)
      stream.addEventListener('ready', ready)
      stream.addEventListener('error', failed)
    }
    connect()
    return () => {
      clearTimeout(retry)
      stream.close()
    }
  }, [map, queries, known, viewer])

  return open
}
