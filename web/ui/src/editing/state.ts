import type { EditState } from '../map/api'

/** Nothing is edited. */
export const IDLE: EditState = {
  mode: 'idle',
  tool: 'vertices',
  canUndo: false,
  canRedo: false,
  dirty: false,
  complete: false,
  measure: {},
  snapping: { targets: 0, loading: false, layers: [] },
  pen: null,
  magnet: { on: null, picking: false, edges: 0, way: null, crossing: null },
  crossing: null,
  parts: 0,
  holes: 0,
  pieces: { made: 0, taken: 0 },
  busy: false,
  fault: null,
  choices: [],
}
