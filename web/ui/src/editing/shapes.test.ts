import { expect, test } from 'vitest'
import { polar, step } from '../drawing/numbers'
import type { Coordinate, Geometry } from '../map/api'
import { measure } from '../map/measure'
import { collected, fitted, holesOf, partsOf, withoutHole } from './parts'
import { surfaceText } from './quantity'
import { grown, growthBetween, middleOf, moved, turnBetween, turned } from './transform'

const corner: Coordinate = [580_000, 5_900_000]
const ring = [
  corner,
  step(corner, 20, 90),
  step(step(corner, 20, 90), 10, 0),
  step(corner, 10, 0),
  corner,
]
const house: Geometry = { type: 'Polygon', coordinates: [ring] }
const area = (geometry: Geometry) => measure(geometry).area ?? 0

test('what is turned keeps its area, and four right angles bring it back', () => {
  const once = turned(house, 37)
  expect(area(once)).toBeCloseTo(area(house), 2)
  let back: Geometry = house
  for (let i = 0; i < 4; i++) back = turned(back, 90)
  const [places = []] = back.coordinates as number[][][]
  for (const [i, [x = 0, y = 0]] of places.entries()) {
    expect(Math.hypot(x - (ring[i]?.[0] ?? 0), y - (ring[i]?.[1] ?? 0))).toBeLessThan(0.001)
  }
})

test('what is grown twice has four times the area; what is moved goes as far as was said', () => {
  expect(area(grown(house, 2)) / area(house)).toBeCloseTo(4, 4)
  const { length, azimuth } = polar(middleOf(house), middleOf(moved(house, 3, 4)))
  expect(length).toBeCloseTo(5, 3)
  expect(azimuth).toBeCloseTo((Math.atan2(3, 4) * 180) / Math.PI, 2)
})

test('a handle turns clockwise and grows by distance', () => {
  const middle = middleOf(house)
  expect(turnBetween(middle, step(middle, 5, 0), step(middle, 8, 90))).toBeCloseTo(90, 3)
  expect(growthBetween(middle, step(middle, 5, 10), step(middle, 10, 200))).toBeCloseTo(2, 3)
})

const square = (x: number, size: number) => [
  [x, 0],
  [x + size, 0],
  [x + size, size],
  [x, size],
  [x, 0],
]
const two: Geometry = { type: 'MultiPolygon', coordinates: [[square(0, 9)], [square(20, 9)]] }

test('exploded and collected is what it was', () => {
  expect(collected(partsOf(two))).toEqual(two)
  expect(collected([house, { type: 'Point', coordinates: [0, 0] }])).toBeNull()
})

test('shapes are fitted to what a layer keeps', () => {
  expect(fitted(house, 'MultiPolygon')).toEqual({ type: 'MultiPolygon', coordinates: [[ring]] })
  expect(fitted(two, 'Polygon')).toBeNull()
  expect(fitted({ type: 'MultiPolygon', coordinates: [[ring]] }, 'Polygon')).toEqual(house)
  expect(fitted(house, 'LineString')).toEqual({ type: 'LineString', coordinates: ring })
  expect(fitted({ type: 'LineString', coordinates: ring }, 'Polygon')).toEqual(house)
  expect(fitted({ type: 'LineString', coordinates: ring.slice(0, 3) }, 'Polygon')).toBeNull()
  expect(fitted(house, 'Point')).toBeNull()
})

test('the hole under the pointer is filled, and no other', () => {
  const holed: Geometry = {
    type: 'Polygon',
    coordinates: [square(0, 100), square(10, 5), square(40, 5)],
  }
  expect(holesOf(holed)).toBe(2)
  expect(withoutHole(holed, [12, 2])?.coordinates).toEqual([square(0, 100), square(40, 5)])
  expect(withoutHole(holed, [30, 50])).toBeNull()
})

test('areas are told in French with hectares, ares and centiares', () => {
  expect(surfaceText(12_345, 'fr').replaceAll(/[\u202f\u00a0]/g, ' ')).toBe(
    '12 345 m² (1 ha 23 a 45 ca)',
  )
  expect(surfaceText(87, 'fr').replaceAll(/[\u202f\u00a0]/g, ' ')).toBe('87 m²')
  expect(surfaceText(20_000, 'en')).toBe('2 ha')
})
