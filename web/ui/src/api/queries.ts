/** What the page asks of the server and under which keys the answers are kept. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Coordinate, FeatureRef, Language } from '../map/api'
import { belongTo } from './belongings'
import { api, type ListQuery, type RowsQuery, type Selection } from './client'

export const keys = {
  session: ['session'] as const,
  layers: ['layers'] as const,
  arrangements: ['arrangements'] as const,
  designs: ['designs'] as const,
  lists: (layer: string) => ['features', layer] as const,
  notes: ['notes'] as const,
  jobs: ['jobs'] as const,
  job: (id: number) => ['job', id] as const,
  views: (layer: string) => ['views', layer] as const,
  feature: ({ layer, id }: FeatureRef) => ['feature', layer, id] as const,
  history: ({ layer, id }: FeatureRef) => ['history', layer, id] as const,
  related: ({ layer, id }: FeatureRef) => ['related', layer, id] as const,
  documents: ({ layer, id }: FeatureRef) => ['documents', layer, id] as const,
}

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async () => {
    const session = await api.session()
    belongTo(session.user?.login)
    return session
  },
})

export const layersQuery = queryOptions({ queryKey: keys.layers, queryFn: api.layers })

export const arrangementsQuery = queryOptions({
  queryKey: keys.arrangements,
  queryFn: api.arrangements,
})

export const designsQuery = queryOptions({ queryKey: keys.designs, queryFn: api.designs })

export const tablesQuery = queryOptions({
  queryKey: ['tables'],
  queryFn: api.tables,
  staleTime: 0,
})

export const introspectionQuery = (table: string) =>
  queryOptions({
    queryKey: ['introspection', table],
    queryFn: () => api.introspect(table),
    staleTime: 0,
  })

/** How far from a vertex a feature may be that tells its height, in metres. */
const NEAR = 1

export const heightsQuery = (places: Coordinate[]) =>
  queryOptions({
    queryKey: ['heights', places],
    queryFn: () => api.heights(places, NEAR),
  })

/** The coordinate reference systems of the viewer's territory, its own first. */
export const crsQuery = queryOptions({ queryKey: ['crs'], queryFn: api.crs })

/** How far back the map can be seen. */
export const sinceQuery = queryOptions({ queryKey: ['since'], queryFn: api.since })

export const formQuery = (layer: string, lang: Language) =>
  queryOptions({
    queryKey: ['form', layer, lang],
    queryFn: () => api.form(layer, lang),
    placeholderData: keepPreviousData,
  })

export const featuresQuery = (layer: string, query: ListQuery) =>
  queryOptions({
    queryKey: [...keys.lists(layer), query],
    queryFn: ({ signal }) => api.features(layer, query, signal),
    placeholderData: keepPreviousData,
  })

export const summaryQuery = (layer: string, query: Selection) =>
  queryOptions({
    queryKey: [...keys.lists(layer), 'rows', 'summary', query],
    queryFn: ({ signal }) => api.summary(layer, query, signal),
    placeholderData: keepPreviousData,
  })

export const groupsQuery = (layer: string, selection: Selection, field: string) =>
  queryOptions({
    queryKey: [...keys.lists(layer), 'rows', 'groups', field, selection],
    queryFn: ({ signal }) => api.groups(layer, selection, field, signal),
    placeholderData: keepPreviousData,
    enabled: field !== '',
  })

export const viewsQuery = (layer: string) =>
  queryOptions({ queryKey: keys.views(layer), queryFn: () => api.views(layer) })

export const dashboardQuery = queryOptions({
  queryKey: ['dashboard'],
  queryFn: api.dashboard,
  staleTime: 0,
})

export const featureQuery = (ref: FeatureRef) =>
  queryOptions({
    queryKey: keys.feature(ref),
    queryFn: () => api.feature(ref.layer, ref.id),
  })

export const historyQuery = (ref: FeatureRef) =>
  queryOptions({
    queryKey: keys.history(ref),
    queryFn: () => api.history(ref.layer, ref.id),
  })

export const rowsQuery = (layer: string, query: RowsQuery) =>
  queryOptions({
    queryKey: [...keys.lists(layer), 'rows', query],
    queryFn: ({ signal }) => api.rows(layer, query, signal),
    placeholderData: keepPreviousData,
  })

export const relatedQuery = (ref: FeatureRef) =>
  queryOptions({ queryKey: keys.related(ref), queryFn: () => api.related(ref.layer, ref.id) })

export const documentsQuery = (ref: FeatureRef) =>
  queryOptions({ queryKey: keys.documents(ref), queryFn: () => api.documents(ref.layer, ref.id) })

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => api.search(q, signal),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
  })
