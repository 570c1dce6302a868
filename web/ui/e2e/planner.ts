/** A planner in a working set of the parcels, by the names of the page. */
import type { Page } from 'playwright-core'
import { beforeEach } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import fr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import { clickMap, open, signIn, tool, toolbar } from './actions'
import { type Record, ringsOf } from './api'
import { settled } from './browser'
import { arpent, type Reach, sql } from './server'

export const PARCELS = 'land.parcels'

/** Each test of the file begins without edits that another one left. */
export const nothingUnsaved = (reach: Reach) =>
  beforeEach(async () => {
    await sql(reach, 'delete from arpent.working_set')
  })

export interface Person {
  login: string
  password: string
}

/** An account that may edit everything of the demonstration town. */
export async function colleague(reach: Reach, login: string, name: string): Promise<Person> {
  const password = 'correct horse battery'
  const town = await sql(reach, 'select min(code) from arpent.collectivity')
  await arpent(reach, 'user', 'create', login, '--name', name)
  await arpent({ ...reach, input: `${password}\n` }, 'user', 'password', login)
  await arpent(reach, 'user', 'grant', login, town, 'manager')
  return { login, password }
}

/** Opens a working set with a parcel in the middle of the map. */
export async function begin(page: Page, parcel: Record, who: Person): Promise<void> {
  await open(page, around(parcel))
  await signIn(page, who)
  const title = await page.evaluate(async (layer) => {
    const { layers } = await (await fetch('/api/layers')).json()
    return layers.find(({ id }: { id: string }) => id === layer).title.fr as string
  }, PARCELS)
  await toolbar(page).getByRole('combobox').selectOption({ label: title })
  await tool(page, 'together').click()
  await page.getByRole('toolbar', { name: fr.toolbar.replace('{{layer}}', title) }).waitFor()
  await idle(page)
  await page.evaluate(
    (box) => window.arpent?.map.fit(box, { maxZoom: 20, animate: false }),
    boxOf(parcel.geometry) ?? [],
  )
  await settled(page)
  await ready(page, parcel.id)
}

/** Waits until the exact shape of a feature is at hand. */
export const ready = (page: Page, id: string) =>
  page.waitForFunction((id) => window.arpent?.map.working.shape(id) !== null, id)

export function around({ geometry }: Record): string {
  const [minx, miny, maxx, maxy] = boxOf(geometry) ?? [0, 0, 0, 0]
  return `/?at=${((minx + maxx) / 2).toFixed(1)},${((miny + maxy) / 2).toFixed(1)},17`
}

export const state = (page: Page) => page.evaluate(() => window.arpent?.map.working.state)
export const set = async (page: Page) => (await state(page))?.working
export const chosen = async (page: Page) => (await state(page))?.chosen
export const refused = async (page: Page) => {
  const { refused, fault } = (await state(page)) ?? {}
  return refused?.kind ?? fault?.detail ?? null
}
export const steps = async (page: Page) => (await set(page))?.steps.map(({ kind }) => kind) ?? []

export const idle = (page: Page) =>
  page.waitForFunction(() => {
    const { working, busy } = window.arpent?.map.working.state ?? {}
    return working && !busy
  })

/** Does something and waits for the answer of the server. */
export async function step(page: Page, act: () => Promise<unknown>): Promise<void> {
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/working/steps'))
  await act()
  await answered
  await idle(page)
}

/** Draws a line or an outline and waits for the answer. */
export async function line(page: Page, ...places: Coordinate[]): Promise<void> {
  for (const place of places) await clickMap(page, place)
  await step(page, () => page.keyboard.press('Enter'))
}

/** Draws by coordinates to the millimetre: a click is rounded to pixels. */
export async function drawExactly(page: Page, ...places: Coordinate[]): Promise<void> {
  await page.evaluate((places) => {
    for (const place of places) window.arpent?.map.working.place(place)
  }, places)
  await page.locator('#map').focus()
  await page.keyboard.press('Enter')
}

/** As line, by coordinates. */
export const exactLine = (page: Page, ...places: Coordinate[]): Promise<void> =>
  step(page, () => drawExactly(page, ...places))

/** Whether the red of what is wrong is drawn at a place of the map. */
export async function marked(page: Page, [x, y]: Coordinate): Promise<boolean> {
  await settled(page)
  return page.evaluate(
    (at) => {
      const [px, py] = window.arpent?.pixelOf(at) ?? [0, 0]
      return [...document.querySelectorAll<HTMLCanvasElement>('#map canvas')].some((canvas) => {
        const box = canvas.getBoundingClientRect()
        const scale = canvas.width / box.width
        const side = 28 * scale
        const corner = [(px - box.left) * scale - side / 2, (py - box.top) * scale - side / 2]
        const pixels = canvas
          .getContext('2d')
          ?.getImageData(corner[0] ?? 0, corner[1] ?? 0, side, side).data
        for (let i = 0; pixels && i < pixels.length; i += 4) {
          const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray(i, i + 4)
          if (red > 180 && green < 80 && blue < 80 && alpha > 200) return true
        }
        return false
      })
    },
    [x, y] as Coordinate,
  )
}

/** The corners of a shape as the set has it, those furthest from the tools first. */
export async function corners(page: Page, id: string): Promise<Coordinate[]> {
  const geometry = await page.evaluate((id) => window.arpent?.map.working.shape(id) ?? null, id)
  const all = geometry ? ringsOf(geometry).flat() : []
  return all.map(([x = 0, y = 0]) => [x, y] as Coordinate).sort((a, b) => a[1] - b[1])
}

/** Two features of the set that have a border in common, one of them given. */
export async function neighbours(page: Page, id: string): Promise<string[]> {
  const made = (await set(page))?.features.filter(({ origin }) => origin?.id === id) ?? []
  for (const { id: other } of made) {
    const [mine, theirs] = [await corners(page, id), await corners(page, other)]
    const common = mine.filter(([x, y]) =>
      theirs.some(([u, v]) => Math.hypot(x - u, y - v) < 0.001),
    )
    if (new Set(common.map(String)).size >= 2) return [id, other]
  }
  throw new Error(`nothing made of ${id} borders it`)
}

export async function save(page: Page): Promise<{ [id: string]: string }> {
  const answering = page.waitForResponse((answer) => answer.url().endsWith('/working/save'))
  await page.getByRole('button', { name: fr.save }).click()
  const answer = await answering
  if (answer.status() !== 200) throw new Error(await answer.text())
  const { names } = (await answer.json()) as { names: { name: string; id: string }[] }
  await idle(page)
  return Object.fromEntries(names.map(({ name, id }) => [name, id]))
}

/** Pairs of parcels that overlap, and the area of them all in square metres. */
export async function land(reach: Reach): Promise<{ overlaps: number; area: number }> {
  const found = await sql(
    reach,
    `select json_build_object(
       'overlaps', (select count(*) from land.parcels a join land.parcels b on a.id < b.id and ST_Overlaps(a.geom, b.geom)),
       'area', ST_Area(ST_Union(geom))) from land.parcels`,
  )
  return JSON.parse(found)
}
