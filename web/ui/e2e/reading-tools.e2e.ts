/** What one reads off the map: measures, all that lies under a click, places by their coordinates. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import en from '../src/locales/reading.en.json'
import fr from '../src/locales/reading.fr.json'
import { clickMap, open, record, words } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)

const panel = (page: Page, name: string = fr.measure) => page.getByRole('region', { name })

/** Opens the map on a parcel, and the panel; answers the middle of the map. */
async function begin(page: Page, say: typeof fr = fr): Promise<[number, number]> {
  const [minx, miny, maxx, maxy] = boxOf((await simpleParcel(reach, 3)).geometry) ?? [0, 0, 0, 0]
  const middle: [number, number] = [(minx + maxx) / 2, (miny + maxy) / 2]
  await open(page, `/?at=${middle.map((each) => each.toFixed(1)).join()},18`)
  await page.getByRole('button', { name: say.measure, exact: true }).click()
  await panel(page, say.measure).waitFor()
  return middle
}

test('an area, a length and an azimuth are kept, with every side, until they are cleared', async () => {
  const page = await visit()
  const [x, y] = await begin(page)
  await panel(page).getByRole('button', { name: fr.kind.area }).click()
  await clickMap(page, [x - 40, y])
  await clickMap(page, [x - 40, y + 40])
  await clickMap(page, [x, y + 40])
  await clickMap(page, [x, y + 40])
  const measures = panel(page).getByRole('listitem')
  await measures.filter({ hasText: /Surface : \d+\sm²/ }).waitFor()
  expect(await measures.first().getByRole('row').count()).toBe(4)
  await panel(page).getByRole('button', { name: fr.kind.length }).click()
  await clickMap(page, [x - 60, y - 30])
  await clickMap(page, [x, y - 30])
  await clickMap(page, [x + 10, y - 10])
  await clickMap(page, [x + 10, y - 10])
  await panel(page).getByRole('button', { name: fr.kind.azimuth }).click()
  await clickMap(page, [x - 70, y + 50])
  await clickMap(page, [x - 20, y + 50])
  await measures.filter({ hasText: /Azimut : (89,\d\d|90,0\d)°/ }).waitFor()
  expect(await measures.count()).toBe(3)
  await panel(page).getByText(fr.unknown).first().waitFor()
  await picture(page, 'measure-wide-fr')
  expect(await faults(page)).toEqual([])
  await panel(page).getByRole('button', { name: fr.clear }).click()
  expect(await measures.count()).toBe(0)
})

test('by the keyboard alone: arrows and Enter measure, Escape gives up the line, then the tool', async () => {
  const page = await visit({ language: 'en', viewport: NARROW })
  await begin(page, en)
  const tool = panel(page, en.measure).getByRole('button', { name: en.kind.length })
  await tool.press('Enter')
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  const measures = panel(page, en.measure).getByRole('listitem')
  await measures.filter({ hasText: /Length : [\d.]+ m/ }).waitFor()
  await picture(page, 'measure-narrow-en')
  expect(await faults(page)).toEqual([])
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  expect(await tool.getAttribute('aria-pressed')).toBe('true')
  await page.keyboard.press('Escape')
  await panel(page, en.measure).getByText(en.hint.none).waitFor()
  expect(await measures.count()).toBe(1)
})

test('while measuring a click selects nothing; once the panel is closed it does', async () => {
  const page = await visit()
  const middle = await begin(page)
  await panel(page).getByRole('button', { name: fr.kind.length }).click()
  await clickMap(page, middle)
  await page.keyboard.press('Escape')
  expect(page.url()).not.toContain('feature=')
  await panel(page).getByRole('button', { name: fr.close }).click()
  await panel(page).waitFor({ state: 'detached' })
  await clickMap(page, middle)
  await record(page).waitFor()
})

/** Opens the map on a parcel and waits until it is drawn; answers its middle. */
async function onParcel(page: Page): Promise<[number, number]> {
  const { id, geometry } = await simpleParcel(reach, 3)
  const [minx, miny, maxx, maxy] = boxOf(geometry) ?? [0, 0, 0, 0]
  const middle: [number, number] = [(minx + maxx) / 2, (miny + maxy) / 2]
  await open(page, `/?at=${middle.map((each) => each.toFixed(1)).join()},18`)
  await page.waitForFunction((id) => window.arpent?.shape('land.parcels', id) !== '', id)
  return middle
}

const stack = (page: Page) => page.getByRole('listbox', { name: /sous le clic|under the click/ })

test('a click lists all that lies there: arrows go through it, Escape goes back to the map', async () => {
  const page = await visit()
  await clickMap(page, await onParcel(page))
  await stack(page).waitFor()
  const options = stack(page).getByRole('option')
  expect(await options.count()).toBeGreaterThan(2)
  await expect.poll(() => stack(page).evaluate((it) => it === document.activeElement)).toBe(true)
  const first = await options.nth(1).textContent()
  await page.keyboard.press('ArrowDown')
  const second = stack(page).getByRole('option', { selected: true })
  await expect.poll(() => second.textContent()).toBe(first)
  await record(page).waitFor()
  await options.nth(2).hover()
  await picture(page, 'stack-wide-fr')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('End')
  await expect.poll(() => second.textContent()).toBe(await options.last().textContent())
  await page.keyboard.press('Escape')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('map')
})

test('by the keyboard Enter clicks on the middle of the map', async () => {
  const page = await visit({ language: 'en', viewport: NARROW })
  await onParcel(page)
  await page.getByRole('link', { name: words.en.page.skipToMap }).focus()
  await page.keyboard.press('Enter')
  await page.locator('#map').focus()
  await page.keyboard.press('Enter')
  await stack(page).waitFor()
  await page.keyboard.press('ArrowDown')
  await picture(page, 'stack-narrow-en')
  expect(await faults(page)).toEqual([])
})

test('one goes to coordinates in any system of the place and in degrees; a mark stays', async () => {
  const page = await visit()
  const [minx, miny] = boxOf((await simpleParcel(reach, 3)).geometry) ?? [0, 0]
  await open(page)
  const told = await sql(
    reach,
    `select round(ST_X(p)) || ' ' || round(ST_Y(p)) from ST_Transform(ST_SetSRID(ST_Point(${minx}, ${miny}), 3857), 3947) p`,
  )
  const box = page.getByRole('searchbox', { name: words.fr.page.search.label })
  await box.fill(told)
  await page.locator('[role="option"]').filter({ hasText: 'CC47' }).click()
  const mark = page.getByRole('region', { name: words.fr.places.pin })
  await mark.waitFor()
  const away = async () => {
    const [x, y] = await page.evaluate(() => window.arpent?.map.view().center ?? ([0, 0] as const))
    return Math.hypot(x - minx, y - miny)
  }
  expect(await away()).toBeLessThan(2)
  await page.getByLabel(words.fr.places.crs).selectOption('dms')
  await mark.getByText(/^\d+°\s\d+′\s\d+,\d\d″\sN ; \d+°\s\d+′\s\d+,\d\d″\sE$/).waitFor()
  await picture(page, 'pin-wide-fr')
  expect(await faults(page)).toEqual([])
  await page.waitForURL(/pin=/)
  const degrees = (await mark.textContent()) ?? ''
  await mark.getByRole('button', { name: words.fr.places.pinRemove }).click()
  await mark.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: words.fr.page.map.zoomOut }).click()
  await box.fill(degrees.trim())
  await page.locator('[role="option"]').filter({ hasText: 'EPSG:4326' }).click()
  await mark.waitFor()
  expect(await away()).toBeLessThan(3)
})
