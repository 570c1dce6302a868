import { describe, expect, test } from 'vitest'
import type { Extent } from './api'
import { tileReach, touches, zoomOf } from './tiles'

const HALF = Math.PI * 6378137

describe('tiles touched by a change', () => {
  test('a tile reaches past its edge by 64 of 4096 units', () => {
    const side = HALF
    const margin = side / 64
    expect(tileReach([1, 1, 0])).toEqual([-margin, -margin, side + margin, side + margin])
  })

  test.each<[string, Extent, boolean]>([
    ['inside', [10, 10, 20, 20], true],
    ['beside, within the buffer', [-100, 10, -50, 20], true],
    ['beyond the buffer', [-HALF / 32, 10, -HALF / 64 - 1, 20], false],
    ['over the whole tile', [-HALF, -HALF, HALF, HALF], true],
    ['everywhere', [-Infinity, -Infinity, Infinity, Infinity], true],
  ])('a box %s', (_, box, expected) => {
    expect(touches([1, 1, 0], [box])).toBe(expected)
  })

  test('any of several boxes is enough, none is not', () => {
    expect(
      touches(
        [1, 1, 0],
        [
          [-HALF, -HALF, -HALF, -HALF],
          [1, 1, 1, 1],
        ],
      ),
    ).toBe(true)
    expect(touches([1, 1, 0], [])).toBe(false)
  })

  test('zooms count 512-pixel tiles', () => {
    expect(zoomOf((2 * HALF) / 512)).toBe(0)
    expect(zoomOf((2 * HALF) / 512 / 2 ** 15)).toBeCloseTo(15, 12)
  })
})
