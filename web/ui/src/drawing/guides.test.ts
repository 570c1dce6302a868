import { expect, test } from 'vitest'
import type { Coordinate } from '../map/api'
import { aim } from './aim'
import { footOnGuide, guidesOf } from './guides'
import { polar, step } from './numbers'
import { KINDS } from './snap'

const start: Coordinate = [580_000, 5_900_000]
const second = step(start, 20, 30)
const free = {
  kinds: KINDS,
  guides: true,
  ortho: false,
  placed: [start, second],
  closing: true,
  edges: [],
  length: null,
  azimuth: null,
}

test('a right angle is one on the ground', () => {
  const near = step(second, 15, 121)
  const { at, kind } = aim(near, 1, [], free)
  expect(kind).toBe('guide')
  expect(polar(second, at).azimuth).toBeCloseTo(120, 4)
})

test('a side goes straight on, and a far pointer is left where it is', () => {
  const on = aim(step(second, 12, 31), 1, [], free)
  expect(polar(second, on.at).azimuth).toBeCloseTo(30, 4)
  const far = step(second, 12, 70)
  expect(aim(far, 0.5, [], free)).toEqual({ at: far, kind: null, guides: [] })
})

test('kept to the guides, however far the pointer is', () => {
  const { at } = aim(step(second, 12, 100), 0.5, [], { ...free, ortho: true })
  expect(polar(second, at).azimuth).toBeCloseTo(120, 4)
})

test('two right angles close a rectangle', () => {
  const third = step(second, 8, 120)
  const fourth = step(start, 8, 120)
  const { at, guides } = aim([fourth[0] + 0.4, fourth[1] + 0.3], 1.5, [], {
    ...free,
    placed: [start, second, third],
  })
  expect(guides.map(({ kind }) => kind).sort()).toEqual(['closing', 'right'])
  expect(Math.hypot(at[0] - fourth[0], at[1] - fourth[1])).toBeLessThan(0.01)
})

test('parallel to an edge that was picked, and ending on a border', () => {
  const edge = [step(start, 50, 0), step(step(start, 50, 0), 10, 75)] as const
  const found = aim(step(second, 10, 76), 1, [], { ...free, edges: [edge] })
  expect(polar(second, found.at).azimuth).toBeCloseTo(75, 3)
  const across = step(second, 10, 75)
  const border = [step(across, 5, 0), step(across, 5, 180)]
  const met = aim([across[0] + 0.5, across[1] + 0.3], 1, [border], {
    ...free,
    kinds: ['edge'],
    edges: [edge],
  })
  expect(met.kind).toBe('guide')
  expect(Math.hypot(met.at[0] - across[0], met.at[1] - across[1])).toBeLessThan(0.02)
})

test('a corner is meant even where a guide runs near', () => {
  const corner = step(second, 15, 120.5)
  expect(aim(corner, 1, [[corner, step(corner, 3, 0)]], free)).toMatchObject({
    at: corner,
    kind: 'vertex',
  })
})

test('a typed length and angle hold the side', () => {
  const held = aim(step(second, 3, 200), 1, [], { ...free, length: 12.5, azimuth: 77 })
  const { length, azimuth } = polar(second, held.at)
  expect(length).toBeCloseTo(12.5, 4)
  expect(azimuth).toBeCloseTo(77, 4)
  const longer = aim(step(second, 3, 200), 1, [], { ...free, length: 12.5 })
  expect(polar(second, longer.at).length).toBeCloseTo(12.5, 4)
})

test('without a vertex there are no guides', () => {
  expect(guidesOf([])).toEqual([])
  const [guide] = guidesOf([start, second])
  if (guide) expect(footOnGuide(guide, guide.at)).toEqual(guide.at)
})
