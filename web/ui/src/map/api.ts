/**
 * What the rest of the page knows of the map. Nothing here mentions OpenLayers: the frame speaks to
 * the map in plain, serialisable values. Coordinates and boxes are EPSG:3857 in its units, lengths
 * and areas are true metres and square metres on the ground, zooms are tile zooms (the world is one
 * 512-pixel tile at zoom 0, as in MapLibre and in a layer's `tiles`).
 */

import type { BackdropSession } from '../basemaps/api'
import type { DrawingTools, MagnetState, PenState } from '../drawing/api'
import type { Figure } from '../drawing/figures'
import type { Fault } from '../editing/shaping'
import type { OverlaysSession } from '../external/api'
import type { NotesSession } from '../notes/session'
import type { MeasuringSession } from '../reading/api'
import type { SelectingSession } from '../selection/api'
import type { WorkingSession } from '../working/api'

export type Language = 'fr' | 'en'
export type Text = { fr: string; en: string }
export type Coordinate = [x: number, y: number]
export type Extent = [minx: number, miny: number, maxx: number, maxy: number]

export type GeometryType =
  | 'Point'
  | 'LineString'
  | 'Polygon'
  | 'MultiPoint'
  | 'MultiLineString'
  | 'MultiPolygon'

/** A GeoJSON geometry without collections; positions may carry a height, which editing keeps. */
export type Geometry =
  | { type: 'Point'; coordinates: number[] }
  | { type: 'LineString' | 'MultiPoint'; coordinates: number[][] }
  | { type: 'Polygon' | 'MultiLineString'; coordinates: number[][][] }
  | { type: 'MultiPolygon'; coordinates: number[][][][] }

/** One value of a layer drawn by category. */
export interface Category {
  value: string | number | boolean | null
  fill?: string
  stroke?: string
  label: Text
}

/** Shapes in which points are drawn. */
export type PointSymbol = 'circle' | 'square' | 'diamond' | 'triangle' | 'star' | 'cross'

/** How a layer is drawn. Widths, radii, sizes and dashes are CSS pixels. */
export interface LayerStyle {
  fill?: string
  stroke?: string
  width?: number
  radius?: number
  symbol?: PointSymbol
  dash?: number[]
  /** Shows which way lines go. */
  arrow?: boolean
  opacity?: number
  label?: LabelStyle
  by?: { field: string; values: Category[] }
  classes?: StyleClasses
  size?: StyleSize
  minzoom?: number
  maxzoom?: number
}

/** Words beside each feature: a field, or else the value of an expression. */
export interface LabelStyle {
  field?: string
  text?: string
  minzoom?: number
  maxzoom?: number
  size?: number
  /** Width of the edge around the words; 3 when absent. */
  halo?: number
}

/** Colours by the class that a number falls into. */
export interface StyleClasses {
  field: string
  /** How the bounds were found; absent: by hand. */
  method?: 'quantiles' | 'equal' | 'jenks'
  /** The lowest number and the highest of each class. */
  breaks: number[]
  /** Of each class. */
  colours: string[]
}

/** Points whose area grows with a number. */
export interface StyleSize {
  field: string
  from: number
  to: number
  minRadius: number
  maxRadius: number
}

/** What the map needs of a layer; the API's LayerInfo is one. */
export interface LayerInfo {
  id: string
  title: Text
  geometry: { type: GeometryType | 'Geometry'; model: 'free' | 'coverage' | 'network' }
  /** Collectivities in which the viewer may write; empty: no editing. */
  editableIn: string[]
  extent: number[] | null
  tiles: { url: string; minzoom: number; maxzoom: number; united?: string[] }
  style: LayerStyle
  /** What its tiles are made for: they carry what it draws by. */
  fileStyle: LayerStyle
  fields: { name: string; tileMinZoom?: number; personal?: boolean }[]
  /** Title of one feature, as "{section} {number}". */
  label: string
}

/** A feature with its full geometry; the API's Feature is one. */
export interface Feature {
  layer: string
  id: string
  version?: string | number
  label?: string
  geometry: Geometry | null
}

export interface FeatureRef {
  layer: string
  id: string
}

