import { Button, Group, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import type { Job } from './useJob'

/** How far long work is, and the way to stop it. */
export function JobProgress({ job, onStop }: { job: Job; onStop: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { done, total, state } = job
  const share = total ? (100 * done) / total : 100
  const words =
    state === 'waiting'
      ? t('jobs.waiting')
      : total
        ? t('jobs.progress', { done: count(done, language), total: count(total, language) })
        : t('jobs.done', { number: count(done, language) })
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress flex={1} value={share} animated={!total} aria-label={words} role="progressbar" />
      <Text size="xs" role="status">
        {words}
      </Text>
      <Button size="compact-xs" variant="subtle" color="red" onClick={onStop}>
        {t('jobs.stop')}
      </Button>
    </Group>
  )
}
