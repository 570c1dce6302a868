import { ActionIcon, Button, Group, Loader, Text, UnstyledButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { usePage } from '../page/state'
import { ToolPanel } from '../page/ToolPanel'
import { useSession } from '../session/useSession'
import { useLanguage } from '../words/i18n'
import { moment } from '../words/values'
import { notesApi, type Summary, sheetsQuery } from './api'
import classes from './notes.module.css'

/** How long a deletion can be taken back where it is told. */
const OFFERED = 12_000

/** The sheets one may see: one's own, then those of others. */
export default function SheetList() {
  const { t } = useTranslation('notes')
  const language = useLanguage()
  const { session } = useSession()
  const queries = useQueryClient()
  const { data: sheets = [], isPending, error, refetch } = useQuery(sheetsQuery)
  const again = () => queries.invalidateQueries({ queryKey: sheetsQuery.queryKey })
  const failed = (error: Error) =>
    notifications.show({ color: 'red', title: t('notDone'), message: error.message })
  const create = useMutation({
    mutationFn: () =>
      notesApi.create({
        title: t('untitled', { at: moment(new Date().toISOString(), language) }),
        notes: [],
      }),
    onSuccess: ({ id }) => {
      usePage.setState({ notes: String(id) })
      void again()
    },
    onError: failed,
  })
  const remove = useMutation({
    mutationFn: ({ id, removed }: { id: number; removed: boolean }) => notesApi.remove(id, removed),
    onSettled: again,
    onError: failed,
  })
  const drop = ({ id, title }: Summary) =>
    remove.mutate(
      { id, removed: true },
      {
        onSuccess: () =>
          notifications.show({
            id: 'notes',
            autoClose: OFFERED,
            message: (
              <Group justify="space-between" wrap="nowrap">
                {t('deleted', { title })}
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => {
                    notifications.hide('notes')
                    remove.mutate({ id, removed: false })
                  }}
                >
                  {t('undo')}
                </Button>
              </Group>
            ),
          }),
      },
    )
  const groups = [
    { title: t('mine'), rows: sheets.filter(({ mine }) => mine) },
    { title: t('ofOthers'), rows: sheets.filter(({ mine }) => !mine) },
  ].filter(({ rows }) => rows.length > 0)
  return (
    <ToolPanel title={t('title')} close={t('close')}>
      {session?.user ? (
        <Button
          size="xs"
          fullWidth
          variant="light"
          leftSection={<IconPlus size={16} aria-hidden />}
          loading={create.isPending}
          onClick={() => create.mutate()}
        >
          {t('begin')}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t('signIn')}
        </Text>
      )}
      {isPending && <Loader size="sm" aria-label={t('loading')} />}
      {error && <Failed onRetry={() => void refetch()} />}
      {session?.user && !isPending && !error && sheets.length === 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {t('none')}
        </Text>
      )}
      {groups.map(({ title, rows }) => (
        <section key={title} aria-label={title}>
          <Text component="h3" size="xs" c="dimmed" mt={8}>
            {title}
          </Text>
          <ul className={classes.rows}>
            {rows.map((sheet) => (
              <li key={sheet.id} className={classes.row}>
                <UnstyledButton
                  className={classes.sheet}
                  onClick={() => usePage.setState({ notes: String(sheet.id) })}
                >
                  <span>{sheet.title}</span>
                  <Text span size="xs" c="dimmed">
                    {[
                      t('count', { count: sheet.notes }),
                      sheet.mine ? sheet.collectivity && t('shown') : sheet.owner,
                      moment(sheet.changedAt, language),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </Text>
                </UnstyledButton>
                {sheet.mine && (
                  <ActionIcon
                    size="sm"
                    variant="subtle"
                    color="gray"
                    aria-label={t('deleteSheet', { title: sheet.title })}
                    onClick={() => drop(sheet)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </ToolPanel>
  )
}

export function Failed({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation('notes')
  return (
    <Group mt="xs" role="alert">
      <Text size="sm">{t('failed')}</Text>
      <Button size="compact-xs" variant="default" onClick={onRetry}>
        {t('retry')}
      </Button>
    </Group>
  )
}
