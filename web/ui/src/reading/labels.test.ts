import { expect, test } from 'vitest'
import type { Coordinate } from '../map/api'
import { labelsAt, standing } from './labels'

const square: Coordinate[] = [
  [0, 0],
  [0, 100],
  [90, 100],
  [90, 0],
]
const labels = {
  sides: ['100 m', '90 m', '100 m', '90 m'],
  vertices: ['', '', '', ''],
  whole: '9 000 m²',
}
const all = labelsAt(square, labels, [45, 50])

test('near enough everything is written', () => {
  expect(standing(all, 0.5).map(({ text }) => text)).toEqual([
    '9 000 m²',
    '100 m',
    '100 m',
    '90 m',
    '90 m',
  ])
})

test('from afar the whole alone, and nothing covers anything', () => {
  expect(standing(all, 5).map(({ text }) => text)).toEqual(['9 000 m²'])
})

test('between, the longer sides go before the shorter', () => {
  const some = standing(all, 1.4).map(({ text }) => text)
  expect(some[0]).toBe('9 000 m²')
  expect(some.length).toBeLessThan(5)
})
