import { describe, expect, test } from 'vitest'
import type { LayerStyle } from './api'
import {
  categoryKey,
  classKey,
  countOf,
  crowdRadius,
  crowdWords,
  entryOf,
  OTHERS,
  symbolOf,
  titleOf,
  writingOf,
  zoomRange,
} from './symbol'

const style: LayerStyle = {
  fill: '#eee',
  stroke: '#333',
  width: 2,
  label: { field: 'number', minzoom: 16 },
  by: {
    field: 'urban',
    values: [
      { value: true, fill: '#fcc', label: { fr: 'bâti', en: 'built' } },
      { value: null, stroke: '#00f', label: { fr: 'inconnu', en: 'unknown' } },
    ],
  },
}

describe('the symbol of a feature', () => {
  test('takes its category over the layer, part by part', () => {
    expect(symbolOf(style, { urban: true }, 'polygon')).toMatchObject({
      fill: '#fcc',
      stroke: '#333',
      width: 2,
    })
  })
  test('knows a value written as a word, and an absent one as null', () => {
    expect(symbolOf(style, { urban: 'true' }, 'polygon').fill).toBe('#fcc')
    expect(symbolOf(style, {}, 'polygon').stroke).toBe('#00f')
  })
  test('falls back to the layer for a value nobody named', () => {
    expect(symbolOf(style, { urban: false }, 'polygon')).toMatchObject({
      fill: '#eee',
      stroke: '#333',
    })
  })
  test('is never invisible for want of a style', () => {
    expect(symbolOf({}, {}, 'line').stroke).toBeTruthy()
  })
})

describe('by class', () => {
  const classes = { field: 'area', breaks: [0, 10, 20], colours: ['#aaa', '#bbb'] }
  const byClass: LayerStyle = { fill: '#eee', stroke: '#333', classes }
  test.each([
    [0, '#aaa'],
    [10, '#aaa'],
    ['10.5', '#bbb'],
    [20, '#bbb'],
    [20.1, '#eee'],
    [-1, '#eee'],
    ['', '#eee'],
    [null, '#eee'],
    ['many', '#eee'],
  ])('the number %s is drawn in %s', (area, fill) => {
    expect(symbolOf(byClass, { area }, 'polygon').fill).toBe(fill)
  })
  test('lines take the colour of their class as their own', () => {
    expect(symbolOf(byClass, { area: 5 }, 'line')).toMatchObject({ fill: '#eee', stroke: '#aaa' })
  })
  test('a feature is found under its entry of the legend', () => {
    expect(entryOf(byClass, { area: 15 })).toBe(classKey(1))
    expect(entryOf(byClass, {})).toBe(OTHERS)
    expect(entryOf(style, { urban: 'true' })).toBe(categoryKey(true))
    expect(entryOf({}, {})).toBe(OTHERS)
  })
})

test('decimals are the same number however they are written', () => {
  const by = { field: 'd', values: [{ value: '12.50', fill: '#f00', label: { fr: '', en: '' } }] }
  expect(symbolOf({ by }, { d: 12.5 }, 'line').fill).toBe('#f00')
})

test('the area of a circle follows the number, between the two bounds', () => {
  const size = { field: 'n', from: 0, to: 100, minRadius: 0, maxRadius: 20 }
  const radius = (n: unknown) => symbolOf({ size, radius: 3 }, { n }, 'point').radius
  expect([0, 25, 100, 400].map(radius)).toEqual([0, 10, 20, 20])
  expect(radius(null)).toBe(3)
})

describe('the words on a feature', () => {
  test('appear from the zoom asked', () => {
    expect(writingOf(style, { number: 12 }, 15.9)).toBeUndefined()
    expect(writingOf(style, { number: 12 }, 16)).toBe('12')
  })
  test('disappear beyond the zoom asked, and may be an expression', () => {
    const label = { text: 'upper(name)', maxzoom: 18 }
    expect(writingOf({ label }, { _text: 'A' }, 18)).toBe('A')
    expect(writingOf({ label }, { _text: 'A' }, 18.1)).toBeUndefined()
  })
  test('are left out when empty, kept when zero', () => {
    expect(writingOf(style, { number: '' }, 17)).toBeUndefined()
    expect(writingOf(style, { number: 0 }, 17)).toBe('0')
  })
})

test('a layer is drawn from the later of its style and its tiles', () => {
  const tiles = { url: '', minzoom: 13, maxzoom: 16 }
  expect(zoomRange({ style: { minzoom: 10 }, tiles })).toEqual([13, Infinity])
  expect(zoomRange({ style: { minzoom: 14, maxzoom: 18 }, tiles })).toEqual([14, 18])
})

test('a title is filled from properties, and is the id when nothing fills it', () => {
  expect(titleOf('{section} {number}', { section: 'AB', number: 12 }, 'x')).toBe('AB 12')
  expect(titleOf('{section} {number}', { section: null, number: 12 }, 'x')).toBe('12')
  expect(titleOf('{name}', {}, 'x')).toBe('x')
})

test('what stands for several says how many, in short', () => {
  expect(countOf({ id: 'x' })).toBeUndefined()
  expect(countOf({ _count: '12' })).toBe(12)
  expect([2, 999, 1000, 1250, 20_400].map(crowdWords)).toEqual(['2', '999', '1k', '1.3k', '20.4k'])
  expect(crowdRadius(2)).toBeLessThan(crowdRadius(1000))
})
