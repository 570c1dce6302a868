import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { adminKey } from '../api/admin'
import { Refusal } from '../api/client'
import { keys } from '../api/queries'

/** Does an administrator's work; what the server finds wrong is kept to be shown, a line each. */
export function useWork() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string[]>([])
  const work = async <T>(doIt: () => Promise<T>, done: (result: T) => void = () => undefined) => {
    setBusy(true)
    setWrong([])
    try {
      const result = await doIt()
      done(result)
      await queries.invalidateQueries({ queryKey: adminKey })
      await queries.invalidateQueries({ queryKey: keys.session })
      await queries.invalidateQueries({ queryKey: keys.layers })
    } catch (refusal) {
      const detail = refusal instanceof Refusal ? refusal.problem.detail : undefined
      setWrong(detail ? detail.split('\n') : [t('session.failed')])
    } finally {
      setBusy(false)
    }
  }
  return { work, busy, wrong }
}
