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
