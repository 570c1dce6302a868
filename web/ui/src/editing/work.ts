/** The feature at work as data: what it was, and every state since. */
import type { Figure } from '../drawing/figures'
import type { EditDraft, Geometry, LayerInfo, Pieces } from '../map/api'
import { fitType } from './geometry'
import type { History } from './history'

/** A state of what is edited. Without geometry it is still to be drawn. */
export interface Drawn extends Pieces {
  geometry: Geometry | null
}

/** The feature at work: what it was, and every state since. */
export interface Work {
  layer: LayerInfo
  featureId?: string
  original: Geometry | null
  figure?: Figure
  history: History<Drawn>
}

export const only = (geometry: Geometry | null): Drawn => ({ geometry, made: [], taken: [] })

/** The shape as its layer keeps it; null when there is none. */
export function pendingOf(work: Work | null): Geometry | null {
  const geometry = work?.history.present.geometry
  return work && geometry ? fitType(geometry, work.layer.geometry.type) : null
}

/** What was cut off and taken in, as the layer keeps it. */
export function piecesOf(work: Work | null): Pieces {
  const { made = [], taken = [] } = work?.history.present ?? {}
  const type = work?.layer.geometry.type ?? 'Geometry'
  return {
    made: made.map((each) => ({ ...each, geometry: fitType(each.geometry, type) })),
    taken,
  }
}

/** The work as it is kept through a reload; null when nothing is drawn. */
export function draftOf(work: Work | null): EditDraft | null {
  const geometry = work?.history.present.geometry
  if (!work || !geometry) return null
  const { layer, featureId, original } = work
  return { layer: layer.id, featureId, original, geometry, pieces: piecesOf(work) }
}
