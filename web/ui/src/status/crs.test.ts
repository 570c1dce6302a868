import { expect, test } from 'vitest'
import { parse } from './crs'
import { fromMap, toMap, written } from './projection'

// Notre-Dame de Paris, point zero of French roads.
const lonLat: [number, number] = [2.34882, 48.85341]
const at = toMap(lonLat, 'EPSG:4326')

test('Lambert-93 agrees with the published formula', () => {
  const [x, y] = fromMap(at, 'EPSG:2154')
  expect(x).toBeCloseTo(652217, -1)
  expect(y).toBeCloseTo(6861655, -2)
})

test('there and back is the same place', () => {
  for (const crs of ['EPSG:2154', 'EPSG:4326', 'EPSG:3857'] as const) {
    const [x, y] = toMap(fromMap(at, crs), crs)
    expect(x).toBeCloseTo(at[0], 3)
    expect(y).toBeCloseTo(at[1], 3)
  }
})

test.each([
  ['2.34882,48.85341', 'EPSG:4326', lonLat],
  ['2.34882, 48.85341', 'EPSG:4326', lonLat],
  ['48.85341, 2.34882', 'EPSG:4326', lonLat],
  ['2,34882 48,85341', 'EPSG:4326', lonLat],
  ['2,34882 ; 48,85341', 'EPSG:4326', lonLat],
  ['-61.5 16.2', 'EPSG:4326', [-61.5, 16.2]],
  ['652217 6861655', 'EPSG:2154', [652217, 6861655]],
  ['431234.5,5400000', 'EPSG:3857', [431234.5, 5400000]],
])('%s is a place in %s', (text, crs, given) => {
  expect(parse(text)).toMatchObject({ crs, given })
})

test.each([
  [`48°51'12.276"N 2°20'55.752"E`],
  [`2°20'55,752" ; 48°51'12,276"`],
  [`N 48° 51' 12.276", E 2° 20' 55.752"`],
  [`48° 51.2046' N 2° 20.9292' E`],
  [`48.85341° N 2.34882° E`],
])('%s is a place in degrees', (text) => {
  const { crs, given } = parse(text) ?? { crs: '', given: [0, 0] }
  expect(crs).toBe('EPSG:4326')
  expect(given[0]).toBeCloseTo(lonLat[0], 6)
  expect(given[1]).toBeCloseTo(lonLat[1], 6)
})

test('west and south are negative, also in French', () => {
  expect(parse(`16°15'S 61°30'O`)?.given).toEqual([-61.5, -16.25])
})

test.each([`48°61' 2°20'`, `48°N 47°N`, `48°51'`, `48°51' N 2`])('%s is no place', (text) => {
  expect(parse(text)).toBeNull()
})

test.each(['AB 12', '12 rue de la Paix', '12', '1 2 3', '1e9 4', '99999999 5'])(
  '%s is no place',
  (text) => {
    expect(parse(text)).toBeNull()
  },
)

test('coordinates are written in the reader’s manner', () => {
  expect(written(at, 'EPSG:4326', 'fr')).toBe('2,348820° ; 48,853410°')
  expect(written(at, 'EPSG:4326', 'en')).toBe('2.348820° ; 48.853410°')
})
