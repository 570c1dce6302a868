import { expect, test } from 'vitest'
import type { Filter } from './filter'
import { leadsAway, parametersOf, selectionOf } from './selection'
import { narrows, whole } from './state'

const filter: Filter = { op: '=', args: [{ property: 'number' }, 7] }

test('the map and the list ask for the same', () => {
  const left = { text: 'é & b', filter, expired: false }
  expect(selectionOf({ expires: true }, left)).toEqual({
    q: 'é & b',
    filter: '{"op":"=","args":[{"property":"number"},7]}',
    valid: true,
  })
  const parameters = parametersOf(selectionOf({ expires: false }, left, [1, 2, 3.14, 4]))
  expect(Object.fromEntries(new URLSearchParams(parameters))).toEqual({
    q: 'é & b',
    bbox: '1.0,2.0,3.1,4.0',
    filter: JSON.stringify(filter),
  })
})

test('records out of their days alone do not narrow the map', () => {
  expect(narrows(whole)).toBe(false)
  expect(narrows({ ...whole, expired: true })).toBe(false)
  expect(narrows({ ...whole, text: 'a' })).toBe(true)
  expect(narrows({ ...whole, filter })).toBe(true)
})

test.each([
  [filter, false],
  [{ op: 'and', args: [filter, { op: '=', args: [{ property: 'section.name' }, 'A'] }] }, true],
  [{ op: 'not', args: [{ op: 'related', args: [{ property: 'a.b.c' }] }] }, true],
  [
    {
      op: 's_touches',
      args: [{ property: 'geometry' }, { features: { layer: 'a.b', ids: ['1'] } }],
    },
    true,
  ],
  [
    { op: 's_within', args: [{ property: 'geometry' }, { type: 'Point', coordinates: [1, 2] }] },
    false,
  ],
])('%j looks at other layers: %s', (filter, away) => {
  expect(leadsAway(filter)).toBe(away)
})
