/** Editing a coverage, as the frame sees it: plain values, no OpenLayers. */
import type { LayerInfo } from '../map/api'
import type { Operation, Refused, Working, WorkingConflict } from './model'

/** What a click or a line means. */
export type CoverageTool =
  | 'choose'
  | 'vertices'
  | 'split'
  | 'split-by-areas'
  | 'reshape'
  | 'cut-road'
  | 'cut-hole'
  | 'fill-gap'
  | 'assign-overlap'

export interface CoverageState {
  /** The coverage that is edited; null: none is. */
  layer: string | null
  tool: CoverageTool
  chosen: string[]
  working: Working | null
  /** Why the last operation could not be done. */
  refused: Refused | null
  conflicts: WorkingConflict[]
  busy: boolean
  /** A call that failed: status 0 when the server could not be reached. */
  fault: { status: number; detail: string } | null
  /** A line is being drawn. */
  drawing: boolean
}

export interface CoverageSession {
  readonly state: CoverageState
  subscribe(listener: (state: CoverageState) => void): () => void
  start(layer: LayerInfo, chosen: string[]): Promise<void>
  stop(): void
  choose(ids: string[]): void
  use(tool: CoverageTool, given?: Pick<Operation, 'areas' | 'width'>): void
  do(operation: Operation): Promise<void>
  undo(): void
  redo(): void
  save(): Promise<{ changed: number; created: number; deleted: number } | null>
  resolve(id: string, choice: 'mine' | 'theirs'): Promise<number>
  discard(): Promise<void>
}
