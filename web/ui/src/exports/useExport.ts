import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { answer, http } from '../api/client'
import { atWork, type Job, useJob } from '../jobs/useJob'
import type { Order } from './order'

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

/** Orders a file and downloads it once, when it is written. */
export function useExport(layer: string) {
  const ordering = useMutation({
    mutationFn: (body: Order) =>
      answer<Job>(http.POST('/api/layers/{layer}/exports', { params: { path: { layer } }, body })),
  })
  const id = ordering.data?.id
  const { job, stop } = useJob(ordering.data)

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
    stop,
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
