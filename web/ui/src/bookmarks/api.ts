/** Bookmarks of the map, as the server keeps them. */
import { queryOptions } from '@tanstack/react-query'
import { answer, http } from '../api/client'
import type { components } from '../api/schema'

export type Bookmark = components['schemas']['Bookmark']

export const bookmarksQuery = queryOptions({
  queryKey: ['bookmarks'],
  queryFn: () =>
    answer<{ bookmarks: Bookmark[] }>(http.GET('/api/bookmarks')).then(
      ({ bookmarks }) => bookmarks,
    ),
})

export const bookmarksApi = {
  add: (body: { name: string; view: string; collectivity?: string }) =>
    answer<{ id: number }>(http.POST('/api/bookmarks', { body })),
  change: (id: number, body: { name?: string; view?: string; removed?: boolean }) =>
    answer<void>(http.PATCH('/api/bookmarks/{id}', { params: { path: { id } }, body })),
  order: (ids: number[], collectivity?: string) =>
    answer<void>(http.PUT('/api/bookmarks/order', { body: { ids, collectivity } })),
}
