import { describe, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import { clickMap, open, record, signIn, tool, words } from './actions'
import { browser, faults, NARROW, picture, settled, WIDE } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

describe('somebody with a basket', () => {
  test('makes a block of the parcels picked on the map', async () => {
    const [first = '', second = ''] = (
      await sql(
        reach,
        `select a.id || ' ' || b.id from land.parcels a join land.parcels b
           on a.id < b.id and a.geom && b.geom and ST_Length(ST_Intersection(a.geom, b.geom)) > 8
         where ST_Area(a.geom) between 300 and 900 and ST_Area(b.geom) between 300 and 900 order by 1 limit 1`,
      )
    ).split(' ')
    const at = async (id: string) => {
      const text = await sql(
        reach,
        `select ST_X(p) || ' ' || ST_Y(p) from (select ST_Transform(ST_PointOnSurface(geom), 3857) p from land.parcels where id = '${id}') t`,
      )
      const [x = 0, y = 0] = text.split(' ').map(Number)
      return [x, y] as [number, number]
    }
    const [here, there] = [await at(first), await at(second)]
    const page = await visit()
    const middle = [(here[0] + there[0]) / 2, (here[1] + there[1]) / 2]
    await open(page, `/?at=${middle.join()},19.5&layers=land.parcels`)
    await signIn(page, reach)

    await clickMap(page, here)
    await page.getByRole('button', { name: say.basket.putIn }).click()
    await page.keyboard.down('Shift')
    await clickMap(page, there)
    await page.keyboard.up('Shift')
    const bar = page.getByRole('region', { name: say.basket.title })
    await bar.getByText('2 objets').waitFor()
    await picture(page, 'basket-wide-fr')
    expect(await faults(page)).toEqual([])
    await page.setViewportSize(NARROW)
    await picture(page, 'basket-narrow-fr')
    await page.setViewportSize(WIDE)

    await bar.getByRole('button', { name: say.basket.make }).click()
    await page.getByRole('menuitem', { name: 'Îlots' }).click()
    const form = record(page)
    await form.getByRole('heading', { name: say.record.new }).waitFor()
    await form.getByLabel(/^Numéro/).fill('999999')
    await form.getByRole('combobox', { name: /^Section/ }).fill(first.slice(8, 10))
    await page
      .getByRole('option', { name: first.slice(8, 10) })
      .first()
      .click()
    expect(
      boxOf((await page.evaluate(() => window.arpent?.map.edit.pending())) ?? null),
    ).not.toBeNull()
    await picture(page, 'basket-shape-wide-fr')
    await tool(page, 'save').click()
    await settled(page)
    await form.getByRole('heading', { name: '999999' }).waitFor()
    const same = await sql(
      reach,
      `select ST_Equals(b.geom, (select ST_Union(geom) from land.parcels where id in ('${first}', '${second}')))
         from land.blocks b where number = 999999`,
    )
    expect(same).toBe('t')
  })
})
