import type { LayerInfo } from '../api/model'
import { useLayers } from '../layers/useLayers'
import { usePage } from '../page/state'
import { useTools } from './tools'

/** The layers on the map, topmost first, and the one that is chosen from. */
export function useTarget(): { layers: LayerInfo[]; target: LayerInfo | undefined } {
  const { layers: all, context } = useLayers()
  const wanted = useTools(({ layer }) => layer)
  const chosen = usePage((state) => (state.chosen.ids.length > 0 ? state.chosen.layer : ''))
  const list = usePage((state) => state.list?.layer)
  const selected = usePage((state) => state.selected?.layer)
  const layers = context
    .toReversed()
    .filter(({ visible }) => visible)
    .flatMap(({ id }) => all.find((layer) => layer.id === id) ?? [])
  const of = (id: string | undefined) => layers.find((layer) => layer.id === id)
  const areas = layers.find(({ geometry }) => geometry.model === 'coverage')
  return {
    layers,
    target: of(wanted) ?? of(chosen) ?? of(list) ?? of(selected) ?? areas ?? layers[0],
  }
}
