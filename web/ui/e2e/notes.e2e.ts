/** Notes drawn on the map, and shared. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import en from '../src/locales/notes.en.json'
import fr from '../src/locales/notes.fr.json'
import { clickMap, drag, open, signIn } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)

type Place = [number, number]
const panel = (page: Page, say = fr) => page.getByRole('region', { name: say.title, exact: true })
const tool = (page: Page, name: string) =>
  panel(page).getByRole('toolbar').getByRole('button', { name, exact: true })
const notes = (page: Page, say = fr) =>
  panel(page, say).getByRole('list', { name: say.list }).getByRole('listitem')
const saved = (page: Page) => panel(page).getByText(fr.saving.saved).waitFor()

async function middle(nth: number): Promise<Place> {
  const [minx, miny, maxx, maxy] = boxOf((await simpleParcel(reach, nth)).geometry) ?? [0, 0, 0, 0]
  return [(minx + maxx) / 2, (miny + maxy) / 2]
}

/** Begins a sheet with a title around a place. */
async function begin(page: Page, [x, y]: Place, title: string): Promise<void> {
  await open(page, `/?at=${x},${y},18&layers=land.parcels`)
  await signIn(page, reach)
  await page.getByRole('button', { name: fr.title, exact: true }).click()
  await panel(page).getByRole('button', { name: fr.begin }).click()
  await panel(page).getByRole('textbox', { name: fr.name }).fill(title)
}

async function write(page: Page, text: string): Promise<void> {
  const field = panel(page).getByRole('textbox', { name: fr.text })
  await field.waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await field.fill(text)
  await notes(page).filter({ hasText: text }).first().waitFor()
}

/** What the server keeps of a sheet. */
const kept = async (title: string) =>
  JSON.parse(
    await sql(
      reach,
      `select notes from arpent.note_sheet where title = '${title}' order by id desc limit 1`,
    ),
  ) as { kind: string; text: string; places: Place[]; figures: boolean }[]

test('notes of every kind are drawn, told, changed, undone and kept; the file has them all', async () => {
  const [x, y] = await middle(2)
  const page = await visit()
  await begin(page, [x, y], 'Rue du Four')
  await tool(page, fr.kind.text).click()
  await clickMap(page, [x - 60, y + 40])
  await write(page, '<img src=x onerror="document.title=1"> Passage à refaire')
  await page.keyboard.press('Escape')

  await panel(page).getByRole('radio', { name: fr.colour.blue }).check()
  await panel(page).getByRole('checkbox', { name: fr.figures }).check()
  await tool(page, fr.kind.polygon).click()
  await page.keyboard.down('Control') // not drawn to the borders of parcels
  await clickMap(page, [x - 90, y - 60])
  await clickMap(page, [x - 90, y - 20])
  await clickMap(page, [x - 40, y - 20])
  await clickMap(page, [x - 40, y - 20])
  await page.keyboard.up('Control')
  await write(page, 'Parking')
  await notes(page)
    .filter({ hasText: /Parking.*m²/s })
    .waitFor()
  await page.keyboard.press('Escape')

  await tool(page, fr.kind.arrow).click()
  await clickMap(page, [x - 90, y + 10])
  await clickMap(page, [x - 40, y + 20])
  await clickMap(page, [x - 40, y + 20])
  await write(page, 'Sens unique')
  await page.keyboard.press('Escape')
  await tool(page, fr.kind.freehand).click()
  await drag(page, [x - 90, y - 80], [x - 20, y - 70])
  await expect.poll(() => notes(page).count()).toBe(4)
  await page.keyboard.press('Escape')
  await saved(page)
  await picture(page, 'notes-wide-fr')
  expect(await faults(page)).toEqual([])
  expect(await page.title()).not.toBe('1')

  // A corner of the outline is dragged; undo and redo by the keyboard.
  await notes(page)
    .filter({ hasText: 'Parking' })
    .getByRole('button', { pressed: false })
    .first()
    .click()
  const before = (await kept('Rue du Four')).find(({ text }) => text === 'Parking')?.places ?? []
  await page.keyboard.down('Control')
  await drag(page, [x - 90, y - 60], [x - 100, y - 50])
  await page.keyboard.up('Control')
  await saved(page)
  const corner = async () =>
    (await kept('Rue du Four')).find(({ text }) => text === 'Parking')?.places ?? []
  await expect.poll(corner).not.toEqual(before)
  await page.locator('#map').focus()
  await page.keyboard.press('Control+z')
  await expect.poll(corner).toEqual(before)
  await page.keyboard.press('Control+y')
  await expect.poll(corner).not.toEqual(before)
  await page.keyboard.press('Delete')
  await expect.poll(() => notes(page).count()).toBe(3)
  await page.keyboard.press('Control+z')
  await expect.poll(() => notes(page).count()).toBe(4)

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    panel(page).getByRole('button', { name: fr.export }).click(),
  ])
  expect(file.suggestedFilename()).toBe('Rue-du-Four.geojson')
  const { features } = JSON.parse(await readFile(await file.path(), 'utf8'))
  expect(features.map(({ geometry }: { geometry: { type: string } }) => geometry.type)).toEqual([
    'Point',
    'Polygon',
    'LineString',
    'LineString',
  ])

  // A click on a note chooses it; beside notes it means the features again.
  await clickMap(page, [x - 60, y + 40])
  await notes(page).filter({ hasText: 'Passage' }).getByRole('textbox').waitFor()
  expect(page.url()).not.toContain('feature=')
  await page.keyboard.press('Escape')
  await panel(page).getByRole('button', { name: fr.close }).click()
  expect(page.url()).toMatch(/notes=\d+/)
  await page.reload()
  await settled(page)
  await expect.poll(() => notes(page).count()).toBe(4)
})

