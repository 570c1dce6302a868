import { expect, test } from 'vitest'
import type { Register } from '../api/model'
import { newList, whole } from '../list/state'
import { type Choice, firstChoice, hasCoordinates, orderOf, systems } from './order'

const layer = (type: string | null, srid = 2154) =>
  ({ id: 'a.b', srid, geometry: type && { type, model: 'free' } }) as Register
const list = { ...newList('a.b'), ...whole, chosen: [] }
const choice = (change: Partial<Choice>): Choice => ({ ...firstChoice(layer('Point')), ...change })

test('the rows are those of the list as it stands', () => {
  const filtered = { ...list, text: 'église', sort: '-number', follow: true }
  const order = orderOf(choice({}), layer('Point'), filtered, [0, 1.04, 2, 3], '2026-01-01T00:00Z')
  expect(order).toMatchObject({ q: 'église', sort: '-number', bbox: '0.0,1.0,2.0,3.0' })
  expect(order.at).toBe('2026-01-01T00:00Z')
})

test('a system is asked for where coordinates are written in one that can be chosen', () => {
  const shown = (change: Partial<Choice>, type: string | null) =>
    hasCoordinates(choice(change), layer(type))
  expect(shown({ format: 'gpkg' }, 'Polygon')).toBe(true)
  expect(shown({ format: 'gpkg' }, null)).toBe(false)
  expect(shown({ format: 'kml' }, 'Polygon')).toBe(false)
  expect(shown({ format: 'csv' }, 'Polygon')).toBe(false)
  expect(shown({ format: 'csv', shape: true }, 'Polygon')).toBe(true)
  expect(shown({ format: 'xlsx', shape: true }, 'Polygon')).toBe(false)
  expect(shown({ format: 'xlsx', shape: true }, 'Point')).toBe(true)
})

test('each system is offered once, that of the layer first', () => {
  const known = [
    { code: 'EPSG:2154', name: 'Lambert-93', proj: '' },
    { code: 'EPSG:4326', name: 'WGS 84', proj: '' },
  ]
  expect(systems(layer('Point'), known).map(({ srid }) => srid)).toEqual([2154, 4326])
  expect(systems(layer('Point', 4326), known).map(({ srid }) => srid)).toEqual([4326, 2154])
  expect(systems(layer('Point', 3948), known)[0]?.name).toBe('EPSG:3948')
  expect(systems(layer('Point'), known)[0]?.name).toBe('Lambert-93 (EPSG:2154)')
})
