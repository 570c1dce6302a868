/** What lies under the layers of the town. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import en from '../src/locales/basemaps.en.json'
import fr from '../src/locales/basemaps.fr.json'
import { open, signIn, words } from './actions'
import { browser, faults, NARROW, picture, settled } from './browser'
import { serveTiles, type TileServer } from './tiles'

const reach = inject('reach')
const { visit } = browser(reach.url)
const file = join(reach.data, 'maps.yaml')
const { page: say } = words.fr

let tiles: TileServer
let shipped: string

beforeAll(async () => {
  tiles = await serveTiles()
  shipped = await readFile(file, 'utf8')
  await writeFile(
    file,
    `maps:
  - {id: plan, title: {fr: Plan du pays, en: Map of the country}, kind: xyz, url: "${tiles.url}/plan/{z}/{x}/{y}.png", attribution: {fr: © le pays, en: © the country}, link: "https://pays.example/", licence: Licence ouverte}
  - {id: photo, title: {fr: Photographies, en: Photographs}, kind: wmts, url: "${tiles.url}/wmts", layer: ORTHO, matrixSet: PM, attribution: © le pays}
  - {id: relief, title: Relief, kind: wms, url: "${tiles.url}/wms", layer: hills, crs: "EPSG:2154", attribution: © le pays, enabled: false}
`,
  )
})

afterAll(async () => {
  await writeFile(file, shipped)
  await tiles.stop()
})

const chooser = (page: Page, say: typeof fr = fr) =>
  page.getByRole('button', { name: say.chosen.replace('{{map}}', '') })

const asked = (path: string) => tiles.asked.filter((each) => each.startsWith(path))

test('a base map is chosen, faded and kept in the address, with its author named', async () => {
  const page = await visit()
  await open(page)
  expect(tiles.asked).toEqual([])
  await chooser(page).click()
  await page.getByRole('radio', { name: 'Plan du pays' }).check()
  await page.getByRole('link', { name: '© le pays' }).waitFor()
  await expect.poll(() => asked('/plan/').length).toBeGreaterThan(3)
  expect(asked('/plan/')[0]).toContain(reach.url)
  await page.getByRole('slider', { name: /Opacité du fond/ }).press('ArrowLeft')
  await expect.poll(() => page.url()).toContain('base=plan:95')
  expect(await faults(page)).toEqual([])
  await picture(page, 'basemaps-wide-fr')
  await page.keyboard.press('Escape')
  await page.getByRole('radio', { name: 'Plan du pays' }).waitFor({ state: 'detached' })

  const other = await visit({ language: 'en', viewport: NARROW })
  await open(other, page.url().replace('lang=fr', 'lang=en'))
  await other.getByRole('link', { name: '© the country' }).waitFor()
  await chooser(other, en).waitFor()
  await picture(other, 'basemaps-narrow-en')
  expect(await faults(other)).toEqual([])
  await chooser(other, en).press('Enter')
  await other.waitForFunction(() => document.activeElement?.getAttribute('value') === 'plan')
  await other.keyboard.press('ArrowDown')
  expect(await other.getByRole('radio', { name: 'Photographs' }).isChecked()).toBe(true)
  await expect
    .poll(() => asked('/wmts?')[0])
    .toMatch(/layer=ORTHO.*tilematrixset=PM.*TileMatrix=\d+/i)
  await picture(other, 'basemaps-chooser-narrow-en')
})

test('one that does not answer is told of once, and the page goes on', async () => {
  tiles.broken = true
  const page = await visit()
  await open(page, '/?base=plan')
  const told = page.getByText('Le fond de carte « Plan du pays » ne répond pas')
  await told.waitFor()
  await picture(page, 'basemaps-silent-fr')
  expect(await told.count()).toBe(1)
  expect(await faults(page)).toEqual([])
  tiles.broken = false
})

test('administrators switch base maps on; a mistake in the file is told', async () => {
  const page = await visit()
  await open(page)
  await signIn(page, reach)
  const dialog = page.getByRole('dialog', { name: say.admin.title })
  const administer = async () => {
    await page.getByRole('button', { name: /^Compte de/ }).click()
    await page.getByRole('menuitem', { name: say.admin.title }).click()
    await dialog.getByRole('tab', { name: fr.admin.tab }).click()
    await dialog.getByRole('switch', { name: 'Relief' }).waitFor()
  }
  await administer()
  await dialog.getByRole('switch', { name: 'Relief' }).press('Space')
  await dialog.getByText(fr.admin.here).waitFor()
  await picture(page, 'basemaps-admin-fr')
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: fr.admin.reloadNow }).click()
  await chooser(page).waitFor()
  await settled(page)
  await chooser(page).click()
  await page.getByRole('radio', { name: 'Relief' }).check()
  await expect.poll(() => asked('/wms?')[0]).toMatch(/CRS=EPSG%3A2154/)
  await page.keyboard.press('Escape')
  await writeFile(file, 'maps:\n  - {id: plan, kind: xyz}\n')
  await administer()
  await dialog.getByText('maps.yaml:2: maps[0]: title and url and attribution').waitFor()
  await dialog.getByRole('button', { name: fr.admin.backOff }).click()
  await dialog.getByText(fr.admin.here).waitFor({ state: 'detached' })
  await picture(page, 'basemaps-admin-fault-fr')
})
