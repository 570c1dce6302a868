import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import type { Coordinate, Geometry } from '../src/map/api'
import {
  clickMap,
  drag,
  draw,
  modify,
  open,
  pending,
  record,
  report,
  reshaped,
  search,
  shape,
  signIn,
  tool,
  toolbar,
  words,
} from './actions'
import { feature, otherClient, type Record, ringsOf, simpleParcel } from './api'
import { browser, picture, settled } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say, map: sayMap } = words.fr

const PARCELS = 'land.parcels'

describe('a planner', () => {
  test('saves a parcel and everybody sees it at once, as they see a change made in SQL', async () => {
    const parcel = await simpleParcel(reach, 0)
    const planner = await visit()
    await open(planner)
    await signIn(planner, reach)
    const other = await visit()
    await open(other, around(parcel))

    await choose(planner, parcel)
    const note = `Bornage vu le ${new Date().toISOString()}`
    await fill(planner, 'notes', note)
    await modify(planner)
    const { from, to } = inward(parcel.geometry)
    await drag(planner, from, to)
    await picture(planner, 'modify-wide-fr')
    const before = await shape(other, PARCELS, parcel.id)
    expect(before, 'the parcel on the other screen').not.toBe('')
    const seen = reshaped(other, PARCELS, parcel.id, before)
    const saved = await saveShape(planner)
    report('another browser shows a saved shape', (await seen) - saved)
    await picture(other, 'seen-by-another-wide-fr')

    await settled(planner)
    const mine = await shape(planner, PARCELS, parcel.id)
    const moved = reshaped(planner, PARCELS, parcel.id, mine)
    const movedThere = reshaped(other, PARCELS, parcel.id, await shape(other, PARCELS, parcel.id))
    await sql(
      reach,
      `update land.parcels set geom = ST_Translate(geom, 1.5, 1) where id = '${parcel.id}'`,
    )
    const done = Date.now()
    report('the map shows an UPDATE from psql', (await moved) - done)
    report('another browser shows an UPDATE from psql', (await movedThere) - done)

    await planner.getByRole('tab', { name: say.record.history }).click()
    const entries = record(planner).getByRole('listitem')
    await entries.nth(1).waitFor()
    const told = await entries.allInnerTexts()
    expect(told[0], 'made outside').not.toContain('dmin')
    expect(told[0]).toContain(say.history.showShape)
    expect(told[1]).toContain(say.history.showShape)
    expect(told[1]).toContain(note)
    await entries.nth(1).getByRole('button', { name: say.history.showShape }).click()
    await picture(planner, 'history-wide-fr')
  })

  test('chooses between two shapes when somebody else saved first', async () => {
    const parcel = await simpleParcel(reach, 1)
    const planner = await visit()
    await open(planner)
    await signIn(planner, reach)
    await choose(planner, parcel)
    await fill(planner, 'notes', 'ma note')
    await modify(planner)
    const { from, to } = inward(parcel.geometry)
    await drag(planner, from, to)

    const script = await otherClient(reach)
    const theirs = shifted(parcel.geometry, 2)
    await script.patch(PARCELS, parcel.id, {
      geometry: theirs,
      properties: { notes: 'leur note' },
    })

    const refused = planner.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
    await tool(planner, 'save').click()
    expect((await refused).status()).toBe(412)
    const conflict = planner.getByRole('dialog', { name: say.conflict.title })
    await conflict.waitFor()
    await picture(planner, 'conflict-wide-fr')

    const shapes = conflict.getByRole('group', { name: say.conflict.shape }).first()
    await shapes.getByLabel(say.conflict.theirs).check()
    const accepted = planner.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
    await conflict.getByRole('button', { name: say.conflict.save }).click()
    expect((await accepted).status()).toBe(200)
    await conflict.waitFor({ state: 'detached' })

    const after = await script.read(PARCELS, parcel.id)
    expect(after.properties.notes).toBe('ma note')
    expect(distance(after.geometry, theirs)).toBeLessThan(0.01)
  })

  test('draws a building on the corner of a parcel, and deletes it', async () => {
    const parcel = await simpleParcel(reach, 2)
    const planner = await visit()
    await open(planner)
    await signIn(planner, reach)
    await choose(planner, parcel)
    const buildings = await layerTitle(planner, 'land.buildings')
    await draw(planner, buildings)

    const corner = lowest(parcel.geometry)
    const [x, y] = corner
    const near = 2
    await clickMap(planner, [x + near, y + near / 2])
    await clickMap(planner, [x + 14, y + 1])
    await clickMap(planner, [x + 14, y + 12])
    await planner.keyboard.press('Control+z')
    await planner.keyboard.press('Control+y')
    await clickMap(planner, [x + 2, y + 12])
    await planner.keyboard.press('Enter')
    await planner.waitForFunction(() => window.arpent?.map.edit.state.mode === 'modify')
    const drawn = await pending(planner)
    expect(drawn && nearest(drawn, corner), 'the first point sticks to the corner').toBeLessThan(
      1e-4,
    )
    await picture(planner, 'draw-wide-fr')

    const accepted = planner.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
    await tool(planner, 'save').click()
    const { results } = await (await accepted).json()
    const id: string = results[0].id
    await planner.waitForFunction(() => window.arpent?.map.edit.state.mode === 'idle')
    await settled(planner)
    expect(await shape(planner, 'land.buildings', id)).not.toBe('')
    expect(nearest((await feature(reach, 'land.buildings', id)).geometry, corner)).toBeLessThan(
      0.01,
    )

    await tool(planner, 'delete').click()
    const gone = reshaped(planner, 'land.buildings', id, await shape(planner, 'land.buildings', id))
    await planner.getByRole('button', { name: say.record.delete.confirm }).click()
    await gone
    await settled(planner)
    expect(await shape(planner, 'land.buildings', id)).toBe('')
    await expect(feature(reach, 'land.buildings', id)).rejects.toThrow('404')
  })

  test('is asked before a drawn shape is thrown away', async () => {
    const parcel = await simpleParcel(reach, 3)
    const planner = await visit()
    await open(planner)
    await signIn(planner, reach)
    await choose(planner, parcel)
    await modify(planner)
    const { from, to } = inward(parcel.geometry)
    await drag(planner, from, to)
    await planner.keyboard.press('Escape')
    const question = planner.getByRole('dialog', { name: sayMap.edit.discard.title })
    await question.getByRole('button', { name: sayMap.edit.discard.keep }).click()
    await question.waitFor({ state: 'detached' })
    expect(await pending(planner)).not.toEqual(parcel.geometry)
    await tool(planner, 'undo').click()
    expect(await pending(planner)).toEqual(parcel.geometry)
    await planner.keyboard.press('Escape')
    await tool(planner, 'modify').waitFor()
    expect(await toolbar(planner).getByRole('button', { name: sayMap.edit.save }).count()).toBe(0)
  })
})

