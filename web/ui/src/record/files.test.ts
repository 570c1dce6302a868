import { expect, test } from 'vitest'
import { accepted, fileSize } from './files'

test('sizes read as people write them', () => {
  expect(fileSize(12, 'fr')).toBe('12 octets')
  expect(fileSize(1536, 'fr')).toBe('1,5 Ko')
  expect(fileSize(20 << 20, 'en')).toBe('20 MB')
})

test('what a layer does not take is known before it is sent', () => {
  expect(accepted(['image/*', 'application/pdf'], 'image/heic')).toBe(true)
  expect(accepted(['image/*', 'application/pdf'], 'text/html')).toBe(false)
  expect(accepted(['image/*'], '')).toBe(true)
  expect(accepted([], 'text/html')).toBe(true)
})
