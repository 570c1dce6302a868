import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { At, Rows, Selection } from '../api/client'
import type { Register } from '../api/model'
import { featuresQuery } from '../api/queries'
import { useMapView } from '../page/useMapView'
import { selectionOf } from './selection'
import type { ListState } from './state'

export const PAGE_SIZE = 50

/** Which records the list is of, as it stands. */
export function useSelection(layer: Register, list: ListState): Selection {
  const { extent } = useMapView()
  const selection = selectionOf(layer, list, list.follow ? extent : null)
  return list.only && list.chosen.length > 0 ? { ...selection, ids: list.chosen } : selection
}

/** A page: where it is, and the number of its first row where that is known. */
interface Page {
  at: At
  first?: number
}

/** One page of a list; what decides which rows there are begins again at the first. */
export function useRows({ layer, sort }: ListState, selection: Selection) {
  const which = JSON.stringify([layer, sort, selection])
  const [place, setPlace] = useState<Page & { which: string }>({ which, at: {}, first: 1 })
  const page: Page = place.which === which ? place : { at: {}, first: 1 }
  const { data, isFetching, isPlaceholderData, error, refetch } = useQuery(
    featuresQuery(layer, { ...selection, ...page.at, sort: sort || undefined, limit: PAGE_SIZE }),
  )
  const first = isPlaceholderData ? undefined : firstOf(page, data)
  const go = (to: Page) => setPlace({ which, ...to })
  return {
    rows: data?.features,
    total: data?.total,
    exact: data?.exact ?? true,
    first,
    isFetching,
    error,
    refetch,
    toFirst: data?.before ? () => go({ at: {}, first: 1 }) : undefined,
    toPrevious: data?.before
      ? () => go({ at: { before: data.before }, first: first && Math.max(1, first - PAGE_SIZE) })
      : undefined,
    toNext: data?.after
      ? () => go({ at: { after: data.after }, first: first && first + data.features.length })
      : undefined,
    toLast: data?.after ? () => go({ at: { last: true } }) : undefined,
  }
}

function firstOf({ at, first }: Page, data: Rows | undefined): number | undefined {
  if (!data || !at.last) return first
  return data.exact ? data.total - data.features.length + 1 : undefined
}