/** The page opened around a feature. */
function around({ geometry }: Record): string {
  const [x, y] = middle(geometry)
  return `/?at=${x.toFixed(1)},${y.toFixed(1)},17`
}

async function choose(page: Page, parcel: Record): Promise<void> {
  await search(page, parcel.id, parcel.label)
  await record(page).getByRole('heading', { name: parcel.label }).waitFor()
  // The panel that opened took room from the map: the whole parcel must be in reach of the mouse.
  await page.evaluate(
    (box) => window.arpent?.map.fit(box, { maxZoom: 19 }),
    boxOf(parcel.geometry) ?? [],
  )
  await settled(page)
}

async function fill(page: Page, field: string, text: string): Promise<void> {
  const label = await page.evaluate(
    async ([layer, field]) => {
      const { layers } = await (await fetch('/api/layers')).json()
      const info = layers.find(({ id }: { id: string }) => id === layer)
      return info.fields.find(({ name }: { name: string }) => name === field).label.fr as string
    },
    [PARCELS, field] as const,
  )
  await record(page).getByLabel(label).first().fill(text)
}

/** Saves the edited shape; answers when the response had come, in epoch milliseconds. */
async function saveShape(page: Page): Promise<number> {
  const accepted = page.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
  await tool(page, 'save').click()
  const response = await accepted
  expect(response.status()).toBe(200)
  await response.finished()
  const { startTime, responseEnd } = response.request().timing()
  return startTime + responseEnd
}

async function layerTitle(page: Page, layer: string): Promise<string> {
  return page.evaluate(async (layer) => {
    const { layers } = await (await fetch('/api/layers')).json()
    return layers.find(({ id }: { id: string }) => id === layer).title.fr as string
  }, layer)
}

const positions = (geometry: Geometry): Coordinate[] =>
  ringsOf(geometry)
    .flat()
    .map(([x = 0, y = 0]) => [x, y])

const lowest = (geometry: Geometry): Coordinate =>
  positions(geometry).reduce((low, each) => (each[1] < low[1] ? each : low))

function middle(geometry: Geometry): Coordinate {
  const all = positions(geometry).slice(1)
  const sum = all.reduce(([sx, sy], [x, y]) => [sx + x, sy + y] as Coordinate, [0, 0] as Coordinate)
  return [sum[0] / all.length, sum[1] / all.length]
}

/** A move of the lowest vertex a third of the way to the middle: far from the tools, and valid. */
function inward(geometry: Geometry): { from: Coordinate; to: Coordinate } {
  const from = lowest(geometry)
  const [mx, my] = middle(geometry)
  return { from, to: [from[0] + (mx - from[0]) / 3, from[1] + (my - from[1]) / 3] }
}

function shifted(geometry: Geometry, by: number): Geometry {
  const move = (item: unknown): unknown =>
    Array.isArray(item) && typeof item[0] === 'number'
      ? [item[0] + by, ...item.slice(1)]
      : (item as unknown[]).map(move)
  return { ...geometry, coordinates: move(geometry.coordinates) } as Geometry
}

const nearest = (geometry: Geometry, [x, y]: Coordinate): number =>
  Math.min(...positions(geometry).map(([px, py]) => Math.hypot(px - x, py - y)))

/** The furthest any vertex of one lies from a vertex of the other. */
const distance = (a: Geometry, b: Geometry): number =>
  Math.max(...positions(a).map((each) => nearest(b, each)))
