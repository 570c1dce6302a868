/** Where the server found fault with a save. */
import type { Problem } from '../api/model'

export interface Faults {
  /** By field of the form. */
  fields: Record<string, string[]>
  /** About the shape or the whole. */
  others: string[]
}

/**
 * Sorts a refusal's errors by the field they are about: "changes[0].properties.number". Those of
 * other changes, as of the parts a shape was split into, are not about a field of this form.
 */
export function faultsOf(problem: Problem): Faults {
  const faults: Faults = { fields: {}, others: [] }
  for (const { location = '', message = '' } of problem.errors ?? []) {
    const beside = /^(?:body\.)?changes\[(?!0\])/.test(location)
    const field = beside ? undefined : /(?:^|\.)properties\.([^.[]+)$/.exec(location)?.[1]
    if (field) faults.fields[field] = [...(faults.fields[field] ?? []), message]
    else if (message) faults.others.push(message)
  }
  if (!problem.errors?.length && problem.detail) faults.others.push(problem.detail)
  return faults
}
