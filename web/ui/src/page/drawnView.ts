import type { LayerInfo } from '../api/model'
import type { ExternalLayer } from '../external/api'
import { notProposed } from '../external/useExternal'
import { drawn } from '../layers/arrangement'
import type { LayerStyle, MapController } from '../map/api'
import { usePage } from './state'

/** What the reader sees now, and how it is drawn. */
export function drawnView(map: MapController, layers: LayerInfo[], external: ExternalLayer[] = []) {
  const state = usePage.getState()
  const { center, zoom } = map.view()
  const now = drawn(layers, state.arrangement)
  return {
    ...state,
    view: { center, zoom },
    layers: [...drawn(external.map(notProposed), state.arrangement), ...now],
    styles: { ...ownStyles(layers, now), ...state.styles },
  }
}

/** What the reader sees otherwise than all others, a link must say. */
function ownStyles(layers: LayerInfo[], now: { id: string; visible: boolean }[]) {
  const visible = new Set(now.filter((layer) => layer.visible).map(({ id }) => id))
  const own = layers.filter(({ id, styleOf }) => styleOf === 'own' && visible.has(id))
  return Object.fromEntries(own.map(({ id, style }): [string, LayerStyle] => [id, style]))
}
