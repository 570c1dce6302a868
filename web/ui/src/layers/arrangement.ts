/** How a reader arranged the layers, and the layers as drawn that follow from it. */
import type { MapContext } from '../map/api'

/** Only what differs from what the server proposes, so that new layers find their place. */
export interface Arrangement {
  /** In drawing order, bottom first; layers left out keep their place beside their neighbours. */
  order: string[]
  visible: Record<string, boolean>
  opacity: Record<string, number>
  /** Layers not named in `visible` are hidden, whatever the server proposes: a link says what it shows. */
  onlyNamed: boolean
}

export type DrawnLayer = MapContext['layers'][number]

interface Proposed {
  id: string
  visible: boolean
}

export const asProposed: Arrangement = { order: [], visible: {}, opacity: {}, onlyNamed: false }

/** The layers in drawing order, bottom first. */
export function drawn(proposed: Proposed[], arrangement: Arrangement): DrawnLayer[] {
  const byId = new Map(proposed.map((layer) => [layer.id, layer]))
  const order = arrangement.order.filter((id) => byId.has(id))
  proposed.forEach((layer, i) => {
    if (order.includes(layer.id)) return
    const below = proposed.slice(0, i).findLast(({ id }) => order.includes(id))
    order.splice(below ? order.indexOf(below.id) + 1 : 0, 0, layer.id)
  })
  return order.map((id) => ({
    id,
    visible: arrangement.visible[id] ?? (!arrangement.onlyNamed && byId.get(id)?.visible === true),
    opacity: arrangement.opacity[id] ?? 1,
  }))
}

export function withVisible(arrangement: Arrangement, id: string, visible: boolean): Arrangement {
  return { ...arrangement, visible: { ...arrangement.visible, [id]: visible } }
}

export function withOpacity(arrangement: Arrangement, id: string, opacity: number): Arrangement {
  return { ...arrangement, opacity: { ...arrangement.opacity, [id]: opacity } }
}

export function withOnly(arrangement: Arrangement, id: string): Arrangement {
  return { ...arrangement, visible: { [id]: true }, onlyNamed: true }
}

/** Puts a layer right above (or below) another in the drawing order. */
export function withMoved(
  arrangement: Arrangement,
  layers: DrawnLayer[],
  id: string,
  place: 'above' | 'below',
  other: string,
): Arrangement {
  if (id === other) return arrangement
  const order = layers.map((layer) => layer.id).filter((each) => each !== id)
  order.splice(order.indexOf(other) + (place === 'above' ? 1 : 0), 0, id)
  return { ...arrangement, order }
}
