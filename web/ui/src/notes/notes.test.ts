import { expect, test } from 'vitest'
import type { Coordinate } from '../map/api'
import { collectionOf, fileName } from './geojson'
import { boxOf, geometryOf, type Note, type NoteKind, placesOf } from './model'
import { wrapped } from './olstyle'

const corners: Coordinate[] = [
  [260000, 5780000],
  [260000, 5780100],
  [260100, 5780100],
]
const note = (kind: NoteKind, places: Coordinate[], text = ''): Note => ({
  id: kind,
  kind,
  places,
  text,
  colour: '#c92a2a',
  width: 4,
  figures: true,
})

test('places come back from the shape they make, to the centimetre', () => {
  expect(placesOf('polygon', geometryOf({ kind: 'polygon', places: corners }))).toEqual(corners)
  expect(
    placesOf('line', {
      type: 'LineString',
      coordinates: [
        [1.2345, 2, 9],
        [1.2349, 2],
        [4, 5],
      ],
    }),
  ).toEqual([
    [1.23, 2],
    [4, 5],
  ])
  expect(placesOf('text', { type: 'Point', coordinates: [1, 2] })).toEqual([[1, 2]])
})

test('what is too small to be a note is none', () => {
  expect(
    placesOf('line', {
      type: 'LineString',
      coordinates: [
        [1, 2],
        [1, 2],
      ],
    }),
  ).toBeNull()
  expect(
    placesOf('polygon', {
      type: 'Polygon',
      coordinates: [
        [
          [1, 2],
          [3, 4],
          [1, 2],
        ],
      ],
    }),
  ).toBeNull()
})

test('GeoJSON is in degrees, counterclockwise, with figures of the ground', () => {
  const { features } = collectionOf('Halle', [
    note('polygon', corners, '<b>x</b>'),
    note('arrow', corners),
  ])
  const [area, arrow] = features
  expect(area?.geometry.type).toBe('Polygon')
  const ring = (area?.geometry.coordinates as number[][][] | undefined)?.[0] ?? []
  expect(ring[0]).toEqual(ring.at(-1))
  const twice = ring.slice(1).reduce((sum, [x = 0, y = 0], i) => {
    const [px = 0, py = 0] = ring[i] ?? []
    return sum + px * y - x * py
  }, 0)
  expect(twice).toBeGreaterThan(0)
  expect(ring.flat().every((each) => Math.abs(each) < 90)).toBe(true)
  expect(area?.properties).toMatchObject({ text: '<b>x</b>', stroke: '#c92a2a', fill: '#c92a2a' })
  expect(area?.properties.area_m2).toBeGreaterThan(2300)
  expect(area?.properties.area_m2).toBeLessThan(2500)
  expect(arrow?.properties).not.toHaveProperty('area_m2')
  expect(arrow?.properties.length_m).toBeGreaterThan(130)
})

test('files are named by titles', () => {
  expect(fileName(' Rue du Four / été 2026 ')).toBe('Rue-du-Four-été-2026.geojson')
  expect(fileName('***')).toBe('notes.geojson')
})

test('words on the map are in short lines, and cut where they are long', () => {
  expect(wrapped('Passage piéton à refaire devant l’école\n\navant septembre')).toEqual([
    'Passage piéton à refaire',
    'devant l’école',
    'avant septembre',
  ])
  expect(wrapped('mot '.repeat(200)).join(' ').length).toBeLessThan(245)
  expect(wrapped('  ')).toEqual([])
})

test('a box holds all places', () => {
  expect(boxOf([note('line', corners)])).toEqual([260000, 5780000, 260100, 5780100])
  expect(boxOf([])).toBeNull()
})
