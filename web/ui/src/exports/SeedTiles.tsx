import { Alert, Button, Checkbox, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, http } from '../api/client'
import { JobProgress } from '../jobs/JobProgress'
import { atWork, type Job, useJob } from '../jobs/useJob'
import { useLayers } from '../layers/useLayers'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import { LayerChecks } from './LayerChecks'
import type { SeedOrder } from './tiles'

const seed = (body: SeedOrder) => answer<Job>(http.POST('/api/tiles/seeds', { body }))

/** Makes tiles before anybody asks for them. */
export function SeedTiles() {
  const { t } = useTranslation('tiles')
  const language = useLanguage()
  const { layers } = useLayers()
  const [chosen, setChosen] = useState<string[]>([])
  const [everyone, setEveryone] = useState(false)
  const ordering = useMutation({ mutationFn: seed })
  const { job, stop } = useJob(ordering.data)
  const problem = job?.state === 'failed' ? job.problem : ordering.error?.message
  const ready = job?.state === 'done' ? (job.result as { tiles: number }).tiles : undefined
  return (
    <Stack gap="xs" mt="lg">
      <div>
        <Title order={3} size="h5">
          {t('seed.title')}
        </Title>
        <Text size="sm">{t('seed.help')}</Text>
      </div>
      <LayerChecks
        label={t('seed.layers')}
        layers={layers}
        value={chosen}
        onChange={setChosen}
        height={160}
      />
      <Checkbox
        size="xs"
        label={t('seed.everyone')}
        checked={everyone}
        onChange={(event) => setEveryone(event.currentTarget.checked)}
      />
      <Group>
        <Button
          size="xs"
          variant="default"
          loading={ordering.isPending}
          disabled={chosen.length === 0 || atWork(job)}
          onClick={() => ordering.mutate({ layers: chosen, everyone })}
        >
          {t('seed.go')}
        </Button>
      </Group>
      {job && atWork(job) && <JobProgress job={job} onStop={stop} />}
      {problem !== undefined && (
        <Alert color="red" title={t('seed.failed')}>
          {problem}
        </Alert>
      )}
      {ready !== undefined && (
        <Text size="sm" role="status">
          {t('seed.done', { count: ready, number: count(ready, language) })}
        </Text>
      )}
    </Stack>
  )
}
