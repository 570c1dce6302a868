/** A view of the map as the query part of an address: extent, layers and how they are drawn, moment. */
import type { LayerInfo } from '../api/model'
import type { DrawnLayer } from '../layers/arrangement'
import type { MapController } from '../map/api'
import { drawnView } from '../page/drawnView'
import { usePage } from '../page/state'
import { read, write } from '../page/url'

/** What is on the map now, without what is selected and open beside it. */
export function viewNow(map: MapController, layers: LayerInfo[], now: DrawnLayer[]): string {
  return write({
    ...drawnView(map, layers, now),
    box: map.view().extent,
    language: null,
    selected: null,
    tab: 'form',
    trail: [],
    entry: null,
    blank: null,
    list: null,
    notes: null,
  })
}

/** Shows a view, as large as it was kept or, on a smaller screen, whole. What is open stays. */
export function show(map: MapController, address: string): void {
  const { view, box, language, selected, tab, trail, entry, blank, list, notes, ...drawn } =
    read(address)
  usePage.setState(drawn)
  if (view && box) map.fit(box, { maxZoom: view.zoom, padding: [0, 0, 0, 0] })
  else if (view) map.setView(view.center, view.zoom)
}
