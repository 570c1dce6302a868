import { expect, test } from 'vitest'
import type { Evaluation } from '../api/model'
import { asEvaluated, orderOf } from './live'

const schema = {
  type: 'object' as const,
  properties: {
    term: {
      type: ['string', 'null'] as ('string' | 'null')[],
      oneOf: [{ const: 'temporary' }, { const: 'perpetual' }, { const: null }],
    },
    duration: { type: 'integer' as const },
    ends_on: { type: 'string' as const },
  },
  required: ['duration'],
}
const nothing: Evaluation = {
  values: {},
  initial: {},
  hidden: [],
  required: [],
  choices: {},
  faults: [],
}

test('fields that are not asked leave the form, required ones too', () => {
  const form = asEvaluated(schema, { ...nothing, hidden: ['duration'], required: ['ends_on'] })
  expect(Object.keys(form.properties ?? {})).toEqual(['term', 'ends_on'])
  expect(form.required).toEqual(['ends_on'])
  expect(orderOf(['term', 'duration', 'ends_on'], form)).toEqual(['term', 'ends_on'])
})

test('only the choices there are can be chosen, or none', () => {
  const form = asEvaluated(schema, { ...nothing, choices: { term: ['perpetual'] } })
  expect(form.properties?.term).toMatchObject({ oneOf: [{ const: 'perpetual' }, { const: null }] })
})

test('until something is known the form is whole', () => {
  expect(asEvaluated(schema, undefined)).toBe(schema)
})
