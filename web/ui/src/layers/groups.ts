/** The tree of layers: applications, the headings of layer files within them, and groups of one's own. */
import type { LayerInfo, Register } from '../api/model'
import type { Language, Text } from '../map/api'

/** Which groups there are besides those of the layer files, in which order, and what lies where. */
export interface Groups {
  groups: { id: string; title: string }[]
  /** Topmost first; groups left out follow. */
  groupOrder: string[]
  /** By layer: the group it was put into. */
  place: Record<string, string>
}

export interface TreeGroup {
  id: string
  title: Text
  /** Of one's own: it may have another name, and may go. */
  own: boolean
  /** The application whose heading it is. */
  within: string | null
  layers: string[]
  /** Records of their own without a place on the map. */
  registers: Register[]
}

export const noGroups: Groups = { groups: [], groupOrder: [], place: {} }

type Grouped = Pick<LayerInfo, 'id' | 'application' | 'group'>

const headingOf = ({ application, group }: Grouped) => group && `${application.id}/${group.fr}`

/** The group in which a layer lies where nobody put it elsewhere. */
const homeOf = (layer: Grouped): string => headingOf(layer) ?? layer.application.id

/** All groups, topmost first, headings below their application; each with its layers, topmost first. */
export function treeOf(
  registers: Register[],
  /** Those of the map, in drawing order, bottom first. */
  layers: readonly { id: string }[],
  { groups, groupOrder, place }: Groups,
): TreeGroup[] {
  const all = new Map<string, TreeGroup>()
  const add = (id: string, title: Text, within: string | null, own = false) =>
    all.get(id) ?? all.set(id, { id, title, own, within, layers: [], registers: [] }).get(id)
  for (const { id, title } of groups) add(id, { fr: title, en: title }, null, true)
  const byId = new Map(registers.map((register) => [register.id, register]))
  for (const register of registers) {
    const { application, group } = register
    const home = add(application.id, application.title, null)
    if (register.geometry === null || register.kind !== 'main') home?.registers.push(register)
    const heading = headingOf(register)
    if (group && heading) add(heading, group, application.id)
  }
  for (const { id } of layers.toReversed()) {
    const layer = byId.get(id)
    if (layer) (all.get(place[id] ?? '') ?? all.get(homeOf(layer)))?.layers.push(id)
  }
  const rank = (id: string) => {
    const i = groupOrder.indexOf(id)
    return i < 0 ? groupOrder.length : i
  }
  const sorted = [...all.values()].sort((a, b) => rank(a.id) - rank(b.id))
  return sorted
    .filter(({ within }) => within === null)
    .flatMap((top) => [top, ...sorted.filter(({ within }) => within === top.id)])
}

/** The groups that hide a layer when one of them is hidden: its own, and the application around it. */
export function groupsAround(tree: TreeGroup[]): (layer: string) => string[] {
  const around = new Map<string, string[]>()
  for (const { id, within, layers } of tree) {
    for (const layer of layers) around.set(layer, within ? [id, within] : [id])
  }
  return (layer) => around.get(layer) ?? []
}

export function withPlace(groups: Groups, layer: string, group: string): Groups {
  return { ...groups, place: { ...groups.place, [layer]: group } }
}

export function withGroup(groups: Groups, tree: TreeGroup[], title: string, id: string): Groups {
  const order = orderOf(tree)
  return { ...groups, groups: [{ id, title }, ...groups.groups], groupOrder: [id, ...order] }
}

export function withTitle(groups: Groups, id: string, title: string): Groups {
  return {
    ...groups,
    groups: groups.groups.map((group) => (group.id === id ? { id, title } : group)),
  }
}

/** What lay in the group lies where its file says, again. */
export function withoutGroup({ groups, groupOrder, place }: Groups, id: string): Groups {
  return {
    groups: groups.filter((group) => group.id !== id),
    groupOrder: groupOrder.filter((each) => each !== id),
    place: Object.fromEntries(Object.entries(place).filter(([, group]) => group !== id)),
  }
}

/** A group one place further up (-1) or down among those beside it; null at the end. */
export function withGroupMoved(
  groups: Groups,
  tree: TreeGroup[],
  id: string,
  step: 1 | -1,
): Groups | null {
  const moved = tree.find((group) => group.id === id)
  const beside = tree.filter(({ within }) => within === moved?.within)
  const other = beside[beside.findIndex((group) => group.id === id) + step]
  if (!other) return null
  const order = orderOf(tree).filter((each) => each !== id)
  order.splice(order.indexOf(other.id) + (step === 1 ? 1 : 0), 0, id)
  return { ...groups, groupOrder: order }
}

const orderOf = (tree: TreeGroup[]) => tree.map(({ id }) => id)

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** What of the tree has the words in its title, or lies in a group that has. */
export function matching(
  tree: TreeGroup[],
  registers: Register[],
  words: string,
  language: Language,
): TreeGroup[] {
  if (words.trim() === '') return tree
  const has = (title: Text | undefined) =>
    title !== undefined && plain(title[language]).includes(plain(words.trim()))
  const titles = new Map(registers.map(({ id, title }) => [id, title]))
  return tree
    .map((group) =>
      has(group.title)
        ? group
        : {
            ...group,
            layers: group.layers.filter((id) => has(titles.get(id))),
            registers: group.registers.filter(({ title }) => has(title)),
          },
    )
    .filter((group) => has(group.title) || group.layers.length + group.registers.length > 0)
}
