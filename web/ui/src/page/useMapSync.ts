import { useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { usePurpose } from '../api/purpose'
import { featureQuery } from '../api/queries'
import { basket, useBasket } from '../basket/basket'
import { useLayers } from '../layers/useLayers'
import { useNarrowed } from '../list/useNarrowed'
import type { Coordinate, MapController } from '../map/api'
import { useLanguage } from '../words/i18n'
import { afterLayout } from './afterLayout'
import { useMap } from './MapContext'
import { page, usePage, usePreferences } from './state'
import { useSelect } from './useSelect'
import { useTown } from './useTown'

/** Tells the map what the state says, and the state what was clicked on the map. */
export function useMapSync(startsAt: boolean) {
  const map = useMap()
  const language = useLanguage()
  const pageScheme = useComputedColorScheme('light')
  const background = usePreferences((state) => state.background)
  const { layers, context } = useLayers()
  const moment = usePage((state) => state.moment)
  const scheme = background === 'auto' ? pageScheme : background

  useEffect(() => map.setLayers(layers), [map, layers])
  const narrowed = useNarrowed()
  const reason = usePurpose()
  useEffect(
    () => map.setContext({ layers: context, language, scheme, moment, narrowed, reason }),
    [map, context, language, scheme, moment, narrowed, reason],
  )
  useSelectionOnMap()
  useBasketOnMap()
  useChosenOnMap()
  usePinOnMap()
  useIdentify()
  useFirstView(startsAt)
}

function useSelectionOnMap() {
  const map = useMap()
  const { feature } = useSelected()
  useEffect(() => map.select(feature), [map, feature])
}

function useBasketOnMap() {
  const map = useMap()
  const { layer, items } = useBasket()
  useEffect(() => map.gather(items.map(({ id }) => ({ layer, id }))), [map, layer, items])
}

function useChosenOnMap() {
  const map = useMap()
  const { layer, ids } = usePage((state) => state.chosen)
  useEffect(() => map.choose(ids.map((id) => ({ layer, id }))), [map, layer, ids])
}

function usePinOnMap() {
  const map = useMap()
  const pin = usePage((state) => state.pin)
  useEffect(() => map.pin(pin), [map, pin])
}

function useSelected() {
  const selected = usePage((state) => state.selected)
  const { data, isLoading } = useQuery({
    ...featureQuery(selected ?? { layer: '', id: '' }),
    enabled: selected !== null,
  })
  return { feature: selected ? (data ?? null) : null, isPending: isLoading }
}

function useIdentify() {
  const map = useMap()
  const select = useSelect()
  useEffect(
    () =>
      map.on('identify', ({ coordinate, hits, more }) => {
        const [first] = hits
        if (more) {
          if (!first) return
          // With a list open one ticks its rows on the map; else the basket is filled.
          if (usePage.getState().list?.layer === first.layer) page.tick(first)
          else basket.toggle(first, first.label)
          return
        }
        select(hits[0] ?? null, { hits })
        afterLayout(() => reveal(map, coordinate))
      }),
    [map, select],
  )
}

/** The panel that opens may cover what was clicked. */
function reveal(map: MapController, [x, y]: Coordinate) {
  const { extent, zoom } = map.view()
  const seen = x > extent[0] && x < extent[2] && y > extent[1] && y < extent[3]
  if (!seen) map.setView([x, y], zoom)
}

/** Where the address says nothing: its feature, else the town. */
function useFirstView(given: boolean) {
  const map = useMap()
  const town = useTown()
  const { feature, isPending } = useSelected()
  const placed = useRef(given)
  const where = isPending ? null : (feature?.bbox ?? town)
  useEffect(() => {
    if (placed.current || !where) return
    placed.current = true
    map.fit(where, { animate: false, maxZoom: 18 })
  }, [map, where])
}
