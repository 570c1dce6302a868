/** Base maps as the server tells them, and what shows one on the map. */
import { queryOptions } from '@tanstack/react-query'
import { answer, http } from '../api/client'
import type { components } from '../api/schema'
import type { ExternalLayer } from '../external/api'
import type { Text } from '../map/api'

type Schemas = components['schemas']

type Bilingual<T> = Omit<T, 'title' | 'attribution' | 'licence'> & {
  title: Text
  attribution: Text
  licence?: Text
}

export type BaseMap = Bilingual<Schemas['BaseMap']>
export type BaseMapChoice = Bilingual<Schemas['BaseMapChoice']>

/** The base map under the layers, as the frame sees it: plain values, no OpenLayers. */
export interface BackdropSession {
  /** Shows this base map and no other; null: none. */
  show(map: BaseMap | null): void
  setOpacity(opacity: number): void
  /** Called once for a base map that is shown and does not answer. */
  onSilent(listener: (map: BaseMap) => void): () => void
}

export const mapsQuery = queryOptions({
  queryKey: ['maps'],
  queryFn: () =>
    answer<{ baseMaps: BaseMap[]; default: string; external: ExternalLayer[] }>(
      http.GET('/api/maps'),
    ),
})

export const baseMapsQuery = queryOptions({
  queryKey: ['baseMaps'],
  queryFn: () => answer<{ baseMaps: BaseMapChoice[]; fault: string }>(http.GET('/api/maps/base')),
  staleTime: 0,
})

/** Switches a base map on or off for everybody; null leaves it to maps.yaml. */
export const enableBaseMap = (id: string, enabled: boolean | null) =>
  answer<void>(http.PUT('/api/maps/base/{id}', { params: { path: { id } }, body: { enabled } }))
