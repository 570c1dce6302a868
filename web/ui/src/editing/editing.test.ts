import { describe, expect, test } from 'vitest'
import type { Geometry } from '../map/api'
import { boxOf, drawnType, equal, fitType } from './geometry'
import { begin, push, redo, undo } from './history'
import { editKey } from './keys'
import { areaText, lengthText } from './quantity'

describe('undo', () => {
  test('walks back and forth through the states', () => {
    const history = push(push(begin('a'), 'b'), 'c')
    const back = undo(undo(history))
    expect(back.present).toBe('a')
    expect(undo(back)).toBe(back)
    expect(redo(redo(back))).toEqual(history)
    expect(redo(history)).toBe(history)
  })
  test('a new state forgets what had been undone', () => {
    const history = push(undo(push(begin('a'), 'b')), 'c')
    expect(history.future).toEqual([])
    expect(undo(history).present).toBe('a')
  })
})

describe('geometries', () => {
  const point: Geometry = { type: 'Point', coordinates: [1, 2] }
  const line: Geometry = {
    type: 'LineString',
    coordinates: [
      [0, 5],
      [3, 1],
    ],
  }

  test('are equal coordinate for coordinate', () => {
    expect(equal(point, { type: 'Point', coordinates: [1, 2] })).toBe(true)
    expect(equal(point, { type: 'Point', coordinates: [1, 2, 0] })).toBe(false)
    expect(equal(line, { type: 'MultiPoint', coordinates: line.coordinates })).toBe(false)
    expect(equal(null, null)).toBe(true)
    expect(equal(point, null)).toBe(false)
  })
  test('fit the type of their layer', () => {
    expect(fitType(line, 'MultiLineString')).toEqual({
      type: 'MultiLineString',
      coordinates: [line.coordinates],
    })
    expect(fitType(line, 'LineString')).toBe(line)
    expect(fitType(line, 'Geometry')).toBe(line)
    expect(drawnType('MultiPolygon')).toBe('Polygon')
    expect(drawnType('Point')).toBe('Point')
  })
  test('have a box unless they have no point', () => {
    expect(boxOf(line)).toEqual([0, 1, 3, 5])
    expect(boxOf({ type: 'MultiPolygon', coordinates: [] })).toBeNull()
    expect(boxOf(null)).toBeNull()
  })
})

describe('keys of editing', () => {
  const press = (key: string, more = {}) =>
    editKey({
      key,
      ctrlKey: false,
      metaKey: false,
      shiftKey: false,
      altKey: false,
      target: null,
      ...more,
    })
  const inside = (selector: string) =>
    ({ matches: (asked: string) => asked.includes(selector) }) as unknown as EventTarget

  test('undo, redo and the rest', () => {
    expect(press('z', { ctrlKey: true })).toBe('undo')
    expect(press('Z', { ctrlKey: true, shiftKey: true })).toBe('redo')
    expect(press('y', { metaKey: true })).toBe('redo')
    expect(press('Delete')).toBe('remove')
    expect(press('Escape')).toBe('escape')
    expect(press('Enter')).toBe('finish')
    expect(press('z')).toBeNull()
  })
  test('belong to a field or a button when one has the focus', () => {
    expect(press('z', { ctrlKey: true, target: inside('input') })).toBeNull()
    expect(press('Enter', { target: inside('button') })).toBeNull()
  })
})

test('quantities are written in the reader’s manner', () => {
  expect(areaText(1234.6, 'fr')).toBe('1\u202f235\u00a0m²')
  expect(areaText(12346, 'en')).toBe('1.2346 ha')
  expect(lengthText(12.345, 'fr').replace(/\s/g, ' ')).toBe('12,35 m')
  expect(lengthText(1500, 'en')).toBe('1.5 km')
})
