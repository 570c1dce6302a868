import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Download, Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { open, signIn, words } from './actions'
import { browser, faults, NARROW, OUTPUT, picture, settled, WIDE } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

const list = (page: Page) => page.locator('section[aria-labelledby="list-title"]')
const dialog = (page: Page) => page.getByRole('dialog', { name: say.export.open })

/** How many rows the list says it has, once its words are those that were typed. */
async function counted(page: Page, expected: string): Promise<number> {
  const number = Number(expected).toLocaleString('fr').replaceAll(/\s/g, '.')
  await list(page)
    .getByText(new RegExp(`^${number} objets$`))
    .waitFor()
  return Number(expected)
}

async function exported(page: Page, format: string): Promise<Download> {
  await dialog(page).getByLabel(say.export.format, { exact: true }).selectOption(format)
  const waiting = page.waitForEvent('download')
  await dialog(page).getByRole('button', { name: say.export.write }).click()
  return waiting
}

describe('somebody who needs a list elsewhere', () => {
  test('exports what the list shows as CSV and GeoPackage', async () => {
    const page = await visit()
    await open(page)
    await signIn(page, reach)
    await open(page, '/?list=land.parcels')
    await list(page).getByLabel(say.list.filter).fill('AB')
    const section = "section = 'AB'"
    const rows = await counted(
      page,
      await sql(reach, `select count(*) from land.parcels where ${section}`),
    )

    await list(page).getByRole('button', { name: say.export.open }).click()
    const csv = await exported(page, 'csv')
    expect(csv.suggestedFilename()).toBe('Parcelles.csv')
    await dialog(page)
      .getByText(/objets exportés/)
      .waitFor()
    await picture(page, 'export-wide-fr')
    expect(await faults(page)).toEqual([])
    const text = await readFile(await csv.path(), 'utf8')
    const [header = '', ...lines] = text.trimEnd().split('\n')
    expect(header).toMatch(/^\ufeffIdentifiant;Préfixe;Section;Numéro;/)
    expect(lines.length).toBe(rows)
    expect(lines.every((line) => line.split(';')[2] === 'AB')).toBe(true)

    await dialog(page).getByLabel(say.export.labels).uncheck()
    const gpkg = await exported(page, 'gpkg')
    const path = join(OUTPUT, 'export.gpkg')
    await gpkg.saveAs(path)
    const { stdout } = await promisify(execFile)('ogrinfo', ['-ro', '-so', '-al', path])
    expect(stdout).toContain(`Feature Count: ${rows}`)
    expect(stdout).toContain('ID["EPSG",2154]')
    expect(stdout).toContain('registered_area: Integer64')

    await dialog(page).getByLabel(say.export.crs).selectOption('4326')
    await exported(page, 'shp')
    await dialog(page)
      .getByText(/registered_area → registered/)
      .waitFor()
    await page.setViewportSize(NARROW)
    await picture(page, 'export-narrow-fr')
    await page.setViewportSize(WIDE)
  })

  test('finds no such button without an account', async () => {
    const page = await visit()
    await open(page, '/?list=land.parcels')
    await settled(page)
    await list(page).getByRole('button', { name: say.list.close }).waitFor()
    expect(await list(page).getByRole('button', { name: say.export.open }).count()).toBe(0)
  })
})
