import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { historyQuery, keys } from '../api/queries'
import type { FeatureRef } from '../map/api'
import { page } from '../page/state'

/** How long a deletion can be taken back where it is told; afterwards in the history. */
const OFFERED = 12_000

/** Tells of a deletion, and takes it back. */
export function useDeletions() {
  const { t } = useTranslation()
  const queries = useQueryClient()

  async function bringBack(ref: FeatureRef) {
    notifications.hide('deleted')
    try {
      const entries = await queries.fetchQuery({ ...historyQuery(ref), staleTime: 0 })
      const deletion = entries.find(({ op }) => op === 'delete')
      if (deletion) await api.turnBack('undo', ref.layer, ref.id, deletion.id)
      void queries.invalidateQueries({ queryKey: keys.lists(ref.layer) })
      page.select(ref)
    } catch {
      notifications.show({ id: 'deleted', color: 'red', message: t('history.refused') })
      page.select(ref, [], { tab: 'history' })
    }
  }

  return {
    tell: (ref: FeatureRef, label: string) =>
      notifications.show({
        id: 'deleted',
        autoClose: OFFERED,
        message: (
          <Group justify="space-between" wrap="nowrap">
            {t('record.deleted', { label: label || ref.id })}
            <Button size="compact-xs" variant="default" onClick={() => void bringBack(ref)}>
              {t('undo')}
            </Button>
          </Group>
        ),
      }),
  }
}
