/** Map services of others, as the server knows them, and what shows them on the map. */
import { queryOptions } from '@tanstack/react-query'
import { answer, http } from '../api/client'
import type { components } from '../api/schema'
import type { DrawnLayer } from '../layers/arrangement'
import type { Coordinate, Geometry, Text } from '../map/api'

type Schemas = components['schemas']

export type ExternalLayer = Omit<Schemas['ExternalLayer'], 'title' | 'service'> & {
  title: Text
  service: Text
}
export type Kind = ExternalLayer['kind']
export type RegisteredService = Omit<Schemas['RegisteredService'], 'title' | 'layers'> & {
  title: Text
  layers: { name: string; style?: string; title?: Text }[]
}
export type OfferedLayer = Omit<Schemas['OfferedLayer'], 'unusable'> & { unusable?: Text }
export type Offered = Omit<Schemas['InspectServiceOutputBody'], 'layers'> & {
  layers: OfferedLayer[]
}

/** What a layer tells of a place: one table for each feature, or a text. */
export interface Told {
  layer: ExternalLayer
  tables: [name: string, value: string][][]
  text?: string
  /** Of a feature that came whole, in EPSG:3857. */
  shape?: Geometry
  /** The service did not answer. */
  failed?: boolean
}

/** The layers of others on the map, as the frame sees them: plain values, no OpenLayers. */
export interface OverlaysSession {
  /** Draws these layers, bottom first, as the arrangement says. */
  show(layers: ExternalLayer[], context: DrawnLayer[]): void
  /** What the visible layers tell of a place, topmost first. */
  tell(place: Coordinate): Promise<Told[]>
  /** Called once for a layer that is shown and whose service does not answer. */
  onSilent(listener: (layer: ExternalLayer) => void): () => void
  /** Called with how many features of a layer are drawn, and whether there are more. */
  onFeatures(listener: (seen: { id: string; count: number; more: boolean }) => void): () => void
}

export const servicesQuery = queryOptions({
  queryKey: ['services'],
  queryFn: () => answer<{ services: RegisteredService[] }>(http.GET('/api/external/services')),
  staleTime: 0,
})

export const external = {
  inspect: (url: string, kind: Kind | undefined) =>
    answer<Offered>(http.POST('/api/external/inspect', { body: { url, kind } })),

  put: ({ id, ...body }: RegisteredService) =>
    answer<void>(http.PUT('/api/external/services/{id}', { params: { path: { id } }, body })),

  drop: (id: string) =>
    answer<void>(http.DELETE('/api/external/services/{id}', { params: { path: { id } } })),
}
