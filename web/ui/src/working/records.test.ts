import { expect, test } from 'vitest'
import type { Working, WorkingFeature } from './model'
import { described, lackingBeside, lackingRecords, nameOfNew, newRecords } from './records'

const at = { type: 'Point' as const, coordinates: [0, 0] as [number, number] }
const feature = (id: string, more: Partial<WorkingFeature> = {}): WorkingFeature => ({
  layer: 'pipes',
  id,
  label: '',
  before: null,
  after: at,
  areaBefore: 0,
  area: 0,
  lengthBefore: 0,
  length: 0,
  ...more,
})
const set = (...features: WorkingFeature[]): Working => ({
  layer: 'pipes',
  layers: ['pipes'],
  model: 'network',
  revision: 1,
  steps: [],
  done: 0,
  features,
})

test('what was drawn, and what lacks something, is a new record', () => {
  const working = set(
    feature('7', { before: at }),
    feature('new'),
    feature('new/2', { missing: ['diameter'] }),
    feature('7/2', { origin: { layer: 'pipes', id: '7' } }),
    feature('node', {
      layer: 'nodes',
      origin: { layer: 'pipes', id: '7' },
      missing: ['kind'],
    }),
    feature('new/3', { after: null, missing: ['diameter'] }),
  )
  expect(newRecords(working).map(({ id }) => id)).toEqual(['new', 'new/2', 'node'])
  expect(lackingRecords(working).map(({ id }) => id)).toEqual(['new/2', 'node'])
  expect(lackingBeside(working, { layer: 'pipes', id: 'new' })).toHaveLength(1)
  expect(lackingBeside(working, { layer: 'pipes', id: 'new/2' })).toEqual([])
  expect(newRecords(null)).toEqual([])
})

test('records filled in alike keep what they were given before', () => {
  const filled = { diameter: 200, material: 'pvc' }
  const others = [
    feature('new/2'),
    feature('new/3', { properties: { material: 'clay' } }),
    feature('new/4', { properties: { material: null } }),
    feature('new/5', { properties: { diameter: 1, material: 'clay' } }),
  ]
  expect(described(feature('new'), filled, others)).toEqual([
    { kind: 'describe', layer: 'pipes', ids: ['new', 'new/2', 'new/4'], properties: filled },
    { kind: 'describe', layer: 'pipes', ids: ['new/3'], properties: { diameter: 200 } },
  ])
  expect(described(feature('new'), {}, [])).toEqual([])
})

test('what was drawn is called by its layer and a number', () => {
  expect(nameOfNew(feature('edge'), 'Pipes')).toBe('Pipes 1')
  expect(nameOfNew(feature('edge/12'), 'Pipes')).toBe('Pipes 12')
})
