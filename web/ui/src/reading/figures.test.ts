import { expect, test } from 'vitest'
import type { Coordinate } from '../map/api'
import { labelsOf, sidesOf, tableOf, wholeText } from './figures'

/** A square of 100 map units at 46° north, where one unit is about 0.695 m. */
const square: Coordinate[] = [
  [260000, 5780000],
  [260000, 5780100],
  [260100, 5780100],
  [260100, 5780000],
]
const area = { id: 1, kind: 'area' as const, places: square }

test('an area has as many sides as vertices, with azimuths clockwise from north', () => {
  const sides = sidesOf(area)
  expect(sides.map(({ azimuth }) => Math.round(azimuth))).toEqual([0, 90, 180, 270])
  expect(sidesOf({ kind: 'length', places: square })).toHaveLength(3)
})

test('figures are of the ground, not of the map, and written in the reader’s manner', () => {
  expect(wholeText(area, 'fr')).toMatch(/^4.?8\d\d.m²$/)
  expect(wholeText({ kind: 'azimuth', places: square.slice(1, 3) }, 'fr')).toBe(
    '90,00° (100,00 gon)',
  )
})

test('a height that nothing tells is left out, never made up', () => {
  expect(labelsOf(area, [31.25, null, undefined, 0], 'fr').vertices).toEqual([
    '31,25\u00a0m',
    '',
    '',
    '0,00\u00a0m',
  ])
  const lines = tableOf(area, [31.25, null], 'en', ['1', '2', '3', '4']).split('\n')
  expect(lines).toHaveLength(6)
  expect(lines[2]).toMatch(/^1\t6\d\.\d{3}\t0\.000\t31\.250$/)
  expect(lines[3]).toMatch(/\t$/)
})
