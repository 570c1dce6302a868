import { useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { featureQuery } from '../api/queries'
import { useLayers } from '../layers/useLayers'
import { useLanguage } from '../words/i18n'
import { useMap } from './MapContext'
import { usePage, usePreferences } from './state'
import { useSelect } from './useSelect'
import { useTown } from './useTown'

/** Tells the map what the state says, and the state what was clicked on the map. */
export function useMapSync(startsAt: boolean) {
  const map = useMap()
  const language = useLanguage()
  const pageScheme = useComputedColorScheme('light')
  const background = usePreferences((state) => state.background)
  const { layers, context } = useLayers()
  const scheme = background === 'auto' ? pageScheme : background

  useEffect(() => map.setLayers(layers), [map, layers])
  useEffect(
    () => map.setContext({ layers: context, language, scheme }),
    [map, context, language, scheme],
  )
  useSelectionOnMap()
  useIdentify()
  useFirstView(startsAt)
}

function useSelectionOnMap() {
  const map = useMap()
  const selected = usePage((state) => state.selected)
  const { data: feature } = useQuery({
    ...featureQuery(selected ?? { layer: '', id: '' }),
    enabled: selected !== null,
  })
  const shown = selected ? (feature ?? null) : null
  useEffect(() => map.select(shown), [map, shown])
}

function useIdentify() {
  const map = useMap()
  const select = useSelect()
  useEffect(
    () => map.on('identify', ({ hits }) => select(hits[0] ?? null, { hits })),
    [map, select],
  )
}

/** Where the address says nothing, the town. */
function useFirstView(given: boolean) {
  const map = useMap()
  const town = useTown()
  const placed = useRef(given)
  useEffect(() => {
    if (placed.current || !town) return
    placed.current = true
    map.fit(town, { animate: false })
  }, [map, town])
}
