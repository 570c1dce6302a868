import { expect, test } from 'vitest'
import { groundScale, lineLength, measure, polygonArea } from './measure'

/**
 * A square of 100 map units at (200000, 5900000), near Guéret, as PostGIS measures it:
 * select ST_Length(ST_Transform(l, 4326)::geography), ST_Area(ST_Transform(p, 4326)::geography)
 */
const square = [
  [200000, 5900000],
  [200100, 5900000],
  [200100, 5900100],
  [200000, 5900100],
  [200000, 5900000],
]

test('lengths and areas are those of the ellipsoid', () => {
  expect(lineLength(square.slice(0, 2))).toBeCloseTo(68.650945, 5)
  expect(polygonArea([square])).toBeCloseTo(4698.0294, 2)
})

test('holes are taken off, whatever way they turn', () => {
  const hole = square.map(([x = 0, y = 0]) => [
    200025 + (x - 200000) / 2,
    5900025 + (y - 5900000) / 2,
  ])
  const whole = polygonArea([square])
  expect(polygonArea([square, hole]) / whole).toBeCloseTo(0.75, 4)
  expect(polygonArea([square, hole.toReversed()]) / whole).toBeCloseTo(0.75, 4)
})

test('an area unclosed while it is drawn is that of the ring', () => {
  expect(polygonArea([square.slice(0, 4)])).toBeCloseTo(polygonArea([square]), 6)
})

test('points have no measure', () => {
  expect(measure({ type: 'Point', coordinates: [0, 0] })).toEqual({})
})

test('at the equator a map unit is a metre eastward', () => {
  expect(groundScale(0).east).toBeCloseTo(1, 9)
})
