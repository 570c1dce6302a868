/** What differs between a record and what was typed over it. */
import type { Properties } from '../api/model'

/**
 * The fields whose value differs, with their new value; a cleared field becomes null. Fields outside
 * `names` are never touched.
 */
export function changedFields(base: Properties, typed: Properties, names: string[]): Properties {
  const changed: Properties = {}
  for (const name of names) {
    const value = empty(typed[name]) ? null : typed[name]
    const before = empty(base[name]) ? null : base[name]
    if (!same(value, before)) changed[name] = value
  }
  return changed
}

/** Without the nulls, which a JSON Schema of plain types would refuse. */
export function present(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !empty(value)))
}

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

const empty = (value: unknown) => value === undefined || value === null || value === ''
