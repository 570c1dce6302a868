/** Why personal data is read: asked once, sent with every request of this tab until it is closed. */
import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'
import { belongings } from './belongings'

const usePurposeStore = create<{ reason: string }>()(
  persist((): { reason: string } => ({ reason: '' }), {
    name: 'arpent.purpose',
    storage: createJSONStorage(() => sessionStorage),
  }),
)

belongings.add(() => usePurposeStore.setState({ reason: '' }))

export const purpose = {
  given: () => usePurposeStore.getState().reason,
  give: (reason: string) => usePurposeStore.setState({ reason: reason.trim() }),
}

export const usePurpose = () => usePurposeStore((state) => state.reason)
