/** What a person does in the page, by the names they read there. */
import type { Locator, Page } from 'playwright-core'
import drawingEn from '../src/locales/drawing.en.json'
import drawingFr from '../src/locales/drawing.fr.json'
import mapEn from '../src/locales/map.en.json'
import mapFr from '../src/locales/map.fr.json'
import en from '../src/locales/page.en.json'
import fr from '../src/locales/page.fr.json'
import placesEn from '../src/locales/places.en.json'
import placesFr from '../src/locales/places.fr.json'
import type { Coordinate, Geometry } from '../src/map/api'
import { settled } from './browser'

export const words = {
  fr: { page: fr, map: mapFr, drawing: drawingFr, places: placesFr },
  en: { page: en, map: mapEn, drawing: drawingEn, places: placesEn },
} as const

const { page: say, map: sayMap } = words.fr

/** Opens the page and waits for its map. */
export async function open(page: Page, path = '/'): Promise<void> {
  await page.goto(path)
  await settled(page)
}

export async function signIn(
  page: Page,
  { login = 'admin', password }: { login?: string; password: string },
): Promise<void> {
  await page.getByRole('button', { name: say.session.signIn }).click()
  const dialog = page.getByRole('dialog', { name: say.session.signIn })
  await dialog.getByLabel(say.session.login).fill(login)
  await dialog.getByLabel(new RegExp(`^${say.session.password}`)).fill(password)
  await dialog.getByRole('button', { name: say.session.signIn }).click()
  await dialog.waitFor({ state: 'detached' })
  await toolbar(page).waitFor()
  await settled(page)
}

/** Types into the one search box and takes the first answer whose words hold the label. */
export async function search(page: Page, text: string, label: string): Promise<void> {
  await page.getByRole('searchbox', { name: say.search.label }).fill(text)
  await page.getByRole('option').filter({ hasText: label }).first().click()
  await settled(page)
}

export const toolbar = (page: Page): Locator =>
  page.getByRole('toolbar', { name: sayMap.edit.toolbar })

export const tool = (page: Page, name: Exclude<keyof typeof sayMap.edit, 'discard' | 'hint'>) =>
  toolbar(page).getByRole('button', { name: sayMap.edit[name], exact: true })

/** The panel of the selected record. */
export const record = (page: Page): Locator =>
  page.locator('section[aria-labelledby="record-title"]')

/** Turns the shape of the selected feature into handles and waits until it snaps. */
export async function modify(page: Page): Promise<void> {
  await tool(page, 'modify').click()
  await snapping(page)
}

export async function draw(page: Page, layerTitle: string): Promise<void> {
  await toolbar(page).getByRole('combobox').selectOption({ label: layerTitle })
  await tool(page, 'draw').click()
  await snapping(page)
}

async function snapping(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const state = window.arpent?.map.edit.state
    return state?.mode !== 'idle' && state?.snapping.loading === false
  })
  await settled(page)
}

export function pixel(page: Page, coordinate: Coordinate): Promise<[number, number]> {
  return page.evaluate((at) => window.arpent?.pixelOf(at) ?? [0, 0], coordinate)
}

/** Drags from one place of the map to another, in steps as a hand does. */
export async function drag(page: Page, from: Coordinate, to: Coordinate): Promise<void> {
  const [x0, y0] = await pixel(page, from)
  const [x1, y1] = await pixel(page, to)
  await page.mouse.move(x0, y0)
  await page.mouse.down()
  await page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2, { steps: 3 })
  await page.mouse.move(x1, y1, { steps: 3 })
  await page.mouse.up()
}

export async function clickMap(page: Page, coordinate: Coordinate): Promise<void> {
  const [x, y] = await pixel(page, coordinate)
  await page.mouse.move(x, y)
  await page.mouse.click(x, y)
}

export const pending = (page: Page): Promise<Geometry | null> =>
  page.evaluate(() => window.arpent?.map.edit.pending() ?? null)

/** The coordinates of a feature in the tiles on the screen. */
export const shape = (page: Page, layer: string, id: string): Promise<string> =>
  page.evaluate(([layer, id]) => window.arpent?.shape(layer, id) ?? '', [layer, id] as const)

/** Starts to wait for another shape on the screen; answers when it came, in epoch milliseconds. */
export function reshaped(page: Page, layer: string, id: string, from: string): Promise<number> {
  return page.evaluate(
    ([layer, id, from]) => window.arpent?.reshaped(layer, id, from) ?? Number.NaN,
    [layer, id, from] as const,
  )
}

/** Prints what something took, for a person to compare: a machine at other work asserts nothing. */
export const report = (what: string, ms: number) => console.log(`${what}: ${Math.round(ms)} ms`)
