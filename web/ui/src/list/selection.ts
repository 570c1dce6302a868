/** From what a layer is narrowed to, to what is asked of the server. */
import type { Selection } from '../api/client'
import type { Register } from '../api/model'
import type { Extent } from '../map/api'
import type { Filter } from './filter'
import type { Narrowing } from './state'

/** The records that are left of a layer, within a box (EPSG:3857) where one is given. */
export function selectionOf(
  layer: Pick<Register, 'expires'>,
  { text, filter, expired }: Narrowing,
  box: Extent | null = null,
): Selection {
  return {
    q: text || undefined,
    bbox: box?.map((side) => side.toFixed(1)).join(','),
    filter: filter ? JSON.stringify(filter) : undefined,
    valid: (layer.expires && !expired) || undefined,
  }
}

/** The selection as parameters of an address, in an order that does not change. */
export function parametersOf(selection: Selection): string {
  const given = Object.entries(selection).filter(([, value]) => value !== undefined)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
}

/** Whether what meets the filter depends on records of other layers. */
export function leadsAway(operand: unknown): boolean {
  if (Array.isArray(operand)) return operand.some(leadsAway)
  if (typeof operand !== 'object' || operand === null) return false
  const { op, args, property, features } = operand as Partial<Filter> & {
    property?: string
    features?: unknown
  }
  return op === 'related' || property?.includes('.') || features !== undefined || leadsAway(args)
}
