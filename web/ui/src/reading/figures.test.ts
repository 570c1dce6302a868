import { expect, test } from 'vitest'
import type { Coordinate } from '../map/api'
import { type System, WGS84 } from '../status/crs'
import { gridOf, labelsOf, sidesOf, tableOf, wholeText } from './figures'

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

const LAMBERT93: System = {
  code: 'EPSG:2154',
  name: 'Lambert-93',
  proj: '+proj=lcc +lat_1=49 +lat_2=44 +lat_0=46.5 +lon_0=3 +x_0=700000 +y_0=6600000 +ellps=GRS80 +units=m +no_defs',
}

test('the north of the grid is not the geographic one: east of its middle that lies west of it', () => {
  const grid = gridOf(LAMBERT93.code, [WGS84, LAMBERT93])
  // 8° east of Greenwich, 5° from the middle: the meridians converge by 5° · sin 46.5°.
  const [x, y] = [890_555.9, 5_860_000]
  const [side] = sidesOf(
    {
      kind: 'azimuth',
      places: [
        [x, y],
        [x, y + 100],
      ],
    },
    grid,
  )
  expect(side?.azimuth).toBeCloseTo(0, 5)
  expect(side?.gridAzimuth).toBeCloseTo(360 - 5 * Math.sin((46.5 * Math.PI) / 180), 1)
  expect(gridOf('EPSG:4326', [WGS84])).toBeNull()
})
