/** Choosing on the map: areas, clicks, what lies beside what is chosen; its statistics, its list, its end. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import en from '../src/locales/selection.en.json'
import fr from '../src/locales/selection.fr.json'
import type { Coordinate } from '../src/map/api'
import { clickMap, drag, open, signIn, words } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

const panel = (page: Page, say: typeof fr = fr) => page.getByRole('region', { name: say.title })
const list = (page: Page) => page.locator('section[aria-labelledby="list-title"]')
const button = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true })

/** Waits until so many are chosen. */
const chosen = (page: Page, count: number, say: typeof fr = fr) =>
  panel(page, say)
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${count} (sélectionnés? :|selected:)`) })
    .waitFor()

async function begin(page: Page, nth: number, say: typeof fr = fr): Promise<Coordinate> {
  const [minx, miny, maxx, maxy] = boxOf((await simpleParcel(reach, nth)).geometry) ?? [0, 0, 0, 0]
  const middle: Coordinate = [(minx + maxx) / 2, (miny + maxy) / 2]
  await open(page, `/?at=${middle.map((each) => each.toFixed(1)).join()},17&layers=land.parcels`)
  const name = say === fr ? words.fr.page.map.select : words.en.page.map.select
  await page.getByRole('button', { name, exact: true }).click()
  await panel(page, say).waitFor()
  return middle
}

/** How many parcels meet a condition on geom, given a box of the map as `box`. */
const count = async (condition: string, [x, y]: Coordinate, reach_: number) =>
  Number(
    await sql(
      reach,
      `with b as (select ST_Transform(ST_Segmentize(ST_MakeEnvelope(${x - reach_}, ${y - reach_}, ${x + reach_}, ${y + reach_}, 3857), 20), 2154) as box)
       select count(*) from land.parcels p, b where ${condition}`,
    ),
  )

test('areas choose, add and leave out; neighbours are chosen by what is chosen', async () => {
  const page = await visit()
  const at = await begin(page, 8)
  const [x, y] = at
  await drag(page, [x - 40, y - 40], [x + 40, y + 40])
  const met = await count('ST_Intersects(p.geom, box)', at, 40)
  await chosen(page, met)
  await panel(page).getByLabel(fr.whole).check()
  await drag(page, [x - 90, y - 90], [x + 90, y + 90])
  await chosen(page, await count('ST_Within(p.geom, box)', at, 90))
  await panel(page).getByLabel(fr.whole).uncheck()
  await drag(page, [x - 40, y - 40], [x + 40, y + 40])
  await chosen(page, met)
  await picture(page, 'select-box-wide-fr')

  await button(page, fr.tool.click).click()
  await clickMap(page, at)
  await chosen(page, 1)
  const [id] = await page.evaluate(() => window.arpent?.chosen() ?? [])
  await panel(page).getByLabel(fr.relations).selectOption(fr.relation.touches)
  await panel(page).getByRole('button', { name: fr.choose, exact: true }).click()
  const neighbours = Number(
    await sql(
      reach,
      `select count(*) from land.parcels a, land.parcels b where a.id = '${id}' and ST_Touches(a.geom, b.geom)`,
    ),
  )
  await chosen(page, neighbours)
  await page.keyboard.down('Shift')
  await clickMap(page, at)
  await page.keyboard.up('Shift')
  await chosen(page, neighbours + 1)
  await panel(page).getByLabel(fr.relations).selectOption(fr.relation.dwithin)
  await panel(page).getByLabel(fr.distance).fill('30')
  await panel(page).getByText(fr.way.add, { exact: true }).click()
  await panel(page).getByRole('button', { name: fr.choose, exact: true }).click()
  const around = Number(
    await sql(
      reach,
      `with c as (select b.id, b.geom from land.parcels a, land.parcels b where a.id = '${id}' and (a.id = b.id or ST_Touches(a.geom, b.geom)))
       select count(*) from land.parcels p where exists (select from c where ST_DWithin(ST_Transform(p.geom, 4326)::geography, ST_Transform(c.geom, 4326)::geography, 30))`,
    ),
  )
  await chosen(page, around)
  await picture(page, 'select-around-wide-fr')
  expect(await faults(page)).toEqual([])
})

test('what is chosen is added up, copied, listed, gathered, and forgotten', async () => {
  const page = await visit()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const at = await begin(page, 9)
  const [x, y] = at
  await drag(page, [x - 60, y - 60], [x + 60, y + 60])
  const met = await count('ST_Intersects(p.geom, box)', at, 60)
  await chosen(page, met)
  await panel(page).getByRole('button', { name: fr.statistics }).click()
  const dialog = page.getByRole('dialog', { name: fr.statistics })
  await dialog.getByText(fr.figure.median).waitFor()
  await dialog.getByLabel(fr.countBy).selectOption('Section')
  await dialog.getByText(fr.share).waitFor()
  await picture(page, 'select-statistics-wide-fr')
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: fr.copyTable }).click()
  await dialog.getByRole('button', { name: fr.copied }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied.split('\n')[0]).toBe(`${fr.records}\t${met}`)
  expect(copied).toContain(`${fr.figure.sum}\t${fr.figure.average}\t${fr.figure.median}`)
  await page.keyboard.press('Escape')
  await panel(page).getByRole('button', { name: fr.list }).click()
  const noun = met > 1 ? 'objets cochés' : 'objet coché'
  await list(page).getByText(`${met} ${noun}`).waitFor()
  await list(page).getByRole('button', { name: fr.only }).click()
  await expect.poll(() => list(page).locator('tbody tr').count()).toBe(met)
  await panel(page).getByRole('button', { name: fr.basket }).click()
  await page.getByRole('region', { name: say.basket.title }).waitFor()
  await picture(page, 'select-list-wide-fr')
  expect(await faults(page)).toEqual([])
  await panel(page).getByRole('button', { name: fr.clear }).click()
  await panel(page).getByText(fr.none).waitFor()
})

test('by the keyboard alone: Space drags a rectangle, Escape leaves the tool', async () => {
  const page = await visit({ language: 'en', viewport: NARROW })
  const at = await begin(page, 10, en)
  expect(at).toHaveLength(2)
  const box = panel(page, en).getByRole('button', { name: en.tool.box, exact: true })
  expect(await box.getAttribute('aria-pressed')).toBe('true')
  await page.locator('#map').focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Space')
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft')
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Space')
  await panel(page, en)
    .getByRole('status')
    .filter({ hasText: /selected:/ })
    .waitFor()
  await picture(page, 'select-narrow-en')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Escape')
  expect(await box.getAttribute('aria-pressed')).toBe('false')
})

test('many records are deleted at once after being told, and come back', async () => {
  const page = await visit()
  await open(page)
  await signIn(page, reach)
  const total = await sql(reach, 'select count(*) from land.addresses')
  await open(page, '/?list=land.addresses')
  const rows = list(page).locator('tbody tr')
  await rows.nth(1).getByRole('checkbox').check()
  await rows.nth(2).getByRole('checkbox').check()
  await list(page).getByRole('button', { name: fr.delete }).click()
  const dialog = page.getByRole('dialog', { name: /^Supprimer 2 objets/ })
  await dialog.getByText('Seront supprimés').waitFor()
  await picture(page, 'select-delete-wide-fr')
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: fr.deleteConfirm }).click()
  await page.getByText('2 objets supprimés').waitFor()
  expect(await sql(reach, 'select count(*) from land.addresses')).toBe(String(Number(total) - 2))
  await page.getByRole('button', { name: say.bulk.undo }).click()
  await page.getByText(say.bulk.undone).waitFor()
  expect(await sql(reach, 'select count(*) from land.addresses')).toBe(total)
})
