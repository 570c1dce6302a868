import { expect, test } from 'vitest'
import type { LayerInfo, LayerStyle } from './api'
import { carries, demandOf, nothing, queryOf, together } from './demand'

const fields = [
  { name: 'number' },
  { name: 'area', tileMinZoom: 16 },
  { name: 'urban', tileMinZoom: -1 },
  { name: 'owner', tileMinZoom: -1, personal: true },
]
const fileStyle: LayerStyle = { fill: '#eee', label: { field: 'area', minzoom: 17 } }
const tiles: LayerInfo['tiles'] = { url: '', minzoom: 10, maxzoom: 18 }
const asked = (style: LayerStyle, file = fileStyle, united?: string[]) =>
  demandOf({ style, fileStyle: file, fields, tiles: { ...tiles, united } })
const label = (value: string) => ({ value, label: { fr: value, en: value } })

test('the style of the file asks for nothing', () => {
  expect(asked(fileStyle)).toEqual(nothing)
})

test('what tiles do not have at all zooms is asked for, once each and in order', () => {
  const style = {
    by: { field: 'urban', values: [label('true')] },
    size: { field: 'area', from: 0, to: 1, minRadius: 1, maxRadius: 2 },
    label: { field: 'number' },
  }
  expect(asked(style)).toEqual({ fields: ['area', 'urban'], text: '' })
})

test('neither personal data nor what is no field of the viewer is asked for', () => {
  expect(asked({ label: { field: 'owner' } }).fields).toEqual([])
  expect(asked({ label: { field: 'secret' } }).fields).toEqual([])
})

test('words that begin sooner than those of the file are asked for', () => {
  expect(asked({ label: { field: 'area', minzoom: 18 } }).fields).toEqual([])
  expect(asked({ label: { field: 'area', minzoom: 15 } }).fields).toEqual(['area'])
})

test('an expression is asked for, unless it is that of the file', () => {
  expect(asked({ label: { text: 'upper(number)' } }).text).toBe('upper(number)')
  const file = { label: { text: 'upper(number)', minzoom: 17 } }
  expect(asked(file, file).text).toBe('')
})

test('tiles carry for the old style and the new until the new is drawn', () => {
  const old = { fields: ['area'], text: 'a' }
  const wanted = { fields: ['urban'], text: '' }
  expect(carries(old, wanted)).toBe(false)
  expect(together(old, wanted)).toEqual({ fields: ['area', 'urban'], text: '' })
  expect(carries(together(old, wanted), wanted)).toBe(true)
  expect(carries({ fields: [], text: 'b' }, old)).toBe(false)
})

test('the address of a tile says what is asked and when', () => {
  expect(queryOf(nothing, null)).toEqual([])
  expect(queryOf({ fields: ['a', 'b'], text: "'é' + a" }, '2026-01-01T00:00:00Z')).toEqual([
    'datetime=2026-01-01T00%3A00%3A00Z&fields=a%2Cb&text=%27%C3%A9%27+%2B+a',
  ])
})

test('where features are united at low zooms, what they are not united by is asked for', () => {
  const byNumber: LayerStyle = { by: { field: 'number', values: [label('1')] } }
  expect(asked(byNumber).fields).toEqual([])
  expect(asked(byNumber, fileStyle, ['number']).fields).toEqual([])
  expect(asked(byNumber, fileStyle, []).fields).toEqual(['number'])
})
