import { expect, test } from 'vitest'
import { localInput, ofLocalInput } from './moments'

test('a moment comes back from the field it is written to, to the minute', () => {
  const time = Date.UTC(2026, 6, 14, 12, 34)
  expect(ofLocalInput(localInput(time))).toBe(time)
})

test('a field that is not yet whole is no moment', () => {
  expect(ofLocalInput('')).toBeNull()
})
