import { Alert, Badge, Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { IconArrowBackUp, IconMapPin, IconRestore } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import type { Feature, HistoryEntry, Register } from '../api/model'
import { historyQuery } from '../api/queries'
import { useMap } from '../page/MapContext'
import { usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { moment, value } from '../words/values'
import { causeOf } from './cause'
import { same } from './changes'
import classes from './record.module.css'
import { useTurnBack } from './useTurnBack'

interface Props {
  layer: Register
  id: string
  /** Absent while it loads and when it is deleted. */
  feature: Feature | undefined
}

/** Who changed what, when and why, newest first; what was can be seen on the map and brought back. */
export default function History({ layer, id, feature }: Props) {
  const { t } = useTranslation()
  const { data: entries, error, refetch } = useQuery(historyQuery({ layer: layer.id, id }))
  const turnBack = useTurnBack({ layer: layer.id, id })
  const chosen = usePage((state) => state.entry)
  const now = usePage((state) => state.moment === null)

  if (error) {
    const status = error instanceof Refusal ? error.status : 500
    return status === 401 || status === 403 ? (
      <Alert m="sm" title={t('history.noRight')}>
        {status === 401 && (
          <Button size="xs" onClick={() => usePage.setState({ dialog: 'signIn' })}>
            {t('session.signIn')}
          </Button>
        )}
      </Alert>
    ) : (
      <Alert m="sm" color="red" title={t('history.unread')}>
        <Button size="xs" variant="default" onClick={() => void refetch()}>
          {t('retry')}
        </Button>
      </Alert>
    )
  }
  if (!entries) return <Skeleton m="sm" height={80} />
  if (entries.length === 0) {
    return (
      <Text p="sm" c="dimmed">
        {t('history.none')}
      </Text>
    )
  }
  const deleted = entries.find(({ file }) => !file)?.op === 'delete'
  const mayWrite = now && (deleted ? layer.editableIn.length > 0 : feature?.editable === true)
  const newest = entries.find(({ file }) => !file)?.id
  return (
    <Stack component="ol" className={classes.history} gap="xs" p="sm">
      {turnBack.fault && (
        <Alert component="li" color="red" role="alert" title={t('history.refused')}>
          {turnBack.fault}
        </Alert>
      )}
      {entries.map((entry) => (
        <Entry
          key={entry.id}
          layer={layer}
          entry={entry}
          entries={entries}
          chosen={entry.id === chosen}
        >
          {mayWrite && (
            <Acts entry={entry} newest={entry.id === newest} deleted={deleted} act={turnBack} />
          )}
        </Entry>
      ))}
    </Stack>
  )
}

/** Taking a change back, and making the record again what it was after it. */
function Acts({
  entry: { id, op, file },
  newest,
  deleted,
  act,
}: {
  entry: HistoryEntry
  newest: boolean
  deleted: boolean
  act: ReturnType<typeof useTurnBack>
}) {
  const { t } = useTranslation()
  if (file) {
    return (
      op === 'remove' && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconArrowBackUp size={14} aria-hidden />}
          loading={act.busy}
          onClick={() => void act.returnFile(file.id)}
        >
          {t('undo')}
        </Button>
      )
    )
  }
  const undoable = deleted
    ? newest && op === 'delete'
    : op === 'update' || (op === 'insert' && newest)
  return (
    <>
      {undoable && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconArrowBackUp size={14} aria-hidden />}
          loading={act.busy}
          onClick={() => void act.undo(id)}
        >
          {op === 'delete' ? t('history.bringBack') : t('history.undo')}
        </Button>
      )}
      {op !== 'delete' && (!newest || deleted) && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconRestore size={14} aria-hidden />}
          loading={act.busy}
          onClick={() => void act.restore(id)}
        >
          {t('history.restore')}
        </Button>
      )}
    </>
  )
}

interface EntryProps {
  layer: Register
  entry: HistoryEntry
  entries: HistoryEntry[]
  /** It is the one that the address names: its shapes are on the map. */
  chosen: boolean
  children: React.ReactNode
}

function Entry({ layer, entry, entries, chosen, children }: EntryProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const map = useMap()
  const element = useRef<HTMLLIElement>(null)
  const { op, who, at, changes, oldGeometry, newGeometry, file } = entry
  const reshaped = !same(oldGeometry, newGeometry)
  const cause = causeOf(entry.cause, entries, t, language)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  useEffect(
    () => (chosen && reshaped ? map.showVersions(oldGeometry, newGeometry) : undefined),
    [map, chosen, reshaped, oldGeometry, newGeometry],
  )
  return (
    <Paper component="li" ref={element} withBorder p="xs" data-chosen={chosen}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {who || t('history.nobody')}
        </Text>
        <Badge variant="default" tt="none" radius="sm">
          {t(`history.op.${op}`)}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed">
        <time dateTime={at}>{moment(at, language)}</time>
        {cause && ` · ${cause}`}
      </Text>
      {file && <Text size="sm">{file.name}</Text>}
      {changes.length > 0 && (
        <dl className={classes.changes}>
          {changes.map((change) => (
            <Change key={change.field} layer={layer} op={op} change={change} />
          ))}
        </dl>
      )}
      <Group gap={6} mt={6}>
        {reshaped && (
          <Button
            size="compact-xs"
            variant={chosen ? 'filled' : 'default'}
            aria-pressed={chosen}
            leftSection={<IconMapPin size={14} aria-hidden />}
            onClick={() => usePage.setState({ entry: chosen ? null : entry.id })}
          >
            {t('history.showShape')}
          </Button>
        )}
        {children}
      </Group>
      {chosen && reshaped && (
        <Text size="xs" mt={4}>
          {t('history.shapes')}
        </Text>
      )}
    </Paper>
  )
}

function Change({
  layer,
  op,
  change,
}: {
  layer: Register
  op: HistoryEntry['op']
  change: HistoryEntry['changes'][number]
}) {
  const { t } = useTranslation()
  const language = useLanguage()
  const field = layer.fields.find(({ name }) => name === change.field)
  const before = change.oldLabel || value(change.old, field, language)
  const after = change.newLabel || value(change.new, field, language)
  return (
    <div>
      <dt>{field?.label[language] ?? change.field}</dt>
      <dd>
        {op !== 'insert' && (before ? <del>{before}</del> : t('record.noValue'))}
        {op === 'update' && (
          <span role="img" aria-label={t('history.became')}>
            {' → '}
          </span>
        )}
        {op !== 'delete' && (after ? <ins>{after}</ins> : t('record.noValue'))}
      </dd>
    </div>
  )
}
