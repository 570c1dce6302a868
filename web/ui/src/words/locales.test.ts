import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import en from '../locales/en.json'
import fr from '../locales/fr.json'
import mapEn from '../locales/map.en.json'
import mapFr from '../locales/map.fr.json'

type Words = { [key: string]: string | Words }

function flat(words: Words, at = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(words).map(([key, value]) =>
      typeof value === 'string' ? { [at + key]: value } : flat(value, `${at}${key}.`),
    ),
  )
}

const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

test.each([
  ['page', fr, en],
  ['map', mapFr, mapEn],
])('the %s is complete in French and in English', (_, french, english) => {
  const [f, e] = [flat(french), flat(english)]
  expect(Object.keys(e).sort()).toEqual(Object.keys(f).sort())
  for (const [key, words] of Object.entries(f)) {
    expect(words, key).not.toBe('')
    expect(blanks(e[key] ?? ''), key).toEqual(blanks(words))
  }
})

test('every key used in the page has words, and all words are used', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/test\.|^(map|editing)\//.test(name))
    .map((name) => readFileSync(`src/${name}`, 'utf8'))
    .join('\n')
  const keys = Object.keys(flat(fr)).map((key) => key.replace(/_(one|other|many)$/, ''))
  const used = [...files.matchAll(/\bt\(\s*['"]([\w.]+)['"]/g)].map(([, key]) => key)
  expect(used.filter((key) => !keys.includes(key ?? ''))).toEqual([])
  const unused = keys.filter((key) => {
    const family = key.slice(0, key.lastIndexOf('.'))
    return !used.includes(key) && !files.includes(`t(\`${family}.$`)
  })
  expect(unused).toEqual([])
})
