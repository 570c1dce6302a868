import { expect, test } from 'vitest'
import type { Register } from '../api/model'
import { countable, tableOf } from './statistics'

const field = (name: string, more: object) => ({
  name,
  label: { fr: name, en: name },
  type: 'text',
  ...more,
})
const layer = {
  fields: [
    field('id', {}),
    field('number', { type: 'integer' }),
    field('area', { type: 'number', unit: 'm²' }),
    field('phone', { personal: true }),
    field('address', {}),
    field('built', { type: 'boolean' }),
  ],
} as unknown as Register

test('records are counted by values of which there are few, never by personal data', () => {
  expect(countable(layer).map(({ name }) => name)).toEqual(['built', 'address'])
})

test('what is copied is a table in the numbers of the reader', () => {
  const summary = {
    count: 1200,
    area: 1234.5,
    fields: [
      { field: 'area', filled: 3, sum: 6.5, average: 2.1667, median: 2, min: 1, max: 3.5 },
      { field: 'number', filled: 0, sum: 0, average: 0, min: 0, max: 0 },
    ],
  }
  const words = {
    count: 'n',
    area: 'a',
    length: 'l',
    field: 'f',
    figures: ['s', 'm', 'M', '<', '>'],
  }
  const groups = {
    title: 'built',
    none: '(vide)',
    rows: [
      { label: 'oui\tnon', count: 3 },
      { label: '', empty: true, count: 1 },
    ],
  }
  expect(tableOf(layer, summary, groups, words, 'fr').split('\n')).toEqual([
    'n\t1200',
    'a\t1234,5',
    '',
    'f\tn\ts\tm\tM\t<\t>',
    'area (m²)\t3\t6,5\t2,167\t2\t1\t3,5',
    '',
    'built\tn',
    'oui non\t3',
    '(vide)\t1',
  ])
})
