import { describe, expect, test } from 'vitest'
import type { LayerStyle } from './api'
import { symbolOf, titleOf, writingOf, zoomRange } from './symbol'

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
    expect(symbolOf(style, { urban: true })).toMatchObject({
      fill: '#fcc',
      stroke: '#333',
      width: 2,
    })
  })
  test('knows a value written as a word, and an absent one as null', () => {
    expect(symbolOf(style, { urban: 'true' }).fill).toBe('#fcc')
    expect(symbolOf(style, {}).stroke).toBe('#00f')
  })
  test('falls back to the layer for a value nobody named', () => {
    expect(symbolOf(style, { urban: false })).toMatchObject({ fill: '#eee', stroke: '#333' })
  })
  test('is never invisible for want of a style', () => {
    expect(symbolOf({}, {}).stroke).toBeTruthy()
  })
})

describe('the words on a feature', () => {
  test('appear from the zoom asked', () => {
    expect(writingOf(style, { number: 12 }, 15.9)).toBeUndefined()
    expect(writingOf(style, { number: 12 }, 16)).toBe('12')
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
