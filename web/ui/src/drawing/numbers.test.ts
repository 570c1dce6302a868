import { expect, test } from 'vitest'
import type { Coordinate } from '../map/api'
import { lineLength } from '../map/measure'
import { number, polar, step, turn } from './numbers'

const A: Coordinate = [650000, 5780000]

test('a side has the length and the direction one typed, near and far', () => {
  for (const length of [0.5, 12.5, 400, 5000]) {
    for (const azimuth of [0, 37.5, 90, 181, 359]) {
      const to = step(A, length, azimuth)
      expect(lineLength([A, to])).toBeCloseTo(length, 5)
      const told = polar(A, to)
      expect(told.length).toBeCloseTo(length, 5)
      expect(told.azimuth).toBeCloseTo(azimuth, 6)
    }
  }
})

test('a turn is told from the last side', () => {
  const placed = [A, step(A, 10, 30)]
  expect(turn(placed, 120)).toBeCloseTo(90, 6)
  expect(turn(placed, 0)).toBeCloseTo(330, 6)
  expect(turn([A], 45)).toBe(45)
})

test('numbers are typed as people write them', () => {
  expect(number('12,5')).toBe(12.5)
  expect(number('1 250.75')).toBe(1250.75)
  expect(number('-90')).toBe(-90)
  expect(number('12.5.1')).toBeNull()
  expect(number('')).toBeNull()
})
