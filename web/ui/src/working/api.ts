/** Editing a layer in a working set, as the frame sees it: plain values, no OpenLayers. */
import type { DrawingTools, MagnetState, PenState } from '../drawing/api'
import type { Extent, Geometry, LayerInfo } from '../map/api'
import type {
  Operation,
  Other,
  RecordFault,
  Ref,
  Refused,
  Side,
  Working,
  WorkingConflict,
  Wrong,
} from './model'
import type { Wish } from './waiting'

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

/** What a click, a line or a drag means in a network of edges that meet at nodes. */
export type NetworkTool =
  | 'nodes'
  | 'draw-edge'
  | 'connect'
  | 'put-node'
  | 'merge-through'
  | 'reverse'
  | 'reroute'
  | 'delete'

/** What a click or a line means; each model of geometry adds its own. */
export type WorkingTool = 'choose' | CoverageTool | FreeTool | NetworkTool

/** What is asked before something of a network goes. */
export interface Question {
  about: 'node' | 'edges'
  /** Of a node the edges that end there; else the edges that go. */
  count: number
  /** They go, and what hangs on them. */
  plain: Operation
  /** They go, and what is left becomes one; null: that cannot be. */
  healed: Operation | null
}

/** What a tool is told beside the gesture: areas, the width of a road, what new features have. */
export type Given = Pick<Operation, 'areas' | 'width' | 'properties'>

/** What is wrong with a coverage or a network somewhere. */
export interface Checked {
  /** Where one looked, in map units. */
  box: Extent
  /** Somebody asked for it: it is looked at again after each step. Else it is about the last step. */
  asked: boolean
  wrong: Wrong[]
  more: boolean
}

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
  checked: Checked | null
  /** The one of what is wrong that is looked at. */
  pointed: Wrong | null
  /** What kept records from being saved, until something is changed. */
  unsaved: RecordFault[]
  /** The panel beside the map is open. */
  panel: boolean
  /** The new feature whose form is filled in there. */
  filling: Ref | null
  question: Question | null
  /** Steps that are asked for and not answered, the first first. */
  waiting: readonly Wish[]
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
  /** Asks what becomes of what is chosen, which goes. */
  remove(): void
  /** Does one of what was asked, or null: nothing. */
  answer(operation: Operation | null): void
  undo(): void
  redo(): void
  /**
   * Answers how many features were changed, created and deleted, or null when it was not saved: where a
   * new feature lacks something its form is opened.
   */
  save(): Promise<{ changed: number; created: number; deleted: number } | null>
  /** Settles all conflicts; answers how many steps could not be kept, or null when nothing was changed. */
  resolve(choices: (Ref & { choice: Side })[]): Promise<number | null>
  /** Looks for what is wrong in the view. */
  check(): Promise<void>
  /** Shows one of what is wrong on the map; null: none. */
  point(wrong: Wrong | null): void
  open(panel: boolean): void
  /** Opens the form of a new feature in the panel; null: none. */
  fill(filling: Ref | null): void
  discard(): Promise<void>
  /** The shape of a feature as it is now, of the layer that one chooses in or another of the set; null when it is not at hand. */
  shape(id: string, layer?: string): Geometry | null
  /** Does again the call that failed. */
  retry(): void
  /** The stream of changes began: by it others know of this window. */
  streamed(stream: string): void
  /** Others edit something else now in a layer; "": in any. */
  knocked(layer: string): void
}
