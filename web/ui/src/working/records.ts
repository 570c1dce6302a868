/** What is new in a working set, as records: what they lack, and how they are filled in together. */
import type { Operation, Ref, Working, WorkingFeature } from './model'

export const sameRef = (a: Ref, b: Ref): boolean => a.layer === b.layer && a.id === b.id

const isLacking = ({ missing = [] }: WorkingFeature): boolean => missing.length > 0

/**
 * New features whose form one may fill in: those that were drawn, nodes that were put on edges, and
 * others that lack something.
 */
export const newRecords = (working: Working | null): WorkingFeature[] =>
  (working?.features ?? []).filter(
    (each) =>
      each.before === null &&
      each.after !== null &&
      (each.origin?.layer !== each.layer || isLacking(each)),
  )

/** Those that cannot be saved before their form is filled in. */
export const lackingRecords = (working: Working | null): WorkingFeature[] =>
  newRecords(working).filter(isLacking)

/** What a feature that was drawn is called until it is saved: its layer, and a number there. */
export const nameOfNew = ({ id }: Ref, layer: string): string =>
  `${layer} ${/\/(\d+)$/.exec(id)?.[1] ?? 1}`

/** Others of its layer that lack something. */
export const lackingBeside = (working: Working | null, ref: Ref): WorkingFeature[] =>
  lackingRecords(working).filter((each) => each.layer === ref.layer && !sameRef(each, ref))

/**
 * The operations that give a new feature what was filled in, and to others of its layer what of that
 * they have not: what somebody gave one of them before stays.
 */
export function described(
  { layer, id }: Ref,
  filled: Record<string, unknown>,
  others: WorkingFeature[],
): Operation[] {
  const all = new Map<string, { ids: string[]; properties: Record<string, unknown> }>()
  const give = (to: string, properties: Record<string, unknown>) => {
    if (Object.keys(properties).length === 0) return
    const key = JSON.stringify(properties)
    const alike = all.get(key) ?? { ids: [], properties }
    alike.ids.push(to)
    all.set(key, alike)
  }
  give(id, filled)
  for (const { id: other, properties: has = {} } of others) {
    const wanted = Object.entries(filled).filter(([name]) => (has[name] ?? null) === null)
    give(other, Object.fromEntries(wanted))
  }
  return [...all.values()].map((each) => ({ kind: 'describe', layer, ...each }))
}
