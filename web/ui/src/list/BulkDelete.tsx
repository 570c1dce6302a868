import { Alert, Button, Group, Loader, Modal, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Register } from '../api/model'
import { page } from '../page/state'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import { UndoButton } from './UndoButton'

interface Props {
  layer: Register
  ids: string[]
  onClose: () => void
}

/** How many records are named before the rest is only counted. */
const NAMED = 8

/** Tries a deletion of many records and says what will be lost, then does it; it can be undone. */
export default function BulkDelete({ layer, ids, onClose }: Props) {
  const { t } = useTranslation('selection')
  const language = useLanguage()
  const number = (n: number) => count(n, language)
  const tried = useQuery({
    queryKey: ['deletion', layer.id, ids],
    queryFn: () => api.editAll(layer.id, { ids }, { delete: true }, true),
    staleTime: 0,
    gcTime: 0,
  })
  const removal = useMutation({
    mutationFn: () => api.editAll(layer.id, { ids }, { delete: true }, false),
    onSuccess: (done) => {
      if (!done.written) {
        void tried.refetch()
        return
      }
      page.choose('', [])
      page.changeList({ only: false })
      onClose()
      notifications.show({
        color: 'green',
        autoClose: 15_000,
        title: t('deleted', { count: done.deleted, number: number(done.deleted) }),
        message: <UndoButton cause={done.cause} />,
      })
    },
  })
  const outcome = tried.data
  const error = tried.error ?? removal.error
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={t('deleteTitle', {
        count: ids.length,
        number: number(ids.length),
        layer: layer.title[language],
      })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {tried.isPending && <Loader size="sm" aria-label={t('loading')} />}
      {outcome && outcome.rejected === 0 && (
        <Text size="sm">
          {t('deleteText', {
            records: outcome.samples
              .slice(0, NAMED)
              .map(({ label }) => label)
              .join(', '),
          })}
          {outcome.deleted > NAMED && ` ${t('more', { number: number(outcome.deleted - NAMED) })}`}
        </Text>
      )}
      {outcome && outcome.rejected > 0 && (
        <Alert
          color="red"
          title={t('deleteRefused', { count: outcome.rejected, number: number(outcome.rejected) })}
        >
          {outcome.rejects.slice(0, NAMED).map(({ id, label, message }) => (
            <Text key={id} size="xs">
              {label} : {message}
            </Text>
          ))}
        </Alert>
      )}
      {error && <Alert color="red">{error.message}</Alert>}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('cancel')}
        </Button>
        <Button
          color="red"
          disabled={!outcome || outcome.rejected > 0 || outcome.deleted === 0}
          loading={removal.isPending}
          onClick={() => removal.mutate()}
        >
          {t('deleteConfirm')}
        </Button>
      </Group>
    </Modal>
  )
}
