import { expect, test } from 'vitest'
import { BARS, isOneOf, KEYS, TOGETHER } from './table'

test.each(TOGETHER.map((bars) => [bars.join(), bars] as const))(
  'of the bars %s a letter means one tool',
  (_, bars) => {
    const letters = bars.flatMap((bar) => Object.values(BARS[bar].letters))
    expect(letters.toSorted()).toEqual([...new Set(letters)].sort())
  },
)

test('every bar is there with others', () => {
  expect([...new Set(TOGETHER.flat())].sort()).toEqual(Object.keys(BARS).sort())
})

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

test('keys are known with what is held, and characters however they are typed', () => {
  expect(isOneOf(KEYS.edit.undo, press('z', { ctrlKey: true }))).toBe(true)
  expect(isOneOf(KEYS.edit.undo, press('Z', { metaKey: true }))).toBe(true)
  expect(isOneOf(KEYS.edit.undo, press('Z', { ctrlKey: true, shiftKey: true }))).toBe(false)
  expect(isOneOf(KEYS.edit.redo, press('Z', { ctrlKey: true, shiftKey: true }))).toBe(true)
  expect(isOneOf(KEYS.edit.undo, press('z'))).toBe(false)
  expect(isOneOf(KEYS.page.help, press('?', { shiftKey: true }))).toBe(true)
  expect(isOneOf(KEYS.page.help, press('?', { altKey: true }))).toBe(false)
  expect(isOneOf(KEYS.record.before, press('ArrowUp', { altKey: true }))).toBe(true)
})
