import { expect, test } from 'vitest'
import type { Geometry } from '../map/api'
import { acrossOf, movedSides } from './across'

const polygon = (...ring: [number, number][]): Geometry => ({
  type: 'Polygon',
  coordinates: [[...ring, ring[0] as [number, number]]],
})

/** Three strips side by side; the vertex between the first two, at the top, is dragged. */
const west = (x: number, y: number) => polygon([0, 0], [10, 0], [x, y], [0, 10])
const middle = (x: number, y: number) => polygon([10, 0], [20, 0], [20, 10], [x, y])
const east = polygon([20, 0], [30, 0], [30, 10], [20, 10])
const before = [west(10, 10), middle(10, 10)]
const dragged = (x: number, y: number) => [west(x, y), middle(x, y)]
const faultAt = (x: number, y: number) =>
  acrossOf(movedSides(before, dragged(x, y)), [...dragged(x, y), east])

test('sides that a drag moves are told once, whoever has them', () => {
  expect(movedSides(before, dragged(12, 11))).toHaveLength(3)
  expect(movedSides(before, before)).toEqual([])
})

test('a vertex that stays among its neighbours crosses nothing', () => {
  expect(faultAt(12, 9)).toBeNull()
})

test('a vertex dragged over a border of another neighbour crosses it', () => {
  expect(faultAt(25, 5)?.[0]).toBeCloseTo(20, 6)
})

test('a vertex put on a border meets it', () => {
  expect(faultAt(20, 5)).toBeNull()
})
