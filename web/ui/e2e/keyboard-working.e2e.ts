/** All tools of working sets, of every model of geometry, by the keyboard alone. */
import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { step } from '../src/drawing/numbers'
import network from '../src/locales/network.fr.json'
import panel from '../src/locales/panel.fr.json'
import fr from '../src/locales/working.fr.json'
import type { Coordinate, Geometry } from '../src/map/api'
import { measure } from '../src/map/measure'
import { tool, toolbar } from './actions'
import { feature, type Record, ringsOf, simpleParcel } from './api'
import { browser, settled } from './browser'
import { BUILDINGS, build, field, house } from './houses'
import {
  arrive,
  choose,
  clickAt,
  cross,
  dragFrom,
  focusIn,
  lineThrough,
  press,
  pressButton,
  tabTo,
  toMap,
} from './keyboard'
import { Names, titles } from './naming'
import { idle, nothingUnsaved, refused, set, state, steps } from './planner'
import { sql } from './server'
import { along, NODES, straight } from './sewers'

const reach = inject('reach')
const { visit } = browser(reach.url)

nothingUnsaved(reach)

const bar = (page: Page) => page.locator('main section[role="toolbar"]')
const button = (page: Page, name: string) => bar(page).getByRole('button', { name, exact: true })

async function visitAt(at: Coordinate): Promise<Page> {
  const page = await visit()
  await arrive(page, reach, at)
  return page
}

/** Opens the working set of a layer. */
async function begin(page: Page, layer: string, by: 'together' | 'several') {
  await choose(page, toolbar(page).getByRole('combobox'), layer)
  await pressButton(page, tool(page, by))
  await button(page, fr.choose).waitFor()
  await idle(page)
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('map')
}

/** Does something, and asserts which step comes of it. */
async function makes(page: Page, kind: string, act: () => Promise<unknown>): Promise<void> {
  const before = (await set(page))?.done ?? 0
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/working/steps'))
  await act()
  await answered
  await idle(page)
  expect(await refused(page), kind).toBeNull()
  expect((await steps(page)).slice(before), kind).toEqual([kind])
}

/** Fills in what a tool asks for first. */
async function given(page: Page, key: string, numbers: string): Promise<void> {
  await press(page, key)
  await focusIn(page, page.locator('form:has(button[type="submit"])').last())
  await press(page, 'Control+a')
  await page.keyboard.type(numbers)
  await press(page, 'Enter')
  await page.waitForFunction(() => document.activeElement?.id === 'map')
}

const atHand = (page: Page, id: string, layer?: string) =>
  page.waitForFunction(
    ([id, layer]) => window.arpent?.map.working.shape(id ?? '', layer ?? undefined) !== null,
    [id, layer ?? null] as const,
  )

/** Undoes all, does it again, and gives it up. */
async function turned(page: Page): Promise<void> {
  const done = await set(page)
  for (const _ of done?.steps ?? []) await press(page, 'Control+z')
  await idle(page)
  expect((await set(page))?.features).toEqual([])
  await pressButton(page, button(page, fr.redo))
  await idle(page)
  expect((await set(page))?.done).toBe(1)
  await pressButton(page, button(page, fr.undo))
  await idle(page)
  for (const _ of done?.steps ?? []) await press(page, 'Control+Shift+z')
  await idle(page)
  expect((await set(page))?.features).toEqual(done?.features)
}

async function discarded(page: Page, names?: Names): Promise<void> {
  await pressButton(page, button(page, fr.discard))
  const asking = page.getByRole('dialog', { name: fr.discardAsk.title })
  await asking.waitFor()
  await names?.look('discard', asking)
  await pressButton(page, asking.getByRole('button', { name: fr.discardAsk.confirm }))
  await idle(page)
  await page.waitForFunction(() => window.arpent?.map.working.state.working?.steps.length === 0)
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('map')
}

