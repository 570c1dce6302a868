import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { featuresQuery } from '../api/queries'
import type { ListState } from '../page/state'
import { useMapView } from '../page/useMapView'

export const PAGE_SIZE = 50

/** One page of a list; what decides which rows there are begins again at the first. */
export function useRows({ layer, text, sort, follow }: ListState) {
  const { extent } = useMapView()
  const bbox = follow ? extent.map((side) => side.toFixed(1)).join(',') : undefined
  const which = JSON.stringify([text, sort, bbox])
  const [at, setAt] = useState({ which, page: 1 })
  const pageNumber = at.which === which ? at.page : 1
  const { data, isFetching, error, refetch } = useQuery(
    featuresQuery(layer, {
      bbox,
      q: text || undefined,
      sort: sort || undefined,
      limit: PAGE_SIZE,
      offset: (pageNumber - 1) * PAGE_SIZE,
    }),
  )
  return {
    rows: data?.features,
    total: data?.total,
    pageNumber,
    setPageNumber: (page: number) => setAt({ which, page }),
    isFetching,
    error,
    refetch,
  }
}
