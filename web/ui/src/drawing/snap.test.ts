import { describe, expect, test } from 'vitest'
import type { Coordinate } from '../map/api'
import { type Course, coursesOf, crossing, footOn, KINDS, type SnapKind, snap } from './snap'

const square: Course = [
  [0, 0],
  [100, 0],
  [100, 100],
  [0, 100],
  [0, 0],
]
const to = (
  pointer: Coordinate,
  kinds: readonly SnapKind[] = KINDS,
  from: Coordinate | null = null,
) => snap(pointer, 5, [square], { kinds, from })

describe('the pointer is drawn', () => {
  test('to a corner, with its very coordinates, before the border it lies on', () => {
    const odd: Course = [[0.1 + 0.2, 1 / 3]]
    expect(snap([0, 0], 5, [odd], { kinds: KINDS, from: null })?.at).toEqual([0.1 + 0.2, 1 / 3])
    expect(to([3, 1])).toEqual({ at: [0, 0], kind: 'vertex' })
  })
  test('to the middle of a side, and elsewhere to the nearest place of it', () => {
    expect(to([52, 3])).toEqual({ at: [50, 0], kind: 'midpoint' })
    expect(to([30, 3])).toEqual({ at: [30, 0], kind: 'edge' })
  })
  test('to where lines cross', () => {
    const line: Course = [
      [20, -20],
      [40, 20],
    ]
    expect(snap([31, 2], 5, [square, line], { kinds: KINDS, from: null })).toEqual({
      at: [30, 0],
      kind: 'intersection',
    })
  })
  test('to the foot of the vertex placed last', () => {
    expect(to([32, 2], KINDS, [30, 60])).toEqual({ at: [30, 0], kind: 'perpendicular' })
    expect(to([32, 2], KINDS, [150, 60])?.kind).toBe('edge')
  })
  test('to nothing beyond reach, and to no kind that is switched off', () => {
    expect(to([50, 50])).toBeNull()
    expect(to([3, 1], ['edge'])).toEqual({ at: [3, 0], kind: 'edge' })
    expect(to([30, 3], ['vertex'])).toBeNull()
  })
})

test('no place of a segment is nearer than the foot, and where segments cross lies on both', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log('seed', seed)
  const random = mulberry(seed)
  const place = (): Coordinate => [random() * 100, random() * 100]
  for (let i = 0; i < 500; i++) {
    const [a, b, p, c, d] = [place(), place(), place(), place(), place()]
    const foot = footOn(a, b, p)
    const least = Math.hypot(foot[0] - p[0], foot[1] - p[1])
    for (let t = 0; t <= 1; t += 0.05) {
      const [x, y] = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
      expect(Math.hypot(x - p[0], y - p[1])).toBeGreaterThanOrEqual(least - 1e-9)
    }
    const met = crossing([a, b], [c, d])
    if (!met) continue
    for (const [from, till] of [
      [a, b],
      [c, d],
    ] as const) {
      const on = footOn(from, till, met)
      expect(Math.hypot(on[0] - met[0], on[1] - met[1])).toBeLessThan(1e-9)
    }
  }
})

test('a geometry is made of its lines, rings and points', () => {
  const ring = square as number[][]
  expect(coursesOf({ type: 'Point', coordinates: [1, 2] })).toEqual([[[1, 2]]])
  expect(coursesOf({ type: 'MultiPolygon', coordinates: [[ring], [ring, ring]] })).toHaveLength(3)
})

/** A small generator with a seed (Tommy Ettinger's Mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
