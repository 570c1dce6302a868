import { expect, test } from 'vitest'
import { byOwner, moved, named } from './order'

const bookmark = (id: number, name: string, collectivity?: string) => ({
  id,
  name,
  view: 'at=1,2,3',
  editable: true,
  ...(collectivity && { collectivity }),
})
const all = [bookmark(1, 'École Jean-Macé'), bookmark(2, 'Halle'), bookmark(3, 'Église', '25354')]

test('one’s own come apart from those of all', () => {
  expect(
    byOwner(all).map(({ collectivity, bookmarks }) => [collectivity, bookmarks.length]),
  ).toEqual([
    [undefined, 2],
    ['25354', 1],
  ])
})

test('a bookmark moves by places, not beyond the ends', () => {
  expect(moved([1, 2, 3], 1, 1)).toEqual([2, 1, 3])
  expect(moved([1, 2, 3], 3, -1)).toEqual([1, 3, 2])
  expect(moved([1, 2, 3], 1, -1)).toEqual([1, 2, 3])
  expect(moved([1, 2, 3], 3, 1)).toEqual([1, 2, 3])
})

test('names are found by all their words, without accents', () => {
  expect(named(all, 'mace ecole').map(({ id }) => id)).toEqual([1])
  expect(named(all, 'EG').map(({ id }) => id)).toEqual([3])
  expect(named(all, ' ')).toEqual([])
})
