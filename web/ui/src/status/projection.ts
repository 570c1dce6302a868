/** The way between the map's coordinates and others; apart, because proj4 is large and can wait. */
import proj4 from 'proj4'
import type { Coordinate, Language } from '../map/api'
import type { Crs } from './crs'

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
