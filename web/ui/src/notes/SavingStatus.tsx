import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Saving, SheetEditor } from './editor'

/** Whether what is drawn is saved, and what can be done where it is not. */
export function SavingStatus({ editor, saving }: { editor: SheetEditor; saving: Saving }) {
  const { t } = useTranslation('notes')
  if (saving.is === 'elsewhere') {
    return (
      <div role="alert">
        <Text size="xs">{t('elsewhere')}</Text>
        <Group gap={6} my={4}>
          <Button size="compact-xs" onClick={() => void editor.settle('mine')}>
            {t('keepMine')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => void editor.settle('theirs')}>
            {t('takeTheirs')}
          </Button>
        </Group>
      </div>
    )
  }
  if (saving.is === 'failed') {
    return (
      <Group gap={6} my={4} role="alert">
        <Text size="xs" c="red">
          {saving.wrong ?? t('notSaved')}
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => editor.retry()}>
          {t('retry')}
        </Button>
      </Group>
    )
  }
  return (
    <Text size="xs" c="dimmed" role="status">
      {t(`saving.${saving.is}`)}
    </Text>
  )
}
