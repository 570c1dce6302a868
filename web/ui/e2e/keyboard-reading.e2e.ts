/** What one reads off the map, chooses, notes and compares, by the keyboard alone. */
import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import bookmarks from '../src/locales/bookmarks.fr.json'
import compare from '../src/locales/compare.fr.json'
import notes from '../src/locales/notes.fr.json'
import reading from '../src/locales/reading.fr.json'
import selection from '../src/locales/selection.fr.json'
import shortcutsEn from '../src/locales/shortcuts.en.json'
import shortcuts from '../src/locales/shortcuts.fr.json'
import type { Coordinate } from '../src/map/api'
import { record, words } from './actions'
import { simpleParcel } from './api'
import { browser } from './browser'
import {
  arrive,
  choose,
  clickAt,
  dragFrom,
  focusIn,
  lineThrough,
  press,
  pressButton,
  tabTo,
  toMap,
} from './keyboard'
import { Names, speak, titles } from './naming'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say, places } = words.fr

/** Signed in, with a parcel in the middle of the map, drawn. */
async function parcelAt(nth: number): Promise<{ page: Page; at: Coordinate; names: Names }> {
  const { id, geometry } = await simpleParcel(reach, nth)
  const [minx, miny, maxx, maxy] = boxOf(geometry) ?? [0, 0, 0, 0]
  const at: Coordinate = [(minx + maxx) / 2, (miny + maxy) / 2]
  const page = await visit()
  await arrive(page, reach, at, 18)
  await page.waitForFunction((id) => window.arpent?.shape('land.parcels', id) !== '', id)
  return { page, at, names: new Names(page, await titles(page)) }
}

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
/** A panel on the map, whatever its language. */
const panel = (page: Page) => page.locator('main section[aria-label]:not(#map)').last()
const mapButton = (page: Page, name: string) =>
  page.locator('main').getByRole('button', { name, exact: true })

