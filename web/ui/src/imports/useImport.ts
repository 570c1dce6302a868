import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import type { Register } from '../api/model'
import { uploadImport } from '../api/upload'
import { atWork, useJob } from '../jobs/useJob'
import {
  type Inspection,
  inspect,
  type Outcome,
  type Plan,
  type Reading,
  run,
  type Sent,
} from './api'

/** One import on its way: sent, looked at, planned, tried, done. */
export function useImport({ id: layer, editableIn }: Register) {
  const { t } = useTranslation()
  const [progress, setProgress] = useState<number | null>(null)
  const [found, setFound] = useState<Inspection | null>(null)
  const [plan, setPlan] = useState<Plan | null>(null)
  const leaving = useRef(new AbortController())
  useEffect(() => {
    const controller = new AbortController()
    leaving.current = controller
    return () => controller.abort()
  }, [])

  const look = useMutation({
    mutationFn: ({ id, reading, table }: { id: number; reading?: Reading; table?: string }) =>
      inspect(id, reading, table),
    onSuccess: (inspection) => {
      setFound(inspection)
      const [only, ...others] = editableIn
      const owner = others.length === 0 ? only : undefined
      setPlan({ ...inspection.plan, collectivity: inspection.plan.collectivity || owner })
    },
  })
  const send = useMutation({
    mutationFn: async (files: File[]) => {
      setProgress(0)
      const sent = await uploadImport(layer, files, setProgress, leaving.current.signal)
      setProgress(null)
      if (sent.status === 0) throw new Error(t('files.brokeOff'))
      if (sent.status >= 400) throw new Refusal(sent.status, sent.problem)
      const { id } = JSON.parse(sent.text) as Sent
      return look.mutateAsync({ id })
    },
  })
  const order = useMutation({
    mutationFn: (dryRun: boolean) => {
      if (!found || !plan) throw new Error('nothing to import')
      return run(found.import.id, plan, dryRun)
    },
  })
  const { job, stop } = useJob(order.data)
  const outcome = job?.state === 'done' ? (job.result as Outcome) : undefined

  return {
    progress,
    send: send.mutateAsync,
    sendFault: send.error,
    found,
    look: (reading?: Reading, table?: string) =>
      found && look.mutate({ id: found.import.id, reading, table }),
    looking: look.isPending,
    lookFault: look.error,
    plan,
    change: (change: Partial<Plan>) => {
      setPlan((before) => before && { ...before, ...change })
      order.reset()
    },
    order: order.mutate,
    orderFault: order.error,
    job,
    busy: order.isPending || atWork(job),
    stop,
    outcome,
    /** Another file begins anew. */
    reset: () => {
      send.reset()
      order.reset()
      setFound(null)
      setPlan(null)
    },
  }
}

export type Importing = ReturnType<typeof useImport>
