import { expect, test } from 'vitest'
import { position } from './position'

test('tiles are asked for with the furthest position that was told', () => {
  expect(position.headers()).toEqual({})
  position.note(null)
  position.note('nonsense')
  expect(position.headers()).toEqual({})
  position.note('120')
  position.note(80)
  expect(position.headers()).toEqual({ 'Arpent-After': '120' })
})
