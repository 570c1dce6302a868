import { expect, test } from 'vitest'
import type { Field } from '../api/model'
import { scale, value } from './values'

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
const field = (more: Partial<Field>): Field => ({
  name: 'f',
  type: 'text',
  label: { fr: 'f', en: 'f' },
  required: false,
  readOnly: false,
  ...more,
})

test('a scale keeps three figures', () => {
  expect(plain(scale(2499.7, 'fr'))).toBe('1:2 500')
  expect(scale(68247, 'en')).toBe('1:68,200')
})

test('values read as people write them', () => {
  const choices = [{ value: '01', label: { fr: 'En dur', en: 'Hard' } }]
  expect(value('01', field({ enum: choices }), 'fr')).toBe('En dur')
  expect(value('99', field({ enum: choices }), 'fr')).toBe('99')
  expect(value(true, field({ type: 'boolean' }), 'fr')).toBe('oui')
  expect(value(12.5, field({ type: 'number', unit: 'm²' }), 'fr')).toBe('12,5 m²')
  expect(value('2024-02-01', field({ type: 'date' }), 'fr')).toBe('1 févr. 2024')
  expect(value(null, field({}), 'fr')).toBe('')
  expect(value(0, field({ type: 'integer' }), 'fr')).toBe('0')
})
