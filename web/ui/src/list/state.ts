/** What a list shows: what it is narrowed to, its order, and what is ticked in it. */
import type { Filter } from './filter'

export interface ListState {
  layer: string
  text: string
  /** A field name, "-" before it for descending; empty: as the server likes. */
  sort: string
  /** Only what the map shows. */
  follow: boolean
  /** What the rows must meet; null for all. */
  filter: Filter | null
  /** Records out of their days of validity too. */
  expired: boolean
  /** The columns of a saved search; null for those of the reader. */
  columns: string[] | null
  /** Identifiers of the rows that are ticked. */
  chosen: string[]
}

export const newList = (layer: string): ListState => ({
  layer,
  text: '',
  sort: '',
  follow: false,
  filter: null,
  expired: false,
  columns: null,
  chosen: [],
})
