/** How one chooses on the map at the moment: kept while the panel is closed. */
import { create } from 'zustand'
import type { SelectTool, Way } from './api'
import type { Relation } from './choice'

interface Tools {
  tool: SelectTool | null
  way: Exclude<Way, 'toggle'>
  /** What is chosen from; empty: as what is chosen or open suggests. */
  layer: string
  /** Features must lie within an area, not only meet it. */
  whole: boolean
  relation: Relation
  /** Metres. */
  distance: number
}

export const useTools = create<Tools>()(() => ({
  tool: 'box',
  way: 'replace',
  layer: '',
  whole: false,
  relation: 'dwithin',
  distance: 20,
}))
