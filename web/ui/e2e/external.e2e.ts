/** Map services of others: added by an administrator, shown, asked, and copied from. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import base from '../src/locales/basemaps.fr.json'
import en from '../src/locales/external.en.json'
import fr from '../src/locales/external.fr.json'
import type { Coordinate, Extent } from '../src/map/api'
import { clickMap, open, pending, signIn, words } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'
import { type MapServer, serveMaps } from './mapserver'

const reach = inject('reach')
const { visit } = browser(reach.url)
const file = join(reach.data, 'maps.yaml')
const { page: say } = words.fr

let maps: MapServer
let shipped: string
let middle: Coordinate
let at: string

beforeAll(async () => {
  const [minx, miny, maxx, maxy] = boxOf((await simpleParcel(reach, 3)).geometry) as Extent
  middle = [(minx + maxx) / 2, (miny + maxy) / 2]
  at = `at=${middle.map((each) => each.toFixed(1)).join()},18`
  maps = await serveMaps([middle[0] - 300, middle[1] - 150, middle[0] + 300, middle[1] + 150])
  shipped = await readFile(file, 'utf8')
})

afterAll(async () => {
  await writeFile(file, shipped)
  await maps?.stop()
})

async function administer(page: Page) {
  await page.getByRole('button', { name: /^Compte de/ }).click()
  await page.getByRole('menuitem', { name: say.admin.title }).click()
  const dialog = page.getByRole('dialog', { name: say.admin.title })
  await dialog.getByRole('tab', { name: base.admin.tab }).click()
  await dialog.getByRole('button', { name: fr.admin.add }).click()
  return dialog
}

async function add(page: Page, kind: string, name: string) {
  const dialog = await administer(page)
  await dialog.getByLabel(fr.admin.address).fill(`${maps.url}?service=${kind}`)
  await dialog.getByRole('button', { name: fr.admin.read }).click()
  await dialog.getByLabel(fr.admin.name).fill(name)
  await dialog.getByRole('checkbox', { name: 'Zones inondables' }).check()
  await dialog.getByRole('checkbox', { name: fr.admin.public }).check()
  return dialog
}

const layer = (page: Page) => page.getByRole('checkbox', { name: 'Zones inondables' })

/** Opens the section of the tree, which opens by itself once something of it is shown. */
async function unfold(page: Page, say = fr) {
  const fold = page.getByRole('button', { name: say.title, exact: true })
  await fold.waitFor()
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click()
}

test('a WMS within the network is refused until it is named, then shown, asked and faded', async () => {
  const page = await visit()
  await open(page, `/?${at}`)
  await signIn(page, reach)
  const dialog = await administer(page)
  await dialog.getByLabel(fr.admin.address).fill(maps.url)
  await dialog.getByRole('button', { name: fr.admin.read }).click()
  await dialog.getByText(fr.refused.private).waitFor()
  expect(maps.asked).toEqual([])
  await picture(page, 'external-refused-fr')
  await writeFile(file, 'privateHosts: [127.0.0.1]\n')
  await page.keyboard.press('Escape')
  await add(page, 'wms', 'Risques naturels')
  await picture(page, 'external-add-fr')
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Ajouter 1 couche' }).click()
  await dialog.getByRole('cell', { name: maps.url }).waitFor()
  await picture(page, 'external-admin-fr')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Escape')

  await unfold(page)
  await layer(page).press('Space')
  await expect.poll(() => page.url()).toContain('external.risques_naturels.0')
  await expect.poll(() => maps.asked.some((each) => each.includes('GetMap'))).toBe(true)
  await page.getByRole('button', { name: 'Détails de Zones inondables' }).click()
  await page.getByRole('img', { name: 'Légende de Zones inondables' }).waitFor()
  await page.getByRole('slider', { name: 'Opacité de Zones inondables' }).press('ArrowLeft')
  await settled(page)
  await clickMap(page, [middle[0] - 100, middle[1]])
  const answers = page.getByRole('region', { name: fr.answers })
  await answers.getByRole('cell', { name: 'Zone inondable de la rivière' }).waitFor()
  await picture(page, 'external-wms-wide-fr')
  expect(await faults(page)).toEqual([])
  await answers.getByRole('button', { name: fr.close }).click()
  await answers.waitFor({ state: 'detached' })

  const guest = await visit({ language: 'en', viewport: NARROW })
  const drawn = guest.waitForResponse((response) => response.url().includes('/map?'))
  await open(guest, `/?${at}&layers=external.risques_naturels.0,land.parcels&lang=en`)
  await drawn
  await settled(guest)
  await clickMap(guest, [middle[0] + 20, middle[1]])
  await guest.getByRole('region', { name: en.answers }).getByText('R2').waitFor()
  await picture(guest, 'external-wms-narrow-en')
  expect(await faults(guest)).toEqual([])
})

test('features of a WFS are snapped to and copied into a layer of the town', async () => {
  const page = await visit()
  await open(page, `/?${at}`)
  await signIn(page, reach)
  const dialog = await add(page, 'wfs', 'Aléas')
  await dialog.getByRole('button', { name: 'Ajouter 1 couche' }).click()
  await dialog.getByRole('cell', { name: 'Aléas' }).waitFor()
  await page.keyboard.press('Escape')
  await unfold(page)
  const rows = page.getByRole('listitem').filter({ hasText: 'Zones inondables' })
  await rows.first().waitFor()
  const found = page.waitForResponse((response) => response.url().includes('/features?'))
  for (const row of await rows.all()) await row.getByRole('checkbox').check()
  expect((await found).headers()['content-type']).toBe('application/geo+json')
  await settled(page)
  await clickMap(page, [middle[0] - 100, middle[1]])
  const answers = page.getByRole('region', { name: fr.answers })
  await answers.getByRole('cell', { name: 'R1' }).first().waitFor()
  await answers.getByRole('combobox').first().selectOption({ label: 'Bâtiments' })
  await picture(page, 'external-wfs-wide-fr')
  expect(await faults(page)).toEqual([])
  await answers.getByRole('button', { name: fr.copy }).first().click()
  await expect.poll(() => pending(page)).not.toBeNull()
  const [minx, , maxx] = boxOf(await pending(page)) as Extent
  expect(maxx - minx).toBeCloseTo(300, 0)
  await picture(page, 'external-copied-fr')
})

test('a service that does not answer is told of once, and the page goes on', async () => {
  maps.broken = true
  const page = await visit()
  await open(page, `/?${at}&layers=external.risques_naturels.0,land.parcels`)
  const told = page.getByText('Le service « Risques naturels » ne répond pas')
  await told.waitFor()
  expect(await told.count()).toBe(1)
  await picture(page, 'external-silent-fr')
  maps.broken = false
})
