import { expect, test } from 'vitest'
import type { Coordinate, Extent } from '../map/api'
import { DMS, looksLikePlace, type System, sexagesimal, WGS84 } from './crs'
import { placesOf } from './places'
import { fromMap, toMap, written } from './projection'

const conic = (code: number, name: string, more: string): System => ({
  code: `EPSG:${code}`,
  name,
  proj: `+proj=lcc ${more} +lon_0=3 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs`,
})
const LAMBERT93 = conic(
  2154,
  'Lambert-93',
  '+lat_1=49 +lat_2=44 +lat_0=46.5 +x_0=700000 +y_0=6600000',
)
const CC49 = conic(3949, 'CC49', '+lat_1=48.25 +lat_2=49.75 +lat_0=49 +x_0=1700000 +y_0=8200000')
const MERCATOR: System = {
  code: 'EPSG:3857',
  name: 'Pseudo-Mercator',
  proj: '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs',
}
const systems = [LAMBERT93, CC49, WGS84, MERCATOR]

// Notre-Dame de Paris, point zero of French roads.
const lonLat: Coordinate = [2.34882, 48.85341]
const at = toMap(lonLat, WGS84)
const paris: Extent = [at[0] - 10_000, at[1] - 10_000, at[0] + 10_000, at[1] + 10_000]

test('Lambert-93 agrees with the published formula', () => {
  const [x, y] = fromMap(at, LAMBERT93)
  expect(x).toBeCloseTo(652217, -1)
  expect(y).toBeCloseTo(6861655, -2)
})

test('there and back is the same place in each system', () => {
  for (const system of systems) {
    const [x, y] = toMap(fromMap(at, system), system)
    expect(x).toBeCloseTo(at[0], 3)
    expect(y).toBeCloseTo(at[1], 3)
  }
})

test.each<[string, string, Coordinate]>([
  ['2.34882,48.85341', 'EPSG:4326', lonLat],
  ['48.85341, 2.34882', 'EPSG:4326', lonLat],
  ['2,34882 48,85341', 'EPSG:4326', lonLat],
  ['2,34882 ; 48,85341', 'EPSG:4326', lonLat],
  ['652217 6861655', 'EPSG:2154', [652217, 6861655]],
  ['1652217,5 8183900,25', 'EPSG:3949', [1652217.5, 8183900.25]],
  ['261469.5,6250000', 'EPSG:3857', [261469.5, 6250000]],
  [`48°51'12.28"N 2°20'55.75"E`, 'EPSG:4326', [2.348819, 48.853411]],
  ['48° 51′ 12,28″ N ; 2° 20′ 55,75″ E', 'EPSG:4326', [2.348819, 48.853411]],
  ["N 48° 51.2046' E 2° 20.9292'", 'EPSG:4326', [2.34882, 48.85341]],
  [`2°20'55,75" ; 48°51'12,28"`, 'EPSG:4326', [2.348819, 48.853411]],
  [`48°51'12,28" ; 2°20'55,75"`, 'EPSG:4326', [2.348819, 48.853411]],
  ['48.85341° N 2.34882° E', 'EPSG:4326', lonLat],
])('%s is first of all a place in %s', (text, code, given) => {
  const [place] = placesOf(text, systems, paris, 'EPSG:2154')
  expect(place?.system.code).toBe(code)
  expect(place?.given[0]).toBeCloseTo(given[0], 5)
  expect(place?.given[1]).toBeCloseTo(given[1], 5)
})

test('west and south are told by letters, in both languages', () => {
  expect(sexagesimal('16° 12′ N ; 61° 30′ O')?.pair).toEqual([-61.5, 16.2])
  expect(sexagesimal('16° 12′ N, 61° 30′ W')?.pair).toEqual([-61.5, 16.2])
  expect(sexagesimal('21°6.9′S 55°32′E')?.pair[1]).toBeCloseTo(-21.115, 9)
})

test('far from home numbers are a place of the reader’s system, or of the world', () => {
  const [far] = placesOf('-61.5 16.2', systems, paris, 'EPSG:2154')
  expect(far?.given).toEqual([-61.5, 16.2])
  expect(placesOf('48.85341, 2.34882', systems, null, 'EPSG:2154')[0]?.given).toEqual(lonLat)
  expect(placesOf('940000 6700000', systems, paris, 'EPSG:2154')[0]?.system).toBe(LAMBERT93)
  expect(placesOf('940000 6700000', systems, null, 'EPSG:3857')[0]?.system).toBe(MERCATOR)
})

test.each([
  'AB 12',
  '12 rue de la Paix',
  '12',
  '1 2 3',
  '1e9 4',
  '48°70′N 2°E',
  '48°N 2°N',
  '99°N 2°E',
])('%s is no place', (text) => {
  expect(looksLikePlace(text)).toBe(false)
  expect(placesOf(text, systems, paris, 'EPSG:2154')).toEqual([])
})

test('numbers that no system knows are no place', () => {
  expect(placesOf('99999999 5', systems, paris, 'EPSG:2154')).toEqual([])
})

test('coordinates are written in the reader’s manner', () => {
  const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ')
  expect(written(at, 'EPSG:4326', systems, 'fr')).toBe('2,348820° ; 48,853410°')
  expect(written(at, 'EPSG:4326', systems, 'en')).toBe('2.348820° ; 48.853410°')
  expect(plain(written(at, DMS, systems, 'fr'))).toBe('48° 51′ 12,28″ N ; 2° 20′ 55,75″ E')
  const west = toMap([-61.5, 16.2], WGS84)
  expect(plain(written(west, DMS, systems, 'fr'))).toMatch(/ O$/)
  expect(plain(written(west, DMS, systems, 'en'))).toBe('16° 12′ 0.00″ N ; 61° 30′ 0.00″ W')
  // A system that is not there any more: the first.
  expect(plain(written(at, 'EPSG:9999', systems, 'fr'))).toMatch(/^652 \d\d\d,\d ; 6 86/)
})
