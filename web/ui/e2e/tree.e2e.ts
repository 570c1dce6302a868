/** The tree of layers: groups, order, search, counts, and how it is kept. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import en from '../src/locales/tree.en.json'
import fr from '../src/locales/tree.fr.json'
import { open, signIn, words } from './actions'
import { browser, faults, NARROW, picture, settled } from './browser'

const reach = inject('reach')
const { visit } = browser(reach.url)
const say = words.fr.page.layers

const group = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true })

const menu = async (page: Page, item: string, said = fr) => {
  await page.getByRole('button', { name: said.menu }).press('Enter')
  await page.getByRole('menuitem', { name: item }).press('Enter')
}

/** Titles of the layers of a group, topmost first. */
const titles = (page: Page, title: string) =>
  group(page, title).locator('[data-layer] label').allInnerTexts()

/** What the map draws, bottom first, as the address says it. */
const inAddress = (page: Page) =>
  page.evaluate(() => new URLSearchParams(location.search).get('layers')?.split(',') ?? [])

test('by the keyboard: a group is made, filled, moved, hidden, kept, survives a reload, and goes', async () => {
  const page = await visit()
  await open(page)
  await signIn(page, reach)
  await menu(page, fr.newGroup)
  await page.getByRole('textbox', { name: fr.nameOf }).fill('Projet')
  await page.getByRole('textbox', { name: fr.nameOf }).press('Enter')
  await group(page, 'Projet').waitFor()
  const actions = say.actionsOf.replace('{{layer}}', 'Parcelles')
  await page.getByRole('button', { name: actions }).press('Enter')
  await page.getByRole('menuitem', { name: 'Projet' }).press('Enter')
  await group(page, 'Projet').getByRole('checkbox', { name: 'Parcelles' }).waitFor()
  expect(await titles(page, 'Projet')).toEqual(['Parcelles'])

  // Down from the end of its group: into the next one.
  await group(page, 'Projet').getByRole('checkbox', { name: 'Parcelles' }).press('Alt+ArrowDown')
  await group(page, 'Projet')
    .getByRole('checkbox', { name: 'Parcelles' })
    .waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.closest('[data-layer="land.parcels"]'))
  await page.keyboard.press('Alt+ArrowUp')
  await group(page, 'Projet').getByRole('checkbox', { name: 'Parcelles' }).waitFor()

  await page.waitForFunction(() => location.search.includes('land.parcels'))
  await page
    .getByRole('checkbox', { name: fr.showGroup.replace('{{group}}', 'Projet') })
    .press('Space')
  await page.waitForFunction(() => !location.search.includes('land.parcels'))
  const checked = group(page, 'Projet').getByRole('checkbox', { name: 'Parcelles' })
  expect(await checked.isChecked()).toBe(true)
  await picture(page, 'tree-groups-wide-fr')
  expect(await faults(page)).toEqual([])
  await page.reload()
  await settled(page)
  await group(page, 'Projet').waitFor()
  expect(await checked.isChecked()).toBe(true)

  await menu(page, fr.keepOwn)
  await page.getByText(fr.keptOwn).waitFor()
  const other = await visit()
  await open(other)
  await signIn(other, reach)
  await group(other, 'Projet').waitFor()
  await other.waitForFunction(() => !location.search.includes('land.parcels'))

  // A link says what it shows, whatever is kept.
  await open(other, '/?layers=land.parcels')
  await other.waitForFunction(() => location.search.includes('at='))
  expect(await inAddress(other)).toEqual(['land.parcels'])

  await menu(page, fr.forgetOwn)
  await page.getByText(fr.forgottenOwn).waitFor()
  await group(page, 'Projet').waitFor({ state: 'detached' })
})

test('by the mouse: a layer is dragged above another, and is drawn above it', async () => {
  const page = await visit()
  await open(page, '/?layers=land.sections,land.parcels')
  const row = (id: string) => page.locator(`[data-layer="${id}"]`)
  await row('land.sections')
    .locator('[draggable]')
    .dragTo(row('land.parcels'), {
      targetPosition: { x: 60, y: 3 },
    })
  await page.waitForFunction(() => location.search.includes('land.parcels,land.sections'))
})

test('a layer out of scale says so and leads there; records are counted; the tree is searched', async () => {
  const page = await visit({ language: 'en', viewport: NARROW })
  await open(page, '/?layers=land.parcels')
  await page.getByRole('button', { name: words.en.page.layers.show }).click()
  await menu(page, en.countsOf.whole, en)
  const row = page.locator('[data-layer="land.parcels"]')
  await row.getByText(/^\d{1,2},\d{3}$/).waitFor()
  await page.getByRole('searchbox', { name: words.en.page.layers.search }).fill('parcél')
  await page.waitForFunction(() => document.querySelectorAll('[data-layer]').length < 4)
  const { zoomIn, zoomThere } = words.en.page.layers
  const there = zoomThere.replace('{{words}}', zoomIn).replace('{{layer}}', 'Parcels')
  const zoom = page.getByRole('button', { name: there })
  if (await zoom.isVisible()) {
    await zoom.press('Enter')
    await zoom.waitFor({ state: 'detached' })
  }
  await picture(page, 'tree-narrow-en')
  expect(await faults(page)).toEqual([])
})
