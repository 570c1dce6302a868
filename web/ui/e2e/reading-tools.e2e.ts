/** What one reads off the map beside its features: measures. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import en from '../src/locales/reading.en.json'
import fr from '../src/locales/reading.fr.json'
import { clickMap, open, record } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture } from './browser'

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
