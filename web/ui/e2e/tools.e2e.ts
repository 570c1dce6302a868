/** The tools of a coverage that the planner's hour leaves out: what one gains the other loses. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import panel from '../src/locales/panel.fr.json'
import fr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import { clickMap, drag } from './actions'
import { feature, ringsOf } from './api'
import { browser, faults, picture, settled } from './browser'
import {
  begin,
  exactLine,
  land,
  line,
  nothingUnsaved,
  PARCELS,
  refused,
  save,
  set,
  step,
  steps,
} from './planner'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)

nothingUnsaved(reach)

/** Two parcels with a straight border of 15 to 60 m between them, its ends, and a place well within the first, in map units. */
async function neighbours() {
  const found = await sql(
    reach,
    `select json_build_object('one', a.id, 'other', b.id,
       'from', json_build_array(ST_X(s), ST_Y(s)), 'to', json_build_array(ST_X(e), ST_Y(e)),
       'within', json_build_array(ST_X(w), ST_Y(w)), 'beyond', json_build_array(ST_X(o), ST_Y(o)))
     from land.parcels a join land.parcels b on a.id < b.id and a.geom && b.geom and ST_Touches(a.geom, b.geom),
       lateral (select ST_LineMerge(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2)) as border) x,
       lateral (select ST_Transform(ST_StartPoint(border), 3857) s, ST_Transform(ST_EndPoint(border), 3857) e,
                       ST_Transform(ST_PointOnSurface(a.geom), 3857) w, ST_Transform(ST_PointOnSurface(b.geom), 3857) o) y
     where ST_NPoints(border) = 2 and ST_Length(border) between 15 and 60
       and ST_Area(a.geom) between 400 and 3000 and ST_Area(b.geom) between 400 and 3000
       and ST_Distance(ST_PointOnSurface(a.geom), ST_Boundary(a.geom)) > 5
     order by a.id, b.id offset 30 limit 1`,
  )
  return JSON.parse(found) as { one: string; other: string } & Record<
    'from' | 'to' | 'within' | 'beyond',
    Coordinate
  >
}

const areas = async (page: Page, ...ids: string[]): Promise<number[]> => {
  const features = (await set(page))?.features ?? []
  return ids.map((id) => features.find((each) => each.id === id)?.area ?? Number.NaN)
}

