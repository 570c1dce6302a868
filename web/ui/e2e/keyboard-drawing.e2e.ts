/** All that draws and changes one shape, by the keyboard alone. */
import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { step } from '../src/drawing/numbers'
import shape from '../src/locales/shape.fr.json'
import type { Coordinate, Geometry } from '../src/map/api'
import { measure, polygonArea } from '../src/map/measure'
import { pending, record, tool, toolbar, words } from './actions'
import { feature, ringsOf, simpleParcel } from './api'
import { browser, settled } from './browser'
import { BUILDINGS, build, field, house } from './houses'
import {
  arrive,
  choose,
  clickAt,
  closeLayers,
  cross,
  dragFrom,
  focusIn,
  lineThrough,
  pick,
  press,
  pressButton,
  tabTo,
  toMap,
} from './keyboard'
import { Names, speak, titles } from './naming'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { drawing: say, map: sayMap } = words.fr
const FIGURES = ['circle', 'diameter', 'rectangle', 'turned', 'regular'] as const

/** The bar of the tools, whatever its language. */
const bar = (page: Page) => page.locator('main section[role="toolbar"]')
const state = (page: Page) => page.evaluate(() => window.arpent?.map.edit.state)
const placed = async (page: Page) => (await state(page))?.pen?.placed ?? []
const area = async (page: Page) => measure(await pending(page)).area ?? 0

const inMode = (page: Page, mode: 'idle' | 'draw' | 'modify') =>
  page.waitForFunction((mode) => {
    const { mode: now, snapping, busy } = window.arpent?.map.edit.state ?? {}
    return now === mode && !busy && (mode === 'idle' || snapping?.loading === false)
  }, mode)

async function begin(at: Coordinate, query = ''): Promise<Page> {
  const page = await visit()
  await arrive(page, reach, at, 19, query)
  return page
}

/** Gives up the shape that was just drawn. */
async function giveUp(page: Page): Promise<void> {
  await press(page, 'Control+z')
  await inMode(page, 'draw')
  await press(page, 'Escape')
  await inMode(page, 'idle')
}

/** A place in the system that the status bar shows coordinates in. */
const lambert = ([x, y]: Coordinate) =>
  sql(
    reach,
    `select round(ST_X(p)::numeric, 2) || ' ' || round(ST_Y(p)::numeric, 2) from ST_Transform(ST_SetSRID(ST_Point(${x}, ${y}), 3857), 2154) p`,
  )

