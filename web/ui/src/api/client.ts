/** Speaks to the server: each call answers its data or throws a Refusal. */
import createClient from 'openapi-fetch'
import type { KeptArrangement } from '../layers/arrangement'
import type { Coordinate, Extent, Geometry, Language, LayerStyle, StyleClasses } from '../map/api'
import type { System } from '../status/crs'
import type {
  Change,
  Document,
  Evaluation,
  Feature,
  FeatureRow,
  Found,
  HistoryEntry,
  LayerInfo,
  Problem,
  Properties,
  Related,
  Session,
} from './model'
import { position } from './position'
import { purpose } from './purpose'
import type { components, paths } from './schema'

type Schemas = components['schemas']

/** What the server refused, and why. Status 0: it could not be reached. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem = {},
    /** Seconds to wait before trying again, where the server says so. */
    readonly retryAfter?: number,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
  }
}

export const http = createClient<paths>({ baseUrl: '/' })

let moment: string | null = null

/** Lists and records are read as they were at this moment (ISO 8601) from now on; null: as they are. */
export function readAsAt(iso: string | null): void {
  moment = iso
}

/** Words of the server come in the language of the page, not of the browser. */
http.use({
  onRequest({ request, schemaPath }) {
    request.headers.set('Accept-Language', document.documentElement.lang || 'fr')
    const reason = purpose.given()
    if (reason) request.headers.set('Arpent-Purpose', encodeURIComponent(reason))
    const past = moment && request.method === 'GET' && /features(\/\{id\})?$/.test(schemaPath)
    if (!past) return request
    const url = new URL(request.url)
    url.searchParams.set('at', moment ?? '')
    return new Request(url, request)
  },
  onResponse({ response }) {
    position.note(response.headers.get('Arpent-Position'))
  },
})

type Reply = { data?: unknown; error?: unknown; response: Response }

/** The generated types know GeoJSON only as an object: the model says what is in it. */
export async function answer<T>(call: Promise<Reply>): Promise<T> {
  let reply: Reply
  try {
    reply = await call
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new Refusal(0)
  }
  if (reply.response.ok) return reply.data as T
  const wait = Number(reply.response.headers.get('Retry-After'))
  const problem = typeof reply.error === 'object' ? (reply.error as Problem) : {}
  throw new Refusal(reply.response.status, problem, wait || undefined)
}

/** Which records of a layer a list is of. */
export interface Selection {
  bbox?: string
  q?: string
  /** CQL2-JSON. */
  filter?: string
  ids?: string[]
  valid?: boolean
}

/** A selection as the body of a request, of the moment that is looked at. */
function bodyOf({ bbox, q, filter, ids, valid }: Selection): Schemas['Selected'] {
  const parsed = filter === undefined ? undefined : (JSON.parse(filter) as Record<string, unknown>)
  return { bbox, q, filter: parsed, ids, valid, at: moment ?? undefined }
}

/** Where a page of a list is: after a place, before one, or the last; else the first. */
export interface At {
  after?: string
  before?: string
  last?: boolean
}

export interface ListQuery extends Selection, At {
  sort?: string
  limit: number
}

export interface RowsQuery {
  /** By field: the value it must have. */
  equal: Record<string, string>
  q?: string
  /** Only records that may be chosen today. */
  valid?: boolean
  sort?: string
  limit: number
}

/** A page of a list. */
export interface Rows {
  total: number
  /** The total was counted, not estimated. */
  exact: boolean
  /** Places around the page; absent at the ends of the list. */
  before?: string
  after?: string
  features: FeatureRow[]
}

export type ClassMethod = NonNullable<StyleClasses['method']>

export type Summary = Schemas['SummaryOutputBody']
export type BulkOutcome = Omit<Schemas['EditAllOutputBody'], 'samples'> & { samples: FeatureRow[] }
export type ListView = Schemas['View']
export type DashboardPanel = Omit<Schemas['Panel'], 'rows'> & { rows: FeatureRow[] }

/** What is wrong with an expression for the labels of a layer; null when nothing is. */
export async function checkLabel(
  layer: string,
  text: string,
  signal: AbortSignal,
): Promise<string | null> {
  const address = `/tiles/${encodeURIComponent(layer)}.json?${new URLSearchParams({ text })}`
  const headers = { 'Accept-Language': document.documentElement.lang || 'fr' }
  const response = await fetch(address, { signal, headers })
  if (response.ok) return null
  const problem = (await response.json()) as Problem
  return problem.errors?.[0]?.message ?? problem.detail ?? `HTTP ${response.status}`
}

/** For how many places the server tells heights at once. */
const HEIGHTS = 500

