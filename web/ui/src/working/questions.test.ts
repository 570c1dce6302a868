import { expect, test } from 'vitest'
import type { WorkingConflict } from './model'
import { questions, whyOf } from './questions'

const current = {} as WorkingConflict['current']
const conflict = (
  layer: string,
  id: string,
  leader: [string, string],
  more: Partial<WorkingConflict> = {},
): WorkingConflict => ({
  layer,
  id,
  label: '',
  mine: null,
  theirs: null,
  land: null,
  had: null,
  current,
  with: { layer: leader[0], id: leader[1] },
  ...more,
})

test('a node and its edges are one question', () => {
  const asked = questions([
    conflict('pipes', '7', ['nodes', '1']),
    conflict('pipes', '9', ['pipes', '9']),
    conflict('nodes', '1', ['nodes', '1'], { current: null }),
    conflict('pipes', '8', ['nodes', '1'], { current: null, lost: true }),
  ])
  expect(asked.map(({ key, all }) => [key, all.map(({ id }) => id)])).toEqual([
    ['pipes 9', ['9']],
    ['nodes 1', ['7', '1', '8']],
  ])
  expect(asked.map(({ lost }) => lost)).toEqual([false, true])
  expect(asked.map(whyOf)).toEqual(['both', 'someDeleted'])
})

test('why there is a question', () => {
  const why = (more: Partial<WorkingConflict>) =>
    questions([conflict('parcels', '1', ['parcels', '1'], more)]).map(whyOf)
  expect(why({})).toEqual(['both'])
  expect(why({ current: null })).toEqual(['deleted'])
  expect(why({ land: { type: 'Polygon', coordinates: [] } })).toEqual(['land'])
})
