import { expect, test } from 'vitest'
import type { Field } from '../api/model'
import { legend, swatch } from './legend'

const style = {
  fill: '#eee',
  stroke: '#333',
  by: {
    field: 'kind',
    values: [
      { value: '01', fill: '#f00', label: { fr: 'En dur', en: 'Hard' } },
      { value: '02', stroke: '#00f', label: { fr: 'Léger', en: 'Light' } },
    ],
  },
}
const geometry = { type: 'MultiPolygon', model: 'free' } as const

test('each category has its colours over the layer’s own, in the reader’s words', () => {
  expect(
    legend({ style, geometry }, 'fr', 'Autres').map(({ label, symbol }) => [
      label,
      symbol.fill,
      symbol.stroke,
    ]),
  ).toEqual([
    ['En dur', '#f00', '#333'],
    ['Léger', '#eee', '#00f'],
    ['Autres', '#eee', '#333'],
  ])
})

test('others are left out where the categories are all there may be', () => {
  const field = { name: 'kind', type: 'text', label: { fr: '', en: '' }, required: false } as Field
  const labels = (values: string[]) => {
    const choices = values.map((value) => ({ value, label: { fr: value, en: value } }))
    const fields = [{ ...field, enum: choices }]
    return legend({ style, geometry, fields }, 'fr', 'Autres').map(({ label }) => label)
  }
  expect(labels(['01', '02'])).toEqual(['En dur', 'Léger'])
  expect(labels(['01', '02', '03'])).toEqual(['En dur', 'Léger', 'Autres'])
})

test('each class says its numbers, with the unit once', () => {
  const classes = { field: 'area', breaks: [1, 1, 1500], colours: ['#aaa', '#bbb'] }
  const fields = [{ name: 'area', type: 'number', unit: 'm²' } as Field]
  const entries = legend({ style: { classes }, geometry, fields }, 'en', 'Others')
  expect(entries.map(({ label, symbol }) => [label, symbol.fill])).toEqual([
    ['1 m²', '#aaa'],
    ['1 – 1,500 m²', '#bbb'],
    ['Others', undefined],
  ])
})

test('points by size have the circles of both ends and of the middle', () => {
  const size = { field: 'n', from: 0, to: 8, minRadius: 0, maxRadius: 8 }
  const entries = legend(
    { style: { size }, geometry: { type: 'Point', model: 'free' } },
    'en',
    'Others',
  )
  expect(entries.map(({ symbol }) => symbol.radius)).toEqual([5, 0, 5.5, 8])
})

test('a layer without categories has one entry', () => {
  const plain = { style: { fill: '#eee' }, geometry }
  expect(legend(plain, 'en', 'Others')).toEqual([swatch(plain)])
})

test.each([
  ['Point', 'point'],
  ['MultiLineString', 'line'],
  ['MultiPolygon', 'polygon'],
  ['Geometry', 'polygon'],
] as const)('a %s is drawn as a %s', (type, shape) => {
  expect(swatch({ style, geometry: { type, model: 'free' } }).shape).toBe(shape)
})
