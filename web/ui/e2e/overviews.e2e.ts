/** The town from far away: parcels by section, addresses as disks that say how many they are. */
import { expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import { open, signIn } from './actions'
import { simpleParcel } from './api'
import { browser, faults, picture, settled } from './browser'

const reach = inject('reach')
const { visit } = browser(reach.url)

test('far away features that stand for several are drawn, and are nobody to click on', async () => {
  const page = await visit()
  const [minx, miny, maxx, maxy] = boxOf((await simpleParcel(reach, 2)).geometry) ?? [0, 0, 0, 0]
  const middle = [(minx + maxx) / 2, (miny + maxy) / 2].map((each) => each.toFixed(1))
  await open(page)
  await signIn(page, reach)
  const drawn = (layer: string) =>
    page.waitForResponse((a) => a.status() === 200 && a.url().includes(`/tiles/${layer}/1`))
  const all = Promise.all(['land.parcels', 'polling.addresses'].map(drawn))
  const layers = 'land.communes,land.parcels,polling.addresses'
  await open(page, `/?at=${middle},12.5&layers=${layers}`)
  await all
  await settled(page)
  await picture(page, 'overviews-wide-fr')
  await page.locator('.ol-viewport').click()
  await settled(page)
  expect(new URL(page.url()).searchParams.get('id')).toBeNull()
  expect(await faults(page)).toEqual([])
})
