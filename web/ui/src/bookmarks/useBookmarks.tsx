import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { type Bookmark, bookmarksApi, bookmarksQuery } from './api'
import { byOwner, moved } from './order'
import { viewNow } from './view'

/** How long a deletion can be taken back. */
const OFFERED = 12_000

/** Bookmarks, and what is done with them. */
export function useBookmarks() {
  const { t } = useTranslation('bookmarks')
  const map = useMap()
  const { layers, drawn } = useLayers()
  const queries = useQueryClient()
  const { data = [], isPending, error, refetch } = useQuery(bookmarksQuery)
  const again = () => queries.invalidateQueries({ queryKey: bookmarksQuery.queryKey })
  const failed = (error: Error) =>
    notifications.show({ color: 'red', title: t('notKept'), message: error.message })
  const change = useMutation({
    mutationFn: ({ id, ...body }: { id: number } & Parameters<typeof bookmarksApi.change>[1]) =>
      bookmarksApi.change(id, body),
    onSuccess: again,
    onError: failed,
  })
  const add = useMutation({
    mutationFn: (bookmark: { name: string; collectivity?: string }) =>
      bookmarksApi.add({ ...bookmark, view: viewNow(map, layers, drawn) }),
    onSuccess: again,
  })
  const order = useMutation({
    mutationFn: ({ ids, collectivity }: { ids: number[]; collectivity?: string | undefined }) =>
      bookmarksApi.order(ids, collectivity),
    onSettled: again,
    onError: failed,
  })

  function move(bookmark: Bookmark, by: number) {
    const { collectivity } = bookmark
    const own = data.filter((each) => each.collectivity === collectivity)
    const ids = moved(
      own.map(({ id }) => id),
      bookmark.id,
      by,
    )
    // Shown at once: a second step must not begin from the old order.
    queries.setQueryData(bookmarksQuery.queryKey, (before = []) =>
      before.toSorted((a, b) =>
        a.collectivity === collectivity && b.collectivity === collectivity
          ? ids.indexOf(a.id) - ids.indexOf(b.id)
          : 0,
      ),
    )
    order.mutate({ ids, collectivity })
  }

  function remove({ id, name }: Bookmark) {
    const bringBack = () => {
      notifications.hide('bookmark')
      change.mutate({ id, removed: false })
    }
    change.mutate(
      { id, removed: true },
      {
        onSuccess: () =>
          notifications.show({
            id: 'bookmark',
            autoClose: OFFERED,
            message: (
              <Group justify="space-between" wrap="nowrap">
                {t('deleted', { name })}
                <Button size="compact-xs" variant="default" onClick={bringBack}>
                  {t('undo')}
                </Button>
              </Group>
            ),
          }),
      },
    )
  }

  return {
    owners: byOwner(data),
    isPending,
    error,
    refetch,
    add,
    rename: (id: number, name: string) => change.mutate({ id, name }),
    renew: (id: number) => change.mutate({ id, view: viewNow(map, layers, drawn) }),
    move,
    remove,
  }
}