describe('by the keyboard alone', () => {
  test('shapes are drawn', async () => {
    const [x, y] = await field(reach, 1)
    const at = (east: number, north: number): Coordinate => [x + east, y + north]
    const page = await begin([x, y])
    const names = new Names(page, await titles(page))
    const layers = toolbar(page).getByRole('combobox', { name: sayMap.edit.layer })
    await choose(page, layers, 'Bâtiments')
    await names.everywhere('edit', bar(page))

    const points: Record<(typeof FIGURES)[number], Coordinate[]> = {
      circle: [at(0, 0), at(8, 0)],
      diameter: [at(-8, 0), at(8, 0)],
      rectangle: [at(-10, -6), at(10, 6)],
      turned: [at(-10, -6), at(10, -6), at(10, 8)],
      regular: [at(0, 0), at(8, 0)],
    }
    for (const figure of FIGURES) {
      await pick(page, toolbar(page).getByRole('button', { name: say.figures }), say.figure[figure])
      await inMode(page, 'draw')
      if (figure === 'regular') {
        await tabTo(page, page.getByRole('textbox', { name: say.sides }))
        await press(page, 'Control+a', '5')
        await toMap(page)
      }
      await clickAt(page, ...points[figure])
      await inMode(page, 'modify')
      const [ring = []] = ringsOf((await pending(page)) as Geometry)
      const corners = { rectangle: 5, turned: 5, regular: 6 }[figure as 'turned']
      if (corners) expect(ring, figure).toHaveLength(corners)
      else expect(ring.length, figure).toBeGreaterThan(16)
      await giveUp(page)
    }

    // Points and lines, in the layers that are made of these.
    await choose(page, layers, 'Adresses')
    await pressButton(page, tool(page, 'draw'))
    await inMode(page, 'draw')
    await clickAt(page, at(5, 5))
    await inMode(page, 'modify')
    expect((await pending(page))?.type).toBe('Point')
    await names.look('shape-point', bar(page))
    await giveUp(page)
    await choose(page, layers, "Cours d'eau")
    await pressButton(page, tool(page, 'draw'))
    await inMode(page, 'draw')
    await lineThrough(page, at(-10, 0), at(0, 4), at(10, 0))
    await inMode(page, 'modify')
    expect(measure(await pending(page)).length).toBeGreaterThan(12)
    await names.everywhere('shape-line', bar(page))
    await giveUp(page)

    // From a file.
    const choosing = page.waitForEvent('filechooser')
    await choose(page, layers, 'Bâtiments')
    await toMap(page)
    await press(page, 'f')
    const house = await sql(
      reach,
      `select ST_AsGeoJSON(ST_Transform(ST_Buffer(ST_SetSRID(ST_Point(${x}, ${y}), 3857), 7), 4326))`,
    )
    await (await choosing).setFiles({
      name: 'maison.geojson',
      mimeType: 'application/geo+json',
      buffer: Buffer.from(house),
    })
    await inMode(page, 'modify')
    expect(await area(page)).toBeGreaterThan(50)
    await giveUp(page)

    // By coordinates, lengths and angles; saved.
    await press(page, 'd')
    await inMode(page, 'draw')
    await names.everywhere('drawing', bar(page))
    await toMap(page)
    const numbers = page.getByRole('dialog', { name: say.numbers.title })
    await press(page, 'n')
    await focusIn(page, numbers)
    const [east = '', north = ''] = (await lambert(at(-6, -4))).split(' ')
    await page.keyboard.type(east)
    await press(page, 'Tab')
    await page.keyboard.type(north)
    await press(page, 'Enter')
    await expect.poll(async () => (await placed(page)).length).toBe(1)
    await names.look('numbers', numbers)
    for (const [i, [length = '', azimuth = '']] of [
      ['12,5', '90'],
      ['8', '0'],
      ['12,5', '270'],
    ].entries()) {
      await page.keyboard.type(length)
      await press(page, 'Tab')
      await page.keyboard.type(azimuth)
      await press(page, 'Enter')
      await expect.poll(async () => (await placed(page)).length).toBe(i + 2)
    }
    await press(page, 'Escape', 'Control+Enter')
    await inMode(page, 'modify')
    expect(await area(page)).toBeCloseTo(100, 0)
    const saving = page.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
    await pressButton(page, tool(page, 'save'))
    const { results } = await (await saving).json()
    await inMode(page, 'idle')
    const { geometry } = await feature(reach, BUILDINGS, results[0].id)
    expect(polygonArea(ringsOf(geometry))).toBeCloseTo(100, 0)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('map')

    // Popovers and menus in the other language.
    await speak(page, 'en')
    await toMap(page)
    await press(page, 'd')
    await inMode(page, 'draw')
    await press(page, 'n')
    await focusIn(page, page.getByRole('dialog', { name: words.en.drawing.numbers.title }))
    await press(page, 'Escape', 'Escape')
    await inMode(page, 'idle')
    await pressButton(page, bar(page).getByRole('button', { name: words.en.drawing.figures }))
    for (const figure of FIGURES) {
      await page.getByRole('menuitem', { name: words.en.drawing.figure[figure] }).waitFor()
    }
  })

  test('shapes follow guides, edges and other layers', async () => {
    const parcel = await simpleParcel(reach, 22)
    const ring = ringsOf(parcel.geometry)[0] as Coordinate[]
    const [[x, y]] = ring as [Coordinate]
    const page = await begin([x, y])
    const names = new Names(page, await titles(page))
    await choose(page, toolbar(page).getByRole('combobox'), 'Bâtiments')
    await pressButton(page, tool(page, 'draw'))
    await inMode(page, 'draw')
    await page.evaluate(
      (box) => window.arpent?.map.fit(box, { animate: false, maxZoom: 20 }),
      boxOf(ring),
    )
    await settled(page)
    await inMode(page, 'draw')

    // The magnet: put off by its key, set in its menu.
    await cross(page, ring[0] as Coordinate)
    expect((await state(page))?.magnet.on).toBe('vertex')
    await press(page, 'i', 'ArrowRight', 'ArrowLeft')
    expect((await state(page))?.magnet.on).toBeNull()
    await pressButton(page, toolbar(page).getByRole('button', { name: say.snap.title }))
    const magnet = page.getByRole('dialog', { name: say.snap.title })
    await tabTo(page, magnet.getByRole('switch', { name: say.snap.on }))
    await press(page, 'Space')
    await names.look('magnet', magnet)
    await press(page, 'Escape')
    await toMap(page)

    await press(page, 't')
    await clickAt(page, ring[0] as Coordinate)
    await clickAt(page, ring[2] as Coordinate)
    const traced = await placed(page)
    expect(traced.length, 'the vertices between are taken').toBeGreaterThan(2)
    await press(page, 't', 'Escape', 'i', 'l')

    const [minx, miny] = boxOf(ring)
    const at = (east: number, north: number): Coordinate => [minx + east, miny + north]
    await clickAt(page, at(4, 4), at(24, 4), at(26, 14))
    const [, second, third] = await placed(page)
    expect(third?.[0], 'at a right angle to the side before').toBeCloseTo(second?.[0] ?? 0, 3)
    await press(page, 'l', 'Escape', 'p')
    const [from, to] = ring as [Coordinate, Coordinate]
    await clickAt(page, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2])
    expect((await state(page))?.magnet).toMatchObject({ picking: false, edges: 1 })
    await press(page, 'i')

    // The shape of a parcel, chosen from all that lies there.
    await press(page, 'x')
    await clickAt(page, inside(ring))
    const choice = toolbar(page)
      .getByRole('group', { name: shape.choices })
      .getByRole('button', { name: new RegExp(`^${parcel.label}`) })
    await Promise.race([choice.waitFor(), inMode(page, 'modify')])
    if ((await state(page))?.mode !== 'modify') {
      await names.look('choices', bar(page))
      await pressButton(page, choice)
    }
    await inMode(page, 'modify')
    expect(await area(page)).toBeCloseTo(measure(parcel.geometry).area ?? 0, -1)
    await giveUp(page)
    await speak(page, 'en')
    await toMap(page)
    await press(page, 'd')
    await inMode(page, 'draw')
    await pressButton(
      page,
      bar(page).getByRole('button', { name: words.en.drawing.snap.title, exact: true }),
    )
    await names.look('magnet', page.getByRole('dialog', { name: words.en.drawing.snap.title }))
  })

  test('a shape is changed by every tool, undone, saved, copied and pasted', async () => {
    const at = await field(reach, 6)
    const page = await begin(at)
    const east = step(at, 20, 90)
    const far = step(at, 42, 90)
    const [first = '', second = '', third = ''] = await build(page, [
      house(at),
      house(east),
      house(far),
    ])
    await page.goto(
      `/?at=${step(at, 20, 90).map((each) => each.toFixed(1))},19&feature=${BUILDINGS}/${first}`,
    )
    await record(page).waitFor()
    await settled(page)
    await closeLayers(page)
    const names = new Names(page, await titles(page))
    await tool(page, 'modify').waitFor()
    await press(page, 'v')
    await inMode(page, 'modify')
    await names.everywhere('shape-area', bar(page))
    await toMap(page)
    const inside = (dx: number, dy: number): Coordinate => step(step(at, dx, 90), dy, 0)
    /** Does something, asserts what it makes of the area, and takes it back. */
    const tried = async (what: string, expected: number, act: () => Promise<unknown>) => {
      const before = await area(page)
      await act()
      await inMode(page, 'modify')
      await expect.poll(() => area(page), { message: what }).not.toBeCloseTo(before, 1)
      expect(Math.abs((await area(page)) - expected), what).toBeLessThan(expected / 8)
      await press(page, 'Control+z')
      await inMode(page, 'modify')
      await expect.poll(() => area(page), { message: `${what}, taken back` }).toBeCloseTo(before, 1)
    }

    await press(page, 'i')
    await tried('a vertex is dragged', 250, () => dragFrom(page, inside(20, 10), inside(20, 15)))
    await tried('a vertex is taken away', 100, async () => {
      await cross(page, inside(20, 10))
      await press(page, 'Alt+Enter')
    })
    await tried('a vertex is deleted', 100, async () => {
      await cross(page, inside(0, 10))
      await press(page, 'Enter', 'Delete')
    })
    await press(page, 'r')
    await tried('reshaped', 230, () =>
      lineThrough(page, inside(5, 9), inside(5, 13), inside(15, 13), inside(15, 9)),
    )
    await press(page, 's')
    await lineThrough(page, inside(10, 13), inside(10, -3))
    await page.waitForFunction(() => window.arpent?.map.edit.state.pieces.made === 1)
    await press(page, 'Control+z', 'h')
    await lineThrough(page, inside(5, 3), inside(15, 3), inside(15, 7), inside(5, 7))
    await page.waitForFunction(() => window.arpent?.map.edit.state.holes === 1)
    await press(page, 'g')
    await clickAt(page, inside(10, 5))
    await page.waitForFunction(() => window.arpent?.map.edit.state.holes === 0)
    for (const [key, distance, expected] of [
      ['o', '2', 24 * 14],
      ['b', '2', 24 * 14],
    ] as const) {
      await tried(key, expected, async () => {
        await press(page, key)
        await focusIn(page, page.locator('form:has(button[type="submit"])').last())
        await page.keyboard.type(distance)
        await press(page, 'Enter')
        await page.waitForFunction(() => document.activeElement?.id === 'map')
      })
    }

    // The whole: by the cross, and by numbers.
    const west = async () => Math.min(...(await corners(page)).map(([x]) => x))
    const before = await west()
    await press(page, 'k')
    await dragFrom(page, inside(10, 5), inside(15, 5))
    expect(await west()).toBeGreaterThan(before + 3)
    await press(page, 'Control+z', 'k', 'n')
    await page.keyboard.type('-5')
    await press(page, 'Enter')
    expect(await west()).toBeLessThan(before - 3)
    await toMap(page)
    await press(page, 'Control+z', 'u', 'n')
    await page.keyboard.type('90')
    await press(page, 'Enter')
    expect(await west()).toBeGreaterThan(before + 3)
    await toMap(page)
    await press(page, 'Control+z', 'u')
    await dragFrom(page, inside(20, 10), inside(10, 16.2))
    expect(Math.abs((await west()) - before)).toBeGreaterThan(0.5)
    await press(page, 'Control+z', 'z')
    await tried('grown', 392, () => dragFrom(page, inside(20, 10), inside(24, 12)))
    await tried('grown twice', 800, async () => {
      await press(page, 'n')
      await page.keyboard.type('2')
      await press(page, 'Enter')
      await toMap(page)
    })

    await press(page, 'm')
    await clickAt(page, inside(30, 5))
    await page.waitForFunction(() => window.arpent?.map.edit.state.pieces.taken === 1)
    await press(page, 'j')
    await clickAt(page, inside(46, 5))
    await page.waitForFunction(() => window.arpent?.map.edit.state.pieces.taken === 2)
    expect((await state(page))?.parts).toBe(2)
    await press(page, 'e')
    await page.waitForFunction(() => window.arpent?.map.edit.state.pieces.made === 1)
    await press(page, 'Control+z')
    await press(page, 'Control+y')
    const saving = page.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
    await pressButton(page, tool(page, 'save'))
    expect((await saving).ok()).toBe(true)
    await inMode(page, 'idle')
    await expect(feature(reach, BUILDINGS, second)).rejects.toThrow('404')
    await expect(feature(reach, BUILDINGS, third)).rejects.toThrow('404')
    expect(measure((await feature(reach, BUILDINGS, first)).geometry).area).toBeCloseTo(400, 0)

    // A twin, given up again.
    await toMap(page)
    await press(page, 'Control+c')
    await page.getByText(/objet copié/).waitFor()
    await press(page, 'Control+v')
    await inMode(page, 'modify')
    expect(await area(page)).toBeCloseTo(400, 0)
    await pressButton(page, tool(page, 'cancel'))
    const asking = page.getByRole('dialog', { name: sayMap.edit.discard.title })
    await names.look('give-up', asking)
    await pressButton(page, asking.getByRole('button', { name: sayMap.edit.discard.confirm }))
    await inMode(page, 'idle')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('map')
  })
})

const corners = async (page: Page) =>
  ringsOf((await pending(page)) as Geometry).flat() as Coordinate[]

function boxOf(ring: Coordinate[]): [number, number, number, number] {
  const xs = ring.map(([x]) => x)
  const ys = ring.map(([, y]) => y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** A place within a parcel of few corners. */
function inside(ring: Coordinate[]): Coordinate {
  const [minx, miny, maxx, maxy] = boxOf(ring)
  return [(minx + maxx) / 2, (miny + maxy) / 2]
}
