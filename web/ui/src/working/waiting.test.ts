import { beforeEach, expect, test } from 'vitest'
import type { Operation } from './model'
import { drawnOf, isLost, type Wish, waiting } from './waiting'

const LAYER = 'land.parcels'
const split = (x: number): Operation => ({
  kind: 'split',
  line: [
    [x, 0],
    [x, 9],
  ],
})
const wish = (operation: Operation): Wish => ({ operation })

beforeEach(() => waiting.clear(LAYER))

test('steps wait in their order, on the revision of the first', () => {
  waiting.add(LAYER, wish(split(1)), 7)
  waiting.add(LAYER, { turn: 1 }, 99)
  expect(waiting.of(LAYER)).toEqual({ revision: 7, wishes: [wish(split(1)), { turn: 1 }] })
  waiting.answered(LAYER, 8)
  expect(waiting.of(LAYER)).toEqual({ revision: 8, wishes: [{ turn: 1 }] })
  waiting.answered(LAYER, 9)
  expect(waiting.of(LAYER).wishes).toEqual([])
})

test('what was taken back is not shown as waiting', () => {
  const move: Operation = { kind: 'move', from: [[0, 0]], to: [[3, 4]] }
  expect(drawnOf([wish(split(1)), wish(split(2)), { turn: 1 }, wish(move)])).toEqual([
    { type: 'LineString', coordinates: split(1).line },
    {
      type: 'LineString',
      coordinates: [
        [0, 0],
        [3, 4],
      ],
    },
  ])
})

test('a refusal is an answer, a gateway without a server is none', () => {
  expect([0, 502, 503, 504].every(isLost)).toBe(true)
  expect([400, 409, 422, 500].some(isLost)).toBe(false)
})
