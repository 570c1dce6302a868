import { Alert, Anchor, Button, Group, List, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { JobProgress } from '../jobs/JobProgress'
import { UndoButton } from '../list/UndoButton'
import { page } from '../page/state'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import type { Outcome } from './api'
import classes from './imports.module.css'
import type { Importing } from './useImport'

interface Props {
  layer: Register
  work: Importing
  onClose: () => void
  onAgain: () => void
}

/** What the import would do; then does it, and takes it back where that is asked for. */
export function CheckStep({ layer, work, onClose, onAgain }: Props) {
  const { t } = useTranslation()
  const { job, outcome, orderFault } = work
  const tried = outcome?.dryRun === true
  return (
    <Stack gap="sm">
      {!job && !orderFault && (
        <Button variant="default" onClick={() => work.order(true)} loading={work.busy}>
          {t('import.try')}
        </Button>
      )}
      {job && work.busy && <JobProgress job={job} onStop={work.stop} />}
      {orderFault && <Alert color="red">{orderFault.message}</Alert>}
      {job?.state === 'failed' && (
        <Alert color="red" title={t('import.failed')}>
          {job.problem}
        </Alert>
      )}
      {job?.state === 'cancelled' && <Alert color="yellow">{t('import.cancelled')}</Alert>}
      {outcome && (
        <>
          <Counts outcome={outcome} />
          {outcome.rejected > 0 && <Rejects outcome={outcome} />}
        </>
      )}
      <Group justify="flex-end">
        {outcome && outcome.rejected > 0 && (
          <Button variant="default" onClick={onAgain}>
            {t('import.again')}
          </Button>
        )}
        {tried && outcome.created + outcome.updated > 0 && (
          <Button onClick={() => work.order(false)}>{t('import.go')}</Button>
        )}
        {outcome?.written && (
          <>
            <UndoButton cause={outcome.cause} />
            <Button
              onClick={() => {
                page.openList(layer.id)
                onClose()
              }}
            >
              {t('import.showList')}
            </Button>
          </>
        )}
      </Group>
    </Stack>
  )
}

function Counts({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const counts = (
    ['created', 'updated', 'unchanged', 'skipped', 'references', 'rejected'] as const
  ).filter((name) => outcome[name] > 0)
  const title = outcome.dryRun
    ? t('import.would')
    : outcome.written
      ? t('import.written')
      : t('import.notWritten')
  return (
    <Alert
      role="status"
      color={outcome.written ? 'green' : outcome.dryRun ? 'blue' : 'yellow'}
      title={title}
    >
      <List size="sm">
        {counts.map((name) => (
          <List.Item key={name}>
            {outcome.dryRun
              ? t(`import.counts.${name}`, { number: count(outcome[name], language) })
              : t(`import.done.${name}`, { number: count(outcome[name], language) })}
          </List.Item>
        ))}
        {counts.length === 0 && (
          <List.Item>{outcome.dryRun ? t('import.counts.none') : t('import.done.none')}</List.Item>
        )}
      </List>
    </Alert>
  )
}

/** Which records cannot be taken and why; all of them in a file to be mended and sent again. */
function Rejects({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation()
  return (
    <div>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {t('import.rejects')}
        </Text>
        <Anchor size="sm" href={`/api/imports/${outcome.import}/rejects`} download="">
          {t('import.rejectsFile')}
        </Anchor>
      </Group>
      <Table.ScrollContainer
        minWidth={0}
        mah={240}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('import.rejects') } }}
      >
        <Table fz="xs" verticalSpacing={2}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('import.row')}</Table.Th>
              <Table.Th>{t('import.reason')}</Table.Th>
              <Table.Th>{t('import.values')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {outcome.rejects.map(({ row, reason, values }) => (
              <Table.Tr key={row}>
                <Table.Td>{row}</Table.Td>
                <Table.Td>{reason}</Table.Td>
                <Table.Td className={classes.cell}>{values.join(' · ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  )
}
