import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { answer, http } from '../api/client'
import type { components } from '../api/schema'
import type { Order } from './order'

type Job = components['schemas']['Job']

/** What was written. */
export interface Outcome {
  name: string
  size: number
  records: number
  /** By column: what a shapefile calls it. */
  renamed?: Record<string, string>
  /** Texts that a shapefile cuts. */
  cut?: number
  noShape?: number
}

/** How often one looks how far the work is, in milliseconds. */
const GLANCE = 300

const atWork = (job: Job | undefined) => job?.state === 'waiting' || job?.state === 'running'

/** Orders a file and downloads it once, when it is written. */
export function useExport(layer: string) {
  const ordering = useMutation({
    mutationFn: (body: Order) =>
      answer<Job>(http.POST('/api/layers/{layer}/exports', { params: { path: { layer } }, body })),
  })
  const id = ordering.data?.id
  const { data } = useQuery({
    queryKey: ['job', id],
    queryFn: () => answer<Job>(http.GET('/api/jobs/{id}', { params: { path: { id: id ?? 0 } } })),
    enabled: id !== undefined,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && !atWork(state.data) ? false : GLANCE),
  })
  const job = id === undefined ? undefined : (data ?? ordering.data)
  const stopping = useMutation({
    mutationFn: (id: number) =>
      answer<Job>(http.POST('/api/jobs/{id}/cancel', { params: { path: { id } } })),
  })

  const sent = useRef<number>(undefined)
  const done = job?.state === 'done' ? job.id : undefined
  useEffect(() => {
    if (done === undefined || sent.current === done) return
    sent.current = done
    download(done)
  }, [done])

  return {
    order: ordering.mutate,
    forget: ordering.reset,
    stop: () => id !== undefined && stopping.mutate(id),
    job,
    busy: ordering.isPending || atWork(job),
    outcome: job?.state === 'done' ? (job.result as Outcome) : undefined,
    refusal: ordering.error,
    again: () => id !== undefined && download(id),
  }
}

function download(id: number): void {
  const link = document.createElement('a')
  link.href = `/api/exports/${id}/file`
  link.download = ''
  link.click()
}
