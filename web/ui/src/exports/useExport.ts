import { answer, http } from '../api/client'
import type { Job } from '../jobs/useJob'
import type { Order } from './order'
import { useFile } from './useFile'

/** What was written. */
export interface Outcome {
  name: string
  size: number
  records: number
  /** By column: what a shapefile calls it. */
  renamed?: Record<string, string>
  /** Texts that a shapefile cuts. */
  cut?: number
  noShape?: number
}

/** Orders a file of the records of a list. */
export const useExport = (layer: string) =>
  useFile<Order, Outcome>((body) =>
    answer<Job>(http.POST('/api/layers/{layer}/exports', { params: { path: { layer } }, body })),
  )
