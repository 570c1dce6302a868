import { describe, expect, test } from 'vitest'
import type { Field } from '../api/model'
import { type Criteria, type Criterion, criteriaOf, filterOf, operatorsOf } from './filter'

const words = { fr: '', en: '' }
const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  type: 'text',
  label: words,
  required: false,
  readOnly: false,
  ...more,
})

const fields: Record<string, Field> = {
  name: field('name'),
  number: field('number', { type: 'integer' }),
  state: field('state', { enum: [{ value: 'free', label: words }] }),
  done: field('done', { type: 'boolean' }),
  ends_on: field('ends_on', { type: 'date' }),
  path: field('path', { type: 'integer', reference: { layer: 'a.paths' } }),
  'path.name': field('name'),
  'a.dead.plot>name': field('name'),
}
const of = (subject: string) => fields[subject]
const one = (subject: string, operator: Criterion['operator'], ...values: string[]): Criteria => ({
  joint: 'and',
  all: [{ subject, operator, values }],
})

describe('a filter', () => {
  test.each<[Criteria, unknown]>([
    [
      one('number', 'between', '1', '2.5'),
      { op: 'between', args: [{ property: 'number' }, 1, 2.5] },
    ],
    [
      one('state', 'notIn', 'free'),
      { op: 'not', args: [{ op: 'in', args: [{ property: 'state' }, ['free']] }] },
    ],
    [one('done', 'no'), { op: '=', args: [{ property: 'done' }, false] }],
    [
      one('ends_on', 'less', '2026-01-31'),
      { op: '<', args: [{ property: 'ends_on' }, { date: '2026-01-31' }] },
    ],
    [one('path', 'is', '7'), { op: '=', args: [{ property: 'path' }, 7] }],
    [
      one('a.dead.plot>', 'none'),
      { op: 'not', args: [{ op: 'related', args: [{ property: 'a.dead.plot' }] }] },
    ],
    [one('path.name', 'empty'), { op: 'isNull', args: [{ property: 'path.name' }] }],
  ])('is what the criteria say', (criteria, filter) => {
    expect(filterOf(criteria, of)).toEqual(filter)
  })

  test('finds words whatever their case and accents, with * for anything', () => {
    const filter = filterOf(one('name', 'contains', 'du*50%'), of)
    const folded = (operand: unknown) => ({
      op: 'casei',
      args: [{ op: 'accenti', args: [operand] }],
    })
    expect(filter).toEqual({
      op: 'like',
      args: [folded({ property: 'name' }), folded('%du%50\\%%')],
    })
  })

  test('leaves out what is not filled in', () => {
    expect(filterOf(one('name', 'contains', ''), of)).toBeNull()
    expect(filterOf(one('number', 'between', '1'), of)).toBeNull()
  })

  test('is read back as the criteria it was made of', () => {
    for (const [subject, known] of Object.entries(fields)) {
      for (const operator of operatorsOf(known)) {
        const values = { between: ['1', '2'], yes: [], no: [], empty: [], filled: [] }[
          operator as string
        ] ?? [known.type === 'date' ? '2026-01-31' : known.type === 'integer' ? '3' : 'a*b']
        if (known.type === 'date' && operator === 'between')
          values.splice(0, 2, '2026-01-01', '2026-02-01')
        const criteria = one(subject, operator, ...values)
        const filter = filterOf(criteria, of)
        expect(filterOf(criteriaOf(filter) ?? one('', 'empty'), of)).toEqual(filter)
      }
    }
    const several: Criteria = {
      joint: 'or',
      all: [...one('done', 'yes').all, ...one('a.dead.plot>name', 'begins', 'x').all],
    }
    expect(criteriaOf(filterOf(several, of))).toEqual(several)
  })

  test('that says more than criteria can is left to the server', () => {
    expect(criteriaOf({ op: 'and', args: [{ op: 'or', args: [] }] })).toBeNull()
  })
})
