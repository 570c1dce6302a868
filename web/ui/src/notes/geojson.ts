/** A sheet of notes as GeoJSON (RFC 7946): degrees of WGS 84, colours by the names of simplestyle. */
import { toLonLat } from 'ol/proj'
import type { Coordinate } from '../map/api'
import { geometryOf, type Note, quantities } from './model'

export function collectionOf(title: string, notes: readonly Note[]) {
  return {
    type: 'FeatureCollection',
    name: title,
    features: notes.map((note) => {
      const { length, area } = quantities(note)
      return {
        type: 'Feature',
        id: note.id,
        properties: {
          text: note.text,
          kind: note.kind,
          stroke: note.colour,
          'stroke-width': note.width,
          ...(note.kind === 'polygon' && { fill: note.colour, 'fill-opacity': 0.15 }),
          ...(length !== undefined && { length_m: thousandth(length) }),
          ...(area !== undefined && { area_m2: thousandth(area) }),
        },
        geometry: geometryOf({ ...note, places: turned(note).map(degrees) }),
      }
    }),
  }
}

const thousandth = (value: number) => Math.round(value * 1000) / 1000

/** A centimetre of the map is 1e-7 degrees: one digit more keeps it. */
function degrees(place: Coordinate): Coordinate {
  const [lon = 0, lat = 0] = toLonLat(place)
  return [Number(lon.toFixed(8)), Number(lat.toFixed(8))]
}

/** RFC 7946 wants outlines counterclockwise. */
function turned({ kind, places }: Note): Coordinate[] {
  if (kind !== 'polygon') return places
  const twice = places.reduce((sum, [x, y], i) => {
    const [nx, ny] = places[(i + 1) % places.length] as Coordinate
    return sum + x * ny - nx * y
  }, 0)
  return twice < 0 ? places.toReversed() : places
}

/** A name for a file, of the letters and digits of a title. */
export const fileName = (title: string) =>
  `${title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '') || 'notes'}.geojson`
