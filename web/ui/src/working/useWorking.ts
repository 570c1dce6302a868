import { useSyncExternalStore } from 'react'
import type { WorkingSession, WorkingState } from './api'

/** The state of the session, as it changes. */
export function useWorking(session: WorkingSession): WorkingState {
  return useSyncExternalStore(
    (changed) => session.subscribe(changed),
    () => session.state,
  )
}
