/** What is chosen, and the conditions by which the server finds more. */
import type { Selection } from '../api/client'
import type { Filter } from '../list/filter'
import type { Geometry } from '../map/api'
import type { Way } from './api'

export interface Chosen {
  layer: string
  ids: string[]
}

export const RELATIONS = ['dwithin', 'touches', 'intersects', 'within', 'contains'] as const
/** How features lie to those that are chosen: no further than a distance, or by a predicate of CQL2. */
export type Relation = (typeof RELATIONS)[number]

/** What is chosen once these features of a layer were found. Another layer begins anew. */
export function combined(before: Chosen, layer: string, found: string[], way: Way): Chosen {
  const old = before.layer === layer ? before.ids : []
  const known = new Set(old)
  const fresh = new Set(found)
  switch (way) {
    case 'replace':
      return { layer, ids: found }
    case 'add':
      return { layer, ids: [...old, ...found.filter((id) => !known.has(id))] }
    case 'remove':
      return { layer, ids: old.filter((id) => !fresh.has(id)) }
    case 'keep':
      return { layer, ids: old.filter((id) => fresh.has(id)) }
    case 'toggle':
      return {
        layer,
        ids: [...old.filter((id) => !fresh.has(id)), ...found.filter((id) => !known.has(id))],
      }
  }
}

const shape = { property: 'geometry' }

/** Features that meet an area, or lie within it. */
export const inArea = (area: Geometry, whole: boolean): Filter => ({
  op: whole ? 's_within' : 's_intersects',
  args: [shape, { ...area, crs: 'EPSG:3857' }],
})

/** Features that lie so to one of those chosen; the distance is in metres on the ground. */
export const besides = (chosen: Chosen, relation: Relation, distance: number): Filter => ({
  op: `s_${relation}`,
  args: [shape, { features: chosen }, ...(relation === 'dwithin' ? [distance] : [])],
})

/** What meets a condition, of what is left of a narrowed layer. */
export function among({ filter, ...left }: Selection, condition: Filter): Selection {
  const before = filter === undefined ? [] : [JSON.parse(filter) as Filter]
  const all = before.length > 0 ? { op: 'and', args: [...before, condition] } : condition
  return { ...left, filter: JSON.stringify(all) }
}