/** One feature found under the pointer. */
export interface Hit extends FeatureRef {
  label: string
}

/** A change somebody saved, with the boxes of the old and the new geometry. */
export interface ChangeEvent {
  layer: string
  id?: string
  bboxes: number[][]
  /** Of the change feed that told of it. */
  position: number
}

/** All that decides what is drawn; setContext compares it with the last one and applies the difference. */
export interface MapContext {
  /** In drawing order, bottom first; layers left out are hidden. */
  layers: {
    id: string
    visible: boolean
    opacity: number
    /** Entries of the legend that are switched off, by key (symbol.ts). */
    off?: string[]
  }[]
  language: Language
  scheme: 'light' | 'dark'
  /** The map as it was then (ISO 8601); null for now. */
  moment: string | null
  /** By layer that shows some of its features only: the parameters by which its tiles choose them. */
  narrowed: Record<string, string>
  /** Why personal data is read, by which tiles may choose; empty: it is not. */
  reason: string
}

/** What is drawn right of a line across the map. */
export interface Compared {
  /** Where the line is, in percent of the map's width. */
  at: number
  infos: LayerInfo[]
  /** In drawing order, bottom first; layers left out are hidden. */
  layers: MapContext['layers']
  moment: string | null
}

export interface MapView {
  center: Coordinate
  zoom: number
  extent: Extent
  /** Denominator of the true scale at the centre, at 96 pixels to the inch. */
  scale: number
}

export interface MapEvents {
  /** A click outside editing: everything under it, topmost first. More: with Shift or Ctrl held. */
  identify: { coordinate: Coordinate; hits: Hit[]; more: boolean }
  /** The view came to rest somewhere else. */
  view: MapView
  /** The pointer moved (null: it left the map); hover is the topmost feature under it. */
  pointer: { coordinate: Coordinate | null; hover: Hit | null }
  edit: EditState
}

export interface MapController {
  /** Puts the map into an element; the function returned takes it out again. */
  attach(element: HTMLElement): () => void
  setLayers(layers: LayerInfo[]): void
  setContext(context: MapContext): void
  fit(extent: number[], options?: { maxZoom?: number; animate?: boolean; padding?: number[] }): void
  setView(center: Coordinate, zoom: number): void
  /** Resolves when everything asked for so far, refreshes included, is on the screen. */
  rendered(): Promise<void>
  view(): MapView
  on<K extends keyof MapEvents>(event: K, listener: (value: MapEvents[K]) => void): () => void
  /** Outlines features, as a list row under the pointer asks; an empty list clears. */
  highlight(refs: FeatureRef[]): void
  /** Marks a place; null: none. */
  pin(at: Coordinate | null): void
  /** Outlines the features that are chosen; an empty list clears. */
  choose(refs: FeatureRef[]): void
  /** Takes clicks that would identify, until the function returned is called. */
  claim(listener: (value: MapEvents['identify']) => void): () => void
  /** Outlines the features of the basket; an empty list clears. */
  gather(refs: FeatureRef[]): void
  /** Draws the selected feature from its full geometry; null clears. */
  select(feature: Feature | null): void
  /** Fetches again the tiles of one layer touched by a change; the old stay drawn until the new are there. */
  applyChange(change: ChangeEvent): void
  /** Fetches again all tiles of a layer: what it shows depends on something that changed. */
  refresh(layer: string): void
  /** As applyChange, for everything: after a lost event stream or a change of rights. */
  refreshAll(): void
  /** Draws both shapes of a conflict; the function returned removes them. */
  showConflict(sides: { mine: Geometry | null; theirs: Geometry | null }[]): () => void
  /** Draws a shape as it was, red and dashed, and as it became, green; the function returned removes them. */
  showVersions(before: Geometry | null, after: Geometry | null): () => void
  readonly edit: EditSession
  readonly working: WorkingSession
  /** Draws another state right of a line across the map; null: nothing. */
  compare(compared: Compared | null): void
  /** Loads what measures on the map. */
  measuring(): Promise<MeasuringSession>
  /** Loads what shows base maps. */
  backdrop(): Promise<BackdropSession>
  /** Loads what draws notes. */
  notes(): Promise<NotesSession>
  /** Loads what draws areas by which features are chosen. */
  selecting(): Promise<SelectingSession>
  /** Loads what shows layers of others. */
  overlays(): Promise<OverlaysSession>
  dispose(): void
}

