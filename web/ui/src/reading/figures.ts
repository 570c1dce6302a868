/** The figures of a measure, on the ground, and how they are written. */
import { areaText, lengthText } from '../editing/quantity'
import type { Coordinate } from '../map/api'
import { azimuth, lineLength, polygonArea } from '../map/measure'
import type { System } from '../status/crs'
import { fromMap, isGeographic } from '../status/projection'
import type { Labels, Measure } from './api'

export interface Side {
  length: number
  /** Degrees from geographic north, clockwise. */
  azimuth: number
  /** Degrees from the north of a grid, clockwise; absent where none is asked for. */
  gridAzimuth?: number
}

/** The grid in which planners write, whose north is not the geographic one. */
export interface Grid {
  name: string
  system: System
}

/** Degrees from the north of the grid, clockwise. */
export function gridAzimuth(from: Coordinate, to: Coordinate, { system }: Grid): number {
  const [ax, ay] = fromMap(from, system)
  const [bx, by] = fromMap(to, system)
  return ((Math.atan2(bx - ax, by - ay) * 180) / Math.PI + 360) % 360
}

/** The grid of the reader's system, else the first there is; null where all are of degrees. */
export function gridOf(choice: string, systems: readonly System[]): Grid | null {
  const grids = systems.filter((system) => !isGeographic(system) && system.code !== 'EPSG:3857')
  const system = grids.find(({ code }) => code === choice) ?? grids[0]
  return system ? { name: system.name, system } : null
}

/** Metres of a vertex; null: no feature there tells it; undefined: not known yet. */
export type Height = number | null | undefined

/** The sides in order; of an area the last leads back to the first vertex. */
export function sidesOf({ kind, places }: Omit<Measure, 'id'>, grid: Grid | null = null): Side[] {
  const line = kind === 'area' && places.length > 2 ? [...places, places[0] as Coordinate] : places
  return line.slice(1).map((to, i) => {
    const from = line[i] as Coordinate
    return {
      length: lineLength([from, to]),
      azimuth: azimuth(from, to),
      ...(grid && { gridAzimuth: gridAzimuth(from, to, grid) }),
    }
  })
}

/** What a measure is for, in words. */
export function wholeText(measure: Omit<Measure, 'id'>, language: string): string {
  const { kind, places } = measure
  if (kind === 'area') return areaText(polygonArea([places]), language)
  const sides = sidesOf(measure)
  if (kind === 'azimuth') return azimuthText(sides[0]?.azimuth ?? 0, language)
  return lengthText(
    sides.reduce((sum, { length }) => sum + length, 0),
    language,
  )
}

/** Degrees, and gons, in which surveyors read them. */
export function azimuthText(degrees: number, language: string): string {
  const number = fixed(language, 2)
  return `${number.format(degrees)}° (${number.format((degrees * 10) / 9)} gon)`
}

export function heightText(height: number, language: string): string {
  return `${fixed(language, 2).format(height)}\u00a0m`
}

export function labelsOf(
  measure: Omit<Measure, 'id'>,
  heights: Height[],
  language: string,
): Labels {
  const sides = sidesOf(measure)
  const alone = measure.kind !== 'area' && sides.length === 1
  return {
    sides: sides.map((side) =>
      measure.kind === 'azimuth'
        ? `${lengthText(side.length, language)} ; ${azimuthText(side.azimuth, language)}`
        : lengthText(side.length, language),
    ),
    vertices: measure.places.map((_, i) =>
      typeof heights[i] === 'number' ? heightText(heights[i], language) : '',
    ),
    whole: alone ? '' : wholeText(measure, language),
  }
}

/** Vertices and sides as a table that a spreadsheet takes. */
export function tableOf(
  measure: Measure,
  heights: Height[],
  language: string,
  heads: string[],
  grid: Grid | null = null,
): string {
  const sides = sidesOf(measure, grid)
  const number = fixed(language, 3)
  const rows = measure.places.map((_, i) => {
    const height = heights[i]
    const side = sides[i]
    return [
      String(i + 1),
      side ? number.format(side.length) : '',
      side ? number.format(side.azimuth) : '',
      ...(grid ? [side?.gridAzimuth === undefined ? '' : number.format(side.gridAzimuth)] : []),
      typeof height === 'number' ? number.format(height) : '',
    ]
  })
  return [[wholeText(measure, language)], heads, ...rows].map((row) => row.join('\t')).join('\n')
}

const fixed = (language: string, digits: number) =>
  new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  })
