import { expect, test } from 'vitest'
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
    legend({ style, geometry }, 'fr').map(({ label, symbol }) => [
      label,
      symbol.fill,
      symbol.stroke,
    ]),
  ).toEqual([
    ['En dur', '#f00', '#333'],
    ['Léger', '#eee', '#00f'],
  ])
})

test('a layer without categories has one entry', () => {
  const plain = { style: { fill: '#eee' }, geometry }
  expect(legend(plain, 'en')).toEqual([swatch(plain)])
})

test.each([
  ['Point', 'point'],
  ['MultiLineString', 'line'],
  ['MultiPolygon', 'polygon'],
  ['Geometry', 'polygon'],
] as const)('a %s is drawn as a %s', (type, shape) => {
  expect(swatch({ style, geometry: { type, model: 'free' } }).shape).toBe(shape)
})
