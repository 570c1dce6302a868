/** What a person does who has a keyboard and no mouse. */
import type { Locator, Page } from 'playwright-core'
import fr from '../src/locales/page.fr.json'
import type { Coordinate } from '../src/map/api'
import { open, signIn } from './actions'
import type { Reach } from './server'

/** As many stops as a page may have before what is looked for. */
const STOPS = 150
/** Pixels that an arrow moves the cross, and what is held with it. */
const STEP = 12
const STEPS = [
  [120, 'Control+'],
  [STEP, ''],
  [1, 'Shift+'],
] as const

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Waits until what was opened has taken the keyboard. */
export async function focusIn(page: Page, part: Locator): Promise<void> {
  const element = await part.elementHandle()
  await page.waitForFunction((part) => part?.contains(document.activeElement), element)
}

/** Goes on with Tab, or back, until something has the focus. */
export async function tabTo(
  page: Page,
  what: Locator,
  key: 'Tab' | 'Shift+Tab' | 'ArrowDown' = 'Tab',
) {
  await what.waitFor({ state: 'attached' })
  const focused = () => what.evaluate((element) => element.contains(document.activeElement))
  for (let stop = 0; !(await focused()); stop++) {
    if (stop > STOPS) throw new Error(`Tab does not lead to ${what}`)
    await press(page, key)
  }
}

/** By the search box, which has a key, and the link before it that leads to the map. */
export async function toMap(page: Page): Promise<void> {
  await press(page, '/')
  await tabTo(page, page.locator('a[href="#map"]'), 'Shift+Tab')
  await press(page, 'Enter')
  await page.waitForFunction(() => document.activeElement?.id === 'map')
}

/** Presses a button that Tab leads to. */
export async function pressButton(page: Page, button: Locator): Promise<void> {
  await tabTo(page, button)
  await press(page, 'Enter')
}

/** Chooses an entry of a list that Tab leads to. */
export async function choose(page: Page, list: Locator, entry: string): Promise<void> {
  await tabTo(page, list)
  const way = await list.evaluate((element, entry) => {
    const { options, selectedIndex } = element as HTMLSelectElement
    return [...options].findIndex(({ label }) => label === entry) - selectedIndex
  }, entry)
  for (let i = 0; i < Math.abs(way); i++) await press(page, way > 0 ? 'ArrowDown' : 'ArrowUp')
}

/** Where the cross has to go, in pixels; null: it is not shown. */
const wayTo = (page: Page, to: Coordinate) =>
  page.evaluate((to) => {
    const cross = document.querySelector<HTMLElement>('.arpent-cross')
    if (!cross || cross.hidden) return null
    const at = cross.getBoundingClientRect()
    const [x, y] = window.arpent?.pixelOf(to) ?? [0, 0]
    return [Math.round(x - at.left), Math.round(y - at.top)] as const
  }, to)

/** Brings the cross to a place of the map by the arrows: as near as most tools need, or to the pixel. */
export async function cross(page: Page, to: Coordinate, within = STEP / 2): Promise<void> {
  for (let tries = 0; tries < 6; tries++) {
    const way = await wayTo(page, to)
    if (!way) {
      await press(page, 'ArrowUp')
      continue
    }
    if (Math.max(...way.map(Math.abs)) <= within) return
    await walk(page, way[0], 'ArrowRight', 'ArrowLeft', within)
    await walk(page, way[1], 'ArrowDown', 'ArrowUp', within)
  }
  throw new Error(`the cross does not come to ${to}: ${await wayTo(page, to)}`)
}

async function walk(page: Page, pixels: number, on: string, back: string, within: number) {
  let left = pixels
  for (const [step, held] of STEPS) {
    const times = Math.round(left / step)
    left -= times * step
    if (step === 1 && Math.abs(times) <= within) return
    for (let i = 0; i < Math.abs(times); i++) await press(page, held + (times > 0 ? on : back))
  }
}

export async function clickAt(page: Page, ...places: Coordinate[]): Promise<void> {
  for (const place of places) {
    await cross(page, place)
    await press(page, 'Enter')
  }
}

/** Clicks the places of a line, the last of them twice, which ends it. */
export async function lineThrough(page: Page, ...places: Coordinate[]): Promise<void> {
  await clickAt(page, ...places)
  await press(page, 'Enter')
}

/** To the pixel: of what lies close together one is meant. */
export async function dragFrom(page: Page, from: Coordinate, to: Coordinate): Promise<void> {
  await cross(page, from, 0)
  await press(page, 'Space')
  await cross(page, to, 0)
  await press(page, 'Space')
}

/** Opens a menu and chooses from it. */
export async function pick(page: Page, menu: Locator, words: string): Promise<void> {
  await pressButton(page, menu)
  const item = page.getByRole('menuitem', { name: words })
  await item.waitFor()
  await tabTo(page, item, 'ArrowDown')
  await press(page, 'Enter')
}

/** Signed in, with a place in the middle of the map and the layers put away. */
export async function arrive(page: Page, reach: Reach, at: Coordinate, zoom = 19, query = '') {
  await open(page, `/?at=${at.map((each) => each.toFixed(1)).join()},${zoom}${query}`)
  await signIn(page, reach)
  await closeLayers(page)
}

/** Puts the tree of layers away: there is more of the map, and less on the way to its tools. */
export async function closeLayers(page: Page): Promise<void> {
  await pressButton(page, page.getByRole('button', { name: fr.layers.hide }))
  await toMap(page)
}
