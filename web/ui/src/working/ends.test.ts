import { expect, test } from 'vitest'
import type { Geometry } from '../map/api'
import { endingAt, endsAt, feet, type Named, nodeNear } from './ends'

const line = (id: string, ...coordinates: number[][]): Named => ({
  id,
  geometry: { type: 'LineString', coordinates } as Geometry,
})
const a = line('a', [0, 0, 101], [10, 0, 102])
const b = line('b', [10, 0, 103], [10, 10, 104])
const ring = line('ring', [0, 0], [0, -5], [5, -5], [0, 0])

test('the nearest edge comes first, with its foot; those out of reach do not come', () => {
  expect(feet([b, a], [4, 1], 2)).toEqual([{ id: 'a', at: [4, 0], distance: 1 }])
  expect(feet([b, a], [9, 2], 3).map(({ id }) => id)).toEqual(['b', 'a'])
  expect(feet([a], [12, 0], 5)[0]?.at.slice(0, 2)).toEqual([10, 0])
})

test('a node is a point or where an edge ends, at whatever level', () => {
  const node = { id: 'n', geometry: { type: 'Point', coordinates: [20, 0] } as Geometry }
  expect(nodeNear([node], [a], [19, 0], 2)).toEqual([20, 0])
  expect(nodeNear([], [a, b], [9.5, 0], 2)).toEqual([10, 0])
  expect(nodeNear([], [a, b], [5, 0], 2)).toBeNull()
})

test('edges that meet at a place are counted by their ends', () => {
  expect(endingAt([a, b], [10, 0]).map(({ id }) => id)).toEqual(['a', 'b'])
  expect(endingAt([ring], [0, 0])).toHaveLength(2)
  expect(endsAt(a, [5, 0])).toBe(false)
})
