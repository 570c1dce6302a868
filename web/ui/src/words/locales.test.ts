import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Words } from './resources'

const all = import.meta.glob<Words>('../locales/*.json', { eager: true, import: 'default' })
const of = (language: string) =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([path]) => path.endsWith(`.${language}.json`))
      .map(([path, words]) => [/(\w+)\.\w+\.json$/.exec(path)?.[1] ?? '', words]),
  )
const resources = { fr: of('fr'), en: of('en') }
const namespaces = Object.keys(resources.fr)

function flat(words: Words = {}, at = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(words).map(([key, value]) =>
      typeof value === 'string' ? { [at + key]: value } : flat(value, `${at}${key}.`),
    ),
  )
}

const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

/** The source of the page by the namespace it speaks in: `useTranslation('map')`, else page. */
const speaking: Record<string, string> = {}
for (const name of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
  if (!/\.tsx?$/.test(name) || /test\./.test(name)) continue
  const text = readFileSync(`src/${name}`, 'utf8')
  const namespace = /useTranslation\('(\w+)'\)/.exec(text)?.[1] ?? 'page'
  speaking[namespace] = `${speaking[namespace] ?? ''}\n${text}`
}

test('namespaces are those that the page speaks in', () => {
  expect(namespaces.toSorted()).toEqual(Object.keys(speaking).sort())
  expect(Object.keys(resources.en).sort()).toEqual(namespaces.toSorted())
})

test.each(namespaces)('%s is complete in French and in English', (name) => {
  const [f, e] = [flat(resources.fr[name]), flat(resources.en[name])]
  expect(Object.keys(e).sort()).toEqual(Object.keys(f).sort())
  for (const [key, words] of Object.entries(f)) {
    expect(words, key).not.toBe('')
    expect(blanks(e[key] ?? ''), key).toEqual(blanks(words))
  }
})

test.each(namespaces)('every key used of %s has words, and all its words are used', (name) => {
  const files = speaking[name] ?? ''
  const keys = Object.keys(flat(resources.fr[name])).map((k) => k.replace(/_(one|other|many)$/, ''))
  const used = [...files.matchAll(/\bt\(\s*['"]([\w.]+)['"]/g)].map(([, key]) => key)
  expect(used.filter((key) => !keys.includes(key ?? ''))).toEqual([])
  const unused = keys.filter((key) => {
    const family = key.slice(0, key.lastIndexOf('.'))
    return !files.includes(`'${key}'`) && !files.includes(`\`${family}.$`)
  })
  expect(unused).toEqual([])
})