test('a border is redrawn, gets a vertex and loses it; a hole is cut and filled; free land gets a parcel', async () => {
  const { one, other, from, to, within, beyond } = await neighbours()
  const before = await land(reach)
  const page = await visit()
  await begin(page, await feature(reach, PARCELS, one), {
    login: 'admin',
    password: reach.password,
  })
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy)
  const left = dx * (beyond[1] - from[1]) - dy * (beyond[0] - from[0]) > 0 ? 1 : -1
  /** A place along the border, so far into the other parcel. */
  const along = (share: number, into: number): Coordinate => [
    from[0] + dx * share - ((dy * left) / length) * into,
    from[1] + dy * share + ((dx * left) / length) * into,
  ]
  const choose = (...ids: string[]) =>
    page.evaluate((ids) => window.arpent?.map.working.choose(ids), ids)

  await choose(one)
  await page.keyboard.press('r')
  await exactLine(page, along(0.5, 0), along(0.6, 2), along(0.8, 2), along(0.9, 0))
  expect(await steps(page), String(await refused(page))).toEqual(['reshape'])
  const [mine, theirs] = (await set(page))?.features ?? []
  expect([mine?.id, theirs?.id].sort()).toEqual([one, other].sort())
  const gains = [mine, theirs].map((each) => (each?.area ?? 0) - (each?.areaBefore ?? 0))
  expect(Math.abs(gains[0] ?? 0), 'm² that changed hands').toBeGreaterThan(2)
  expect((gains[0] ?? 0) + (gains[1] ?? 0), 'one gains what the other loses').toBeCloseTo(0, 2)
  const reshaped = await areas(page, one, other)
  await picture(page, 'tools-reshape-fr')

  await choose()
  await page.keyboard.press('v')
  await step(page, () => drag(page, along(0.25, 0), along(0.25, -1.5)))
  expect((await steps(page)).at(-1), String(await refused(page))).toBe('insert-vertex')
  const put = await areas(page, one, other)
  expect((put[0] ?? 0) - (reshaped[0] ?? 0), 'land that went to the other').toBeLessThan(-2)
  const sum = ([a = 0, b = 0]: number[]) => a + b
  expect(sum(put)).toBeCloseTo(sum(reshaped), 2)
  await page.keyboard.down('Alt')
  await step(page, () => clickMap(page, along(0.25, -1.5)))
  await page.keyboard.up('Alt')
  expect((await steps(page)).at(-1), String(await refused(page))).toBe('remove-vertex')
  const removed = await areas(page, one, other)
  for (const [i, area] of removed.entries()) expect(area).toBeCloseTo(reshaped[i] ?? 0, 1)

  await choose(one)
  await page.keyboard.press('h')
  const [x, y] = within
  await exactLine(page, [x - 2, y - 2], [x + 2, y - 2], [x + 2, y + 2], [x - 2, y + 2])
  expect((await steps(page)).at(-1), String(await refused(page))).toBe('cut-hole')
  const [holed = 0] = await areas(page, one)
  expect((removed[0] ?? 0) - holed, 'm² of the hole').toBeGreaterThan(4)
  const shape = (await set(page))?.features.find(({ id }) => id === one)?.after
  expect(shape && ringsOf(shape), 'an outline and a hole').toHaveLength(2)
  await page.keyboard.press('g')
  await step(page, () => clickMap(page, within))
  expect((await steps(page)).at(-1), String(await refused(page))).toBe('fill-gap')
  expect((await areas(page, one))[0]).toBeCloseTo(removed[0] ?? 0, 2)

  const [maxx = 0, maxy = 0] = (
    await sql(
      reach,
      'select ST_XMax(e), ST_YMax(e) from (select ST_Transform(ST_SetSRID(ST_Extent(geom)::geometry, 2154), 3857) e from land.parcels) x',
    )
  )
    .split('|')
    .map(Number)
  const corner: Coordinate = [maxx + 40, maxy + 40]
  await choose()
  await page.evaluate(([x, y]) => window.arpent?.map.setView([x, y], 19), corner)
  await settled(page)
  await page.keyboard.press('d')
  const east: Coordinate = [corner[0] + 20, corner[1]]
  const north: Coordinate = [corner[0], corner[1] - 15]
  await line(page, corner, east, [east[0], north[1]], north)
  expect((await steps(page)).at(-1), String(await refused(page))).toBe('draw')
  await page.getByRole('button', { name: fr.save }).click()
  const code = await sql(reach, 'select min(collectivity) from land.parcels')
  const form = page.getByRole('region', {
    name: panel.missing.title_one.replace('{{count}}', '1'),
  })
  const field = (name: string) => form.getByLabel(name).first()
  await field('Identifiant').fill(`${code}000ZX0001`)
  await field('Section').fill('ZX')
  await field('Numéro').fill('1')
  await picture(page, 'tools-form-fr')
  expect(await faults(page)).toEqual([])
  await step(page, () => page.getByRole('button', { name: panel.missing.keep }).click())
  const made = (await set(page))?.features.find(
    ({ before, layer }) => before === null && layer === PARCELS,
  )
  expect(made?.missing ?? []).toEqual([])

  const kept = await areas(page, one, other)
  const ids = await save(page)
  const stored = await sql(
    reach,
    `select string_agg(ST_Area(ST_Transform(geom, 4326)::geography)::text, ',' order by array_position(array['${one}', '${other}', '${ids[made?.id ?? ''] ?? ''}'], id))
     from land.parcels where id in ('${one}', '${other}', '${ids[made?.id ?? ''] ?? ''}')`,
  )
  const [a, b, c] = stored.split(',').map(Number)
  expect([a, b].map((each) => each?.toFixed(2))).toEqual(kept.map((each) => each.toFixed(2)))
  expect(c).toBeCloseTo(made?.area ?? 0, 2)
  const shared = await sql(
    reach,
    `select ST_Touches(a.geom, b.geom) and ST_Length(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2)) > ST_Length(ST_Transform(ST_GeomFromText('LINESTRING(${from.join(' ')}, ${to.join(' ')})', 3857), 2154))
     from land.parcels a, land.parcels b where a.id = '${one}' and b.id = '${other}'`,
  )
  expect(shared, 'neighbours touch along the whole new border').toBe('t')
  const after = await land(reach)
  expect(after.overlaps).toBe(before.overlaps)
  expect(after.area).toBeCloseTo(
    before.area +
      Number(await sql(reach, `select ST_Area(geom) from land.parcels where section = 'ZX'`)),
    1,
  )
})
