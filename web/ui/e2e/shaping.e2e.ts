import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { step } from '../src/drawing/numbers'
import { middleOf } from '../src/editing/transform'
import drawingEn from '../src/locales/drawing.en.json'
import shapeEn from '../src/locales/shape.en.json'
import shapeFr from '../src/locales/shape.fr.json'
import type { Coordinate, Geometry } from '../src/map/api'
import { measure } from '../src/map/measure'
import { clickMap, drag, draw, open, pending, signIn, tool, toolbar, words } from './actions'
import { feature, ringsOf, simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'
import { BUILDINGS, build, house } from './houses'

const reach = inject('reach')
const { visit } = browser(reach.url)
const BUILDINGS_FR = 'Bâtiments'
const { drawing: say } = words.fr

const area = (geometry: Geometry | null) => measure(geometry).area ?? 0
const state = (page: Page) => page.evaluate(() => window.arpent?.map.edit.state)
const focusMap = (page: Page) => page.locator('#map').focus()

/** Waits until the server has answered what was asked of the shape. */
const answered = (page: Page) =>
  page.waitForFunction(() => window.arpent?.map.edit.state.busy === false)

/** Signed in at a quiet place of the town: a field with nothing of these tests on it. */
async function planner(nth: number, visitor: Parameters<typeof visit>[0] = {}) {
  const parcel = await simpleParcel(reach, nth)
  const [ring = []] = ringsOf(parcel.geometry)
  const [x = 0, y = 0] = ring[0] ?? []
  const page = await visit(visitor)
  await open(
    page,
    `/?at=${x.toFixed(1)},${y.toFixed(1)},19${visitor.language === 'en' ? '&lang=en' : ''}`,
  )
  if (visitor.language !== 'en') await signIn(page, reach)
  return { page, ring: ring as Coordinate[], at: [x, y] as Coordinate }
}

/** Opens a building for changing, by its address. */
async function edit(page: Page, id: string, around: Geometry): Promise<void> {
  const [x, y] = middleOf(around)
  await page.goto(`/?at=${x.toFixed(1)},${y.toFixed(1)},19&feature=${BUILDINGS}/${id}`)
  await settled(page)
  await tool(page, 'modify').click()
  await page.waitForFunction(() => {
    const { mode, snapping } = window.arpent?.map.edit.state ?? {}
    return mode === 'modify' && snapping?.loading === false
  })
  await focusMap(page)
}

describe('a planner draws exactly', () => {
  test('at right angles, along edges, and is told where an outline crosses itself', async () => {
    const { page, at, ring } = await planner(9)
    await draw(page, BUILDINGS_FR)
    await page.keyboard.press('i')
    await page.keyboard.press('l')
    const places: Coordinate[] = [
      [at[0] - 30, at[1] - 20],
      [at[0] - 10, at[1] - 20],
      [at[0] - 8, at[1] - 8],
    ]
    for (const place of places) await clickMap(page, place)
    const placed = (await state(page))?.pen?.placed ?? []
    expect(placed).toHaveLength(3)
    expect(placed[2]?.[0], 'at a right angle to the side before').toBeCloseTo(at[0] - 10, 3)
    await picture(page, 'shaping-guides-fr')
    await page.keyboard.press('l')
    await page.keyboard.press('Control+z')
    await clickMap(page, [at[0] - 20, at[1] - 8])
    await clickMap(page, [at[0] - 20, at[1] - 26])
    expect((await state(page))?.crossing).not.toBeNull()
    await page.getByText(shapeFr.crossing).waitFor()
    await picture(page, 'shaping-crossing-fr')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: shapeFr.finishAndMend }).click()
    await answered(page)
    await page.waitForFunction(() => window.arpent?.map.edit.state.parts === 2)
    expect((await state(page))?.crossing).toBeNull()
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    expect((await state(page))?.mode).toBe('draw')

    await page.keyboard.press('i')
    await page.keyboard.press('t')
    const [from, , , to] = ring as [Coordinate, Coordinate, Coordinate, Coordinate]
    await page.evaluate((box) => window.arpent?.map.fit(box, { animate: false }), boxOf(ring))
    await settled(page)
    await page.waitForFunction(() => window.arpent?.map.edit.state.snapping.loading === false)
    await clickMap(page, from)
    await clickMap(page, to)
    const traced = (await state(page))?.pen?.placed ?? []
    expect(traced.length, 'the vertices between are taken').toBeGreaterThan(2)
    for (const [x, y] of traced) {
      const near = ring.some(([rx = 0, ry = 0]) => Math.hypot(rx - x, ry - y) < 0.01)
      expect(near, 'a traced vertex is one of the edge').toBe(true)
    }
    await picture(page, 'shaping-trace-fr')
    await page.keyboard.press('Control+z')
    expect((await state(page))?.pen?.placed, 'a way is taken back whole').toHaveLength(1)
    await page.keyboard.press('Control+y')
    expect((await state(page))?.pen?.placed).toHaveLength(traced.length)
  })

  test('parallel to an edge, and figures are taken back place by place', async () => {
    const { page, at, ring } = await planner(10)
    await draw(page, BUILDINGS_FR)
    await page.evaluate((box) => window.arpent?.map.fit(box, { animate: false }), boxOf(ring))
    await settled(page)
    await page.keyboard.press('p')
    const [a = at, b = at] = ring
    await clickMap(page, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2])
    await page.waitForFunction(() => window.arpent?.map.edit.state.magnet.edges === 1)
    await page.keyboard.press('i')
    await page.keyboard.press('l')
    const middle = middleOf({ type: 'LineString', coordinates: ring })
    await clickMap(page, middle)
    await clickMap(page, [middle[0] + (b[0] - a[0]) / 3, middle[1] + (b[1] - a[1]) / 3 + 0.5])
    const [from, to] = (await state(page))?.pen?.placed ?? []
    const across =
      ((to?.[0] ?? 0) - (from?.[0] ?? 0)) * (b[1] - a[1]) -
      ((to?.[1] ?? 0) - (from?.[1] ?? 0)) * (b[0] - a[0])
    const side = Math.hypot(b[0] - a[0], b[1] - a[1])
    expect(Math.abs(across / side), 'parallel to the edge').toBeLessThan(0.02)
    await page.keyboard.press('l')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')

    await toolbar(page).getByRole('button', { name: say.figures }).click()
    await page.getByRole('menuitem', { name: say.figure.turned }).click()
    await clickMap(page, middle)
    await clickMap(page, [middle[0] + 8, middle[1] + 2])
    expect((await state(page))?.pen?.placed).toHaveLength(2)
    await focusMap(page)
    await page.keyboard.press('Control+z')
    expect((await state(page))?.pen?.placed, 'one place back, not the figure').toHaveLength(1)
    await page.keyboard.press('Control+y')
    await clickMap(page, [middle[0] + 6, middle[1] + 8])
    await page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'modify')
  })

  test('from another layer, and from a file', async () => {
    const { page, at, ring } = await planner(11)
    await draw(page, BUILDINGS_FR)
    await page.keyboard.press('x')
    const middle = middleOf({ type: 'LineString', coordinates: ring })
    await page.evaluate((box) => window.arpent?.map.fit(box, { animate: false }), boxOf(ring))
    await settled(page)
    await clickMap(page, middle)
    const choices = page.getByRole('group', { name: shapeFr.choices })
    const taken = page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'modify')
    if ((await state(page))?.choices.length) {
      await picture(page, 'shaping-take-fr')
      expect(await faults(page)).toEqual([])
      await choices.getByRole('button').filter({ hasText: 'Parcelles' }).first().click()
    }
    await taken
    expect(await pending(page)).not.toBeNull()
    await focusMap(page)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'idle')

    const file = (name: string, data: unknown) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
    })
    const shapes = (places: Coordinate[], crs: string) => ({
      type: 'FeatureCollection',
      crs: { type: 'name', properties: { name: crs } },
      features: places.map((place, i) => ({
        type: 'Feature',
        properties: { nom: `Hangar ${i + 1}` },
        geometry: house(place),
      })),
    })
    const input = page.locator('input[type=file][accept*=gpx]')
    await input.setInputFiles(file('plan.geojson', '{"type": '))
    await page.getByText(say.file.fault.unreadable).waitFor()
    await picture(page, 'shaping-file-fault-fr')
    await page.keyboard.press('Escape')
    await input.setInputFiles(file('loin.geojson', shapes([[at[0] + 900_000, at[1]]], 'EPSG:3857')))
    await page.getByText(say.file.fault.far.split('{{')[0] ?? '').waitFor()
    await page.keyboard.press('Escape')
    const two = shapes([at, [at[0] + 40, at[1]]], 'urn:ogc:def:crs:EPSG::3857')
    await input.setInputFiles(file('plan.geojson', two))
    await page.getByLabel('Hangar 2').check()
    await picture(page, 'shaping-file-fr')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: say.file.draw, exact: true }).last().click()
    await page.waitForFunction(() => window.arpent?.map.edit.state.pieces.made === 1)
    expect(area(await pending(page))).toBeCloseTo(200, 0)
  })
})

