/**
 * The vocabulary of the API as the page speaks it: the words of schema.d.ts, with geometry and boxes
 * in the map's terms.
 */
import type { Coordinate, Extent, Geometry, LayerInfo as MapLayer, Text } from '../map/api'
import type { components } from './schema'

type Schemas = components['schemas']

export interface Session {
  user: { login: string; name: string; admin: boolean } | null
  /** By collectivity. */
  profiles: Record<string, string>
  /** Collectivities whose people the reader administers. */
  administers: string[]
  collectivities: { code: string; name: string; extent: Extent | null }[]
  /** Name of the provider at which people may sign in; empty for none. */
  provider: string
  version: string
}

/** What somebody may do with the records of a layer. */
export type Action =
  | 'read'
  | 'create'
  | 'update'
  | 'delete'
  | 'validate'
  | 'print'
  | 'export'
  | 'import'
  | 'personal'
  | 'administer'

export interface Field {
  name: string
  type: 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime'
  label: Text
  help?: Text
  unit?: string
  required: boolean
  readOnly: boolean
  enum?: { value: string; label: Text }[]
  section?: Text
  reference?: { layer: string; where?: Record<string, string> }
  computed?: boolean
  personal?: boolean
  /** In tiles from this zoom on, -1: in none, unless they are asked for it; absent: in all. */
  tileMinZoom?: number
}

/** A field of another layer that refers to records of this one. */
export interface Child {
  layer: string
  field: string
  title: Text
}

export interface LayerInfo extends MapLayer {
  application: { id: string; title: Text }
  /** EPSG code of its coordinates; 0 without shapes. */
  srid: number
  description: Text
  /** Heading under which the tree shows it within its application. */
  group?: Text
  /** Whose its style is. */
  styleOf: 'file' | 'collectivity' | 'own'
  /** Collectivities for whose people the reader may choose the style. */
  stylableIn: string[]
  fields: Field[]
  list: string[]
  search: string[]
  visible: boolean
  kind: 'main' | 'detail' | 'reference' | 'link'
  children: Child[]
  /** What the reader may do with the records of some collectivity. */
  actions: Action[]
  live: boolean
  expires: boolean
  documents: { accept: string[]; maxSize: number } | null
}

/** Any layer, those whose records have no shape included. */
export type Register = Omit<LayerInfo, 'geometry'> & { geometry: LayerInfo['geometry'] | null }

export type Properties = Record<string, unknown>

export interface FeatureRow {
  id: string
  version: string
  label: string
  properties: Properties
  /** By reference field: the title of the record it refers to. */
  labels?: Record<string, string>
  bbox?: Extent
}

export interface Feature extends FeatureRow {
  layer: string
  collectivity?: string
  geometry: Geometry | null
  area?: number
  length?: number
  editable: boolean
  actions: Action[]
}

/** What happened to a record; the last four to one of its files. */
export type HistoryOp = 'insert' | 'update' | 'delete' | 'attach' | 'remove' | 'return' | 'rename'

export interface HistoryEntry {
  id: number
  at: string
  who: string
  /** Why, when it was no edit by hand: "import 12", "undo 345". */
  cause?: string
  op: HistoryOp
  file?: { id: number; name: string }
  changes: { field: string; old: unknown; new: unknown; oldLabel?: string; newLabel?: string }[]
  oldGeometry: Geometry | null
  newGeometry: Geometry | null
}

/** A file attached to a record. */
export interface Document {
  id: number
  name: string
  title: string
  mediaType: string
  size: number
  who: string
  at: string
  removed: boolean
  preview: boolean
  /** By the clock of the camera, without offset. */
  takenAt?: string
  position?: Coordinate
}

/** The numbers on the tabs of a record. */
export interface Related {
  children: { layer: string; field: string; count: number }[]
  documents: number
}

/** What the conditions, computed fields and rules of a form say of what is filled in. */
export interface Evaluation {
  values: Properties
  initial: Properties
  hidden: string[]
  required: string[]
  choices: Record<string, string[]>
  faults: { location?: string; message: string }[]
}

export interface Found {
  layer: string
  id: string
  label: string
  detail: string
  /** Absent for a record without shape. */
  bbox?: Extent
}

export type Change = Schemas['Change']

export interface Conflict {
  change: number
  layer: string
  id: string
  /** Null: deleted meanwhile. */
  current: Feature | null
}

export interface Problem {
  title?: string
  status?: number
  detail?: string
  errors?: { location?: string; message?: string }[]
  conflicts?: Conflict[]
}
