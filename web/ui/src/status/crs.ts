/** The coordinate reference systems a reader may choose, and the way between them and the map's. */
import proj4 from 'proj4'
import type { Coordinate, Language } from '../map/api'

export const choices = ['EPSG:2154', 'EPSG:4326', 'EPSG:3857'] as const
export type Crs = (typeof choices)[number]

export const names: Record<Crs, string> = {
  'EPSG:2154': 'Lambert-93',
  'EPSG:4326': 'WGS 84',
  'EPSG:3857': 'Web Mercator',
}

proj4.defs(
  'EPSG:2154',
  '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs',
)

const MAP: Crs = 'EPSG:3857'

export const fromMap = (coordinate: Coordinate, crs: Crs): Coordinate =>
  proj4(MAP, crs, [...coordinate]) as Coordinate

export const toMap = (coordinate: Coordinate, crs: Crs): Coordinate =>
  proj4(crs, MAP, [...coordinate]) as Coordinate

/** A map coordinate as written for people: degrees to 10 cm, metres to 10 cm. */
export function written(coordinate: Coordinate, crs: Crs, language: Language): string {
  const digits = crs === 'EPSG:4326' ? 6 : 1
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  const [a, b] = fromMap(coordinate, crs).map((value) => format.format(value))
  return crs === 'EPSG:4326' ? `${a}° ; ${b}°` : `${a} ; ${b}`
}

export interface Place {
  crs: Crs
  /** As understood: easting or longitude first. */
  given: Coordinate
  at: Coordinate
}

/**
 * Understands "lon,lat", "lat,lon" within France, and "x y" in Lambert-93 or Web Mercator; decimal
 * commas are allowed where a space or semicolon parts the two numbers.
 */
export function parse(text: string): Place | null {
  const pair = numbers(text)
  if (!pair) return null
  const [a, b] = pair
  if (Math.abs(a) <= 180 && Math.abs(b) <= 90) {
    const given: Coordinate = isLatitudeFirst(a, b) ? [b, a] : [a, b]
    return Math.abs(given[1]) > 85 ? null : place('EPSG:4326', given)
  }
  if (a > 0 && a < 1_300_000 && b > 6_000_000 && b < 7_200_000) return place('EPSG:2154', [a, b])
  const edge = 20_037_508.35
  if (Math.abs(a) <= edge && Math.abs(b) <= edge) return place('EPSG:3857', [a, b])
  return null
}

const place = (crs: Crs, given: Coordinate): Place => ({ crs, given, at: toMap(given, crs) })

function numbers(text: string): [number, number] | null {
  const spaced = text.trim().replaceAll(/[°\u202f\u00a0]/g, '')
  const parts = /[\s;]/.test(spaced)
    ? spaced.split(/\s*;\s*|\s*,\s+|\s+/).map((part) => part.replace(',', '.'))
    : spaced.split(',')
  if (parts.length !== 2 || parts.some((part) => !/^-?\d+(\.\d+)?$/.test(part))) return null
  return [Number(parts[0]), Number(parts[1])]
}

/** Many tools copy latitude first: taken so where it lies in mainland France and the other way does not. */
const isLatitudeFirst = (a: number, b: number) => a > 41 && a < 51.5 && b > -5.5 && b < 10
