/** What is done to a layer and not saved, in the words of the API. */
import { answer, http } from '../api/client'
import type { Feature, Properties } from '../api/model'
import type { components } from '../api/schema'
import type { Coordinate, Extent, Geometry } from '../map/api'

type Schemas = components['schemas']

/** Names a feature: of a network edges and nodes are edited together. */
export interface Ref {
  layer: string
  id: string
}

/** What a feature is before and after; of a new one its id is a name for the time being. */
export interface WorkingFeature extends Ref {
  label: string
  /** Of a new feature the one that it was made of; of a node the edge on which it was put. */
  origin?: Ref
  before: Geometry | null
  after: Geometry | null
  /** m², on the ground. */
  areaBefore: number
  area: number
  /** m, of lines. */
  lengthBefore: number
  length: number
  /** That a new feature was given. */
  properties?: Record<string, unknown>
  /** Others have deleted it, and it is brought back: before is what it was then. */
  anew?: boolean
  /** Fields that a new feature must have before it can be saved. */
  missing?: string[]
}

export interface Working {
  /** By which the set is known: of a network its edges. */
  layer: string
  /** Those that are edited together: the layer, and of a network its nodes. */
  layers: string[]
  model: 'coverage' | 'network' | 'free'
  revision: number
  steps: { kind: OperationKind; features: Ref[] }[]
  done: number
  features: WorkingFeature[]
}

/** Where a value comes from that is stored beside a shape; the keys of layer files. */
export type How = 'copied' | 'typed' | 'divided' | 'numbered' | 'interpolated' | 'ended'

export interface WorkingValue extends Ref {
  field: string
  value: unknown
  how: How
  /** Of copied the feature that had it. */
  of?: Ref
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
  features: Ref[]
  area?: number
  width?: number
  distance?: number
  /** In the words of who found it. */
  detail?: string
  shape: Geometry | null
  /** What may be put in the place of a shape that is not valid. */
  mend: Geometry | null
}

/** A feature that somebody else has saved since, or that has land which was free when one drew on it. */
export interface WorkingConflict extends Ref {
  label: string
  mine: Geometry | null
  theirs: Geometry | null
  /** That both have; null: both have changed the feature. */
  land: Geometry | null
  /** Properties when one began; null where that is not known. */
  had: Properties | null
  /** Properties that one would change with the shape. */
  follows?: Properties
  current: Feature | null
  /** The one with which it is settled by one choice: itself, or of a network a node. */
  with: Ref
  /** It was deleted and cannot be brought back. */
  lost?: boolean
}

export type Side = 'mine' | 'theirs'

/** What others have saved leaves no edit as it was: what becomes of each feature. */
export interface Resolved {
  working: Working
  givenUp: Working['steps']
  /** All, where one was left without a choice: nothing was changed. */
  conflicts: WorkingConflict[]
  /** Why land cannot be taken back: nothing was changed. */
  refusal: Refused | null
}

/** Something wrong with a coverage, or a network. */
export interface Wrong {
  kind: WrongKind
  /** A place within it. */
  at: Coordinate
  /** Of a network each with its layer: edges and nodes. */
  features: { layer?: string; id: string; label: string }[]
  area?: number
  width?: number
  /** m, between what should be together. */
  distance?: number
  /** Null: it is but a place. */
  shape: Geometry | null
  /** By which it can be mended, the likeliest first. */
  mends: Operation[]
}

export interface Report {
  wrong: Wrong[]
  more: boolean
}

interface NetworkFault {
  kind: WrongKind
  at: Coordinate | null
  features: (Ref & { label: string })[]
  distance?: number
  mend: Operation | null
}

/** A fault of a network as one of any layer; none where it has no place on the map. */
const wrongOf = ({ at, mend, ...fault }: NetworkFault): Wrong[] =>
  at ? [{ ...fault, at, shape: null, mends: mend ? [mend] : [] }] : []

export type WrongKind =
  | 'overlap'
  | 'crossed'
  | 'collapsed'
  | 'narrow'
  | 'mismatch'
  | 'duplicate-vertex'
  | 'gap'
  // Of networks.
  | 'loose'
  | 'lonely'
  | 'duplicate-node'
  | 'unsplit'
  | 'zero-length'
  | 'crossing'
  | 'loop'
  | 'doubled'

export interface Saved {
  changed: number
  created: number
  deleted: number
  /** Identifiers that new features were given. */
  names: { layer: string; name: string; id: string }[]
  /** Where there are any, nothing was saved. */
  conflicts: WorkingConflict[]
  /** Nor where there are any of these: what a record lacks, or what is wrong with it. */
  faults: RecordFault[]
}

/** What keeps a record from being saved; without a field its shape, or the whole of it. */
export interface RecordFault extends Ref {
  field: string
  message: string
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
  | 'vacate'
  | 'revive'
  | 'clean'
  | 'describe'
  // Of networks.
  | 'move-node'
  | 'put-node'
  | 'merge-through'
  | 'reverse'
  | 'connect'
  | 'move-vertex'
  | 'delete-node'
  | 'delete-edge'
  // Of free layers.
  | 'put'
  | 'replace'
  | 'remove'
  | 'rotate'
  | 'scale'
  | 'buffer'
  | 'offset'
  | 'fill-hole'
  | 'explode'
  | 'collect'
  | 'mend'

/** What is asked for; layers/working/DESIGN.md tells what each kind takes. */
export interface Operation {
  kind: OperationKind
  /** Of ids; the one that is edited when absent, of a network its edges. */
  layer?: string
  ids?: string[]
  line?: number[][]
  from?: number[][]
  to?: number[][]
  region?: number[][][][]
  shapes?: Geometry[]
  areas?: number[]
  width?: number
  prefer?: number
  angle?: number
  factor?: number
  corners?: 'round' | 'mitre' | 'bevel'
  over?: boolean
  slivers?: boolean
  heal?: boolean
  copy?: boolean
  properties?: Record<string, unknown>
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
        body: { revision, operation: operation as Schemas['WorkingOperation'] },
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

  conflicts: (layer: string) =>
    answer<{ conflicts: WorkingConflict[] }>(
      http.GET('/api/layers/{layer}/working/conflicts', path(layer)),
    ).then(({ conflicts }) => conflicts),

  resolve: (layer: string, revision: number, choices: (Ref & { choice: Side })[]) =>
    answer<Resolved>(
      http.POST('/api/layers/{layer}/working/resolve', {
        ...path(layer),
        body: { revision, choices },
      }),
    ),

  /** What would be stored beside the shapes, and where it comes from. */
  values: (layer: string) =>
    answer<{ values: WorkingValue[] }>(
      http.GET('/api/layers/{layer}/working/values', path(layer)),
    ).then(({ values }) => values),

  /** What is wrong with a coverage in a box, as it would be saved. */
  report: (layer: string, box: Extent) =>
    answer<Report>(
      http.GET('/api/layers/{layer}/working/report', {
        params: { path: { layer }, query: { bbox: box.join() } },
      }),
    ),

  /** What is wrong with a network in a box, as it would be saved. */
  faults: async (layer: string, box: Extent): Promise<Report> => {
    const { faults, more } = await answer<{ faults: NetworkFault[]; more: boolean }>(
      http.GET('/api/layers/{layer}/working/faults', {
        params: { path: { layer }, query: { bbox: box.join() } },
      }),
    )
    return { more, wrong: faults.flatMap(wrongOf) }
  },

  discard: (layer: string, revision: number) =>
    answer<void>(
      http.DELETE('/api/layers/{layer}/working', {
        params: { path: { layer }, query: { revision } },
      }),
    ),
}
