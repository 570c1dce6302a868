import type { RJSFSchema } from '@rjsf/utils'
import { expect, test } from 'vitest'
import { formFaults, formValidator } from './validator'

const schema: RJSFSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    section: { type: 'string', minLength: 1, pattern: '^[A-Z]{1,2}$' },
    number: { type: 'integer', minimum: 1, maximum: 9999 },
    kind: {
      type: ['string', 'null'],
      oneOf: [{ const: '01' }, { const: '02' }, { const: null }],
    },
    built: { type: ['string', 'null'], format: 'date' },
  },
  required: ['section', 'number'],
}

const faults = (data: unknown) => formFaults(schema, data).map((fault) => Object.values(fault))

test('a right record has no fault', () => {
  expect(faults({ section: 'AB', number: 12, kind: '01', built: '2024-02-29' })).toEqual([])
  expect(faults({ section: 'AB', number: 12, kind: null, built: null })).toEqual([])
})

test('each fault is told once, at its field', () => {
  expect(faults({ section: 'AB' })).toEqual([['number', 'required', undefined]])
  expect(faults({ section: '', number: 0 })).toEqual([
    ['section', expect.stringMatching(/minLength|pattern/), expect.anything()],
    ['number', 'minimum', 1],
  ])
  expect(formFaults(schema, { section: 'AB', number: 1, kind: '07' })).toMatchObject([
    { field: 'kind', keyword: 'oneOf' },
  ])
  expect(formFaults(schema, { section: 'AB', number: 1, built: 'yesterday' })).toMatchObject([
    { field: 'built', keyword: 'format' },
  ])
})

test('what may turn out not to be required is left to the server', () => {
  const { errors } = formValidator(((key: string) => key) as never, ['number']).validateFormData(
    {},
    schema,
  )
  expect(errors.map(({ property }) => property)).toEqual(['.section'])
})
