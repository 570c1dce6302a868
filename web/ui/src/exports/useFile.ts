import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { atWork, type Job, useJob } from '../jobs/useJob'

/** Orders a file and downloads it once, when it is written; an Outcome says what is in it. */
export function useFile<Order, Outcome>(ask: (order: Order) => Promise<Job>) {
  const ordering = useMutation({ mutationFn: ask })
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
