import { expect, test } from 'vitest'
import { asProposed, drawn, withMoved, withOnly, withVisible } from './arrangement'

const proposed = ['communes', 'sections', 'parcels', 'addresses'].map((id) => ({
  id,
  visible: id !== 'communes',
}))
const ids = (layers: { id: string }[]) => layers.map((layer) => layer.id)
const visible = (layers: { id: string; visible: boolean }[]) =>
  ids(layers.filter((layer) => layer.visible))

test('without an arrangement the server’s order and visibility hold', () => {
  const layers = drawn(proposed, asProposed)
  expect(ids(layers)).toEqual(ids(proposed))
  expect(visible(layers)).toEqual(['sections', 'parcels', 'addresses'])
})

test('a moved layer stands right above or below the other', () => {
  const layers = drawn(proposed, asProposed)
  const up = withMoved(asProposed, layers, 'communes', 'above', 'parcels')
  expect(ids(drawn(proposed, up))).toEqual(['sections', 'parcels', 'communes', 'addresses'])
  const down = withMoved(asProposed, layers, 'addresses', 'below', 'communes')
  expect(ids(drawn(proposed, down))).toEqual(['addresses', 'communes', 'sections', 'parcels'])
})

test('a layer the arrangement does not know keeps its neighbour', () => {
  const arrangement = { ...asProposed, order: ['parcels', 'communes'] }
  expect(ids(drawn(proposed, arrangement))).toEqual([
    'parcels',
    'addresses',
    'communes',
    'sections',
  ])
})

test('a layer the viewer may not read any more is not drawn, and comes back to its place', () => {
  const arrangement = { ...asProposed, order: ['parcels', 'secret', 'communes'] }
  expect(ids(drawn(proposed, arrangement))).not.toContain('secret')
  const more = [...proposed, { id: 'secret', visible: true }]
  expect(ids(drawn(more, arrangement)).filter((id) => arrangement.order.includes(id))).toEqual(
    arrangement.order,
  )
})

test('only this hides all others until they are asked for', () => {
  const only = withOnly(asProposed, 'parcels')
  expect(visible(drawn(proposed, only))).toEqual(['parcels'])
  expect(visible(drawn(proposed, withVisible(only, 'communes', true)))).toEqual([
    'communes',
    'parcels',
  ])
})
