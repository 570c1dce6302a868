/** Shapes made of shapes, in the plane of the layer: see DESIGN.md of drawing. */
import { answer, http, Refusal } from '../api/client'
import type { components } from '../api/schema'
import type { Geometry } from '../map/api'

type Body = components['schemas']['ShapeInputBody']

export interface Shaping extends Pick<Body, 'operation' | 'distance' | 'corners'> {
  shapes: Geometry[]
  with?: Geometry
}

/** Why nothing came of a gesture; `detail` is what the server says of it. */
export interface Fault {
  reason: components['schemas']['ShapeRefusal']['reason'] | FaultReason
  detail?: string
}

type FaultReason =
  | 'offline'
  | 'failed'
  | 'unfit'
  | 'no-hole'
  | 'nothing-here'
  | 'other-kind'
  | 'apart'
  | 'one-part'

/** What was made, or why nothing was. */
export async function shape(
  layer: string,
  shaping: Shaping,
): Promise<{ shapes: Geometry[]; fault: Fault | null }> {
  try {
    const { shapes, refusal } = await answer<{
      shapes: Geometry[]
      refusal: { reason: Fault['reason']; detail: string } | null
    }>(
      http.POST('/api/layers/{layer}/shapes', {
        params: { path: { layer } },
        body: shaping as Body,
      }),
    )
    return { shapes, fault: refusal }
  } catch (error) {
    return { shapes: [], fault: faultOf(error) }
  }
}

/** What a failed call says of why. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Refusal)) throw error
  return error.status === 0
    ? { reason: 'offline' }
    : { reason: 'failed', detail: error.problem.errors?.[0]?.message ?? error.problem.detail ?? '' }
}