describe('by the keyboard alone', () => {
  test('the keys are shown, features are opened, measured, and gone to', async () => {
    const { page, at, names } = await parcelAt(27)
    const [x, y] = at
    await press(page, '?')
    const help = page.getByRole('dialog', { name: shortcuts.title })
    await help.getByText(words.fr.drawing.ortho).waitFor()
    await names.look('shortcuts', help)
    await press(page, 'Escape')
    await help.waitFor({ state: 'detached' })
    await speak(page, 'en')
    await toMap(page)
    await press(page, '?')
    await names.look('shortcuts', page.getByRole('dialog', { name: shortcutsEn.title }))
    await press(page, 'Escape')
    await speak(page, 'fr')
    await toMap(page)

    // What lies in the middle of the map.
    await press(page, 'Enter')
    const stack = page.getByRole('listbox', { name: /sous le clic/ })
    await stack.waitFor()
    await record(page).waitFor()
    const opened = page.url()
    await press(page, 'ArrowDown')
    await page.waitForFunction((before) => location.href !== before, opened)
    await press(page, 'Escape')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('map')
    await pressButton(page, record(page).getByRole('button', { name: say.record.close }))
    await record(page).waitFor({ state: 'detached' })
    await toMap(page)

    await pressButton(page, mapButton(page, reading.measure))
    const measures = region(page, reading.measure)
    const tool = (kind: keyof typeof reading.kind) =>
      measures.getByRole('button', { name: reading.kind[kind] })
    await pressButton(page, tool('length'))
    await lineThrough(page, [x - 30, y], [x, y], [x, y + 20])
    await measures.getByRole('listitem').nth(0).waitFor()
    await pressButton(page, tool('area'))
    await lineThrough(page, [x - 30, y - 30], [x, y - 30], [x, y - 10])
    await measures.getByRole('listitem').nth(1).waitFor()
    await pressButton(page, tool('azimuth'))
    await clickAt(page, [x - 30, y + 30], [x, y + 30])
    await measures.getByRole('listitem').nth(2).waitFor()
    await measures.filter({ hasText: /Longueur : .*Surface : .*Azimut : (89|90),\d+°/s }).waitFor()
    await names.everywhere('measure', panel(page))
    await pressButton(page, measures.getByRole('button', { name: reading.clear }))
    await expect.poll(() => measures.getByRole('listitem').count()).toBe(0)
    await pressButton(page, measures.getByRole('button', { name: reading.close }))
    await measures.waitFor({ state: 'detached' })

    // Coordinates: where the map is, in a system of choice; and back there by typing them.
    const systems = page.getByRole('combobox', { name: places.crs })
    const told = page.locator('footer output')
    const before = await told.textContent()
    await choose(page, systems, await systems.locator('option').last().innerText())
    await expect.poll(() => told.textContent()).not.toBe(before)
    await toMap(page)
    const there = await sql(
      reach,
      `select round(ST_X(p)) || ' ' || round(ST_Y(p)) from ST_Transform(ST_SetSRID(ST_Point(${x + 200}, ${y}), 3857), 2154) p`,
    )
    await press(page, '/')
    await page.keyboard.type(there)
    await page.locator('[role="option"]').filter({ hasText: '2154' }).first().waitFor()
    await press(page, 'Enter')
    const pin = region(page, places.pin)
    await pin.waitFor()
    const center = await page.evaluate(() => window.arpent?.map.view().center[0] ?? 0)
    expect(center - x).toBeGreaterThan(150)
    await names.everywhere('pin', panel(page))
    await pressButton(page, pin.getByRole('button', { name: places.pinRemove }))
    await pin.waitFor({ state: 'detached' })
  })

  test('features are chosen in every way, and added up', async () => {
    const { page, at, names } = await parcelAt(28)
    const [x, y] = at
    await pressButton(page, mapButton(page, say.map.select))
    const select = region(page, selection.title)
    const chosen = () => page.evaluate(() => window.arpent?.chosen() ?? [])
    const tool = (name: keyof typeof selection.tool) =>
      select.getByRole('button', { name: selection.tool[name], exact: true })
    await choose(page, select.getByRole('combobox', { name: selection.from }), 'Parcelles')
    await pressButton(page, tool('click'))
    await clickAt(page, at)
    await expect.poll(chosen).toHaveLength(1)
    await pressButton(page, tool('box'))
    await dragFrom(page, [x - 50, y - 50], [x + 50, y + 50])
    await expect.poll(async () => (await chosen()).length).toBeGreaterThan(2)
    await pressButton(page, tool('polygon'))
    await lineThrough(page, [x - 2, y - 2], [x + 4, y - 2], [x, y + 5])
    await expect.poll(chosen).toHaveLength(1)
    await pressButton(page, tool('circle'))
    await dragFrom(page, at, [x + 60, y])
    await expect.poll(async () => (await chosen()).length).toBeGreaterThan(2)
    await pressButton(page, tool('click'))
    await clickAt(page, at)
    await expect.poll(chosen).toHaveLength(1)
    // What lies around what is chosen.
    const around = select.getByRole('form', { name: selection.around })
    await tabTo(page, around.getByRole('textbox', { name: selection.distance }))
    await press(page, 'Control+a')
    await page.keyboard.type('40')
    await names.everywhere('select', panel(page))
    await pressButton(page, around.getByRole('button', { name: selection.choose }))
    await expect.poll(async () => (await chosen()).length).toBeGreaterThan(3)
    await pressButton(page, select.getByRole('button', { name: selection.statistics }))
    const sums = page.getByRole('dialog', { name: selection.statistics })
    await sums.getByText(selection.figure.median).waitFor()
    await names.look('statistics', sums)
    await press(page, 'Escape')
    await sums.waitFor({ state: 'detached' })
    await pressButton(page, select.getByRole('button', { name: selection.clear }))
    await expect.poll(chosen).toEqual([])
    await pressButton(page, select.getByRole('button', { name: selection.close }))
    await select.waitFor({ state: 'detached' })
  })

  test('views are kept, notes drawn, and two states compared', async () => {
    const { page, at, names } = await parcelAt(29)
    const [x, y] = at
    await pressButton(page, mapButton(page, say.map.bookmarks))
    const kept = region(page, bookmarks.title)
    await tabTo(page, kept.getByRole('textbox', { name: bookmarks.name }))
    const name = `Le clavier ${Date.now()}`
    await page.keyboard.type(name)
    await press(page, 'Enter')
    const view = kept.getByRole('button', { name, exact: true })
    await view.waitFor()
    const east = async () => (await page.evaluate(() => window.arpent?.map.view().center[0])) ?? 0
    const was = await east()
    await toMap(page)
    await press(page, 'ArrowLeft')
    await expect.poll(east).toBeLessThan(was - 2)
    await pressButton(page, view)
    await expect.poll(async () => Math.abs((await east()) - was)).toBeLessThan(2)
    await names.look('bookmarks', kept.locator('form'))
    await pressButton(page, kept.getByRole('button', { name: bookmarks.close }))

    await pressButton(page, mapButton(page, say.map.notes))
    const sheet = region(page, notes.title)
    await pressButton(page, sheet.getByRole('button', { name: notes.begin }))
    const tools = sheet.getByRole('toolbar', { name: notes.tools })
    const tool = (kind: keyof typeof notes.kind) =>
      tools.getByRole('button', { name: notes.kind[kind], exact: true })
    const listed = sheet.getByRole('list', { name: notes.list }).getByRole('listitem')
    const text = sheet.getByRole('textbox', { name: notes.text })
    await pressButton(page, tool('text'))
    await clickAt(page, [x - 20, y + 20])
    await focusIn(page, text)
    await page.keyboard.type('Ici')
    await listed.filter({ hasText: 'Ici' }).first().waitFor()
    await press(page, 'Escape')
    for (const [i, kind] of (['line', 'arrow', 'polygon'] as const).entries()) {
      await pressButton(page, tool(kind))
      await lineThrough(page, [x - 60, y - i * 10], [x - 40, y - i * 10], [x - 40, y - i * 10 - 8])
      await focusIn(page, text)
      await press(page, 'Escape')
      await expect.poll(() => listed.count()).toBe(i + 2)
    }
    await pressButton(page, tool('freehand'))
    await dragFrom(page, [x + 10, y - 30], [x + 40, y - 36])
    await expect.poll(() => listed.count()).toBe(5)
    await toMap(page)
    await press(page, 'Control+z')
    await expect.poll(() => listed.count()).toBe(4)
    await press(page, 'Control+y')
    await expect.poll(() => listed.count()).toBe(5)
    await names.everywhere('notes', page.locator('main section [role="toolbar"]').last())
    await pressButton(page, tools.getByRole('button', { name: notes.share }))
    const sharing = page.getByRole('dialog')
    await pressButton(page, sharing.getByRole('button', { name: notes.makeLink }))
    await sharing.getByRole('textbox').waitFor()
    await press(page, 'Escape')
    await sharing.waitFor({ state: 'detached' })
    await pressButton(page, sheet.getByRole('button', { name: notes.close }))

    await pressButton(page, mapButton(page, say.map.compare))
    const choice = region(page, compare.title)
    const ways = choice.getByRole('radiogroup', { name: compare.what })
    await ways.waitFor()
    await names.everywhere('compare', panel(page))
    await tabTo(page, ways)
    await press(page, 'ArrowRight')
    await page.waitForFunction(() => location.search.includes('swipe='))
    const line = page.getByRole('slider', { name: compare.line })
    await tabTo(page, line, 'Shift+Tab')
    await press(page, 'Home', 'PageUp', 'ArrowRight')
    expect(await line.getAttribute('aria-valuenow')).toBe('11')
    await pressButton(page, choice.getByRole('button', { name: compare.stop }))
    await line.waitFor({ state: 'detached' })
  })
})