export const api = {
  session: () => answer<Session>(http.GET('/api/session')),

  signIn: (login: string, password: string) =>
    answer<Session>(http.POST('/api/session', { body: { login, password } })),

  signOut: () => answer<void>(http.DELETE('/api/session')),

  changePassword: (current: string, password: string) =>
    answer<void>(http.PUT('/api/session/password', { body: { current, new: password } })),

  /** Asks for a link to choose another password. */
  requestReset: (name: string) => answer<void>(http.POST('/api/session/reset', { body: { name } })),

  resetPassword: (token: string, password: string) =>
    answer<void>(http.PUT('/api/session/reset', { body: { token, new: password } })),

  layers: () =>
    answer<{ layers: LayerInfo[] }>(http.GET('/api/layers')).then(({ layers }) => layers),

  /** How the layers lie for oneself and for all, as it is kept; left out where it is not. */
  arrangements: () =>
    answer<{ own?: KeptArrangement; shared?: KeptArrangement }>(http.GET('/api/arrangement')),

  /** Keeps how the layers lie for oneself, or for all people of a collectivity; null forgets it. */
  arrange: (arrangement: KeptArrangement | null, collectivity?: string) =>
    answer<void>(
      http.PUT('/api/arrangement', {
        body: { arrangement: arrangement as Schemas['Arrangement'], collectivity },
      }),
    ),

  form: (layer: string, lang: Language) =>
    answer<{ schema: Record<string, unknown>; uiSchema: Record<string, unknown> }>(
      http.GET('/api/layers/{layer}/form', { params: { path: { layer }, query: { lang } } }),
    ),

  features: (layer: string, query: ListQuery, signal: AbortSignal) =>
    answer<Rows>(
      http.GET('/api/layers/{layer}/features', {
        params: { path: { layer }, query: { ...query, ids: query.ids?.join(',') } },
        signal,
      }),
    ),

  summary: (layer: string, selection: Selection, signal: AbortSignal) =>
    answer<Summary>(
      http.POST('/api/layers/{layer}/summary', {
        params: { path: { layer } },
        body: bodyOf(selection),
        signal,
      }),
    ),

  /** Which records are selected, at most 10,000, and where they lie. */
  pick: (layer: string, selection: Selection) =>
    answer<{ ids: string[]; bbox?: Extent }>(
      http.POST('/api/layers/{layer}/pick', {
        params: { path: { layer } },
        body: bodyOf(selection),
      }),
    ),

  /** How many of the selected records have each value of a field, most first. */
  groups: (layer: string, selection: Selection, field: string, signal?: AbortSignal) =>
    answer<{ groups: Schemas['Group'][] }>(
      http.POST('/api/layers/{layer}/groups', {
        params: { path: { layer } },
        body: { ...bodyOf(selection), field },
        signal,
      }),
    ).then(({ groups }) => groups.map((group) => ({ ...group, empty: group.empty ?? false }))),

  /** Gives fields of all records of a list the same values, or deletes them, or tries it. */
  editAll: (
    layer: string,
    selection: Selection,
    how: { set: Properties } | { delete: true },
    dryRun: boolean,
  ) =>
    answer<BulkOutcome>(
      http.POST('/api/layers/{layer}/bulk', {
        params: { path: { layer } },
        body: { ...bodyOf(selection), ...how, dryRun },
      }),
    ),

  /** Takes back all that an import or a bulk edit did. */
  undoCause: (cause: string) =>
    answer<unknown>(http.POST('/api/history/undo', { body: { cause } })),

  classify: (layer: string, query: { field: string; method: ClassMethod; count: number }) =>
    answer<Schemas['ClassifyOutputBody']>(
      http.GET('/api/layers/{layer}/classes', { params: { path: { layer }, query } }),
    ),

  /** Keeps a style for oneself, or for all people of a collectivity; null forgets it. */
  saveStyle: (layer: string, style: LayerStyle | null, collectivity?: string) =>
    answer<void>(
      http.PUT('/api/layers/{layer}/style', {
        params: { path: { layer } },
        body: { style: style as Schemas['Style'], collectivity },
      }),
    ),

  views: (layer: string) =>
    answer<{ views: ListView[]; columns: string[] }>(
      http.GET('/api/layers/{layer}/views', { params: { path: { layer } } }),
    ),

  saveView: (layer: string, view: ListView) =>
    answer<{ id: number }>(
      view.id
        ? http.PUT('/api/layers/{layer}/views/{id}', {
            params: { path: { layer, id: view.id } },
            body: view,
          })
        : http.POST('/api/layers/{layer}/views', { params: { path: { layer } }, body: view }),
    ),

  deleteView: (id: number) =>
    answer<void>(http.DELETE('/api/views/{id}', { params: { path: { id } } })),

  chooseColumns: (layer: string, columns: string[]) =>
    answer<void>(
      http.PUT('/api/layers/{layer}/columns', { params: { path: { layer } }, body: { columns } }),
    ),

  dashboard: () =>
    answer<{ panels: DashboardPanel[] }>(http.GET('/api/dashboard')).then(({ panels }) => panels),

  feature: (layer: string, id: string) =>
    answer<Feature>(
      http.GET('/api/layers/{layer}/features/{id}', { params: { path: { layer, id } } }),
    ),

  history: (layer: string, id: string) =>
    answer<{ entries: HistoryEntry[] }>(
      http.GET('/api/layers/{layer}/features/{id}/history', { params: { path: { layer, id } } }),
    ).then(({ entries }) => entries),

  /** Records of a layer that meet conditions on fields: what may be chosen, or what belongs to a record. */
  rows: (layer: string, query: RowsQuery, signal: AbortSignal) => {
    const { equal, ...rest } = query
    const filters = Object.entries(equal).map(([name, value]) => [`filter[${name}]`, value])
    return answer<{ total: number; features: FeatureRow[] }>(
      http.GET('/api/layers/{layer}/features', {
        params: { path: { layer }, query: { ...rest, ...Object.fromEntries(filters) } },
        signal,
      }),
    )
  },

  related: (layer: string, id: string) =>
    answer<Related>(
      http.GET('/api/layers/{layer}/features/{id}/related', { params: { path: { layer, id } } }),
    ),

  evaluate: (layer: string, id: string | undefined, properties: Properties, signal: AbortSignal) =>
    answer<Evaluation>(
      http.POST('/api/layers/{layer}/evaluate', {
        params: { path: { layer } },
        body: { id, properties },
        signal,
      }),
    ),

  /** Takes one change of the history back, or restores what the record was after it. */
  turnBack: (how: 'undo' | 'restore', layer: string, id: string, change: number) =>
    answer<{ results: { layer: string; id: string }[] }>(
      http.POST(`/api/layers/{layer}/features/{id}/history/{change}/${how}`, {
        params: { path: { layer, id, change } },
      }),
    ),

  documents: (layer: string, id: string) =>
    answer<{ documents: Document[] }>(
      http.GET('/api/layers/{layer}/features/{id}/documents', { params: { path: { layer, id } } }),
    ).then(({ documents }) => documents),

  changeDocument: (id: number, change: { title?: string; removed?: boolean }) =>
    answer<Document>(http.PATCH('/api/documents/{id}', { params: { path: { id } }, body: change })),

  transact: (changes: Change[]) =>
    answer<{ results: { layer: string; id: string; version: string }[] }>(
      http.POST('/api/transactions', { body: { changes } }),
    ).then(({ results }) => results),

  /** One shape of several features. */
  gather: (layer: string, body: { ids: string[]; how: 'union' | 'place' }) =>
    answer<{ geometry: Geometry }>(
      http.POST('/api/layers/{layer}/gather', { params: { path: { layer } }, body }),
    ).then(({ geometry }) => geometry),

  designs: () =>
    answer<{
      layers: { id: string; file: string }[]
      faults: { file: string; message: string }[]
    }>(http.GET('/api/design/layers')),

  tables: () =>
    answer<{ tables: string[] }>(http.GET('/api/design/tables')).then(({ tables }) => tables),

  introspect: (table: string) =>
    answer<{ file: string }>(
      http.GET('/api/design/tables/{table}', { params: { path: { table } } }),
    ).then(({ file }) => file),

  createDesign: (body: Schemas['DesignedLayer']) =>
    answer<void>(http.POST('/api/design/layers', { body })),

  addField: (layer: string, body: Schemas['DesignedField']) =>
    answer<void>(
      http.POST('/api/design/layers/{layer}/fields', { params: { path: { layer } }, body }),
    ),

  putDesign: (file: string) =>
    answer<{ id: string }>(http.PUT('/api/design/files', { body: { file } })),

  dropDesign: (layer: string) =>
    answer<void>(http.DELETE('/api/design/layers/{layer}', { params: { path: { layer } } })),

  /** Heights of places as features there have them; null where nothing tells it. */
  heights: async (places: Coordinate[], within: number): Promise<(number | null)[]> => {
    const found: (number | null)[] = []
    for (let i = 0; i < places.length; i += HEIGHTS) {
      const some = places.slice(i, i + HEIGHTS)
      const { heights } = await answer<{ heights: (Schemas['Height'] | null)[] }>(
        http.POST('/api/heights', { body: { places: some, within } }),
      )
      found.push(...heights.map((height) => height?.z ?? null))
    }
    return found
  },

  crs: () => answer<{ crs: System[] }>(http.GET('/api/crs')).then(({ crs }) => crs),

  since: () =>
    answer<{ since: string | null }>(http.GET('/api/history/since')).then(({ since }) => since),

  search: (q: string, signal: AbortSignal) =>
    answer<{ results: Found[] }>(
      http.GET('/api/search', { params: { query: { q, limit: 20 } }, signal }),
    ).then(({ results }) => results),
}
