/** Bad input: each is told where it is on the map, and nothing is lost. */
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import drawing from '../src/locales/drawing.fr.json'
import panel from '../src/locales/panel.fr.json'
import shape from '../src/locales/shape.fr.json'
import fr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import { clickMap, draw, open, pending, pixel, signIn, tool, toolbar } from './actions'
import { feature, ringsOf, simpleParcel } from './api'
import { browser, faults, picture, settled } from './browser'
import {
  begin,
  colleague,
  corners,
  exactLine,
  idle,
  land,
  line,
  marked,
  nothingUnsaved,
  PARCELS,
  type Person,
  refused,
  save,
  set,
  state,
  step,
  steps,
} from './planner'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const anne = { login: 'admin', password: reach.password }
let bob: Person

beforeAll(async () => {
  bob = await colleague(reach, 'bob-wrong', 'Bob Géomètre')
})

nothingUnsaved(reach)

const choose = (page: Page, ...ids: string[]) =>
  page.evaluate((ids) => window.arpent?.map.working.choose(ids), ids)

/** Takes a tool by its letter, for a feature. */
async function use(page: Page, letter: string, id: string): Promise<void> {
  await choose(page, id)
  await page.locator('#map').focus()
  await page.keyboard.press(letter)
}

const undo = async (page: Page) => {
  await page.keyboard.press('Control+z')
  await idle(page)
}

/** Does what cannot be done: told in words, drawn at its place, and the set is as it was. */
async function refusedAt(
  page: Page,
  kinds: (keyof typeof fr.refused)[],
  act: () => Promise<unknown>,
): Promise<void> {
  const before = await set(page)
  await act()
  const told = (await state(page))?.refused
  expect(kinds).toContain(told?.kind)
  const words = fr.refused[told?.kind as keyof typeof fr.refused].split('{{')[0] ?? ''
  await page.getByRole('alert').filter({ hasText: words }).waitFor()
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  const at = told?.at as Coordinate
  const [x, y] = await pixel(page, at)
  if (x < 0 || y < 0 || x > width || y > height) {
    await page.getByRole('button', { name: fr.place }).click()
  }
  expect(await marked(page, at), `a mark where it is ${told?.kind}`).toBe(true)
  expect(await set(page)).toEqual(before)
}

