// Written by hand from the contract until `npm run generate` replaces it.
export interface components {
  schemas: {
    Text: { fr: string; en: string }
    Session: {
      user: { login: string; name: string; admin: boolean } | null
      roles: Record<string, 'reader' | 'editor' | 'admin'>
      collectivities: { code: string; name: string; extent: number[] | null }[]
      version: string
    }
    Field: {
      name: string
      type: 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime'
      label: components['schemas']['Text']
      help?: components['schemas']['Text']
      unit?: string
      required: boolean
      readOnly: boolean
      enum?: { value: string; label: components['schemas']['Text'] }[]
      section?: components['schemas']['Text']
      widget?: string
    }
    LayerInfo: {
      id: string
      application: { id: string; title: components['schemas']['Text'] }
      title: components['schemas']['Text']
      description: components['schemas']['Text']
      geometry: { type: string; model: string }
      srid: number
      public: boolean
      editableIn: string[]
      extent: number[] | null
      tiles: { url: string; minzoom: number; maxzoom: number }
      style: {
        fill?: string
        stroke?: string
        width?: number
        radius?: number
        dash?: number[]
        opacity?: number
        minzoom?: number
        maxzoom?: number
        label?: { field: string; minzoom?: number; size?: number }
        by?: {
          field: string
          values: {
            value: string
            fill?: string
            stroke?: string
            label: components['schemas']['Text']
          }[]
        }
      }
      label: string
      fields: components['schemas']['Field'][]
      list: string[]
      search: string[]
      visible: boolean
    }
    FeatureRow: {
      id: string
      version: string
      label: string
      properties: Record<string, unknown>
      bbox?: number[]
    }
    Feature: {
      layer: string
      id: string
      version: string
      label: string
      collectivity?: string
      properties: Record<string, unknown>
      geometry: unknown
      bbox?: number[]
      area?: number
      length?: number
      editable: boolean
    }
    HistoryEntry: {
      id: number
      at: string
      who: string
      op: 'insert' | 'update' | 'delete'
      changes: { field: string; old: unknown; new: unknown }[]
      oldGeometry: unknown
      newGeometry: unknown
    }
    Change: {
      op: 'create' | 'update' | 'delete'
      layer: string
      id?: string
      version?: string
      collectivity?: string
      properties?: Record<string, unknown>
      geometry?: unknown
    }
    Found: { layer: string; id: string; label: string; detail: string; bbox: number[] }
    Problem: {
      title?: string
      status?: number
      detail?: string
      errors?: { location?: string; message?: string; value?: unknown }[]
      conflicts?: {
        change: number
        layer: string
        id: string
        current: components['schemas']['Feature'] | null
      }[]
    }
  }
}

type Schemas = components['schemas']
type Json<T> = { content: { 'application/json': T } }
type Answer<T> = { 200: Json<T>; default: { content: { 'application/problem+json': Schemas['Problem'] } } }
type Nothing = { 204: { content?: never }; default: { content: { 'application/problem+json': Schemas['Problem'] } } }

export interface paths {
  '/api/session': {
    get: { responses: Answer<Schemas['Session']> }
    post: {
      requestBody: Json<{ login: string; password: string }>
      responses: Answer<Schemas['Session']>
    }
    delete: { responses: Nothing }
  }
  '/api/session/password': {
    put: { requestBody: Json<{ current: string; new: string }>; responses: Nothing }
  }
  '/api/layers': { get: { responses: Answer<{ layers: Schemas['LayerInfo'][] }> } }
  '/api/layers/{layer}/form': {
    get: {
      parameters: { path: { layer: string }; query?: { lang?: 'fr' | 'en' } }
      responses: Answer<{ schema: Record<string, unknown>; uiSchema: Record<string, unknown> }>
    }
  }
  '/api/layers/{layer}/features': {
    get: {
      parameters: {
        path: { layer: string }
        query?: { bbox?: string; q?: string; sort?: string; limit?: number; offset?: number }
      }
      responses: Answer<{ total: number; features: Schemas['FeatureRow'][] }>
    }
  }
  '/api/layers/{layer}/features/{id}': {
    get: {
      parameters: { path: { layer: string; id: string } }
      responses: Answer<Schemas['Feature']>
    }
  }
  '/api/layers/{layer}/features/{id}/history': {
    get: {
      parameters: { path: { layer: string; id: string } }
      responses: Answer<{ entries: Schemas['HistoryEntry'][] }>
    }
  }
  '/api/transactions': {
    post: {
      requestBody: Json<{ changes: Schemas['Change'][] }>
      responses: Answer<{ results: { layer: string; id: string; version: string }[] }>
    }
  }
  '/api/search': {
    get: {
      parameters: { query: { q: string; limit?: number } }
      responses: Answer<{ results: Schemas['Found'][] }>
    }
  }
}
