import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/model'
import { keys } from '../api/queries'
import { upload } from '../api/upload'
import type { FeatureRef } from '../map/api'
import { useLanguage } from '../words/i18n'
import { accepted, fileSize } from './files'

/** A file on its way, or refused. */
export interface Transfer {
  key: number
  file: File
  /** Of what is sent, 0 to 1. */
  done: number
  /** Why it was not taken. */
  fault?: string
}

let next = 1

/** Sends files one after the other; those that were refused stay listed until they are put away. */
export function useUploads(record: FeatureRef, allowed: { accept: string[]; maxSize: number }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const queries = useQueryClient()
  const [transfers, setTransfers] = useState<Transfer[]>([])
  const queue = useRef<Promise<void>>(Promise.resolve())
  const leaving = useRef(new AbortController())
  useEffect(() => {
    const controller = new AbortController()
    leaving.current = controller
    return () => controller.abort()
  }, [])

  const change = (key: number, to: Partial<Transfer> | null) =>
    setTransfers((all) =>
      to === null
        ? all.filter((each) => each.key !== key)
        : all.map((each) => (each.key === key ? { ...each, ...to } : each)),
    )

  /** What can be told before anything is sent. */
  function refusal(file: File): string | undefined {
    if (file.size > allowed.maxSize)
      return t('files.tooLarge', { size: fileSize(allowed.maxSize, language) })
    if (file.size === 0) return t('files.empty')
    return accepted(allowed.accept, file.type) ? undefined : t('files.wrongType')
  }

  function reason(status: number, problem: Problem): string {
    if (status === 0) return t('files.brokeOff')
    if (status === 409) return t('files.twice')
    if (status === 413) return t('files.tooLarge', { size: fileSize(allowed.maxSize, language) })
    if (status === 415) return t('files.lies')
    if (status === 401 || status === 403) return t('record.failed.forbidden')
    return problem.detail ?? t('record.failed.other')
  }

  async function send({ key, file }: Transfer) {
    const { signal } = leaving.current
    const { status, problem } = await upload(record, file, (done) => change(key, { done }), signal)
    if (signal.aborted) return
    if (status === 201) change(key, null)
    else change(key, { fault: reason(status, problem) })
    await queries.invalidateQueries({ queryKey: keys.documents(record) })
    void queries.invalidateQueries({ queryKey: keys.related(record) })
    void queries.invalidateQueries({ queryKey: keys.history(record) })
  }

  const add = (files: Iterable<File>) => {
    for (const file of files) {
      const transfer: Transfer = { key: next++, file, done: 0, fault: refusal(file) }
      setTransfers((all) => [...all, transfer])
      if (!transfer.fault) queue.current = queue.current.then(() => send(transfer))
    }
  }
  return { transfers, add, putAway: (key: number) => change(key, null) }
}