describe('a planner is told where it is', () => {
  test('that lines miss, touch, leave slivers, and that borders would cross', async () => {
    const parcel = await simpleParcel(reach, 75)
    const away = await simpleParcel(reach, 2)
    const box = boxOf(parcel.geometry) ?? [0, 0, 0, 0]
    const [minx, miny, maxx, maxy] = box
    const page = await visit()
    await begin(page, parcel, anne)
    const [low = [0, 0]] = await corners(page, parcel.id)

    await choose(page, parcel.id)
    await page.keyboard.press('s')
    await refusedAt(page, ['missed'], () =>
      line(page, [low[0] - 5, low[1] - 3], [low[0] + 5, low[1] - 3]),
    )
    await picture(page, 'wrong-missed-fr')
    expect(await faults(page)).toEqual([])
    await refusedAt(page, ['touches'], () =>
      line(page, [low[0] - 5, low[1] - 3], low, [low[0] + 5, low[1] - 3]),
    )
    const [a, b] = longest(ringsOf(parcel.geometry)[0] as Coordinate[])
    await refusedAt(page, ['narrow'], () =>
      exactLine(page, beside(a, b, -0.1, 0.04), beside(a, b, 1.1, 0.04)),
    )
    await picture(page, 'wrong-sliver-fr')

    const third = (maxy - miny) / 3
    await page.keyboard.press('i')
    await line(
      page,
      [minx - 3, miny + third],
      [maxx + 3, miny + third],
      [maxx + 3, maxy - third],
      [minx - 3, maxy - third],
    )
    expect(await refused(page)).toBeNull()
    const pieces = (await set(page))?.features.filter(
      ({ id, origin }) => id === parcel.id || origin?.id === parcel.id,
    )
    expect(pieces?.length, 'a line that crosses twice makes three').toBeGreaterThanOrEqual(3)
    const whole = pieces?.find(({ id }) => id === parcel.id)?.areaBefore ?? 0
    expect(pieces?.reduce((sum, { area }) => sum + area, 0)).toBeCloseTo(whole, 1)
    await undo(page)

    await page.evaluate((box) => window.arpent?.map.fit(box, { maxZoom: 20, animate: false }), box)
    await settled(page)
    await page.keyboard.press('v')
    const [from, to] = [await pixel(page, low), await pixel(page, [low[0], maxy + 6])]
    await page.mouse.move(...from)
    await page.mouse.down()
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 4 })
    await page.mouse.move(...to, { steps: 4 })
    await page.getByText(fr.across).waitFor()
    const live = (await state(page))?.magnet.crossing as Coordinate
    expect(await marked(page, live), 'a mark while one drags').toBe(true)
    await picture(page, 'wrong-across-fr')
    await refusedAt(page, ['crossed', 'overlap'], () => step(page, () => page.mouse.up()))
    expect((await state(page))?.magnet.crossing).toBeNull()
    expect((await corners(page, parcel.id))[0], 'the vertex is back').toEqual(low)

    await page.keyboard.press('c')
    await choose(page, parcel.id, away.id)
    await refusedAt(page, ['apart'], () => step(page, () => page.keyboard.press('m')))

    await choose(page)
    const far: Coordinate = [maxx + 20_000, maxy]
    await page.evaluate((at) => window.arpent?.map.setView(at, 19), far)
    await page.keyboard.press('d')
    await refusedAt(page, ['too-far'], () =>
      line(page, far, [far[0] + 10, far[1]], [far[0] + 10, far[1] - 10]),
    )
    await picture(page, 'wrong-far-fr')
    await page.keyboard.press('c')
    await page.evaluate((box) => window.arpent?.map.fit(box, { animate: false }), box)
    await refusedAt(page, ['too-many'], () =>
      page.evaluate(
        (region) => window.arpent?.map.working.do({ kind: 'draw', region }),
        [[round([(minx + maxx) / 2, (miny + maxy) / 2], 100_001)]],
      ),
    )
    await choose(page, parcel.id)
    await page.keyboard.press('s')
    await line(page, [minx - 3, (miny + maxy) / 2], [maxx + 3, (miny + maxy) / 2])
    expect(await steps(page), 'and one goes on').toEqual(['split'])
  })

  test('what was broken before: it stays editable, is mended by tools, and made no worse', async () => {
    const parcel = await simpleParcel(reach, 78)
    await sql(
      reach,
      `update land.parcels set geom = ST_Translate(geom, 0.6, 0.4) where id = '${parcel.id}'`,
    )
    const broken = await feature(reach, PARCELS, parcel.id)
    const before = await land(reach)
    const common = `select coalesce(sum(ST_Area(ST_Intersection(a.geom, b.geom))), 0)
       from land.parcels a join land.parcels b on a.id <> b.id and ST_Overlaps(a.geom, b.geom) where a.id = '${parcel.id}'`
    expect(Number(await sql(reach, common))).toBeGreaterThan(2)
    const page = await visit()
    await begin(page, broken, anne)
    await page.getByRole('button', { name: fr.none }).click()
    const list = page.getByRole('region', { name: panel.faults.title })
    const box = boxOf(broken.geometry) ?? [0, 0, 0, 0]
    const [minx, miny, maxx, maxy] = box
    const look = async () => {
      await page.evaluate((box) => window.arpent?.map.fit(box, { animate: false }), box)
      await settled(page)
      await page.getByRole('button', { name: panel.faults.check }).click()
      await idle(page)
      await page.waitForFunction(() => window.arpent?.map.working.state.checked?.asked)
      const wrong = (await state(page))?.checked?.wrong ?? []
      return (kind: string) =>
        wrong.filter(
          (each) => each.kind === kind && each.features.some(({ id }) => id === parcel.id),
        )
    }
    const found = await look()
    const [overlaps, gaps] = [found('overlap'), found('gap').filter(({ width = 0 }) => width < 2)]
    expect(overlaps.length, 'overlaps of the parcel that was moved').toBeGreaterThan(0)
    expect(gaps.length, 'and gaps behind it').toBeGreaterThan(0)
    await page.mouse.move(500, 650)
    await picture(page, 'wrong-broken-fr')
    expect(await faults(page)).toEqual([])
    for (const kind of ['overlap', 'gap'] as const) {
      await list.getByRole('button', { name: panel.faults.kind[kind] }).first().click()
      await settled(page)
      const { pointed } = (await state(page)) ?? {}
      expect(pointed?.kind).toBe(kind)
      expect(await marked(page, pointed?.at as Coordinate), `a mark at the ${kind}`).toBe(true)
    }

    // Anything else is edited as ever.
    await use(page, 's', parcel.id)
    await exactLine(page, [minx - 3, (miny + maxy) / 2], [maxx + 3, (miny + maxy) / 2 + 1])
    expect(await refused(page)).toBeNull()
    const area = (wrong: { area?: number }[]) => wrong.reduce((sum, { area = 0 }) => sum + area, 0)
    await look()
    const cut = (await state(page))?.checked?.wrong ?? []
    const twice = area(cut.filter(({ kind }) => kind === 'overlap'))
    expect(twice, 'land of two').toBeCloseTo(area(overlaps), 1)
    expect(cut.filter(({ kind }) => kind === 'crossed')).toEqual([])
    await undo(page)

    await list.getByRole('button', { name: panel.faults.kind.overlap }).first().click()
    await step(page, () =>
      page
        .getByRole('button', { name: panel.faults.mend['assign-overlap'].split('{{')[0] })
        .first()
        .click(),
    )
    expect(await steps(page), String(await refused(page))).toEqual(['assign-overlap'])
    for (let rest = overlaps.length - 1; rest > 0; rest--) {
      const [next] = (await look())('overlap')
      if (!next) break
      await at(page, next.at)
      await use(page, 'o', parcel.id)
      await step(page, () => clickMap(page, next.at))
      expect(await refused(page)).toBeNull()
    }
    const gap = (await look())('gap').find(({ width = 0 }) => width < 2)
    if (gap) {
      await at(page, gap.at)
      await use(page, 'g', parcel.id)
      await step(page, () => clickMap(page, gap.at))
      expect(await refused(page)).toBeNull()
      expect((await steps(page)).at(-1)).toBe('fill-gap')
    }
    const left = await look()
    expect(left('overlap')).toEqual([])
    await save(page)
    const after = await land(reach)
    expect(Number(await sql(reach, common)), 'm² of two').toBeLessThan(0.05)
    expect(after.area).toBeGreaterThanOrEqual(before.area - 0.1)
  })

  test('that a paste is far away; a shape of 100,000 vertices is drawn and kept whole', async () => {
    const parcel = await simpleParcel(reach, 16)
    const [[x = 0, y = 0] = []] = ringsOf(parcel.geometry)[0] ?? []
    const id = await sql(
      reach,
      `insert into land.buildings (collectivity, kind, name, geom)
       select collectivity, '01', 'Grange lointaine', ST_Translate(geom, 30000, 0) from land.buildings order by id limit 1 returning id`,
    )
    const page = await visit()
    await open(page, `/?at=${x.toFixed(1)},${y.toFixed(1)},18&feature=land.buildings/${id}`)
    await signIn(page, anne)
    await toolbar(page).getByRole('combobox').selectOption({ label: 'Bâtiments' })
    await page.locator('#map').focus()
    await page.keyboard.press('Control+c')
    await page.getByText(shape.copied_one.split('}}')[1] ?? '').waitFor()
    await page.keyboard.press('Control+v')
    await page.getByText(shape.pasteFar.split('{{')[0] ?? '').waitFor()
    await picture(page, 'wrong-paste-fr')
    expect(await pending(page)).toBeNull()
    await page.getByRole('button', { name: shape.pasteWhere }).click()
    await settled(page)
    const [gx = 0] = (await page.evaluate(() => window.arpent?.map.view().center)) ?? []
    expect(gx, 'the map shows where').toBeGreaterThan(x + 20_000)
    await sql(reach, `delete from land.buildings where id = '${id}'`)

    await open(page, `/?at=${x.toFixed(1)},${y.toFixed(1)},19`)
    await draw(page, 'Bâtiments')
    const ring = round([x, y], 100_000)
    const dense = { type: 'Polygon', coordinates: [ring] }
    await page
      .getByLabel(drawing.file.open)
      .last()
      .setInputFiles({
        name: 'dense.geojson',
        mimeType: 'application/json',
        buffer: Buffer.from(
          JSON.stringify({ ...dense, crs: { properties: { name: 'EPSG:3857' } } }),
        ),
      })
    await page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'modify')
    await picture(page, 'wrong-dense-fr')
    const accepted = page.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
    await tool(page, 'save').click()
    const answer = await accepted
    expect(answer.status(), await answer.text()).toBe(200)
    const { results } = await answer.json()
    await page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'idle')
    const points = await sql(
      reach,
      `select ST_NPoints(geom) from land.buildings where id = '${results[0].id}'`,
    )
    expect(Number(points)).toBe(ring.length)
    await sql(reach, `delete from land.buildings where id = '${results[0].id}'`)
  })

  test('that another split the same parcel at the same moment', async () => {
    const parcel = await simpleParcel(reach, 80)
    const [minx, miny, maxx, maxy] = boxOf(parcel.geometry) ?? [0, 0, 0, 0]
    const [x, y] = [(minx + maxx) / 2, (miny + maxy) / 2]
    const before = await land(reach)
    const hers = await visit()
    await begin(hers, parcel, anne)
    const his = await visit()
    await begin(his, parcel, bob)
    for (const page of [hers, his]) {
      await choose(page, parcel.id)
      await page.keyboard.press('s')
    }
    await Promise.all([
      exactLine(hers, [minx - 3, y], [maxx + 3, y]),
      exactLine(his, [x, miny - 3], [x, maxy + 3]),
    ])
    const pages = [hers, his]
    for (const page of pages) expect(await steps(page)).toEqual(['split'])
    await Promise.all(pages.map((page) => page.getByRole('button', { name: fr.save }).click()))
    await Promise.all(pages.map(idle))
    const left = await Promise.all(pages.map(set))
    const won = left.map((each) => each?.steps.length === 0)
    expect(won.filter(Boolean), 'one was first').toHaveLength(1)
    const late = pages[won.indexOf(false)] as Page
    await late.getByText(panel.conflict.text).waitFor()
    expect(left[won.indexOf(false)]?.steps, 'nothing of the other is lost').toHaveLength(1)
    await picture(late, 'wrong-at-once-fr')
    const choices = late.getByRole('radiogroup', { name: panel.conflict.choice.split('{{')[0] })
    for (let i = 0; i < (await choices.count()); i++) {
      await choices.nth(i).getByText(panel.conflict.mine, { exact: true }).click()
    }
    await late.getByRole('button', { name: panel.conflict.settle }).click()
    await late.getByText(panel.conflict.text).waitFor({ state: 'detached' })
    await idle(late)
    await save(late)
    const after = await land(reach)
    expect(after.overlaps).toBe(before.overlaps)
    expect(after.area).toBeCloseTo(before.area, 1)
  })
})

