/** Choosing on the map, as the frame sees it: plain values, no OpenLayers. */
import type { Geometry } from '../map/api'

export const TOOLS = ['click', 'box', 'polygon', 'circle'] as const
export type SelectTool = (typeof TOOLS)[number]

/** What becomes of what was chosen before; toggle: what was chosen of the new is left out. */
export const WAYS = ['replace', 'add', 'remove', 'keep'] as const
export type Way = (typeof WAYS)[number] | 'toggle'

export interface SelectingSession {
  /** Draws areas with this tool, one after the other; null: none. A click alone is for the map. */
  use(tool: SelectTool | null): void
  /** Called with each area (EPSG:3857), and the way that the keys held ask for: Shift adds, Ctrl removes. */
  onDrawn(listener: (drawn: { area: Geometry; way: Way | null }) => void): () => void
  /** Called when Escape is pressed and nothing is begun. */
  onLeft(listener: () => void): () => void
}
