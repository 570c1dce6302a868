import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import { keys } from '../api/queries'

/** Sends a design; what the server finds wrong is kept to be shown, a line each. */
export function useSubmit() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string[]>([])
  const submit = async (work: () => Promise<unknown>, done: () => void) => {
    setBusy(true)
    setWrong([])
    try {
      await work()
      await queries.invalidateQueries({ queryKey: keys.layers })
      await queries.invalidateQueries({ queryKey: keys.designs })
      done()
    } catch (refusal) {
      setWrong(
        refusal instanceof Refusal && refusal.problem.detail
          ? refusal.problem.detail.split('\n')
          : [t('session.failed')],
      )
    } finally {
      setBusy(false)
    }
  }
  return { submit, busy, wrong }
}
