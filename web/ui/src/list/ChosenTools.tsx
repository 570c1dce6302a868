import { ActionIcon, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconChecks, IconListCheck, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refusal, type Selection } from '../api/client'
import type { Register } from '../api/model'
import { Part } from '../page/Part'
import { page } from '../page/state'
import type { ListState } from './state'

const BulkDelete = lazy(() => import('./BulkDelete'))

/** How many rows a list shows of those alone that are ticked: their identifiers are in its address. */
const MOST = 1000

interface Props {
  layer: Register
  list: ListState
  total: number
  selection: Selection
  /** The reader may delete records of the layer. */
  deletes: boolean
}

/** Ticks all rows of a list, shows those alone that are ticked, or deletes them. */
export function ChosenTools({ layer, list, total, selection, deletes }: Props) {
  const { t } = useTranslation('selection')
  const [deleting, setDeleting] = useState(false)
  const { chosen, only } = list
  const all = useMutation({
    mutationFn: () => api.pick(layer.id, selection),
    onSuccess: ({ ids }) => page.choose(layer.id, ids),
    onError: (error) =>
      notifications.show({
        color: 'red',
        message: error instanceof Refusal && error.status === 413 ? t('tooMany') : error.message,
      }),
  })
  if (chosen.length === 0) {
    return (
      <Tooltip label={t('all')}>
        <ActionIcon
          size="sm"
          variant="subtle"
          aria-label={t('all')}
          disabled={total === 0}
          loading={all.isPending}
          onClick={() => all.mutate()}
        >
          <IconChecks size={14} />
        </ActionIcon>
      </Tooltip>
    )
  }
  return (
    <>
      <Tooltip label={t('only')}>
        <ActionIcon
          size="sm"
          variant={only ? 'filled' : 'subtle'}
          aria-label={t('only')}
          aria-pressed={only}
          disabled={chosen.length > MOST}
          onClick={() => page.changeList({ only: !only })}
        >
          <IconListCheck size={14} />
        </ActionIcon>
      </Tooltip>
      {deletes && (
        <Tooltip label={t('delete')}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="red"
            aria-label={t('delete')}
            aria-haspopup="dialog"
            onClick={() => setDeleting(true)}
          >
            <IconTrash size={14} />
          </ActionIcon>
        </Tooltip>
      )}
      <Part>
        {deleting && <BulkDelete layer={layer} ids={chosen} onClose={() => setDeleting(false)} />}
      </Part>
    </>
  )
}
