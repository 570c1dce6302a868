import { expect, test } from 'vitest'
import { crossingOf, crossingOfCourses } from './crossing'
import { Chains } from './trace'

const square = (x: number, y: number) => [
  [x, y],
  [x + 10, y],
  [x + 10, y + 10],
  [x, y + 10],
  [x, y],
]

test('the shorter way along an outline, vertex for vertex', () => {
  const chains = new Chains([square(0, 0)])
  expect(chains.way([0, 5], [10, 4])).toEqual([
    [0, 0],
    [10, 0],
  ])
  expect(chains.way([0, 0], [10, 9])).toEqual([[10, 0]])
})

test('along the edges of several features that share a vertex', () => {
  const chains = new Chains([square(0, 0), square(10, 0), square(20, 0)])
  expect(chains.way([2, 0], [28, 0])).toEqual([
    [10, 0],
    [20, 0],
  ])
})

test('two places of one edge have nothing between them', () => {
  expect(new Chains([square(0, 0)]).way([2, 0], [7, 0])).toEqual([])
})

test('no way leads off the edges, or to another island', () => {
  const chains = new Chains([square(0, 0), square(50, 0)])
  expect(chains.way([5, 5], [10, 4])).toBeNull()
  expect(chains.way([0, 5], [50, 5])).toBeNull()
  expect(chains.way([0, 5], [0, 5])).toBeNull()
})

test('a long chain is found at once', () => {
  const line = Array.from({ length: 20_000 }, (_, i) => [i, i % 2])
  const way = new Chains([line]).way([0, 0], [19_999, 1])
  expect(way).toHaveLength(19_998)
})

const ring = (...places: number[][]) => [[...places, places[0] as number[]]]

test('an outline that crosses itself is told where', () => {
  const bow = ring([0, 0], [10, 10], [10, 0], [0, 10])
  expect(crossingOf({ type: 'Polygon', coordinates: bow })).toEqual([5, 5])
  expect(crossingOf({ type: 'Polygon', coordinates: [square(0, 0)] })).toBeNull()
})

test('a hole that leaves its outline is told too', () => {
  const at = crossingOf({ type: 'Polygon', coordinates: [square(0, 0), square(5, 5)] })
  expect([
    [5, 10],
    [10, 5],
  ]).toContainEqual(at)
})

test('while one draws the side that closes is not yet meant', () => {
  const open = [
    [0, 0],
    [10, 10],
    [10, 0],
    [0, 10],
  ]
  expect(crossingOfCourses([open], false)).toEqual([5, 5])
  expect(crossingOfCourses([open.slice(0, 3)], false)).toBeNull()
})

test('10,000 vertices are looked through in less than a frame of patience', () => {
  const circle = Array.from({ length: 10_000 }, (_, i) => {
    const angle = (i / 10_000) * 2 * Math.PI
    return [1000 * Math.cos(angle), 1000 * Math.sin(angle)]
  })
  expect(crossingOf({ type: 'Polygon', coordinates: ring(...circle) })).toBeNull()
})
