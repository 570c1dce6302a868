import { describe, expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import { open, shape, signIn, words } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

const PARCELS = 'land.parcels'

describe('somebody who looks back', () => {
  test('sees the map as it was at a moment, and comes back to now', async () => {
    const parcel = await simpleParcel(reach, 5)
    const [minx, miny, maxx, maxy] = boxOf(parcel.geometry) ?? [0, 0, 0, 0]
    const page = await visit()
    await open(
      page,
      `/?at=${(minx + maxx) / 2},${(miny + maxy) / 2},18&feature=${PARCELS}/${parcel.id}`,
    )
    await signIn(page, reach)
    const then = await shape(page, PARCELS, parcel.id)
    expect(then).not.toBe('')
    const moment = await sql(
      reach,
      `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    )
    await sql(
      reach,
      `update land.parcels set geom = ST_Translate(geom, 3, 2), address = 'déplacée' where id = '${parcel.id}'`,
    )
    await page.waitForFunction(
      ([layer, id, before]) => window.arpent?.shape(layer, id) !== before,
      [PARCELS, parcel.id, then] as const,
    )

    await page.getByRole('button', { name: say.time.open }).click()
    const bar = page.getByRole('region', { name: say.time.title })
    await bar.waitFor()
    await page.goto(`${page.url()}&moment=${moment}`.replace(/&moment=[^&]*(?=.*&moment=)/, ''))
    await bar.waitFor()
    await settled(page)
    await page.waitForFunction(
      ([layer, id, before]) => window.arpent?.shape(layer, id) === before,
      [PARCELS, parcel.id, then] as const,
    )
    await page.getByText('déplacée').waitFor({ state: 'detached' })
    expect(await page.getByRole('toolbar').count(), 'nothing can be edited in the past').toBe(0)
    await picture(page, 'past-wide-fr')
    expect(await faults(page)).toEqual([])
    await page.setViewportSize(NARROW)
    await picture(page, 'past-narrow-fr')
    await page.setViewportSize({ width: 1280, height: 720 })

    await bar.getByRole('button', { name: say.time.now }).click()
    await bar.waitFor({ state: 'detached' })
    await page.waitForFunction(
      ([layer, id, before]) => {
        const shown = window.arpent?.shape(layer, id) ?? ''
        return shown !== '' && shown !== before
      },
      [PARCELS, parcel.id, then] as const,
    )
    await page.waitForURL((url) => !url.searchParams.has('moment'))
  })
})
