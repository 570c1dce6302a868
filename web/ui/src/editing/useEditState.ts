import { useSyncExternalStore } from 'react'
import type { EditSession, EditState } from '../map/api'

/** The state of the edit under way, as it changes. */
export function useEditState(edit: EditSession): EditState {
  return useSyncExternalStore(
    (changed) => edit.subscribe(changed),
    () => edit.state,
  )
}