test('a link opens what its sender saw, without an account, for comments, until it is withdrawn', async () => {
  const [x, y] = await middle(4)
  const page = await visit()
  await begin(page, [x, y], 'Place de la Halle')
  await tool(page, fr.kind.line).click()
  await clickMap(page, [x - 50, y - 20])
  await clickMap(page, [x + 10, y - 20])
  await page.keyboard.press('Enter')
  await write(page, 'Nouveau trottoir')
  await saved(page)
  await tool(page, fr.share).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: fr.makeLink }).click()
  const address = dialog.getByRole('textbox')
  await address.waitFor()
  await picture(page, 'notes-share-wide-fr')
  expect(await faults(page)).toEqual([])
  const sent = await page.evaluate(() => window.arpent?.map.view())
  const link = new URL(await address.inputValue())

  const guest = await visit({ language: 'en', viewport: NARROW })
  await open(guest, link.pathname + link.search)
  await notes(guest, en).filter({ hasText: 'Nouveau trottoir' }).waitFor()
  const seen = await guest.evaluate(() => window.arpent?.map.view())
  expect(seen?.center[0]).toBeCloseTo(x, 0)
  expect(seen?.extent[0]).toBeLessThanOrEqual((sent?.extent[0] ?? 0) + 1)
  expect(seen?.extent[2]).toBeGreaterThanOrEqual((sent?.extent[2] ?? 0) - 1)
  await guest.waitForURL((url) => url.searchParams.get('layers') === 'land.parcels')
  await panel(guest, en).getByRole('textbox', { name: en.author }).fill('Anne Essai')
  await panel(guest, en).getByRole('textbox', { name: en.say }).fill('<b>Why</b> not wider?')
  await panel(guest, en).getByRole('button', { name: en.send }).click()
  await panel(guest, en).getByText('<b>Why</b> not wider?').waitFor()
  // It comes to whoever has the sheet open, at once.
  await page.getByText('<b>Why</b> not wider?').waitFor({ state: 'attached', timeout: 5_000 })
  expect(await panel(guest, en).getByRole('toolbar').count(), 'a guest draws nothing').toBe(0)
  await picture(guest, 'notes-link-narrow-en')
  expect(await faults(guest)).toEqual([])
  await panel(guest, en).getByRole('button', { name: en.close }).click()
  await picture(guest, 'notes-link-map-narrow-en')

  await dialog.getByRole('button', { name: fr.withdraw }).click()
  await address.waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await panel(page).getByText('<b>Why</b> not wider?').waitFor()
  await guest.goto(link.pathname + link.search)
  await guest.getByText(en.gone).waitFor()
  await picture(guest, 'notes-gone-narrow-en')
})

test('what is drawn while the server cannot be reached is kept across a reload, and saved then', async () => {
  const [x, y] = await middle(6)
  const page = await visit()
  await begin(page, [x, y], 'Hors ligne')
  await saved(page)
  await page.route('**/api/notes/*', (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  )
  await tool(page, fr.kind.text).click()
  await clickMap(page, [x - 30, y])
  await write(page, 'Noté sur place')
  await panel(page).getByText(fr.notSaved).waitFor()
  await page.unroute('**/api/notes/*')
  await page.reload()
  await settled(page)
  await notes(page).filter({ hasText: 'Noté sur place' }).waitFor()
  await saved(page)
  await expect
    .poll(async () => (await kept('Hors ligne')).map(({ text }) => text))
    .toEqual(['Noté sur place'])
})

test('by the keyboard alone, on a phone: a line is drawn, written to and shown to the town', async () => {
  const [x, y] = await middle(8)
  const page = await visit({ viewport: NARROW })
  await open(page, `/?at=${x},${y},18&layers=land.parcels`)
  await signIn(page, reach)
  await page.getByRole('button', { name: fr.title, exact: true }).press('Enter')
  await panel(page).getByRole('button', { name: fr.begin }).press('Enter')
  await tool(page, fr.kind.line).press('Enter')
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await write(page, 'Clôture')
  await saved(page)
  await picture(page, 'notes-narrow-fr')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await tool(page, fr.share).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox').first().press('Space')
  await expect
    .poll(() => sql(reach, `select count(*) from arpent.note_sheet where collectivity is not null`))
    .toBe('1')
  await picture(page, 'notes-share-narrow-fr')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await panel(page).getByRole('button', { name: fr.back }).press('Enter')
  const row = panel(page).getByRole('listitem').filter({ hasText: fr.shown }).first()
  await row.waitFor()
  await picture(page, 'notes-list-narrow-fr')
  await row.getByRole('button', { name: /^Supprimer/ }).click()
  await row.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: fr.undo, exact: true }).click()
  await row.waitFor()
})
