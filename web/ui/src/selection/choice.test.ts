import { expect, test } from 'vitest'
import type { Geometry } from '../map/api'
import type { Way } from './api'
import { among, besides, combined, inArea } from './choice'

const before = { layer: 'a.b', ids: ['1', '2', '3'] }

test.each<[Way, string[]]>([
  ['replace', ['3', '4']],
  ['add', ['1', '2', '3', '4']],
  ['remove', ['1', '2']],
  ['keep', ['3']],
  ['toggle', ['1', '2', '4']],
])('%s', (way, ids) => {
  expect(combined(before, 'a.b', ['3', '4'], way)).toEqual({ layer: 'a.b', ids })
})

test('what was chosen of another layer is forgotten', () => {
  expect(combined(before, 'a.c', ['1'], 'add')).toEqual({ layer: 'a.c', ids: ['1'] })
  expect(combined(before, 'a.c', ['1'], 'keep').ids).toEqual([])
})

test('conditions are those of CQL2, narrowed as the layer is', () => {
  const area: Geometry = { type: 'Point', coordinates: [1, 2] }
  expect(inArea(area, true)).toEqual({
    op: 's_within',
    args: [{ property: 'geometry' }, { type: 'Point', coordinates: [1, 2], crs: 'EPSG:3857' }],
  })
  expect(besides(before, 'dwithin', 25).args).toEqual([
    { property: 'geometry' },
    { features: before },
    25,
  ])
  const touching = besides(before, 'touches', 25)
  expect(touching.args).toHaveLength(2)
  const filter = { op: '=', args: [{ property: 'n' }, 1] }
  const both = among({ q: 'x', valid: true, filter: JSON.stringify(filter) }, touching)
  expect(both).toEqual({
    q: 'x',
    valid: true,
    filter: JSON.stringify({ op: 'and', args: [filter, touching] }),
  })
  expect(among({}, filter).filter).toBe(JSON.stringify(filter))
})
