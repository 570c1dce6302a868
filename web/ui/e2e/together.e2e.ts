/** Two planners at the same parcels. */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import en from '../src/locales/panel.en.json'
import panel from '../src/locales/panel.fr.json'
import workingEn from '../src/locales/working.en.json'
import fr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import type { Other } from '../src/working/model'
import { clickMap, report } from './actions'
import { simpleParcel } from './api'
import { browser, faults, picture, settled } from './browser'
import {
  begin,
  chosen,
  colleague,
  idle,
  land,
  line,
  nothingUnsaved,
  type Person,
  refused,
  save,
  set,
  steps,
} from './planner'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const anne = { login: 'admin', password: reach.password }
let bob: Person

beforeAll(async () => {
  bob = await colleague(reach, 'bob', 'Bob Géomètre')
})

nothingUnsaved(reach)

describe('two planners', () => {
  test('see each other come, choose, change, save and go, at once', async () => {
    const parcel = await simpleParcel(reach, 50)
    const [minx, miny, maxx, maxy] = boxOf(parcel.geometry) ?? [0, 0, 0, 0]
    const middle: Coordinate = [(minx + maxx) / 2, (miny + maxy) / 2]
    const hers = await visit()
    await begin(hers, parcel, anne)
    const his = await visit()
    await begin(his, parcel, bob)
    const others = (): Promise<Other[]> =>
      hers.evaluate(() => window.arpent?.map.working.state.others ?? [])
    const told = (what: (others: Other[]) => boolean) =>
      expect.poll(async () => what(await others()), { interval: 50 }).toBe(true)

    await told((all) => all.some(({ who, bbox }) => who === 'Bob Géomètre' && bbox === null))
    await clickMap(his, middle)
    expect(await chosen(his)).toEqual([parcel.id])
    const before = performance.now()
    await told((all) => all.some(({ chosen }) => chosen.includes(parcel.id)))
    report('another planner sees what is chosen', performance.now() - before)
    await clickMap(hers, middle)
    await hers.getByText(fr.locked.replace('{{who}}', 'Bob Géomètre')).waitFor()
    await picture(hers, 'together-held-wide-fr')
    expect(await faults(hers)).toEqual([])

    await his.keyboard.press('s')
    await line(his, [minx - 3, middle[1]], [maxx + 3, middle[1] + 1])
    expect(await refused(his)).toBeNull()
    expect(await steps(his)).toEqual(['split'])
    await told((all) => all.some(({ features }) => features.includes(parcel.id)))

    await hers.getByRole('button', { name: fr.where.replace('{{who}}', 'Bob Géomètre') }).click()
    await save(his)
    await told((all) => all.every(({ features }) => !features.includes(parcel.id)))
    await his.close()
    await told((all) => all.length === 0)
    await idle(hers)
    expect((await set(hers))?.features).toEqual([])
  })

  test('split one parcel at once: mine for one, theirs for the other', async () => {
    const parcel = await simpleParcel(reach, 60)
    const other = await simpleParcel(reach, 61)
    const hers = await visit()
    await begin(hers, parcel, anne)
    await hers.getByText('EN', { exact: true }).click()
    const his = await visit()
    await begin(his, parcel, bob)
    for (const page of [hers, his]) {
      for (const { id, geometry } of [parcel, other]) {
        const [minx, miny, maxx, maxy] = boxOf(geometry) ?? [0, 0, 0, 0]
        const x = (minx + maxx) / 2
        const y = (miny + maxy) / 2
        await page.evaluate(
          (box) => window.arpent?.map.fit(box, { maxZoom: 20, animate: false }),
          [minx, miny, maxx, maxy],
        )
        await settled(page)
        const [from, to]: Coordinate[] =
          page === hers
            ? [
                [minx - 3, y],
                [maxx + 3, y],
              ]
            : [
                [x, miny - 3],
                [x, maxy + 3],
              ]
        await page.evaluate(
          ([ids, line]) => window.arpent?.map.working.do({ kind: 'split', ids, line }),
          [[id], [from ?? [], to ?? []]] as const as unknown as [string[], number[][]],
        )
        await idle(page)
        expect(await refused(page)).toBeNull()
      }
    }
    const before = await land(reach)
    await save(his)
    await hers.getByText(en.conflict.text).waitFor()
    await picture(hers, 'together-conflicts-wide-en')
    expect(await faults(hers)).toEqual([])
    const settle = hers.getByRole('button', { name: en.conflict.settle })
    const choices = hers.getByRole('radiogroup', { name: en.conflict.choice.split('{{')[0] })
    for (const [i, label] of [en.conflict.mine, en.conflict.theirs].entries()) {
      await choices.nth(i).getByText(label, { exact: true }).click()
    }
    for (let i = 2; i < (await choices.count()); i++) {
      await choices.nth(i).getByText(en.conflict.theirs, { exact: true }).click()
    }
    await settle.click()
    await hers.getByText(en.conflict.text).waitFor({ state: 'detached' })
    await idle(hers)
    await hers.getByRole('button', { name: workingEn.save }).click()
    await hers.waitForFunction(() => window.arpent?.map.working.state.working?.steps.length === 0)
    const after = await land(reach)
    expect(after.overlaps).toBe(before.overlaps)
    expect(after.area).toBeCloseTo(before.area, 1)
  })

  test('draw on the same free land: a conflict at its place, no overlap', async () => {
    const parcel = await simpleParcel(reach, 70)
    const [minx, miny, maxx, maxy] = (await extent()) as [number, number, number, number]
    const square = (dx: number): number[][][][] => [
      [
        [
          [maxx + 60 + dx, maxy + 60],
          [maxx + 110 + dx, maxy + 60],
          [maxx + 110 + dx, maxy + 110],
          [maxx + 60 + dx, maxy + 110],
          [maxx + 60 + dx, maxy + 60],
        ],
      ],
    ]
    expect(minx < maxx && miny < maxy).toBe(true)
    const code = await sql(reach, 'select min(collectivity) from land.parcels')
    const properties = (number: number) => ({
      id: `${code}000ZY000${number}`,
      prefix: '000',
      section: 'ZY',
      number,
    })
    const hers = await visit()
    await begin(hers, parcel, anne)
    const his = await visit()
    await begin(his, parcel, bob)
    for (const [i, page] of [hers, his].entries()) {
      await page.evaluate((operation) => window.arpent?.map.working.do(operation), {
        kind: 'draw' as const,
        region: square(30 * i),
        properties: properties(i + 1),
      })
      await idle(page)
      expect(await refused(page)).toBeNull()
    }
    const before = await land(reach)
    await save(his)
    await hers.getByText(panel.conflict.land).waitFor()
    await picture(hers, 'together-land-wide-fr')
    await hers
      .getByRole('radiogroup', { name: panel.conflict.choice.split('{{')[0] })
      .getByText(panel.conflict.theirs, { exact: true })
      .click()
    await hers.getByRole('button', { name: panel.conflict.settle }).click()
    await hers.getByText(panel.conflict.land).waitFor({ state: 'detached' })
    await idle(hers)
    await save(hers)
    expect((await land(reach)).overlaps).toBe(before.overlaps)
  })
})

const extent = async () =>
  (
    await sql(
      reach,
      'select ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) from (select ST_Transform(ST_SetSRID(ST_Extent(geom)::geometry, 2154), 3857) e from land.parcels) x',
    )
  )
    .split('|')
    .map(Number)
