import type { RowsQuery } from '../api/client'

/** How many of the records that belong to one are listed at first. */
const FIRST = 50

/** The records whose field refers to a record. */
export const rowsOfParent = (field: string, id: string, limit = FIRST): RowsQuery => ({
  equal: { [field]: id },
  limit,
})
