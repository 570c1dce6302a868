import { useSyncExternalStore } from 'react'
import type { CoverageSession, CoverageState } from './api'

/** The state of the coverage under edit, as it changes. */
export function useCoverage(coverage: CoverageSession): CoverageState {
  return useSyncExternalStore(
    (changed) => coverage.subscribe(changed),
    () => coverage.state,
  )
}
