/** What a list shows: what it is narrowed to, its order, and what is ticked in it. */
import type { Filter } from './filter'

/** What is left of a layer, in its list and on the map. */
export interface Narrowing {
  text: string
  /** What the records must meet; null for all. */
  filter: Filter | null
  /** Records out of their days of validity too. */
  expired: boolean
}

/** How a list is open. */
export interface OpenList {
  layer: string
  /** A field name, "-" before it for descending; empty: as the server likes. */
  sort: string
  /** Only what the map shows. */
  follow: boolean
  /** Only what is ticked. */
  only: boolean
  /** The columns of a saved search; null for those of the reader. */
  columns: string[] | null
}

export interface ListState extends OpenList, Narrowing {
  /** Identifiers of the rows that are ticked. */
  chosen: string[]
}

export const whole: Narrowing = { text: '', filter: null, expired: false }

export const newList = (layer: string): OpenList => ({
  layer,
  sort: '',
  follow: false,
  only: false,
  columns: null,
})

/** Whether somebody asked for less than the layer has. */
export const narrows = ({ text, filter }: Narrowing): boolean => text !== '' || filter !== null