describe('a planner changes whole shapes', () => {
  test('by handles, by numbers, by lines, and saves what became of it', async () => {
    const { page, at } = await planner(12)
    const beside = step(at, 22, 90)
    const [first = '', second = ''] = await build(page, [house(at), house(beside)])
    await edit(page, first, house(at))
    const now = async () => area(await pending(page))

    await page.keyboard.press('u')
    await page.keyboard.press('n')
    await page.keyboard.type('90')
    await page.keyboard.press('Enter')
    expect(await now()).toBeCloseTo(200, 0)
    const turned = boxOf(ringsOf((await pending(page)) as Geometry)[0] as Coordinate[])
    expect(turned[3] - turned[1]).toBeGreaterThan(turned[2] - turned[0])
    await picture(page, 'shaping-rotate-fr')
    expect(await faults(page)).toEqual([])
    await focusMap(page)
    await page.keyboard.press('Control+z')
    const box = boxOf(ringsOf(house(at))[0] as Coordinate[])
    await page.keyboard.press('z')
    await drag(page, [box[2], box[3]], [box[2] + 6, box[3] + 3])
    expect(await now()).toBeGreaterThan(230)
    await page.keyboard.press('Control+z')
    expect(await now()).toBeCloseTo(200, 0)

    await page.keyboard.press('b')
    await page.getByLabel(shapeFr.distance).fill('1')
    await picture(page, 'shaping-buffer-fr')
    await page.keyboard.press('Enter')
    await answered(page)
    expect(await now()).toBeCloseTo(200 + 60 + Math.PI, 0)
    await focusMap(page)
    await page.keyboard.press('Control+z')

    const inside = (east: number, north: number): Coordinate => step(step(at, east, 90), north, 0)
    await page.keyboard.press('i')
    await page.keyboard.press('h')
    for (const place of [inside(4, 3), inside(8, 3), inside(8, 7), inside(4, 7)]) {
      await clickMap(page, place)
    }
    await page.keyboard.press('Enter')
    await answered(page)
    await page.waitForFunction(() => window.arpent?.map.edit.state.holes === 1)
    expect(await now()).toBeCloseTo(184, -1)
    await page.keyboard.press('g')
    await clickMap(page, inside(15, 5))
    await page.getByText(shapeFr.fault['no-hole']).waitFor()
    await clickMap(page, inside(6, 5))
    await page.waitForFunction(() => window.arpent?.map.edit.state.holes === 0)

    await page.keyboard.press('r')
    for (const place of [inside(5, -1), inside(5, 2), inside(15, 2), inside(15, -1)]) {
      await clickMap(page, place)
    }
    await page.keyboard.press('Enter')
    await answered(page)
    expect(await now()).toBeLessThan(185)
    await page.keyboard.press('Control+z')

    await page.keyboard.press('s')
    await clickMap(page, inside(10, -3))
    await clickMap(page, inside(12, -3))
    await page.keyboard.press('Enter')
    await page.getByText(shapeFr.fault.missed).waitFor()
    await clickMap(page, inside(10, -3))
    await clickMap(page, inside(10, 13))
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => window.arpent?.map.edit.state.pieces.made === 1)
    await picture(page, 'shaping-split-fr')
    expect(await faults(page)).toEqual([])
    const kept = area(await pending(page))
    expect(kept).toBeCloseTo(100, -1)
    const saving = page.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
    await tool(page, 'save').click()
    const { results } = await (await saving).json()
    await page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'idle')
    const part = await feature(reach, BUILDINGS, results[1].id)
    expect(part.properties, 'a part has what the whole said').toMatchObject({
      kind: '02',
      levels: 3,
    })
    const whole = area((await feature(reach, BUILDINGS, first)).geometry) + area(part.geometry)
    expect(whole).toBeCloseTo(200, 0)

    await edit(page, part.id, part.geometry)
    await page.keyboard.press('m')
    await clickMap(page, inside(24, 5))
    await page.getByText(shapeFr.fault.apart).waitFor()
    await clickMap(page, middleOf((await feature(reach, BUILDINGS, first)).geometry))
    await page.waitForFunction(() => window.arpent?.map.edit.state.pieces.taken === 1)
    await page.keyboard.press('j')
    await clickMap(page, inside(24, 5))
    await page.waitForFunction(() => window.arpent?.map.edit.state.pieces.taken === 2)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+y')
    await picture(page, 'shaping-merge-fr')
    const joined = page.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
    await tool(page, 'save').click()
    expect((await joined).ok()).toBe(true)
    await page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'idle')
    await expect(feature(reach, BUILDINGS, second)).rejects.toThrow('404')
    expect(area((await feature(reach, BUILDINGS, part.id)).geometry)).toBeCloseTo(400, 0)
  })

  test('copies and pastes, and a shape of elsewhere is refused', async () => {
    const { page, at } = await planner(13)
    const [id = ''] = await build(page, [house(at)])
    const [x, y] = middleOf(house(at))
    await page.goto(`/?at=${x},${y},19&feature=${BUILDINGS}/${id}`)
    await settled(page)
    await toolbar(page).getByRole('button', { name: shapeFr.paste }).waitFor()
    await focusMap(page)
    await page.keyboard.press('Control+c')
    await page.getByText(/objet copié/).waitFor()
    await focusMap(page)
    await page.keyboard.press('Control+v')
    await page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'modify')
    expect((await state(page))?.featureId).toBeUndefined()
    await page.keyboard.press('k')
    await page.getByLabel(shapeFr.field.north).fill('15')
    await page.keyboard.press('Enter')
    await picture(page, 'shaping-paste-fr')
    expect(await faults(page)).toEqual([])
    const saving = page.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
    await tool(page, 'save').click()
    const { results } = await (await saving).json()
    const twin = await feature(reach, BUILDINGS, results[0].id)
    expect(twin.properties).toMatchObject({ kind: '02', name: 'Essai 1', levels: 3 })
    expect(area(twin.geometry)).toBeCloseTo(200, 0)
  })

  test('by the keyboard alone', async () => {
    const { page, at } = await planner(14)
    const [id = ''] = await build(page, [house(at)])
    await edit(page, id, house(at))
    await page.keyboard.press('s')
    const walk = async (key: string, times: number) => {
      for (let i = 0; i < times; i++) await page.keyboard.press(key)
    }
    await walk('ArrowUp', 8)
    await page.keyboard.press('Enter')
    await walk('ArrowDown', 15)
    await page.keyboard.press('Enter')
    await picture(page, 'shaping-keyboard-fr')
    // A click where the last vertex is ends the line.
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => window.arpent?.map.edit.state.pieces.made === 1)
  })

  test('on a phone, in English', async () => {
    const { page, at } = await planner(15, { viewport: NARROW })
    const [id = ''] = await build(page, [house(at)])
    await edit(page, id, house(at))
    await page.getByRole('radiogroup').getByText('EN').first().click({ force: true })
    await page.getByRole('button', { name: shapeEn.tool.buffer }).waitFor()
    await picture(page, 'shaping-narrow-en')
    expect(await faults(page)).toEqual([])
    expect(drawingEn.snap.guides).not.toBe('')
    const tools = await page.getByRole('toolbar').first().boundingBox()
    expect(tools?.height).toBeLessThan(300)
  })
})

function boxOf(ring: Coordinate[]): [number, number, number, number] {
  const xs = ring.map(([x]) => x)
  const ys = ring.map(([, y]) => y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}
