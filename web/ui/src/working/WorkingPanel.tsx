import { ActionIcon, Group, ScrollArea, Title } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { useMap } from '../page/MapContext'
import { Changes } from './Changes'
import { Conflicts } from './Conflicts'
import { Faults } from './Faults'
import { NewRecords } from './NewRecords'
import { NotSaved } from './NotSaved'
import { useWorking } from './useWorking'

/** Beside the map: what keeps the edits from being saved, what is wrong, and what they change. */
export default function WorkingPanel({ registers }: { registers: Register[] }) {
  const { t } = useTranslation('panel')
  const { working: session } = useMap()
  const state = useWorking(session)
  return (
    <>
      <Group justify="space-between" wrap="nowrap" p="sm" pb={4}>
        <Title order={2} size="h4">
          {t('title')}
        </Title>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('close')}
          onClick={() => session.open(false)}
        >
          <IconX size={18} />
        </ActionIcon>
      </Group>
      <ScrollArea flex={1} viewportProps={{ tabIndex: 0 }} px="sm" pb="sm">
        {state.conflicts.length > 0 && <Conflicts conflicts={state.conflicts} busy={state.busy} />}
        <NotSaved state={state} registers={registers} />
        <NewRecords state={state} registers={registers} />
        {(state.working?.model ?? 'free') !== 'free' && <Faults state={state} />}
        <Changes state={state} />
      </ScrollArea>
    </>
  )
}
