/** What was typed and drawn but not saved; it survives a reload of the page. */
import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'
import { belongings } from '../api/belongings'
import type { Properties } from '../api/model'
import type { EditDraft } from '../map/api'

export interface Draft {
  /** Version of the record the work began on; absent for a new one. */
  version?: string
  /** Only the fields that differ. */
  changes: Properties
}

interface Drafts {
  /** By `draftKey`. */
  forms: Record<string, Draft>
  shape: EditDraft | null
}

export const useDrafts = create<Drafts>()(
  persist((): Drafts => ({ forms: {}, shape: null }), {
    name: 'arpent.drafts',
    storage: createJSONStorage(() => sessionStorage),
  }),
)

belongings.add(() => useDrafts.setState({ forms: {}, shape: null }))

export const draftKey = (layer: string, id: string | undefined) => `${layer}/${id ?? ''}`

export const drafts = {
  of: (key: string): Draft | undefined => useDrafts.getState().forms[key],

  put: (key: string, draft: Draft) =>
    useDrafts.setState(({ forms }) => ({ forms: { ...forms, [key]: draft } })),

  drop: (key: string) => useDrafts.setState(({ forms: { [key]: _, ...forms } }) => ({ forms })),

  putShape: (shape: EditDraft | null) => useDrafts.setState({ shape }),
}
