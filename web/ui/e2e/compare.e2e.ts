/** Two states of the map beside each other, on either side of a line. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import en from '../src/locales/compare.en.json'
import fr from '../src/locales/compare.fr.json'
import { open, signIn } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)

const panel = (page: Page, say = fr) => page.getByRole('region', { name: say.title, exact: true })
const line = (page: Page, say = fr) => page.getByRole('slider', { name: say.line })
const at = async (page: Page, say = fr) =>
  Number(await line(page, say).getAttribute('aria-valuenow'))

async function middle(nth: number): Promise<[number, number]> {
  const [minx, miny, maxx, maxy] = boxOf((await simpleParcel(reach, nth)).geometry) ?? [0, 0, 0, 0]
  return [(minx + maxx) / 2, (miny + maxy) / 2]
}

/** The colour of the map at a share of its width and height, as the screen shows it. */
async function colours(page: Page, shares: [number, number][]): Promise<string[]> {
  await settled(page)
  const box = await page.locator('#map').boundingBox()
  const image = (await page.screenshot()).toString('base64')
  return page.evaluate(
    async ([image, spots]) => {
      const picture = new Image()
      picture.src = `data:image/png;base64,${image}`
      await picture.decode()
      const canvas = new OffscreenCanvas(picture.width, picture.height)
      const context = canvas.getContext('2d')
      context?.drawImage(picture, 0, 0)
      return spots.map(([x, y]) => String(context?.getImageData(x, y, 1, 1).data.slice(0, 3)))
    },
    [
      image,
      shares.map(([x, y]): [number, number] => [
        Math.round((box?.x ?? 0) + x * (box?.width ?? 0)),
        Math.round((box?.y ?? 0) + y * (box?.height ?? 0)),
      ]),
    ] as const,
  )
}

test('other layers are drawn right of a line that mouse, finger and keys move, and links carry', async () => {
  const [x, y] = await middle(1)
  const page = await visit({ language: 'en' })
  await open(page, `/?at=${x},${y},18&layers=land.parcels`)
  await page.getByRole('button', { name: en.title, exact: true }).click()
  await line(page, en).waitFor()
  const spots: [number, number][] = [
    [0.45, 0.2],
    [0.55, 0.2],
  ]
  const same = await colours(page, spots)
  await panel(page, en).getByRole('checkbox', { name: 'Parcels' }).uncheck()
  await page.getByText(en.noLayer, { exact: true }).waitFor()
  await expect.poll(async () => (await colours(page, spots))[1]).not.toBe(same[1])
  expect((await colours(page, spots))[0], 'left of the line nothing changes').toBe(same[0])
  await picture(page, 'compare-layers-wide-en')
  expect(await faults(page)).toEqual([])

  const box = await line(page, en).boundingBox()
  const [gx, gy] = [(box?.x ?? 0) + 20, (box?.y ?? 0) + 20]
  await page.mouse.move(gx, gy)
  await page.mouse.down()
  await page.mouse.move(gx + 200, gy, { steps: 4 })
  await page.mouse.up()
  const dragged = await at(page, en)
  expect(dragged).toBeGreaterThan(60)
  expect((await colours(page, spots))[1], 'now left of the line').toBe(same[1])
  await line(page, en).focus()
  await page.keyboard.press('ArrowLeft')
  expect(await at(page, en)).toBe(dragged - 1)
  await page.keyboard.press('Shift+ArrowRight')
  expect(await at(page, en)).toBe(dragged + 9)
  await page.keyboard.press('Home')
  expect(await at(page, en)).toBe(0)
  await page.keyboard.press('PageUp')
  await page.waitForURL(/swipe=10,layers(&|$)/)

  await page.reload()
  await line(page, en).waitFor()
  expect(await at(page, en)).toBe(10)
  expect((await colours(page, spots))[0], 'right of the line').not.toBe(same[0])
  await page.getByRole('button', { name: en.stop }).click()
  await line(page, en).waitFor({ state: 'detached' })
  expect(await colours(page, spots)).toEqual(same)
  await page.waitForURL((url) => !url.searchParams.has('swipe'))
})

test('another date: what was there then, on a phone too', async () => {
  const parcel = await simpleParcel(reach, 9)
  const [minx, miny, maxx, maxy] = boxOf(parcel.geometry) ?? [0, 0, 0, 0]
  const moment = await sql(
    reach,
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  )
  await sql(
    reach,
    `update land.parcels set geom = ST_Translate(geom, 6, 4) where id = '${parcel.id}'`,
  )
  const page = await visit({ viewport: NARROW })
  await open(page, `/?at=${(minx + maxx) / 2},${(miny + maxy) / 2},18&layers=land.parcels`)
  await signIn(page, reach)
  await page.getByRole('button', { name: fr.title, exact: true }).click()
  await panel(page).getByText(fr.by.moment).waitFor()
  expect(await faults(page)).toEqual([])
  await picture(page, 'compare-panel-narrow-fr')
  await panel(page).getByRole('button', { name: fr.close }).click()
  await page.goto(`${page.url().replace(/&swipe=[^&]*/, '')}&swipe=50,moment,${moment}`)
  await line(page).waitFor()
  await page.getByText(fr.today, { exact: true }).waitFor()
  await settled(page)
  const asked = await page.evaluate(
    () =>
      performance.getEntriesByType('resource').filter(({ name }) => name.includes('datetime='))
        .length,
  )
  expect(asked, 'tiles of the past').toBeGreaterThan(0)
  await picture(page, 'compare-moment-narrow-fr')
  expect(await faults(page)).toEqual([])
  expect(
    (await line(page).boundingBox())?.width,
    'wide enough for a finger',
  ).toBeGreaterThanOrEqual(44)
})

test('the styles chosen beside those of the layer files', async () => {
  const [x, y] = await middle(10)
  const style = encodeURIComponent('land.parcels:{"fill":"#3050ff"}')
  const page = await visit()
  await open(page, `/?at=${x},${y},18&layers=land.parcels&style=${style}&swipe=50,style`)
  await line(page).waitFor()
  await page.getByText(fr.fileStyles, { exact: true }).waitFor()
  const [left, right] = await colours(page, [
    [0.45, 0.2],
    [0.55, 0.2],
  ])
  expect(left).not.toBe(right)
  await picture(page, 'compare-style-wide-fr')
  expect(await faults(page)).toEqual([])
})
