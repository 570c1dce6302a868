import type { LayerInfo } from '../api/model'
import type { DrawnLayer } from '../layers/arrangement'
import type { LayerStyle, MapController } from '../map/api'
import { usePage } from './state'

/** What the reader sees now, and how it is drawn. */
export function drawnView(
  map: MapController,
  layers: LayerInfo[],
  now: DrawnLayer[],
  external: DrawnLayer[] = [],
) {
  const state = usePage.getState()
  const { center, zoom } = map.view()
  return {
    ...state,
    view: { center, zoom },
    layers: [...external, ...now],
    styles: { ...ownStyles(layers, now), ...state.styles },
  }
}

/** What the reader sees otherwise than all others, a link must say. */
function ownStyles(layers: LayerInfo[], now: { id: string; visible: boolean }[]) {
  const visible = new Set(now.filter((layer) => layer.visible).map(({ id }) => id))
  const own = layers.filter(({ id, styleOf }) => styleOf === 'own' && visible.has(id))
  return Object.fromEntries(own.map(({ id, style }): [string, LayerStyle] => [id, style]))
}
