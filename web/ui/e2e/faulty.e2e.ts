/** What is wrong with a network is told, shown on the map and mended; and where values come from. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import en from '../src/locales/panel.en.json'
import fr from '../src/locales/panel.fr.json'
import workingFr from '../src/locales/working.fr.json'
import { clickMap, drag } from './actions'
import { browser, faults, NARROW, picture, settled } from './browser'
import { beginMains, clearMains, MAINS, makeMains, VALVES, yard } from './mains'
import { idle, nothingUnsaved, ready, refused, save, set, state, steps } from './planner'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const admin = { login: 'admin', password: reach.password }

nothingUnsaved(reach)
beforeAll(async () => {
  await makeMains(reach)
  // East of the parcels' middle: valves a to n, and mains with a fault of each kind.
  await sql(
    reach,
    `with town as (select min(code) as code from arpent.collectivity),
       origin as (select ST_SetSRID(ST_Centroid(ST_Extent(geom)::geometry), 2154) as at from land.parcels)
     insert into water.valve (collectivity, kind, sector, geom)
     select code, 'gate', name, ST_Translate(at, 200 + x, y) from town, origin,
       (values ('a', 0, 0), ('b', 40, 0), ('c', 20, -20), ('d', 20, 20), ('m', 10, 0), ('n', 10, 15), ('lonely', -10, -10)) v (name, x, y)`,
  )
  const main = (from: string, to: string, more = '') =>
    `insert into water.main (collectivity, diameter, material, sector, homes, invert_up, invert_down, upstream, downstream, geom)
     select u.collectivity, 100, 'pvc', 'Est', 4, 20, 18, u.id, d.id, ST_MakeLine(u.geom, ${more || 'd.geom'})
     from water.valve u, water.valve d where u.sector = '${from}' and d.sector = '${to}'`
  const mains = [
    main('a', 'b'),
    main('c', 'd'),
    main('c', 'd'),
    main('m', 'n'),
    main('n', 'n', 'ST_Translate(d.geom, 20, 0)'),
  ]
  await sql(reach, mains.join(';'))
})
afterAll(() => clearMains(reach))

const wrong = async (page: Page) =>
  (await state(page))?.checked?.wrong.map(({ kind }) => kind).sort() ?? []
const fault = (page: Page, kind: keyof typeof fr.faults.kind, words = fr) =>
  page.getByRole('button', { name: words.faults.kind[kind], exact: true }).first()
const mend = async (page: Page, name: string | RegExp, left: string[]) => {
  await page.getByRole('complementary').getByRole('button', { name }).click()
  await page.waitForFunction(
    (left) =>
      window.arpent?.map.working.state.checked?.wrong
        .map(({ kind }) => kind)
        .sort()
        .join() === left,
    left.join(),
  )
}

test('faults of a network are listed, pointed at and mended', async () => {
  const place = await yard(reach)
  const to = (dx: number, dy: number) => place(200 + dx, dy)
  const page = await visit()
  await beginMains(page, to(12, 0), admin, 19)
  await page.getByRole('button', { name: workingFr.none }).click()
  const panel = page.getByRole('complementary')
  await panel.getByRole('region', { name: fr.faults.ofNetwork }).waitFor()
  // The panel has taken room from the map.
  await page.evaluate(([x, y]) => window.arpent?.map.setView([x, y], 19), to(12, 0))
  await settled(page)
  await panel.getByRole('button', { name: fr.faults.check }).click()
  await idle(page)
  await page.waitForFunction(() => document.getAnimations().length === 0)
  const crossings = Array(4).fill('crossing')
  const all = [...crossings, 'doubled', 'lonely', 'loose', 'unsplit']
  expect(await wrong(page)).toEqual(all)
  await picture(page, 'network-faults-wide-fr')
  expect(await faults(page)).toEqual([])

  await fault(page, 'loose').click()
  await panel.getByText(fr.faults.byHand).waitFor()
  const { pointed } = (await state(page)) ?? {}
  const end = to(30, 15)
  expect(Math.hypot((pointed?.at[0] ?? 0) - end[0], (pointed?.at[1] ?? 0) - end[1])).toBeLessThan(1)
  await settled(page)
  await picture(page, 'network-fault-pointed-wide-fr')

  await fault(page, 'unsplit').click()
  await mend(page, /^Couper .* au nœud$/, all.slice(0, 7))
  await fault(page, 'doubled').click()
  await mend(page, /^Supprimer C/, ['crossing', 'crossing', 'lonely', 'loose'])
  await fault(page, 'lonely').click()
  await mend(page, fr.faults.mend['delete-node'], ['crossing', 'crossing', 'loose'])
  expect(await refused(page)).toBeNull()
  expect(await steps(page)).toEqual(['put-node', 'delete-edge', 'delete-node'])
  await page.keyboard.press('Control+z')
  await page.waitForFunction(
    () => window.arpent?.map.working.state.checked?.wrong.length === 4, // it is looked at again
  )
  await page.keyboard.press('Control+y')
  await idle(page)

  await page.getByText('EN', { exact: true }).click()
  await fault(page, 'crossing', en as typeof fr).waitFor()
  await page.setViewportSize(NARROW)
  await picture(page, 'network-faults-narrow-en')
  expect(await faults(page)).toEqual([])
})

test('values that are shared out, interpolated or copied are told before they are saved', async () => {
  const to = await yard(reach)
  const place = (share: number) => to(200 + 40 * share, 0)
  const page = await visit()
  await beginMains(page, place(0.5), admin, 19)
  const id = await sql(reach, `select min(id) from water.main`)
  await ready(page, id)
  await page.keyboard.press('i')
  await page.keyboard.press('o')
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/working/steps'))
  await clickMap(page, place(0.75))
  await answered
  await idle(page)
  expect(await refused(page)).toBeNull()
  await page.getByRole('button', { name: /modifiés?$/ }).click()
  const panel = page.getByRole('complementary')
  const told = (words: string, fields: string) =>
    panel.getByText(words.replace('{{fields}}', fields)).first().waitFor()
  // The valve on the way of the main stood there: it is divided there too.
  await told(fr.values.divided, 'Logements 1')
  await told(fr.values.interpolated, 'Radier a')
  await panel.locator('summary').first().click()
  await panel.getByText(/Diamètre 100 mm/).waitFor()
  await picture(page, 'network-values-wide-fr')
  expect(await faults(page)).toEqual([])
  const homes = (await set(page))?.features.filter(({ layer }) => layer === MAINS).length ?? 0
  expect(homes).toBeGreaterThanOrEqual(2)

  await page.getByRole('button', { name: workingFr.save, exact: true }).click()
  await panel.getByLabel(/^Modèle/).selectOption('Boule')
  await panel.getByRole('button', { name: fr.missing.keep }).click()
  await panel.getByText(fr.missing.all).waitFor()
  await save(page)
  expect(await refused(page)).toBeNull()
  expect(await sql(reach, `select sum(homes) from water.main`)).toBe('20')
})

test('a valve with its main that somebody deletes meanwhile is one question, and comes back', async () => {
  const place = await yard(reach)
  const id = async (sector: string) =>
    sql(reach, `select id from water.valve where sector = '${sector}'`)
  const [m, n] = [await id('m'), await id('n')]
  const main = await sql(
    reach,
    `select id from water.main where upstream = ${m} and downstream = ${n}`,
  )
  const page = await visit()
  await beginMains(page, place(210, 8), admin, 20)
  await ready(page, main)
  await page.keyboard.press('i')
  await page.keyboard.press('v')
  const at = (await page.evaluate(
    ([id, layer]) => window.arpent?.map.working.shape(id, layer)?.coordinates,
    [n, VALVES] as const,
  )) as number[]
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/working/steps'))
  const [x = 0, y = 0] = at
  await drag(page, [x, y], [x - 6, y + 3])
  await answered
  await idle(page)
  expect(await steps(page), String(await refused(page))).toEqual(['move-node'])
  const moved = (await set(page))?.features.filter(({ layer }) => layer === MAINS).length ?? 0
  expect(moved).toBe(2)
  await sql(
    reach,
    `delete from water.main where ${n} in (upstream, downstream); delete from water.valve where id = ${n}`,
  )
  const panel = page.getByRole('complementary')
  await panel.getByText(fr.conflict.title_one.replace('{{count}}', '1')).waitFor()
  await panel.getByText(fr.conflict.anew).waitFor()
  await settled(page)
  await picture(page, 'network-conflict-wide-fr')
  expect(await faults(page)).toEqual([])
  await panel.getByText(fr.conflict.mine, { exact: true }).last().click()
  await panel.getByRole('button', { name: fr.conflict.settle }).click()
  await panel.getByText(fr.conflict.anew).waitFor({ state: 'detached' })
  await panel
    .getByText(new RegExp(`^${fr.anew}`))
    .first()
    .waitFor()
  await picture(page, 'network-brought-back-wide-fr')
  await save(page)
  expect(await refused(page)).toBeNull()
  expect(
    await sql(
      reach,
      `select count(*) from water.main p join water.valve v on v.id = ${n}
       where ${n} in (p.upstream, p.downstream) and ST_DWithin(p.geom, v.geom, 0.001)`,
    ),
  ).toBe('2')
})