describe('by the keyboard alone', () => {
  test('parcels are edited as a coverage', async () => {
    const parcel = await simpleParcel(reach, 24)
    const [minx, miny, maxx, maxy] = boxOf(parcel)
    const middle: Coordinate = [(minx + maxx) / 2, (miny + maxy) / 2]
    const page = await visitAt(middle)
    await begin(page, 'Parcelles', 'together')
    await page.evaluate(
      (box) => window.arpent?.map.fit(box, { maxZoom: 20, animate: false }),
      [minx, miny, maxx, maxy],
    )
    await settled(page)
    await atHand(page, parcel.id)
    const names = new Names(page, await titles(page))
    await names.everywhere('coverage', bar(page))

    await press(page, 'i', 's')
    await makes(page, 'split', () =>
      lineThrough(page, [minx - 3, middle[1]], [maxx + 3, middle[1] + 1]),
    )
    const ids = ((await set(page))?.features ?? [])
      .filter(({ id, origin }) => id === parcel.id || origin?.id === parcel.id)
      .map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(1)
    await press(page, 'Escape')
    for (const id of ids) await clickAt(page, await within(page, id))
    expect((await state(page))?.chosen.toSorted()).toEqual(ids.toSorted())
    await makes(page, 'merge', () => press(page, 'm'))
    await press(page, 'Control+z')
    await idle(page)

    // Areas beside a side of one part, a new border for it, a hole in it.
    await press(page, 'Escape')
    const chosen = (await state(page))?.chosen ?? []
    for (const id of chosen) await clickAt(page, await within(page, id))
    const [part = ''] = ids
    await clickAt(page, await within(page, part))
    expect((await state(page))?.chosen).toEqual([part])
    await given(page, 'a', '20')
    const ring = ringsOf((await shapeOf(page, part)) as Geometry)[0] as Coordinate[]
    const [from, to] = ring as [Coordinate, Coordinate]
    await makes(page, 'split-by-areas', () =>
      clickAt(page, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]),
    )
    await press(page, 'Control+z')
    await idle(page)
    const at = await within(page, part)
    await press(page, 'h')
    await makes(page, 'cut-hole', () =>
      lineThrough(page, at, [at[0] + 5, at[1]], [at[0] + 5, at[1] + 5], [at[0], at[1] + 5]),
    )
    await press(page, 'Escape', 'g')
    await makes(page, 'fill-gap', () => clickAt(page, [at[0] + 2.5, at[1] + 2.5]))
    await press(page, 'Escape', 'Escape')
    await clickAt(page, at)
    expect((await state(page))?.chosen).toEqual([part])
    await press(page, 'i', 'r') // the magnet, which the ends want
    const line = bay(await cornersOf(page, part))
    await makes(page, 'reshape', () => lineThrough(page, ...line))
    await press(page, 'i')
    await turned(page)

    // A vertex is dragged with its neighbours, one put on a side, and taken away.
    await press(page, 'Escape', 'v')
    const corner = ring.toSorted((a, b) => a[1] - b[1])[0] as Coordinate
    await makes(page, 'move', () => dragFrom(page, corner, [corner[0] + 1.5, corner[1] + 1]))
    const halfway = middleOfLongest(await cornersOf(page, part))
    await makes(page, 'insert-vertex', () =>
      dragFrom(page, halfway, [halfway[0] + 1, halfway[1] - 1]),
    )
    await makes(page, 'remove-vertex', async () => {
      await cross(page, [halfway[0] + 1, halfway[1] - 1])
      await press(page, 'Alt+Enter')
    })

    await press(page, 'Escape', 'Escape')
    expect((await state(page))?.chosen).toEqual([])
    await given(page, 'w', '4')
    await makes(page, 'cut-road', () =>
      lineThrough(page, [minx - 8, middle[1] + 6], [maxx + 8, middle[1] + 7]),
    )
    const gap = (await set(page))?.steps.at(-1)
    expect(gap?.features.length).toBeGreaterThan(1)
    await press(page, 'd')
    await makes(page, 'draw', () =>
      lineThrough(
        page,
        [minx - 3, middle[1] - 3],
        [maxx + 3, middle[1] - 3],
        [maxx + 3, middle[1] + 9],
        [minx - 3, middle[1] + 9],
      ),
    )
    await discarded(page, names)
  })

  test('an overlap is assigned, and what is wrong is found', async () => {
    const parcel = await simpleParcel(reach, 26)
    const shifted = (metres: number) =>
      sql(
        reach,
        `update land.parcels set geom = ST_Multi(ST_SnapToGrid(ST_Translate(geom, ${metres}, 0), 0.001)) where id = '${parcel.id}'`,
      )
    await shifted(1.5)
    const found = await sql(
      reach,
      `select ST_X(p), ST_Y(p) from (
         select ST_Transform(ST_PointOnSurface(i), 3857) p from (
           select ST_Intersection(a.geom, b.geom) i from land.parcels a, land.parcels b
           where a.id = '${parcel.id}' and b.id <> a.id and ST_Overlaps(a.geom, b.geom)) o
         order by ST_Area(i) desc limit 1) q`,
    )
    const [x = 0, y = 0] = found.split('|').map(Number)
    const page = await visitAt([x, y])
    await begin(page, 'Parcelles', 'together')
    await atHand(page, parcel.id)
    const names = new Names(page, await titles(page))
    await clickAt(page, await within(page, parcel.id))
    expect((await state(page))?.chosen).toEqual([parcel.id])
    await press(page, 'o')
    await makes(page, 'assign-overlap', async () => {
      await cross(page, [x, y], 1)
      await press(page, 'Enter')
    })
    await pressButton(page, bar(page).locator('button[aria-expanded]').last())
    const side = page.locator('aside')
    await tabTo(page, side.getByRole('button', { name: panel.close }))
    await names.everywhere('working-panel', side)
    await pressButton(page, side.getByRole('button', { name: panel.close }))
    await side.waitFor({ state: 'detached' })
    await toMap(page)
    await discarded(page)
    await shifted(-1.5)
  })

  test('sewers are edited as a network, and saved', async () => {
    const pipe = await straight(reach, 20)
    const page = await visitAt(along(pipe, 0.5))
    await begin(page, 'Canalisations', 'together')
    await page.evaluate(
      ([x, y]) => window.arpent?.map.setView([x, y], 19.2),
      along(pipe, 0.5) as unknown as [number, number],
    )
    await settled(page)
    await atHand(page, pipe.id)
    await atHand(page, pipe.up, NODES)
    const names = new Names(page, await titles(page))
    await names.everywhere('network', bar(page))

    const middle = along(pipe, 0.5)
    await press(page, 'o')
    await makes(page, 'put-node', () => clickAt(page, middle))
    const [node] = ((await set(page))?.features ?? []).filter(({ layer }) => layer === NODES)
    const [x = 0, y = 0] = (node?.after?.coordinates ?? []) as number[]
    await press(page, 'v')
    await makes(page, 'move-node', () => dragFrom(page, [x, y], along(pipe, 0.5, 3)))
    const house = along(pipe, 0.25, -9)
    await press(page, 'b')
    await makes(page, 'connect', () => clickAt(page, house))
    await press(page, 'i', 'd')
    await makes(page, 'draw', () =>
      lineThrough(page, along(pipe, 0.65, -15), along(pipe, 0.75, -18), along(pipe, 0.85, -15)),
    )
    await press(page, 's')
    await makes(page, 'reverse', () => clickAt(page, along(pipe, 0.7, -16.5)))
    await press(page, 'Escape')
    await clickAt(page, along(pipe, 0.7, -16.5))
    expect((await state(page))?.chosen).toHaveLength(1)
    await press(page, 'r')
    await makes(page, 'reshape', () =>
      lineThrough(page, along(pipe, 0.65, -15), along(pipe, 0.75, -22), along(pipe, 0.85, -15)),
    )
    await press(page, 'm')
    const joint = along(pipe, 0.5, 3)
    await makes(page, 'merge-through', () => clickAt(page, joint))
    await press(page, 'x')
    await makes(page, 'delete-edge', () => press(page, 'Enter'))
    await press(page, 'Escape', 'x')
    await clickAt(page, house)
    const asking = page.getByRole('dialog')
    await asking.waitFor()
    await names.look('healing', asking)
    await makes(page, 'delete-node', () =>
      pressButton(page, asking.getByRole('button', { name: network.ask.with_one })),
    )
    await turned(page)
    const saving = page.waitForResponse((answer) => answer.url().endsWith('/working/save'))
    await pressButton(page, button(page, fr.save))
    expect((await saving).status()).toBe(200)
    await idle(page)
    expect((await set(page))?.steps).toEqual([])
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('map')
    await pressButton(page, button(page, fr.leave))
    await toolbar(page).waitFor()
  })

  test('houses are edited together, each by itself', async () => {
    const at = await field(reach, 12)
    const east = step(at, 25, 90)
    const page = await visitAt(east)
    const [first = '', second = ''] = await build(page, [house(at), house(east)])
    await begin(page, 'Bâtiments', 'several')
    await atHand(page, first)
    const names = new Names(page, await titles(page))
    const inside = (dx: number, dy: number): Coordinate => step(step(at, dx, 90), dy, 0)
    await clickAt(page, inside(10, 5))
    await clickAt(page, inside(35, 5))
    expect((await state(page))?.chosen).toEqual([first, second])
    await names.everywhere('free', bar(page))

    await press(page, 'i')
    for (const [key, kind, numbers, expected] of [
      ['u', 'rotate', '90', 200],
      ['z', 'scale', '1,5', 450],
      ['o', 'offset', '1', 22 * 12],
      ['b', 'buffer', '1', 200 + 60 + Math.PI],
    ] as const) {
      await makes(page, kind, () => given(page, key, numbers))
      expect(await areaOf(page, first), kind).toBeCloseTo(expected, -1)
      await press(page, 'Control+z')
      await idle(page)
    }
    await press(page, 'k')
    await makes(page, 'move', () => dragFrom(page, inside(10, 5), inside(10, -3)))
    await press(page, 'Control+z')
    await idle(page)
    await press(page, 'v')
    await makes(page, 'replace', () => dragFrom(page, inside(0, 10), inside(-3, 13)))
    await press(page, 'Control+z')
    await idle(page)

    // One of them alone: a hole that is filled again, a bay, a vertex less, two parts made one.
    await press(page, 'Escape')
    await clickAt(page, inside(35, 5))
    expect((await state(page))?.chosen).toEqual([first])
    await press(page, 'h')
    await makes(page, 'cut-hole', () =>
      lineThrough(page, inside(6, 3), inside(12, 3), inside(12, 7), inside(6, 7)),
    )
    expect(await areaOf(page, first)).toBeCloseTo(176, -1)
    await press(page, 'g')
    await makes(page, 'fill-hole', () => clickAt(page, inside(9, 5)))
    expect(await areaOf(page, first)).toBeCloseTo(200, 0)
    await press(page, 'r')
    await makes(page, 'reshape', () =>
      lineThrough(page, inside(4, 3), inside(4, -4), inside(14, -4), inside(14, 3)),
    )
    expect(await areaOf(page, first)).toBeCloseTo(240, -1)
    await press(page, 'v')
    await makes(page, 'replace', async () => {
      await cross(page, inside(20, 10), 0)
      await press(page, 'Alt+Enter')
    })
    await press(page, 's')
    await makes(page, 'split', () => lineThrough(page, inside(9, -9), inside(9, 15)))
    await press(page, 'Escape', 'Escape')
    expect((await state(page))?.chosen).toEqual([])
    await clickAt(page, inside(4, 5), inside(12, 1))
    expect((await state(page))?.chosen).toHaveLength(2)
    await makes(page, 'merge', () => press(page, 'm'))
    await press(page, 'd')
    await makes(page, 'put', () =>
      lineThrough(page, inside(-12, 0), inside(-6, 0), inside(-6, 6), inside(-12, 6)),
    )
    await press(page, 'Escape', 'Escape')
    await clickAt(page, inside(5, 5), inside(35, 5))
    expect((await state(page))?.chosen).toHaveLength(2)
    await makes(page, 'collect', () => press(page, 'j'))
    await makes(page, 'explode', () => press(page, 'e'))
    await turned(page)
    await makes(page, 'remove', () => press(page, 'q'))
    await discarded(page)
    expect(measure((await feature(reach, BUILDINGS, first)).geometry).area).toBeCloseTo(200, 0)
  })
})