/** Looks at a place from nearby. */
async function at(page: Page, place: Coordinate): Promise<void> {
  await page.evaluate(([x, y]) => window.arpent?.map.setView([x, y], 20), place)
  await settled(page)
}

/** A closed ring of so many vertices, 20 map units around a place. */
function round([x, y]: Coordinate, count: number): Coordinate[] {
  const ring = Array.from({ length: count - 1 }, (_, i): Coordinate => {
    const angle = (2 * Math.PI * i) / (count - 1)
    return [x + 20 * Math.cos(angle), y + 20 * Math.sin(angle)]
  })
  return [...ring, ring[0] as Coordinate]
}

/** The longest side of a ring, so turned that the land of the ring lies to its right. */
function longest(ring: Coordinate[]): [Coordinate, Coordinate] {
  const length = ([[ax, ay], [bx, by]]: [Coordinate, Coordinate]) => Math.hypot(ax - bx, ay - by)
  const sides = ring.slice(1).map((to, i): [Coordinate, Coordinate] => [ring[i] as Coordinate, to])
  const twice = sides.reduce((sum, [[ax, ay], [bx, by]]) => sum + ax * by - bx * ay, 0)
  const [a, b] = sides.reduce((best, side) => (length(side) > length(best) ? side : best))
  return twice < 0 ? [a, b] : [b, a]
}

/** A place along a side, some map units to the right of it. */
function beside([ax, ay]: Coordinate, [bx, by]: Coordinate, share: number, aside: number) {
  const [dx, dy] = [bx - ax, by - ay]
  const length = Math.hypot(dx, dy)
  return [
    ax + dx * share + (dy / length) * aside,
    ay + dy * share - (dx / length) * aside,
  ] as Coordinate
}
