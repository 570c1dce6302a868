/** What is not saved yet of sheets, kept on this machine across a reload. */
import type { Draft } from './editor'

const key = (id: number) => `arpent.notes.${id}`

export function keepDraft(id: number, draft: Draft | null): void {
  try {
    if (draft) localStorage.setItem(key(id), JSON.stringify(draft))
    else localStorage.removeItem(key(id))
  } catch {
    // Without room on this machine the sheet is saved all the same, only not across a reload.
  }
}

export function keptDraft(id: number): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key(id)) ?? 'null') as Draft | null
    return draft && Array.isArray(draft.notes) && typeof draft.version === 'number' ? draft : null
  } catch {
    return null
  }
}
