import { expect, test } from 'vitest'
import { between, colourOf, textOf, withAlpha } from './colour'

test.each([
  ['#abc', '#aabbcc', 1],
  ['#ABCDEF', '#abcdef', 1],
  ['#abcdef80', '#abcdef', 0.5],
  ['#abc0', '#aabbcc', 0],
  ['rgb(1, 2, 3)', '#010203', 1],
  ['rgba(253, 246, 227, 0.75)', '#fdf6e3', 0.75],
  ['rgb(1 2 3 / 50%)', '#010203', 0.5],
  [undefined, '#000000', 0],
])('%s is %s at %s', (text, hex, alpha) => {
  expect(colourOf(text)).toEqual({ hex, alpha })
})

test('what a style writes is read as it was', () => {
  for (const alpha of [0, 0.05, 0.4, 0.75, 1]) {
    expect(colourOf(textOf({ hex: '#123456', alpha }))).toEqual({ hex: '#123456', alpha })
  }
  expect(withAlpha('rgba(1, 2, 3, 0.2)', 1)).toBe('#010203')
})

test('colours between others are evenly on the way', () => {
  const way = ['#000000', '#808080', '#ffffff']
  expect([0, 0.25, 0.5, 1].map((share) => between(way, share))).toEqual([
    '#000000',
    '#404040',
    '#808080',
    '#ffffff',
  ])
})
