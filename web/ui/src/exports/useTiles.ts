import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answer, http } from '../api/client'
import type { Job } from '../jobs/useJob'
import type { Expected, TilesOrder } from './tiles'
import { useFile } from './useFile'

/** What is in the file. */
export interface TilesOutcome {
  name: string
  size: number
  tiles: number
}

/** Orders a file of tiles. */
export const useTiles = () =>
  useFile<TilesOrder, TilesOutcome>((body) =>
    answer<Job>(http.POST('/api/tiles/exports', { body })),
  )

/** How long one may go on choosing before the server is asked how much it is, in ms. */
const PAUSE = 400

/** About how many tiles the file would hold. */
export function useExpected(order: TilesOrder) {
  const [settled] = useDebouncedValue(order, PAUSE, { leading: true })
  const query = useQuery({
    queryKey: ['tiles', 'expected', settled],
    queryFn: ({ signal }) =>
      answer<Expected>(http.POST('/api/tiles/exports/expected', { body: settled, signal })),
    enabled: settled.layers.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
  })
  const current = JSON.stringify(settled) === JSON.stringify(order) && !query.isPlaceholderData
  return { ...query, current }
}
