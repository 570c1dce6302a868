/** The figures of a measure, on the ground, and how they are written. */
import { areaText, lengthText } from '../editing/quantity'
import type { Coordinate } from '../map/api'
import { azimuth, lineLength, polygonArea } from '../map/measure'
import type { Labels, Measure } from './api'

export interface Side {
  length: number
  /** Degrees from geographic north, clockwise. */
  azimuth: number
}

/** Metres of a vertex; null: no feature there tells it; undefined: not known yet. */
export type Height = number | null | undefined

/** The sides in order; of an area the last leads back to the first vertex. */
export function sidesOf({ kind, places }: Omit<Measure, 'id'>): Side[] {
  const line = kind === 'area' && places.length > 2 ? [...places, places[0] as Coordinate] : places
  return line.slice(1).map((to, i) => {
    const from = line[i] as Coordinate
    return { length: lineLength([from, to]), azimuth: azimuth(from, to) }
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
): string {
  const sides = sidesOf(measure)
  const number = fixed(language, 3)
  const rows = measure.places.map((_, i) => {
    const height = heights[i]
    const side = sides[i]
    return [
      String(i + 1),
      side ? number.format(side.length) : '',
      side ? number.format(side.azimuth) : '',
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
