/** A connection that is lost, a server that is restarted: what one does meanwhile waits, and is done. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import fr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import { simpleParcel } from './api'
import { browser, faults, picture, settled } from './browser'
import { begin, drawExactly, idle, land, nothingUnsaved, save, set, state, steps } from './planner'
import { type Reach, type Running, sql, startServer } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
let own: Running

beforeAll(async () => {
  own = await startServer()
}, 300_000)
afterAll(() => own?.stop())

nothingUnsaved(reach)

/** Cuts a parcel from west to east at a share of its height, and does not wait for an answer. */
const cut = (page: Page, [minx, miny, maxx, maxy]: number[], share: number) => {
  const y = (miny ?? 0) + ((maxy ?? 0) - (miny ?? 0)) * share
  return drawExactly(page, [(minx ?? 0) - 3, y], [(maxx ?? 0) + 3, y] as Coordinate)
}

const waits = (page: Page, count: number) =>
  page.waitForFunction((count) => {
    const { waiting, busy, fault } = window.arpent?.map.working.state ?? {}
    return waiting?.length === count && !busy && (count === 0 ? !fault : fault)
  }, count)

const told = (count: number) =>
  fr[count === 1 ? 'waiting_one' : 'waiting_other'].replace('{{count}}', `${count}`)

/** The areas of what the set changes, against what the database has of it, in square metres. */
async function equal(page: Page, at: Reach, act: () => Promise<{ [name: string]: string }>) {
  const features = (await set(page))?.features ?? []
  expect(features.length).toBeGreaterThan(0)
  const ids = await act()
  for (const { id, area } of features) {
    const stored = await sql(
      at,
      `select ST_Area(ST_Transform(geom, 4326)::geography) from land.parcels where id = '${ids[id] ?? id}'`,
    )
    expect(Number(stored), id).toBeCloseTo(area, 3)
  }
}

test('without a connection one goes on; what waits is done in its order once it is back', async () => {
  const parcel = await simpleParcel(reach, 82)
  const box = boxOf(parcel.geometry) ?? []
  const before = await land(reach)
  const page = await visit()
  await begin(page, parcel, { login: 'admin', password: reach.password })
  await page.evaluate((id) => window.arpent?.map.working.choose([id]), parcel.id)
  await page.keyboard.press('s')
  await cut(page, box, 0.3)
  await waits(page, 0)
  await page.evaluate(() => window.arpent?.map.working.choose([]))

  await page.context().setOffline(true)
  await cut(page, box, 0.5)
  await page.getByText(told(1)).waitFor()
  await cut(page, box, 0.7)
  await waits(page, 2)
  await cut(page, box, 0.9)
  await page.keyboard.press('Control+z')
  await waits(page, 4)
  await page.getByText(told(4)).waitFor()
  expect(await steps(page), 'what was done is still there').toEqual(['split'])
  await picture(page, 'lost-offline-fr')
  expect(await faults(page)).toEqual([])

  await page.context().setOffline(false)
  await waits(page, 0)
  await idle(page)
  expect(await steps(page)).toEqual(['split', 'split', 'split', 'split'])
  expect((await set(page))?.done, 'the last was taken back').toBe(3)
  await page.getByText(told(4)).waitFor({ state: 'detached' })
  await equal(page, reach, () => save(page))
  expect((await land(reach)).overlaps).toBe(before.overlaps)
})

test('the server is restarted in the middle, and the page reloaded: nothing is lost', async () => {
  const at = own.reach
  const parcel = await simpleParcel(at, 20)
  const box = boxOf(parcel.geometry) ?? []
  const before = await land(at)
  const page = await visit({ at: at.url })
  await begin(page, parcel, { login: 'admin', password: at.password })
  await page.keyboard.press('s')
  await cut(page, box, 0.4)
  await waits(page, 0)
  const done = (await set(page))?.features

  await own.restart(async () => {
    await cut(page, box, 0.7)
    await waits(page, 1)
    await page.getByText(told(1)).waitFor()
    await picture(page, 'lost-server-fr')
  })
  await page.reload()
  await settled(page)
  await page.getByRole('button', { name: fr.unsaved.go }).click()
  await page.waitForFunction(() => window.arpent?.map.working.state.working?.steps.length === 2)
  await waits(page, 0)
  expect(await steps(page)).toEqual(['split', 'split'])
  const kept = (await set(page))?.features ?? []
  for (const { id } of done ?? []) expect(kept.map((each) => each.id)).toContain(id)

  // Without a reload it goes on by itself.
  await page.keyboard.press('s')
  await own.restart(async () => {
    await cut(page, box, 0.2)
    await waits(page, 1)
  })
  await waits(page, 0)
  expect(await steps(page)).toEqual(['split', 'split', 'split'])
  expect((await state(page))?.refused).toBeNull()
  await equal(page, at, () => save(page))
  const after = await land(at)
  expect(after.overlaps).toBe(before.overlaps)
  expect(after.area).toBeCloseTo(before.area, 1)
})
