import { Button, Checkbox, Group, NativeSelect, Progress, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import type { ListState } from '../list/state'
import { usePage } from '../page/state'
import { useMapView } from '../page/useMapView'
import { useSystems } from '../status/useSystems'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import Failure from './Failure'
import {
  type Choice,
  firstChoice,
  formats,
  hasCoordinates,
  mayHaveShape,
  orderOf,
  systems,
} from './order'
import type { useExport } from './useExport'
import Written from './Written'

interface Props {
  layer: Register
  list: ListState
  work: ReturnType<typeof useExport>
}

/** How the file is to be, and how far it is. */
export default function ExportForm({ layer, list, work }: Props) {
  const { t } = useTranslation()
  const { extent } = useMapView()
  const known = useSystems()
  const moment = usePage((state) => state.moment)
  const [choice, setChoice] = useState(() => firstChoice(layer))
  const choose = (change: Partial<Choice>) => {
    setChoice({ ...choice, ...change })
    work.forget()
  }
  return (
    <Stack gap="xs">
      <NativeSelect
        size="xs"
        label={t('export.format')}
        value={choice.format}
        disabled={work.busy}
        data={formats.map((format) => ({ value: format, label: t(`export.formats.${format}`) }))}
        onChange={(event) => choose({ format: event.currentTarget.value as Choice['format'] })}
      />
      <Checkbox
        size="xs"
        label={t('export.labels')}
        description={t('export.labelsHelp')}
        checked={choice.labels}
        disabled={work.busy}
        onChange={(event) => choose({ labels: event.currentTarget.checked })}
      />
      {mayHaveShape(choice, layer) && (
        <Checkbox
          size="xs"
          label={t('export.shape')}
          checked={choice.shape}
          disabled={work.busy}
          onChange={(event) => choose({ shape: event.currentTarget.checked })}
        />
      )}
      {hasCoordinates(choice, layer) && (
        <NativeSelect
          size="xs"
          label={t('export.crs')}
          value={choice.srid}
          disabled={work.busy}
          data={systems(layer, known).map(({ srid, name }) => ({
            value: String(srid),
            label: name,
          }))}
          onChange={(event) => choose({ srid: Number(event.currentTarget.value) })}
        />
      )}
      {work.busy ? (
        <Underway work={work} />
      ) : (
        <Button size="xs" onClick={() => work.order(orderOf(choice, layer, list, extent, moment))}>
          {t('export.write')}
        </Button>
      )}
      <Failure job={work.job} refusal={work.refusal} />
      {layer.geometry && layer.kind === 'main' && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => usePage.setState({ dialog: 'tiles' })}
        >
          {t('export.tiles')}
        </Button>
      )}
      {work.outcome && <Written outcome={work.outcome} again={work.again} />}
    </Stack>
  )
}

function Underway({ work: { job, stop } }: Pick<Props, 'work'>) {
  const { t } = useTranslation()
  const language = useLanguage()
  const total = job?.total ?? 0
  return (
    <>
      <Progress
        value={total > 0 ? (100 * (job?.done ?? 0)) / total : 0}
        aria-label={t('export.open')}
      />
      <Group justify="space-between">
        <Text size="xs" c="dimmed" role="status">
          {total > 0
            ? t('export.progress', {
                done: count(job?.done ?? 0, language),
                total: count(total, language),
              })
            : t('export.waiting')}
        </Text>
        <Button size="compact-xs" variant="subtle" onClick={stop}>
          {t('export.stop')}
        </Button>
      </Group>
    </>
  )
}
