import {
  ActionIcon,
  Anchor,
  Indicator,
  Popover,
  ScrollArea,
  Stack,
  Text,
  Tooltip,
} from '@mantine/core'
import { IconHourglassEmpty } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, http } from '../api/client'
import { keys } from '../api/queries'
import { useLayers } from '../layers/useLayers'
import { useSession } from '../session/useSession'
import { useLanguage } from '../words/i18n'
import { moment } from '../words/values'
import { JobProgress } from './JobProgress'
import { atWork, cancel, type Job } from './useJob'

/** Long work of the reader: imports and exports, those that run counted on the button. */
export function JobsButton() {
  const { t } = useTranslation()
  const { session } = useSession()
  const { data } = useQuery({
    queryKey: keys.jobs,
    queryFn: () => answer<{ jobs: Job[] }>(http.GET('/api/jobs')).then(({ jobs }) => jobs),
    enabled: Boolean(session?.user),
  })
  const jobs = data ?? []
  const running = jobs.filter(atWork).length
  if (jobs.length === 0) return null
  return (
    <Popover withArrow shadow="md" position="bottom-end" width={320} trapFocus withRoles={false}>
      <Popover.Target>
        <Tooltip label={t('jobs.title')}>
          <Indicator disabled={running === 0} label={running} size={16}>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={running ? t('jobs.running', { count: running }) : t('jobs.title')}
              aria-haspopup="dialog"
            >
              <IconHourglassEmpty size={20} />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t('jobs.title')} p="xs">
        <ScrollArea.Autosize
          mah={420}
          viewportProps={{ tabIndex: 0, 'aria-label': t('jobs.title') }}
        >
          <Stack gap="xs">
            {jobs.map((job) => (
              <Line key={job.id} job={job} />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  )
}

function Line({ job }: { job: Job }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { registers } = useLayers()
  const stopping = useMutation({ mutationFn: cancel })
  const tried = (job.result as { dryRun?: boolean } | undefined)?.dryRun === true
  const names = job.layer
    .split(',')
    .map((id) => registers.find((layer) => layer.id === id)?.title[language] ?? id)
    .join(', ')
  return (
    <div>
      <Text size="xs" fw={600}>
        {tried ? t('jobs.try') : t(`jobs.kinds.${job.kind}`)} : {names}
      </Text>
      <Text size="xs" c="dimmed">
        {job.title} · {moment(job.createdAt, language)} · {t(`jobs.states.${job.state}`)}
      </Text>
      {atWork(job) && <JobProgress job={job} onStop={() => stopping.mutate(job.id)} />}
      {job.problem && (
        <Text size="xs" c="red.8">
          {job.problem}
        </Text>
      )}
      {(job.kind === 'export' || job.kind === 'tiles') && job.state === 'done' && (
        <Anchor size="xs" href={`/api/exports/${job.id}/file`} download="">
          {t('jobs.download')}
        </Anchor>
      )}
    </div>
  )
}
