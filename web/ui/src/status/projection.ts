/** The way between the map's coordinates and others; apart, because proj4 is large and can wait. */
import proj4 from 'proj4'
import type { Coordinate, Language } from '../map/api'
import { DMS, type System, systemOf } from './crs'

// Files that name it are read where nobody asked the server for its systems.
proj4.defs(
  'EPSG:2154',
  '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs',
)

const ways = new Map<string, proj4.Converter>()

function wayTo({ proj }: System): proj4.Converter {
  let way = ways.get(proj)
  if (!way) {
    way = proj4('EPSG:3857', proj)
    ways.set(proj, way)
  }
  return way
}

/** From EPSG:3857 to a system, easting or longitude first. */
export const fromMap = (coordinate: Coordinate, system: System): Coordinate =>
  wayTo(system).forward([...coordinate]) as Coordinate

/** From a system to EPSG:3857; not finite where the map does not reach. */
export const toMap = (coordinate: Coordinate, system: System): Coordinate =>
  wayTo(system).inverse([...coordinate]) as Coordinate

/** A map coordinate as a reader's choice writes it: to 10 cm in metres and degrees, to 30 cm in seconds. */
export function written(
  coordinate: Coordinate,
  choice: string,
  systems: readonly System[],
  language: Language,
): string {
  const system = systemOf(choice, systems)
  const [a, b] = fromMap(coordinate, system)
  if (choice === DMS) {
    return `${sexagesimal(b, ['N', 'S'], language)} ; ${sexagesimal(a, ['E', language === 'fr' ? 'O' : 'W'], language)}`
  }
  const degrees = isGeographic(system)
  const format = fixed(language, degrees ? 6 : 1)
  const sign = degrees ? '°' : ''
  return `${format.format(a)}${sign} ; ${format.format(b)}${sign}`
}

export const isGeographic = ({ proj }: System): boolean => proj.includes('+proj=longlat')

/** Degrees as 48° 51′ 12,28″ N. */
function sexagesimal(degrees: number, [plus, minus]: [string, string], language: Language) {
  const hundredths = Math.round(Math.abs(degrees) * 360_000)
  const [whole, minutes] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6000) % 60]
  const seconds = fixed(language, 2).format((hundredths % 6000) / 100)
  return `${whole}°\u00a0${minutes}′\u00a0${seconds}″\u00a0${degrees < 0 ? minus : plus}`
}

const fixed = (language: Language, digits: number) =>
  new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
