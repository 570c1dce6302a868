import { describe, expect, test } from 'vitest'
import type { Coordinate } from '../map/api'
import { lineLength, polygonArea } from '../map/measure'
import { type Figure, ground, ringOf, sidesOf } from './figures'

const A: Coordinate = [650000, 5780000]
const plane = ground(A)
const at = (x: number, y: number) => plane.from([x, y])
const drawn = (figure: Figure, points: Coordinate[], sides = 6) => {
  const ring = ringOf(figure, points, sides)
  if (!ring) throw new Error('no ring')
  return ring
}

describe('figures are right on the ground', () => {
  test.each([1, 10, 250])('a circle of %d m keeps to a centimetre', (radius) => {
    const area = polygonArea([drawn('circle', [A, at(radius, 0)])])
    const circle = Math.PI * radius * radius
    expect(area).toBeLessThan(circle * 1.0001)
    expect(area).toBeGreaterThan(circle - 2 * Math.PI * radius * 0.0101 - circle * 1e-4)
    expect(radius * (1 - Math.cos(Math.PI / sidesOf(radius)))).toBeLessThanOrEqual(0.01 + 1e-12)
  })
  test('a circle on two places has both on it', () => {
    const ring = drawn('diameter', [at(-30, 0), at(30, 0)])
    expect(polygonArea([ring])).toBeGreaterThan(Math.PI * 900 - 3)
    expect(ring[0]).toEqual(at(30, 0))
    expect(Math.min(...ring.map(([x]) => x))).toBeCloseTo(at(-30, 0)[0], 2)
  })
  test('a turned rectangle has right angles and the depth of its third place', () => {
    const ring = drawn('turned', [A, at(12, 9), at(0, 20)])
    expect(lineLength(ring.slice(0, 2))).toBeCloseTo(15, 4)
    expect(lineLength(ring.slice(1, 3))).toBeCloseTo(16, 4)
    expect(polygonArea([ring])).toBeCloseTo(240, 2)
    expect(ring.slice(0, 2)).toEqual([A, at(12, 9)])
  })
  test('a regular polygon has sides alike', () => {
    const ring = drawn('regular', [A, at(10, 5)], 7)
    const lengths = ring.slice(1).map((_, i) => lineLength(ring.slice(i, i + 2)))
    expect(lengths).toHaveLength(7)
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(1e-4)
  })
  test('a rectangle has the two corners one gave', () => {
    expect(drawn('rectangle', [A, at(10, 5)])).toContainEqual(at(10, 5))
    expect(drawn('rectangle', [A, at(10, 5)])).toHaveLength(5)
  })
})

test('nothing is drawn of places that coincide or lie in line', () => {
  expect(ringOf('circle', [A, A], 6)).toBeNull()
  expect(ringOf('rectangle', [A, at(10, 0)], 6)).toBeNull()
  expect(ringOf('turned', [A, at(10, 0), at(20, 0)], 6)).toBeNull()
  expect(ringOf('turned', [A, at(10, 0)], 6)).toBeNull()
})
