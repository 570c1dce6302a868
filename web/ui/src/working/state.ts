import type { WorkingState } from './api'

/** No layer is edited. */
export const IDLE: WorkingState = {
  layer: null,
  tool: 'choose',
  chosen: [],
  working: null,
  others: [],
  refused: null,
  conflicts: [],
  checked: null,
  pointed: null,
  unsaved: [],
  panel: false,
  filling: null,
  question: null,
  waiting: [],
  busy: false,
  fault: null,
  pen: null,
  magnet: { on: null, picking: false, edges: 0, way: null, crossing: null },
  partial: false,
}
