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
  snapping: { targets: 0, loading: false, layers: [], on: null },
}
