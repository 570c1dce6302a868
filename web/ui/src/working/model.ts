/** What is done to a layer and not saved, in the words of the API. */
import { answer, http } from '../api/client'
import type { Feature } from '../api/model'
import type { components } from '../api/schema'
import type { Coordinate, Extent, Geometry } from '../map/api'

type Schemas = components['schemas']

export interface WorkingFeature {
  /** Of a new feature a name for the time being. */
  id: string
  label: string
  /** Of a new feature the one that it was made of. */
  origin?: string
  before: Geometry | null
  after: Geometry | null
  /** m², on the ground. */
  areaBefore: number
  area: number
}

export interface Working {
  revision: number
  steps: { kind: OperationKind; ids: string[] }[]
  done: number
  features: WorkingFeature[]
}

/** Somebody else who edits the layer. */
export interface Other {
  who: string
  /** That they have changed and not saved. */
  features: string[]
  chosen: string[]
  /** Of what they have changed; null: nothing. */
  bbox: Extent | null
  /** What their window shows; null: they have left. */
  view: Extent | null
}

export interface Refused {
  kind: string
  at: Coordinate | null
  ids: string[]
  area?: number
  width?: number
  shape: Geometry | null
}

export interface WorkingConflict {
  id: string
  mine: Geometry | null
  theirs: Geometry | null
  current: Feature | null
}

export interface Saved {
  changed: number
  created: number
  deleted: number
  ids: Record<string, string>
  conflicts: WorkingConflict[]
}

export type OperationKind =
  | 'split'
  | 'split-by-areas'
  | 'merge'
  | 'reshape'
  | 'move'
  | 'insert-vertex'
  | 'remove-vertex'
  | 'cut-road'
  | 'draw'
  | 'cut-hole'
  | 'fill-gap'
  | 'assign-overlap'
  | 'regain'

export interface Operation {
  kind: OperationKind
  ids?: string[]
  line?: number[][]
  from?: number[][]
  to?: number[][]
  region?: number[][][][]
  areas?: number[]
  width?: number
  slivers?: boolean
}

const path = (layer: string) => ({ params: { path: { layer } } })

export const workingApi = {
  /** What one has left and not saved, of all layers. */
  list: () =>
    answer<{ sets: { layer: string; steps: number; done: number }[] }>(
      http.GET('/api/working'),
    ).then(({ sets }) => sets),

  get: (layer: string) => answer<Working>(http.GET('/api/layers/{layer}/working', path(layer))),

  others: (layer: string) =>
    answer<{ others: Other[]; revision: number }>(
      http.GET('/api/layers/{layer}/working/others', path(layer)),
    ),

  enter: (layer: string, told: { stream: string; chosen: string[]; view: Extent }) =>
    answer<void>(http.PUT('/api/layers/{layer}/working/presence', { ...path(layer), body: told })),

  leave: (stream: string) =>
    answer<void>(http.DELETE('/api/working/presence/{stream}', { params: { path: { stream } } })),

  step: (layer: string, revision: number, operation: Operation) =>
    answer<{ working: Working | null; refusal: Refused | null }>(
      http.POST('/api/layers/{layer}/working/steps', {
        ...path(layer),
        body: { revision, operation: operation as Schemas['Operation'] },
      }),
    ),

  undo: (layer: string, revision: number, steps: number) =>
    answer<Working>(
      http.POST('/api/layers/{layer}/working/undo', { ...path(layer), body: { revision, steps } }),
    ),

  save: (layer: string, revision: number) =>
    answer<Saved>(
      http.POST('/api/layers/{layer}/working/save', { ...path(layer), body: { revision } }),
    ),

  resolve: (layer: string, revision: number, id: string, choice: 'mine' | 'theirs') =>
    answer<{ working: Working; givenUp: Working['steps'] }>(
      http.POST('/api/layers/{layer}/working/resolve', {
        ...path(layer),
        body: { revision, id, choice },
      }),
    ),

  discard: (layer: string, revision: number) =>
    answer<void>(
      http.DELETE('/api/layers/{layer}/working', {
        params: { path: { layer }, query: { revision } },
      }),
    ),
}
