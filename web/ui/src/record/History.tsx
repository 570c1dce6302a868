import { Alert, Badge, Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { IconMapPin } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import type { HistoryEntry, LayerInfo } from '../api/model'
import { historyQuery } from '../api/queries'
import { useMap } from '../page/MapContext'
import { usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { moment, value } from '../words/values'
import { same } from './changes'
import classes from './record.module.css'

/** Who changed what and when, newest first; old and new shapes can be shown on the map. */
export default function History({ layer, id }: { layer: LayerInfo; id: string }) {
  const { t } = useTranslation()
  const map = useMap()
  const { data: entries, error, refetch } = useQuery(historyQuery({ layer: layer.id, id }))
  const [shown, setShown] = useState<HistoryEntry | null>(null)
  useEffect(
    () => (shown ? map.showShapes(shown.oldGeometry, shown.newGeometry) : undefined),
    [map, shown],
  )

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
  return (
    <Stack component="ol" className={classes.history} gap="xs" p="sm">
      {entries.map((entry) => (
        <Entry
          key={entry.id}
          layer={layer}
          entry={entry}
          shown={shown?.id === entry.id}
          onShow={(show) => setShown(show ? entry : null)}
        />
      ))}
    </Stack>
  )
}

function Entry({
  layer,
  entry,
  shown,
  onShow,
}: {
  layer: LayerInfo
  entry: HistoryEntry
  shown: boolean
  onShow: (show: boolean) => void
}) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { op, who, at, changes, oldGeometry, newGeometry } = entry
  const reshaped = !same(oldGeometry, newGeometry)
  return (
    <Paper component="li" withBorder p="xs">
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
      </Text>
      {changes.length > 0 && (
        <dl className={classes.changes}>
          {changes.map((change) => {
            const field = layer.fields.find(({ name }) => name === change.field)
            return (
              <div key={change.field}>
                <dt>{field?.label[language] ?? change.field}</dt>
                <dd>
                  {op !== 'insert' && (
                    <>
                      <del>{value(change.old, field, language) || '—'}</del>
                      <span role="img" aria-label={t('history.became')}>
                        {' → '}
                      </span>
                    </>
                  )}
                  <ins>{value(change.new, field, language) || '—'}</ins>
                </dd>
              </div>
            )
          })}
        </dl>
      )}
      {reshaped && (
        <Button
          mt={6}
          size="compact-xs"
          variant={shown ? 'filled' : 'default'}
          aria-pressed={shown}
          leftSection={<IconMapPin size={14} aria-hidden />}
          onClick={() => onShow(!shown)}
        >
          {t('history.showShape')}
        </Button>
      )}
    </Paper>
  )
}
