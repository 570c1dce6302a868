import { expect, test } from 'vitest'
import { squaredDistance } from './hit'

const ring = [0, 0, 10, 0, 10, 10, 0, 10, 0, 0]
const hole = [4, 4, 6, 4, 6, 6, 4, 6, 4, 4]
const polygon = { kind: 'polygon', flat: [...ring, ...hole], ends: [10, 20] } as const

test.each([
  ['inside a polygon', 1, 1, 0],
  ['in its hole', 5, 5, 1],
  ['beside it', 12, 5, 4],
  ['off a corner', 13, 14, 25],
])('%s', (_, x, y, squared) => {
  expect(squaredDistance(polygon, x, y)).toBe(squared)
})

test('lines count from their nearest segment, and are not joined to each other', () => {
  const lines = { kind: 'line', flat: [0, 0, 10, 0, 0, 10, 10, 10], ends: [4, 8] } as const
  expect(squaredDistance(lines, 5, 3)).toBe(9)
  expect(squaredDistance(lines, 5, 5)).toBe(25)
})

test('points count from the nearest of them', () => {
  expect(squaredDistance({ kind: 'point', flat: [0, 0, 8, 0], ends: [] }, 6, 0)).toBe(4)
})
