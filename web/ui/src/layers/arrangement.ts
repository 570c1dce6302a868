/** How a reader arranged the layers, and the layers as drawn that follow from it. */
import type { MapContext } from '../map/api'
import type { Groups } from './groups'

/** Only what differs from what the server proposes, so that new layers find their place. */
export interface Arrangement {
  /** In drawing order, bottom first; layers left out keep their place beside their neighbours. */
  order: string[]
  /** By layer, and by group: what is in a group that is not visible is not drawn. */
  visible: Record<string, boolean>
  opacity: Record<string, number>
  /** Layers not named in `visible` are hidden, whatever the server proposes: a link says what it shows. */
  onlyNamed: boolean
  /** Null: as they are kept. */
  groups: Groups | null
}

/** What the server keeps of it. */
export interface KeptArrangement extends Groups {
  order: string[]
  visible: Record<string, boolean>
  opacity: Record<string, number>
}

export type DrawnLayer = MapContext['layers'][number] & {
  /** Switched on, though a group may hide it. */
  checked: boolean
}

export interface Proposed {
  id: string
  visible: boolean
  opacity?: number
}

export const asProposed: Arrangement = {
  order: [],
  visible: {},
  opacity: {},
  onlyNamed: false,
  groups: null,
}

/** The groups that a layer lies in. */
type GroupsOf = (layer: string) => readonly string[]

/** The layers in drawing order, bottom first. */
export function drawn(
  proposed: Proposed[],
  arrangement: Arrangement,
  groupsOf: GroupsOf = () => [],
): DrawnLayer[] {
  const byId = new Map(proposed.map((layer) => [layer.id, layer]))
  const order = arrangement.order.filter((id) => byId.has(id))
  proposed.forEach((layer, i) => {
    if (order.includes(layer.id)) return
    const below = proposed.slice(0, i).findLast(({ id }) => order.includes(id))
    order.splice(below ? order.indexOf(below.id) + 1 : 0, 0, layer.id)
  })
  const { visible, opacity, onlyNamed } = arrangement
  return order.map((id) => {
    const checked = visible[id] ?? (!onlyNamed && byId.get(id)?.visible === true)
    return {
      id,
      checked,
      visible: checked && groupsOf(id).every((group) => visible[group] !== false),
      opacity: opacity[id] ?? byId.get(id)?.opacity ?? 1,
    }
  })
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
  layers: { id: string }[],
  id: string,
  place: 'above' | 'below',
  other: string,
): Arrangement {
  if (id === other) return arrangement
  const order = layers.map((layer) => layer.id).filter((each) => each !== id)
  order.splice(order.indexOf(other) + (place === 'above' ? 1 : 0), 0, id)
  return { ...arrangement, order }
}

/** What is kept as what one does oneself. */
export function unkept({ order, visible, opacity }: KeptArrangement): Arrangement {
  return { ...asProposed, order, visible, opacity }
}

/** All that one sees, to be kept. */
export function toKeep(
  layers: DrawnLayer[],
  { visible }: Arrangement,
  groups: Groups,
): KeptArrangement {
  const hiddenGroups = Object.entries(visible).filter(
    ([id, shown]) => !shown && !layers.some((layer) => layer.id === id),
  )
  return {
    ...groups,
    order: layers.map(({ id }) => id),
    visible: Object.fromEntries([
      ...layers.map(({ id, checked }): [string, boolean] => [id, checked]),
      ...hiddenGroups,
    ]),
    opacity: Object.fromEntries(
      layers.filter(({ opacity }) => opacity !== 1).map(({ id, opacity }) => [id, opacity]),
    ),
  }
}
