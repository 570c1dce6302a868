import { useQuery } from '@tanstack/react-query'
import { bookmarksQuery } from './api'
import { named } from './order'
import { useGoTo } from './useGoTo'

/** Kept views whose names answer what is typed into the search box. */
export function useFoundViews(text: string) {
  const { data = [] } = useQuery({ ...bookmarksQuery, enabled: text !== '' })
  return { views: named(data, text), goTo: useGoTo() }
}
