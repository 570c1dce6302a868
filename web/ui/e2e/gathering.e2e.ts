import { expect, inject, test } from 'vitest'
import shape from '../src/locales/shape.fr.json'
import working from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import { clickMap, open, signIn, toolbar, words } from './actions'
import { ringsOf, simpleParcel } from './api'
import { browser, faults, picture, settled } from './browser'
import { nothingUnsaved } from './planner'

const reach = inject('reach')
const { visit } = browser(reach.url)

nothingUnsaved(reach)

test('many features of a free layer are changed, and saved at once', async () => {
  const parcel = await simpleParcel(reach, 16)
  const [[x = 0, y = 0] = []] = ringsOf(parcel.geometry)[0] ?? []
  const page = await visit()
  await open(page, `/?at=${x.toFixed(1)},${y.toFixed(1)},19`)
  await signIn(page, reach)
  await toolbar(page).getByRole('combobox').selectOption({ label: 'Bâtiments' })
  await toolbar(page).getByRole('button', { name: words.fr.map.edit.several }).click()
  await page.getByRole('button', { name: shape.put }).waitFor()
  const idle = () =>
    page.waitForFunction(() => {
      const { busy, working } = window.arpent?.map.working.state ?? {}
      return busy === false && working !== null
    })
  const steps = () =>
    page.evaluate(() => window.arpent?.map.working.state.working?.steps.map(({ kind }) => kind))
  const at = (dx: number, dy: number): Coordinate => [x + dx, y + dy]
  const draw = async (places: Coordinate[]) => {
    for (const place of places) await clickMap(page, place)
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => !window.arpent?.map.working.state.pen?.begun)
    await idle()
  }
  await idle()
  await page.locator('#map').focus()
  await page.keyboard.press('i')
  await page.keyboard.press('d')
  await draw([at(-20, -10), at(0, -10), at(0, 5), at(-20, 5)])
  await draw([at(5, -10), at(20, -10), at(20, 5), at(5, 5)])
  await page.keyboard.press('s')
  await draw([at(-10, -14), at(-10, 9)])
  expect(await steps()).toEqual(['put', 'put', 'split'])
  await picture(page, 'gathering-fr')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Control+z')
  await idle()
  await page.keyboard.press('Control+y')
  await idle()
  await page.getByRole('button', { name: working.save, exact: true }).click()
  await page.waitForFunction(() => {
    const { working } = window.arpent?.map.working.state ?? {}
    return working?.steps.length === 0
  })
  await settled(page)
  expect((await page.evaluate(() => window.arpent?.map.working.state.fault)) ?? null).toBeNull()
})
