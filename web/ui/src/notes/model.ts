/** What is drawn on a sheet of notes. Places are EPSG:3857; of an outline the first is not repeated. */
import type { Coordinate, Geometry } from '../map/api'
import { measure } from '../map/measure'

export const KINDS = ['text', 'line', 'arrow', 'freehand', 'polygon'] as const
export type NoteKind = (typeof KINDS)[number]

export interface Look {
  /** #rrggbb */
  colour: string
  /** Of lines, in CSS pixels. */
  width: number
  /** Length and area are written beside it. */
  figures: boolean
}

export interface Note extends Look {
  id: string
  kind: NoteKind
  places: Coordinate[]
  text: string
}

/** Colours that are told apart on any map, darkest enough to be read as words on white. */
export const COLOURS = {
  red: '#c92a2a',
  orange: '#b84800',
  green: '#2b7a3b',
  blue: '#1864ab',
  violet: '#6741d9',
  black: '#212529',
} as const
export type Colour = keyof typeof COLOURS

/** Pixels. */
export const WIDTHS = { thin: 2, medium: 4, thick: 8 } as const

export const USUAL: Look = { colour: COLOURS.red, width: WIDTHS.medium, figures: false }

/** The fewest places that make a note of a kind. */
const least = (kind: NoteKind) => (kind === 'text' ? 1 : kind === 'polygon' ? 3 : 2)

/** The shape of a note, in EPSG:3857. */
export function geometryOf({ kind, places }: Pick<Note, 'kind' | 'places'>): Geometry {
  const [first = [0, 0]] = places
  if (kind === 'text') return { type: 'Point', coordinates: first }
  if (kind === 'polygon') return { type: 'Polygon', coordinates: [[...places, first]] }
  return { type: 'LineString', coordinates: places }
}

/** The places of a shape drawn as a kind, to the centimetre of the map; null where it is too small to be one. */
export function placesOf(kind: NoteKind, geometry: Geometry): Coordinate[] | null {
  const course =
    geometry.type === 'Point'
      ? [geometry.coordinates]
      : geometry.type === 'LineString'
        ? geometry.coordinates
        : geometry.type === 'Polygon'
          ? (geometry.coordinates[0] ?? [])
          : []
  const rounded = course.map(([x = 0, y = 0]): Coordinate => [hundredth(x), hundredth(y)])
  const places = rounded.filter(
    ([x, y], i) => x !== rounded[i - 1]?.[0] || y !== rounded[i - 1]?.[1],
  )
  const [first, last] = [places[0], places.at(-1)]
  const closed = kind === 'polygon' && places.length > 1 && first?.join() === last?.join()
  const open = closed ? places.slice(0, -1) : places
  return open.length >= least(kind) ? open : null
}

const hundredth = (value: number) => Math.round(value * 100) / 100

/** True metres and square metres. */
export const quantities = (note: Pick<Note, 'kind' | 'places'>) => measure(geometryOf(note))

/** The box around notes; null around none. */
export function boxOf(notes: readonly Note[]): [number, number, number, number] | null {
  const places = notes.flatMap(({ places }) => places)
  if (places.length === 0) return null
  const xs = places.map(([x]) => x)
  const ys = places.map(([, y]) => y)
  // No spread of arguments: a sheet may have tens of thousands of places.
  const low = (all: number[]) => all.reduce((a, b) => Math.min(a, b))
  const high = (all: number[]) => all.reduce((a, b) => Math.max(a, b))
  return [low(xs), low(ys), high(xs), high(ys)]
}
