import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import type { FeatureRef } from '../map/api'
import { page, usePage } from '../page/state'
import { same } from './changes'
import { draftKey, drafts } from './drafts'

/** Who leaves a record with something typed is told that it waits there, and how to come back. */
export function tellKept(to: FeatureRef | null): void {
  const { selected, blank, trail, tab } = usePage.getState()
  const layer = blank?.layer ?? selected?.layer
  if (!layer || same(selected, to)) return
  const changes = drafts.of(draftKey(layer, blank ? undefined : selected?.id))?.changes ?? {}
  const given = Object.keys(blank?.values ?? {})
  if (Object.keys(changes).every((name) => given.includes(name))) return
  const comeBack = () => {
    notifications.hide('kept')
    if (blank) page.begin(blank, trail)
    else page.select(selected, [], { trail, tab })
  }
  notifications.show({
    id: 'kept',
    color: 'yellow',
    autoClose: 8000,
    message: <Kept onReturn={comeBack} />,
  })
}

function Kept({ onReturn }: { onReturn: () => void }) {
  const { t } = useTranslation()
  return (
    <Group justify="space-between" wrap="nowrap">
      {t('record.kept')}
      <Button size="compact-xs" variant="default" onClick={onReturn}>
        {t('record.comeBack')}
      </Button>
    </Group>
  )
}
