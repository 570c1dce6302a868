import { expect, test } from 'vitest'
import { type Compare, compareOf, compareWord } from './beyond'

const all: Compare[] = [
  { at: 50, beyond: { by: 'moment', moment: '2026-03-04T05:06:07.000Z' } },
  { at: 0, beyond: { by: 'layers', layers: ['land.parcels', 'land.buildings'] } },
  { at: 33.3, beyond: { by: 'layers', layers: [] } },
  { at: 100, beyond: { by: 'style' } },
]

test.each(all)('a comparison comes back from the address', (compare) => {
  expect(compareOf(compareWord(compare))).toEqual(compare)
})

test.each([null, '', 'x', ',style', '50', '50,moment', '50,moment,never', '101,style', '-1,style'])(
  '%s is no comparison',
  (word) => expect(compareOf(word)).toBeNull(),
)
