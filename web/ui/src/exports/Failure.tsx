import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import type { Job } from '../jobs/useJob'

/** Why there is no file: the job failed, or was refused. */
export default function Failure({ job, refusal }: { job?: Job; refusal: Error | null }) {
  const { t } = useTranslation()
  const refused = refusal instanceof Refusal ? (refusal.problem.detail ?? '') : undefined
  const said = job?.state === 'failed' ? (job.problem ?? '') : refused
  if (said === undefined) return null
  return (
    <Alert color="red" title={t('export.failed')} p="xs">
      {said}
    </Alert>
  )
}
