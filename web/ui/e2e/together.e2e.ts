/** Two planners at the same parcels. */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import fr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import type { Other } from '../src/working/model'
import { clickMap } from './actions'
import { simpleParcel } from './api'
import { browser, faults, picture } from './browser'
import {
  begin,
  chosen,
  colleague,
  idle,
  line,
  type Person,
  refused,
  save,
  set,
  steps,
} from './planner'

const reach = inject('reach')
const { visit } = browser(reach.url)
const anne = { login: 'admin', password: reach.password }
let bob: Person

beforeAll(async () => {
  bob = await colleague(reach, 'bob', 'Bob Géomètre')
})

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
      expect.poll(async () => what(await others()), { timeout: 5_000, interval: 50 }).toBe(true)

    await told((all) => all.some(({ who, bbox }) => who === 'Bob Géomètre' && bbox === null))
    await clickMap(his, middle)
    expect(await chosen(his)).toEqual([parcel.id])
    const before = performance.now()
    await told((all) => all.some(({ chosen }) => chosen.includes(parcel.id)))
    expect(performance.now() - before).toBeLessThan(1_000)
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
})