const areaOf = async (page: Page, id: string) => measure(await shapeOf(page, id)).area ?? 0

/** The longest side of an outline. */
function longest(ring: Coordinate[]): readonly [Coordinate, Coordinate] {
  const sides = ring.slice(1).map((to, i) => [ring[i] as Coordinate, to] as const)
  const length = ([[ax, ay], [bx, by]]: (typeof sides)[number]) => Math.hypot(bx - ax, by - ay)
  return (
    sides.toSorted((a, b) => length(b) - length(a))[0] ?? [
      [0, 0],
      [0, 0],
    ]
  )
}

function middleOfLongest(ring: Coordinate[]): Coordinate {
  const [from, to] = longest(ring)
  return [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]
}

/** A line that leaves the longest side of an outline and comes back to it. */
function bay(ring: Coordinate[]): [Coordinate, Coordinate, Coordinate, Coordinate] {
  const [[ax, ay], [bx, by]] = longest(ring)
  const length = Math.hypot(bx - ax, by - ay)
  const at = (share: number, aside: number): Coordinate => [
    ax + (bx - ax) * share + ((ay - by) / length) * aside,
    ay + (by - ay) * share + ((bx - ax) / length) * aside,
  ]
  return [at(0.3, 0), at(0.4, 2), at(0.6, 2), at(0.7, 0)]
}

const shapeOf = (page: Page, id: string, layer?: string) =>
  page.evaluate(
    ([id, layer]) => window.arpent?.map.working.shape(id ?? '', layer ?? undefined) ?? null,
    [id, layer ?? null] as const,
  )

const cornersOf = async (page: Page, id: string) =>
  ringsOf((await shapeOf(page, id)) as Geometry).flat() as Coordinate[]

/** A place within a feature of the set as it is now. */
async function within(page: Page, id: string): Promise<Coordinate> {
  const shape = await shapeOf(page, id)
  const found = await sql(
    reach,
    `select ST_X(p), ST_Y(p) from ST_PointOnSurface(ST_GeomFromGeoJSON('${JSON.stringify(shape)}')) p`,
  )
  const [x = 0, y = 0] = found.split('|').map(Number)
  return [x, y]
}

function boxOf({ geometry }: Record): [number, number, number, number] {
  const all = ringsOf(geometry).flat()
  const xs = all.map(([x = 0]) => x)
  const ys = all.map(([, y = 0]) => y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}
