import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { LayerInfo, Register } from '../api/model'
import { arrangementsQuery, layersQuery } from '../api/queries'
import type { LayerStyle } from '../map/api'
import { usePage } from '../page/state'
import { type Arrangement, asProposed, drawn, type KeptArrangement, unkept } from './arrangement'
import { type Groups, groupsAround, noGroups, treeOf } from './groups'

const NONE: Register[] = []

/** The layers the viewer may read: those on the map and how they are drawn, and all with a list. */
export function useLayers() {
  const { data: registers = NONE, isPending, error, refetch } = useQuery(layersQuery)
  const kept = useMemo(() => registers.filter(onMap), [registers])
  const styles = usePage((state) => state.styles)
  const layers = useMemo(() => kept.map((layer) => styled(layer, styles[layer.id])), [kept, styles])
  const arrangement = usePage((state) => state.arrangement)
  const off = usePage((state) => state.off)
  const { data: arrangements, isPending: unarranged } = useQuery(arrangementsQuery)
  const arranged = useMemo(
    () => arrange(registers, kept, arrangements?.own ?? arrangements?.shared, arrangement),
    [registers, kept, arrangements, arrangement],
  )
  const context = useMemo(
    () => arranged.drawn.map((layer) => ({ ...layer, off: off[layer.id] })),
    [arranged, off],
  )
  return {
    layers,
    registers,
    context,
    ...arranged,
    arrangements,
    isPending: isPending || unarranged,
    error,
    refetch,
  }
}

/** The layers as drawn and the tree in which they lie: what one does oneself over what is kept. */
function arrange(
  registers: Register[],
  layers: LayerInfo[],
  kept: KeptArrangement | undefined,
  arrangement: Arrangement,
) {
  const groups = arrangement.groups ?? kept ?? noGroups
  const around = groupsAround(treeOf(registers, layers, groups))
  const proposed = kept
    ? drawn(layers, unkept(kept)).map((layer) => ({ ...layer, visible: layer.checked }))
    : layers.map(({ id, visible }) => ({ id, visible }))
  // A link says what it shows, whatever groups one has hidden.
  const hidden = arrangement.onlyNamed ? {} : groupsHidden(kept, layers)
  const whole = { ...arrangement, visible: { ...hidden, ...arrangement.visible } }
  const now = drawn(proposed, whole, around)
  const tree = treeOf(registers, now, groups)
  const usual = drawn(proposed, { ...asProposed, visible: groupsHidden(kept, layers) }, around)
  const changed =
    JSON.stringify(now) !== JSON.stringify(usual) ||
    (arrangement.groups !== null &&
      JSON.stringify(arrangement.groups) !== JSON.stringify(groupsOnly(kept ?? noGroups)))
  return { drawn: now, groups: groupsOnly(groups), tree, visible: whole.visible, changed }
}

function groupsHidden(kept: KeptArrangement | undefined, layers: LayerInfo[]) {
  const hidden = Object.entries(kept?.visible ?? {}).filter(
    ([id, shown]) => !shown && !layers.some((layer) => layer.id === id),
  )
  return Object.fromEntries(hidden)
}

const groupsOnly = ({ groups, groupOrder, place }: Groups): Groups => ({
  groups,
  groupOrder,
  place,
})

/** A layer as a link or whoever is choosing its style draws it. */
function styled(layer: LayerInfo, style: LayerStyle | undefined): LayerInfo {
  return style && !isKept(layer, style) ? { ...layer, style } : layer
}

/** Whether the style is the one that the layer has anyway. */
export const isKept = (layer: Pick<LayerInfo, 'style'>, style: LayerStyle) =>
  JSON.stringify(style) === JSON.stringify(layer.style)

/** Whether the layer is drawn on the map. */
export function onMap(layer: Register): layer is LayerInfo {
  return layer.geometry !== null && layer.kind === 'main'
}
