/** What is asked where others have saved meanwhile: one question for what is settled together. */
import type { WorkingConflict } from './model'
import { sameRef } from './records'

export interface Question {
  key: string
  /** After which it is called: of a network a node, with its edges. */
  lead: WorkingConflict
  all: WorkingConflict[]
  /** Those that others have deleted. */
  deleted: WorkingConflict[]
  /** Something was deleted that cannot be brought back: only theirs can be chosen. */
  lost: boolean
}

export function questions(conflicts: WorkingConflict[]): Question[] {
  return conflicts
    .filter((each) => sameRef(each, each.with))
    .map((lead) => {
      const all = conflicts.filter((each) => sameRef(each.with, lead))
      const deleted = all.filter(({ current, land }) => current === null && land === null)
      return {
        key: `${lead.layer} ${lead.id}`,
        lead,
        all,
        deleted,
        lost: deleted.some(({ lost }) => lost),
      }
    })
}

/** Why there is a question, as the translations call it. */
export function whyOf({
  lead,
  deleted,
}: Pick<Question, 'lead' | 'deleted'>): 'land' | 'deleted' | 'someDeleted' | 'both' {
  if (lead.land) return 'land'
  if (deleted.length === 0) return 'both'
  return deleted.includes(lead) && deleted.length === 1 ? 'deleted' : 'someDeleted'
}
