/** The map and the list of a layer, narrowed as one. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import layersEn from '../src/locales/page.en.json'
import en from '../src/locales/selection.en.json'
import fr from '../src/locales/selection.fr.json'
import { open, shape, words } from './actions'
import { type Record, simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

const list = (page: Page) => page.locator('section[aria-labelledby="list-title"]')
const tree = (page: Page) => page.getByRole('navigation', { name: say.layers.title })
const signs = (page: Page) => page.getByRole('region', { name: fr.narrowed })
const named = (words: string, layer = 'Parcelles') => words.replace('{{layer}}', layer)

/** A parcel, one beside it, and the address of a map of both. */
async function neighbours(nth: number): Promise<{ parcel: Record; other: string; at: string }> {
  const parcel = await simpleParcel(reach, nth)
  const other = await sql(
    reach,
    `select b.id from land.parcels a, land.parcels b
      where a.id = '${parcel.id}' and b.number <> a.number order by a.geom <-> b.geom limit 1`,
  )
  const [minx, miny, maxx, maxy] = boxOf(parcel.geometry) ?? [0, 0, 0, 0]
  return { parcel, other, at: `at=${(minx + maxx) / 2},${(miny + maxy) / 2},17` }
}

async function choose(page: Page, what: string, option: string): Promise<void> {
  await list(page).getByRole('combobox', { name: what }).click()
  await page.getByRole('option', { name: option, exact: true }).first().click()
}

const gone = async (page: Page, id: string) => (await shape(page, 'land.parcels', id)) === ''

/** Waits until the map shows a parcel, or no longer does. */
const shown = (page: Page, id: string, shown: boolean) =>
  page.waitForFunction(
    ([id, shown]) => (window.arpent?.shape('land.parcels', id) !== '') === shown,
    [id, shown] as const,
  )

test('what a filter of the list leaves out is not on the map, until the cross shows it again', async () => {
  const { parcel, other, at } = await neighbours(5)
  const page = await visit()
  await open(page, `/?${at}`)
  await shown(page, other, true)
  await tree(page)
    .getByRole('button', { name: named(say.layers.listOf) })
    .click()
  await list(page).getByRole('button', { name: say.filter.open }).click()
  await choose(page, say.filter.field, 'Numéro')
  await list(page)
    .getByLabel(say.filter.value, { exact: true })
    .fill(String(parcel.properties.number))
  await shown(page, other, false)
  expect(await gone(page, parcel.id)).toBe(false)
  await tree(page)
    .getByRole('button', { name: named(fr.narrowedOf) })
    .waitFor()
  await picture(page, 'narrowed-wide-fr')
  expect(await faults(page)).toEqual([])

  // A change by somebody else comes in, and goes, without anything being asked.
  const number = await sql(reach, `select number from land.parcels where id = '${other}'`)
  await sql(
    reach,
    `update land.parcels set number = ${parcel.properties.number} where id = '${other}'`,
  )
  await shown(page, other, true)
  await sql(reach, `update land.parcels set number = ${number} where id = '${other}'`)
  await shown(page, other, false)

  await list(page).getByRole('button', { name: say.list.close }).click()
  await signs(page).waitFor()
  await settled(page)
  expect(await gone(page, other)).toBe(true)
  await page.waitForURL(/narrowed=/)
  await open(page, page.url())
  await settled(page)
  expect(await gone(page, other)).toBe(true)
  await picture(page, 'narrowed-closed-wide-fr')
  await signs(page)
    .getByRole('button', { name: named(fr.widenOf) })
    .press('Enter')
  await shown(page, other, true)
  await signs(page).waitFor({ state: 'detached' })
})

test('words of a search narrow the map too, and on a narrow screen the map tells of it', async () => {
  const { parcel, other, at } = await neighbours(6)
  const page = await visit({ language: 'en', viewport: NARROW })
  await open(page, `/?${at}&lang=en&list=land.parcels`)
  await list(page).getByRole('searchbox').fill(parcel.label)
  await shown(page, other, false)
  await list(page).getByRole('button', { name: layersEn.list.close }).click()
  await settled(page)
  await page
    .getByRole('region', { name: en.narrowed })
    .getByRole('button', { name: named(en.narrowedOf, 'Parcels') })
    .waitFor()
  await picture(page, 'narrowed-narrow-en')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: named(en.narrowedOf, 'Parcels') }).click()
  expect(await list(page).getByRole('searchbox').inputValue()).toBe(parcel.label)
})

test('the list follows the map as it moves', async () => {
  const { parcel, at } = await neighbours(7)
  const page = await visit()
  await open(page, `/?${at}&list=land.parcels`)
  await list(page).getByRole('switch', { name: say.list.follow }).press('Space')
  const row = list(page).getByRole('checkbox', {
    name: say.list.choose.replace('{{record}}', parcel.label),
  })
  const counted = list(page).getByRole('status')
  await expect
    .poll(async () => Number((await counted.textContent())?.match(/^\d+/)))
    .toBeLessThan(900)
  const before = await counted.textContent()
  await page.locator('#map').focus()
  for (let i = 0; i < 4; i++) await page.keyboard.press('+')
  await expect.poll(() => counted.textContent()).not.toBe(before)
  await row.first().waitFor()
})
