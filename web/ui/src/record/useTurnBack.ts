import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refusal } from '../api/client'
import { keys } from '../api/queries'
import type { FeatureRef } from '../map/api'
import { useMap } from '../page/MapContext'
import { draftKey, drafts } from './drafts'

/** Takes changes of a record back; what the server refuses is told in its words. */
export function useTurnBack(ref: FeatureRef) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const map = useMap()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)

  async function act(what: () => Promise<unknown>) {
    setBusy(true)
    setFault(null)
    try {
      await what()
      await queries.resetQueries({ queryKey: keys.feature(ref) })
      for (const key of [
        keys.history(ref),
        keys.related(ref),
        keys.documents(ref),
        keys.lists(ref.layer),
      ])
        void queries.invalidateQueries({ queryKey: key })
      notifications.show({ id: 'saved', color: 'green', message: t('history.done') })
    } catch (refusal) {
      const { status, problem } = refusal instanceof Refusal ? refusal : new Refusal(500)
      const told = problem.errors?.map(({ message }) => message).join(' · ')
      setFault(
        status === 0
          ? t('record.failed.offline')
          : problem.detail || told || t('record.failed.other'),
      )
    } finally {
      setBusy(false)
    }
  }

  /** What was typed over the present version is of no use on another. */
  const turn = (how: 'undo' | 'restore', change: number) =>
    act(async () => {
      await api.turnBack(how, ref.layer, ref.id, change)
      map.edit.cancel()
      drafts.drop(draftKey(ref.layer, ref.id))
    })

  return {
    busy,
    fault,
    undo: (change: number) => turn('undo', change),
    restore: (change: number) => turn('restore', change),
    returnFile: (document: number) => act(() => api.changeDocument(document, { removed: false })),
  }
}
