/** Editing a layer in a working set, as the frame sees it: plain values, no OpenLayers. */
import type { DrawingTools, MagnetState, PenState } from '../drawing/api'
import type { Geometry, LayerInfo } from '../map/api'
import type { Operation, Other, Ref, Refused, Working, WorkingConflict } from './model'

/** What a click or a line means in a coverage. */
export type CoverageTool =
  | 'vertices'
  | 'split'
  | 'split-by-areas'
  | 'reshape'
  | 'cut-road'
  | 'draw'
  | 'cut-hole'
  | 'fill-gap'
  | 'assign-overlap'

/** What a click, a line or a drag means in a free layer. */
export type FreeTool =
  | 'put'
  | 'free-vertices'
  | 'free-move'
  | 'free-split'
  | 'free-reshape'
  | 'free-hole'
  | 'free-fill'

/** What a click or a line means; each model of geometry adds its own. */
export type WorkingTool = 'choose' | CoverageTool | FreeTool

/** What a tool is told beside the gesture: areas, or the width of a road. */
export type Given = Pick<Operation, 'areas' | 'width'>

export interface WorkingState {
  /** The layer that is edited; null: none is. */
  layer: string | null
  tool: WorkingTool
  chosen: string[]
  working: Working | null
  others: Other[]
  /** Why the last operation could not be done. */
  refused: Refused | null
  conflicts: WorkingConflict[]
  busy: boolean
  /** A call that failed: status 0 when the server could not be reached. */
  fault: { status: number; detail: string } | null
  /** What the tool draws; null: nothing. */
  pen: PenState | null
  magnet: MagnetState
  /** The view is too wide to have all shapes of the layer at hand. */
  partial: boolean
}

export interface WorkingSession extends DrawingTools {
  readonly state: WorkingState
  subscribe(listener: (state: WorkingState) => void): () => void
  start(layer: LayerInfo, chosen: string[]): Promise<void>
  /** Leaves; what is not saved stays in the working set. */
  stop(): void
  choose(ids: string[]): void
  use(tool: WorkingTool, given?: Given): void
  do(operation: Operation): Promise<void>
  undo(): void
  redo(): void
  /** Answers how many features were changed, created and deleted, or null when it was not saved. */
  save(): Promise<{ changed: number; created: number; deleted: number } | null>
  /** Answers how many steps could not be kept. */
  resolve(of: Ref, choice: 'mine' | 'theirs'): Promise<number>
  discard(): Promise<void>
  /** The shape of a feature as it is now; null when it is not at hand. */
  shape(id: string): Geometry | null
  /** Does again the call that failed. */
  retry(): void
  /** The stream of changes began: by it others know of this window. */
  streamed(stream: string): void
  /** Others edit something else now in a layer; "": in any. */
  knocked(layer: string): void
}
