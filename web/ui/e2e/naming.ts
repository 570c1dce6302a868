/** That whatever one can press or fill in is named, in both languages, by the words of the page. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Language } from '../src/map/api'
import { faults, NARROW, picture, WIDE } from './browser'
import { press, tabTo, toMap } from './keyboard'

const LOCALES = join(import.meta.dirname, '../src/locales')
const CONTROLS =
  /^\s*- (button|checkbox|combobox|link|menuitem|radio|searchbox|slider|spinbutton|switch|textbox)\b(?: "((?:[^"\\]|\\.)*)")?/

type Pair = { fr: string; en: string }

/** Every word of the page in both languages. */
const words: Pair[] = readdirSync(LOCALES)
  .filter((name) => name.endsWith('.fr.json'))
  .flatMap((name) => {
    const [fr, en] = [flat(name), flat(name.replace('.fr.', '.en.'))]
    return Object.entries(fr).map(([key, word]) => ({ fr: word, en: en[key] ?? '' }))
  })

function flat(file: string): Record<string, string> {
  const found: Record<string, string> = {}
  const visit = (at: string, item: unknown) => {
    if (typeof item === 'string') found[at] = item
    else for (const [key, below] of Object.entries(item as object)) visit(`${at}.${key}`, below)
  }
  visit('', JSON.parse(readFileSync(join(LOCALES, file), 'utf8')))
  return found
}

/** Whether a word says a name: what is filled in may be anything. */
function says(word: string, name: string): boolean {
  const parts = word
    .split(/\{\{\w+\}\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return parts.join('').length > 1 && new RegExp(`^${parts.join('.+')}$`).test(name)
}

/** What can be pressed or filled in, as a screen reader names it; unnamed: "". */
async function controls(part: Locator): Promise<{ role: string; name: string }[]> {
  const snapshot = await part.ariaSnapshot()
  return snapshot.split('\n').flatMap((line) => {
    const [, role, name = ''] = CONTROLS.exec(line) ?? []
    return role ? [{ role, name: name.replaceAll('\\"', '"') }] : []
  })
}

/** Looks at parts of the page in both languages. */
export class Names {
  readonly #page: Page
  /** Words that are data: titles of layers. */
  readonly #data: readonly Pair[]
  readonly #seen = new Map<string, Record<Language, { role: string; name: string }[]>>()

  constructor(page: Page, data: readonly Pair[] = []) {
    this.#page = page
    this.#data = data
  }

  /** Remembers what a part is made of in the language of the page, and asks axe. */
  async look(what: string, part: Locator): Promise<void> {
    const language = await this.#language()
    await expect
      .poll(async () => (await controls(part)).length, { message: what })
      .toBeGreaterThan(0)
    const found = await controls(part)
    const seen = this.#seen.get(what) ?? { fr: [], en: [] }
    this.#seen.set(what, { ...seen, [language]: found })
    const { width } = this.#page.viewportSize() ?? WIDE
    const named = `keyboard-${what}-${width < 500 ? 'narrow' : 'wide'}-${language}`
    await picture(this.#page, named)
    expect(await faults(this.#page), named).toEqual([])
    if (seen[language === 'fr' ? 'en' : 'fr'].length > 0) this.#agree(what)
  }

  /** Looks in both languages at a wide and at a narrow page, and leaves it wide, in French, at the map. */
  async everywhere(what: string, part: Locator): Promise<void> {
    await this.look(what, part)
    await speak(this.#page, 'en')
    await this.look(what, part)
    await this.#page.setViewportSize(NARROW)
    await this.look(what, part)
    await speak(this.#page, 'fr')
    await this.look(what, part)
    await this.#page.setViewportSize(WIDE)
    await toMap(this.#page)
  }

  #language(): Promise<Language> {
    return this.#page.evaluate(() => document.documentElement.lang as Language)
  }

  /** Each thing is named in each language, by the words of one key. */
  #agree(what: string): void {
    const { fr = [], en = [] } = this.#seen.get(what) ?? {}
    const roles = (of: { role: string }[]) => of.map(({ role }) => role)
    expect(roles(en), `${what}: the same in both languages`).toEqual(roles(fr))
    const pairs = fr.map(({ name }, i) => ({ fr: name, en: en[i]?.name ?? '' }))
    const strange = pairs.filter(
      (pair) =>
        ![...words, ...this.#data].some((word) => says(word.fr, pair.fr) && says(word.en, pair.en)),
    )
    expect(strange, `${what}: names that are no words of the page`).toEqual([])
  }
}

/** Turns the page into another language by its switch. */
export async function speak(page: Page, language: Language): Promise<void> {
  await press(page, '/')
  await tabTo(page, page.getByRole('radiogroup', { name: /^(Langue|Language)$/ }))
  await press(page, language === 'en' ? 'ArrowRight' : 'ArrowLeft')
  await page.waitForFunction((language) => document.documentElement.lang === language, language)
}

/** The titles of all layers. */
export const titles = (page: Page): Promise<Pair[]> =>
  page.evaluate(async () => {
    const { layers } = await (await fetch('/api/layers')).json()
    return layers.map(({ title }: { title: Pair }) => title)
  })
