/** Drawing one line or outline, as the page sees it: plain values, no OpenLayers. */
import type { Coordinate } from '../map/api'
import type { Aim } from './aim'
import type { Figure } from './figures'

export interface PenState {
  /** What is drawn, where it is not a free line or outline. */
  figure?: Figure
  /** Whether an outline is drawn, not a line or a point. */
  area: boolean
  /** Something is placed that can be taken back. */
  begun: boolean
  /** The vertices placed so far. */
  placed: Coordinate[]
  /** The side that follows the pointer: metres, and degrees clockwise from north. */
  side?: { length: number; azimuth: number }
  /** True metres and square metres of what is drawn. */
  measure: { length?: number; area?: number }
  /** Where it crosses itself. */
  crossing: Coordinate | null
  /** Something was taken back that can be placed again. */
  takenBack: boolean
}

export interface MagnetState {
  /** What the pointer is drawn to. */
  on: Aim['kind']
  /** The next click picks an edge to be parallel to. */
  picking: boolean
  /** How many edges were picked. */
  edges: number
  /** Of tracing: whether edges lead from the last vertex to the pointer; null: nothing is traced. */
  way: 'found' | 'none' | null
  /** Where what is drawn or dragged crosses what it must not; null: nowhere. */
  crossing: Coordinate | null
}

/** What a bar may ask of the pen and the magnet, whichever session they are of. */
export interface DrawingTools {
  /** Places a vertex of what is being drawn, as a click there would. */
  place(at: Coordinate): void
  /** What the next side is held to while it follows the pointer; nulls: nothing. */
  hold(held: Held): void
  /** Whether the next click picks an edge to be parallel to; those picked before are forgotten. */
  pick(picking: boolean): void
  /** Ends the line or outline, if it has vertices enough. */
  finish(): void
  /** The pointer on the page, in CSS pixels; null while it was not on the map. */
  where(): [x: number, y: number] | null
}

/** The next side as typed: metres, and degrees clockwise from north. */
export interface Held {
  length: number | null
  azimuth: number | null
}