export type EditMode = 'idle' | 'draw' | 'modify'
/** What gestures on the map mean while a shape is edited. */
export type EditTool =
  | 'draw'
  | 'take'
  | 'vertices'
  | 'move'
  | 'rotate'
  | 'scale'
  | 'split'
  | 'reshape'
  | 'hole'
  | 'fill'
  | 'merge'
  | 'collect'

/** A feature of the layer whose shape was joined to the one edited: it is deleted when that is saved. */
export interface Taken {
  id: string
  version?: string | number
  label: string
  geometry: Geometry
}

/** A feature to be created with the one edited; without properties it gets those of that. */
export interface Made {
  geometry: Geometry
  properties?: Record<string, unknown>
}

/** What is edited: its shape, the parts of it that become features of their own, what was joined to it. */
export interface Pieces {
  made: Made[]
  taken: Taken[]
}

export interface EditState {
  mode: EditMode
  tool: EditTool
  canUndo: boolean
  canRedo: boolean
  /** The geometry differs from what the server holds. */
  dirty: boolean
  /** There is a whole geometry to save. */
  complete: boolean
  layer?: string
  /** Absent while a new feature is drawn. */
  featureId?: string
  /** True metres and square metres. */
  measure: { length?: number; area?: number }
  /** Snap targets at hand and whether the present view's are still being fetched. */
  snapping: { targets: number; loading: boolean; layers: string[] }
  /** What is drawn by the tool; null: it draws nothing. */
  pen: PenState | null
  magnet: MagnetState
  /** Where the shape crosses itself. */
  crossing: Coordinate | null
  /** How many parts and holes the shape has. */
  parts: number
  holes: number
  /** How many features are made and taken by a save, beside the one edited. */
  pieces: { made: number; taken: number }
  /** The server is at work on the shape. */
  busy: boolean
  /** Why the last gesture came to nothing. */
  fault: Fault | null
  /** Features under the last click, when one of several has to be chosen. */
  choices: Hit[]
  /** The tools could not be loaded. */
  unreachable?: boolean
}

export interface EditSession extends DrawingTools {
  readonly state: EditState
  subscribe(listener: (state: EditState) => void): () => void
  /** Loads the tools, so that the first edit begins at once. */
  load(): void
  /** Draws a new feature. When it is finished the mode becomes modify, without a featureId. */
  startDraw(layer: LayerInfo, figure?: Figure): void
  startModify(layer: LayerInfo, feature: Feature): void
  setTool(tool: EditTool): void
  /** Makes another shape of the one edited, by numbers. */
  change(change: ShapeChange): void
  /** Takes one of state.choices. */
  choose(hit: Hit): void
  undo(): void
  redo(): void
  /** Ends editing and throws away what is not saved. */
  cancel(): void
  /** The geometry to save, or null while there is none. */
  pending(): Geometry | null
  /** What is saved beside it. */
  pieces(): Pieces
  /** Replaces the geometry in one undoable step, as a chosen side of a conflict does. */
  replace(geometry: Geometry): void
  /** Ends editing after a save: the edited shape stays drawn until the fresh tiles are. */
  saved(feature: Feature): void
  /** Ends editing after a delete: the tile copy stays hidden until the fresh tiles are drawn. */
  deleted(ref: FeatureRef): void
  draft(): EditDraft | null
  restore(layer: LayerInfo, draft: EditDraft): void
}

/** Metres on the ground, degrees clockwise. */
export type ShapeChange =
  | { kind: 'move'; east: number; north: number }
  | { kind: 'rotate'; degrees: number }
  | { kind: 'scale'; factor: number }
  | { kind: 'buffer' | 'offset'; distance: number; corners: 'round' | 'mitre' | 'bevel' }
  | { kind: 'explode' | 'mend' }

/** An unsaved edit, serialisable: keep it and give it to restore after a reload. */
export interface EditDraft {
  layer: string
  featureId?: string
  original: Geometry | null
  geometry: Geometry
  pieces?: Pieces
}
