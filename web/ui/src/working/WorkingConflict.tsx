import { Alert, Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useMap } from '../page/MapContext'
import type { WorkingConflict as Conflict } from './model'

/** A feature that somebody else has saved: both shapes on the map, and a choice. */
export function WorkingConflict({ conflict }: { conflict: Conflict }) {
  const { t } = useTranslation('working')
  const map = useMap()
  const { id, mine, theirs, current } = conflict
  const label = current?.label || id
  useEffect(() => map.showConflict(mine, theirs), [map, mine, theirs])

  async function choose(choice: 'mine' | 'theirs') {
    const given = await map.working.resolve(conflict, choice)
    if (given > 0) notifications.show({ message: t('givenUp', { count: given }) })
  }
  return (
    <Alert color="orange" mt="xs" title={t('conflict.title')} role="alert">
      <Text size="sm">
        {current ? t('conflict.text', { label }) : t('conflict.deleted', { label })}
      </Text>
      <Group gap="xs" mt="xs">
        {current && (
          <Button size="xs" variant="default" onClick={() => void choose('mine')}>
            {t('conflict.mine')}
          </Button>
        )}
        <Button size="xs" onClick={() => void choose('theirs')}>
          {t('conflict.theirs')}
        </Button>
      </Group>
    </Alert>
  )
}
