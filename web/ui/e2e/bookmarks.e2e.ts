/** Views of the map that one comes back to. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import en from '../src/locales/bookmarks.en.json'
import fr from '../src/locales/bookmarks.fr.json'
import { open, search, signIn } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)

beforeAll(() => sql(reach, 'delete from arpent.bookmark').then(() => undefined)) // those of other tests

const panel = (page: Page, name: string = fr.title) =>
  page.getByRole('region', { name, exact: true })
const rows = (page: Page) => panel(page).getByRole('listitem')
const center = (page: Page) =>
  page.evaluate(() => window.arpent?.map.view().center.map((each) => Math.round(each)) ?? [])

async function keep(page: Page, name: string): Promise<void> {
  await panel(page).getByLabel(fr.name).fill(name)
  await panel(page).getByRole('button', { name: fr.keep }).click()
  await rows(page).filter({ hasText: name }).waitFor()
}

async function act(page: Page, name: string, action: string): Promise<void> {
  await panel(page)
    .getByRole('button', { name: fr.actionsOf.replace('{{name}}', name) })
    .click()
  await page.getByRole('menuitem', { name: action }).click()
}

test('views are kept, ordered, renamed, gone to by click and by the search box, deleted and brought back', async () => {
  const [x, y] = boxOf((await simpleParcel(reach, 7)).geometry) ?? [0, 0]
  const page = await visit()
  await open(page, `/?at=${x},${y},18&layers=land.parcels,land.buildings:40`)
  await signIn(page, reach)
  await page.getByRole('button', { name: fr.title, exact: true }).click()
  await panel(page).getByText(fr.none).waitFor()
  await keep(page, 'Place de l’Église')
  const there = await center(page)
  await page.evaluate(() => {
    const { center, zoom } = window.arpent?.map.view() ?? { center: [0, 0], zoom: 0 }
    window.arpent?.map.setView([(center[0] ?? 0) + 900, center[1] ?? 0], zoom - 2)
  })
  await page.getByRole('checkbox', { name: 'Bâtiments' }).first().click()
  await panel(page)
    .getByLabel(/Pour tous les agents de/)
    .check()
  await keep(page, 'Entrée du bourg')
  await panel(page)
    .getByLabel(/Pour tous les agents de/)
    .uncheck()
  await keep(page, 'Stade')
  await picture(page, 'bookmarks-wide-fr')
  expect(await faults(page)).toEqual([])

  await act(page, 'Stade', fr.up)
  await expect.poll(() => rows(page).first().textContent()).toContain('Stade')
  await act(page, 'Stade', fr.rename)
  await panel(page).getByRole('textbox', { name: fr.name }).first().fill('Stade municipal')
  await page.keyboard.press('Enter')
  await rows(page).filter({ hasText: 'Stade municipal' }).waitFor()

  await panel(page).getByRole('button', { name: 'Place de l’Église', exact: true }).click()
  await settled(page)
  await expect.poll(() => center(page)).toEqual(there)
  await page.waitForURL(/layers=land.parcels,land.buildings:40/)
  await search(page, 'entree', 'Entrée du bourg')
  await expect.poll(() => center(page)).toEqual([(there[0] ?? 0) + 900, there[1]])
  await page.waitForURL((url) => !url.search.includes('land.buildings'))

  await act(page, 'Stade municipal', fr.delete)
  await rows(page).filter({ hasText: 'Stade municipal' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: fr.undo, exact: true }).click()
  await rows(page).filter({ hasText: 'Stade municipal' }).waitFor()
  expect(await rows(page).first().textContent()).toContain('Stade municipal')
})

test('somebody without an account goes to the views of the town, whole on a small screen', async () => {
  const page = await visit({ language: 'en', viewport: NARROW })
  await open(page)
  await page.getByRole('button', { name: en.title, exact: true }).click()
  const view = panel(page, en.title).getByRole('button', { name: 'Entrée du bourg', exact: true })
  await view.click()
  await settled(page)
  await page.waitForURL((url) => url.searchParams.has('at'))
  await picture(page, 'bookmarks-narrow-en')
  expect(await faults(page)).toEqual([])
  expect(await panel(page, en.title).getByRole('textbox').count()).toBe(0)
  await page.keyboard.press('Escape')
  await panel(page, en.title).waitFor({ state: 'detached' })
})
