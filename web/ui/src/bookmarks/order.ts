/** Bookmarks in the order of their owners, and found by name. */
import type { Bookmark } from './api'

export interface Owned {
  /** Whose they are; absent: the reader's own. */
  collectivity: string | undefined
  bookmarks: Bookmark[]
}

/** The reader's own first, then those of each collectivity, as the server orders them. */
export function byOwner(bookmarks: readonly Bookmark[]): Owned[] {
  const owners = [...new Set(bookmarks.map(({ collectivity }) => collectivity))]
  return owners.map((collectivity) => ({
    collectivity,
    bookmarks: bookmarks.filter((each) => each.collectivity === collectivity),
  }))
}

/** The identifiers with one of them moved by some places; the same where it cannot be. */
export function moved(ids: readonly number[], id: number, by: number): number[] {
  const rest = ids.filter((each) => each !== id)
  const to = ids.indexOf(id) + by
  if (to < 0 || to > rest.length) return [...ids]
  return [...rest.slice(0, to), id, ...rest.slice(to)]
}

/** Those whose names hold all words of a text, whatever their case and accents. */
export function named(bookmarks: readonly Bookmark[], text: string): Bookmark[] {
  const words = plain(text).split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  return bookmarks.filter(({ name }) => words.every((word) => plain(name).includes(word)))
}

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
