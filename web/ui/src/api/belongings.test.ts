import { beforeEach, expect, test, vi } from 'vitest'
import { belongings, belongTo } from './belongings'

const kept = new Map<string, string>()

beforeEach(() => {
  kept.clear()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  }
  vi.stubGlobal(
    'sessionStorage',
    new Proxy(storage, {
      ownKeys: () => [...kept.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    }),
  )
})

test('the next person finds nothing of the one before, who finds all when signing in again', () => {
  let held = 'a draft'
  belongings.add(() => {
    held = ''
  })
  belongTo('anne')
  kept.set('arpent.drafts', 'a draft')
  kept.set('other', 'of another program')
  belongTo(undefined)
  belongTo('anne')
  expect([held, kept.get('arpent.drafts')]).toEqual(['a draft', 'a draft'])
  belongTo('bob')
  expect([held, kept.get('arpent.drafts'), kept.get('other')]).toEqual([
    '',
    undefined,
    'of another program',
  ])
})
