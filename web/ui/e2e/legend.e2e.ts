/** The legend on the map: what is visible, and what of it one wants to see. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import en from '../src/locales/legend.en.json'
import fr from '../src/locales/legend.fr.json'
import { open, words } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'

const reach = inject('reach')
const { visit } = browser(reach.url)

const legend = (page: Page, said = fr) => page.getByRole('region', { name: said.title })

async function begin(page: Page, said: typeof fr, layers: string, zoom = 17): Promise<void> {
  const [minx, miny, maxx, maxy] = boxOf((await simpleParcel(reach, 2)).geometry) ?? [0, 0, 0, 0]
  const middle = [(minx + maxx) / 2, (miny + maxy) / 2].map((each) => each.toFixed(1))
  await open(page, `/?at=${middle},${zoom}&layers=${layers}`)
  await page.getByRole('button', { name: said.title, exact: true }).press('Enter')
  await legend(page, said).waitFor()
}

test('it shows what is visible at the scale, and hides what has a colour, on the map and in the link', async () => {
  const page = await visit()
  await begin(page, fr, 'land.communes,land.parcels,land.streets')
  const entry = legend(page).getByRole('button', { name: 'Desserte' })
  await entry.waitFor()
  await legend(page).getByText('Parcelles', { exact: true }).waitFor()
  expect(await entry.getAttribute('aria-pressed')).toBe('true')
  await entry.press('Enter')
  await page.waitForFunction(() => new URLSearchParams(location.search).has('off'))
  expect(await entry.getAttribute('aria-pressed')).toBe('false')
  await settled(page)
  await picture(page, 'legend-wide-fr')
  expect(await faults(page)).toEqual([])

  const other = await visit({ language: 'en', viewport: NARROW })
  await open(other, page.url().slice(reach.url.length).replace('lang=fr', 'lang=en'))
  await other.getByRole('button', { name: en.title, exact: true }).click()
  const same = legend(other, en).getByRole('button', { name: 'Residential' })
  expect(await same.getAttribute('aria-pressed')).toBe('false')
  await picture(other, 'legend-narrow-en')
  expect(await faults(other)).toEqual([])

  await legend(page).getByRole('button', { name: fr.showAll }).press('Enter')
  await page.waitForFunction(() => !new URLSearchParams(location.search).has('off'))
})

test('what is hidden by the legend is not under the pointer either', async () => {
  const page = await visit()
  await begin(page, fr, 'land.parcels')
  const style = {
    fill: '#ffffff',
    by: { field: 'section', values: [{ value: '??', label: { fr: 'Rien', en: 'Nothing' } }] },
  }
  const at = new URL(page.url()).searchParams.get('at')
  await open(
    page,
    `/?at=${at}&layers=land.parcels&style=land.parcels:${encodeURIComponent(JSON.stringify(style))}&off=land.parcels:*`,
  )
  await settled(page)
  const box = await page.locator('#map').boundingBox()
  if (!box) throw new Error('no map')
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await settled(page)
  expect(page.url()).not.toContain('feature=')
  expect(words.fr.page.map.legend).toBe(fr.title)
})
