import { expect, test } from 'vitest'
import { changedFields, present } from './changes'
import { faultsOf } from './faults'

const base = { number: 12, address: 'rue du Lac', urban: true, notes: null, hidden: 'x' }

test('only the fields that differ are sent', () => {
  expect(changedFields(base, { ...base, number: 13 }, ['number', 'address'])).toEqual({
    number: 13,
  })
  expect(changedFields(base, base, Object.keys(base))).toEqual({})
})

test('a cleared field is sent as null, one that was empty is not sent', () => {
  expect(changedFields(base, { number: 12, urban: true }, ['number', 'address', 'notes'])).toEqual({
    address: null,
  })
  expect(changedFields(base, { ...base, notes: '' }, ['notes'])).toEqual({})
})

test('a field absent from the form is never touched', () => {
  expect(changedFields(base, {}, ['number'])).toEqual({ number: null })
})

test('false and zero are values', () => {
  expect(changedFields({ urban: true, n: 1 }, { urban: false, n: 0 }, ['urban', 'n'])).toEqual({
    urban: false,
    n: 0,
  })
  expect(present({ a: 0, b: false, c: null, d: '' })).toEqual({ a: 0, b: false })
})

test('faults find their field', () => {
  const faults = faultsOf({
    errors: [
      { location: 'changes[0].properties.number', message: 'taken' },
      { location: 'changes[0].geometry', message: 'crosses itself' },
    ],
  })
  expect(faults).toEqual({ fields: { number: ['taken'] }, others: ['crosses itself'] })
  expect(faultsOf({ detail: 'no' }).others).toEqual(['no'])
})
