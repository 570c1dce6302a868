import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { open, signIn, words } from './actions'
import { browser, faults, NARROW, picture, WIDE } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

const list = (page: Page) => page.locator('section[aria-labelledby="list-title"]')
const criterion = (page: Page, number: number) =>
  list(page).getByRole('group', { name: `Critère ${number}` })

/** Waits until the list says how many rows it has. */
async function counted(page: Page, number: number): Promise<void> {
  const written = number.toLocaleString('fr').replaceAll(/\s/g, '.')
  await list(page)
    .getByText(new RegExp(`^${written} objets?$`))
    .waitFor()
}

async function choose(page: Page, number: number, what: string, option: string): Promise<void> {
  const box = criterion(page, number).getByRole('combobox', { name: what })
  await box.click()
  await page.getByRole('option', { name: option, exact: true }).first().click()
}

const count = async (where: string) => Number(await sql(reach, `select count(*) from ${where}`))

async function signedIn(path: string): Promise<Page> {
  const page = await visit()
  await open(page)
  await signIn(page, reach)
  await open(page, path)
  return page
}

describe('the list of a layer', () => {
  test('is narrowed by criteria, those of related records too', async () => {
    const page = await signedIn('/?list=land.parcels')
    await counted(page, await count('land.parcels'))
    await list(page).getByRole('button', { name: say.filter.open }).click()
    await choose(page, 1, say.filter.field, 'Numéro')
    await choose(page, 1, say.filter.operator, say.filter.operators.between)
    await criterion(page, 1).getByLabel(say.filter.from).fill('3')
    await criterion(page, 1).getByLabel(say.filter.to).fill('9')
    await counted(page, await count('land.parcels where number between 3 and 9'))
    await list(page).getByRole('button', { name: say.filter.add }).click()
    await choose(page, 2, say.filter.field, `Adresses : ${say.filter.any}`)
    await counted(
      page,
      await count(
        'land.parcels p where number between 3 and 9 and exists (select from land.addresses a where a.parcel_id = p.id)',
      ),
    )
    await picture(page, 'list-filter-wide-fr')
    expect(await faults(page)).toEqual([])

    const link = page.url()
    await open(page, link)
    await criterion(page, 2).waitFor()
    await list(page)
      .getByRole('button', { name: say.filter.remove.replace('{{number}}', '2') })
      .click()
    await counted(page, await count('land.parcels where number between 3 and 9'))
    await list(page).getByRole('button', { name: say.filter.clear }).click()
    await counted(page, await count('land.parcels'))
  })

  test('is read from its beginning, from its end, and through', async () => {
    const page = await signedIn('/?list=land.parcels&sort=registered_area')
    const first = list(page).locator('tbody tr').first()
    const button = (name: keyof typeof say.list.page) =>
      list(page).getByRole('button', { name: say.list.page[name] })
    const total = await count('land.parcels')
    await list(page)
      .getByText(/^1–50 sur/)
      .waitFor()
    const beginning = await first.textContent()
    expect(await button('previous').isDisabled()).toBe(true)
    await button('next').click()
    await list(page)
      .getByText(/^51–100 sur/)
      .waitFor()
    await button('previous').click()
    await list(page)
      .getByText(/^1–50 sur/)
      .waitFor()
    expect(await first.textContent()).toBe(beginning)
    await button('last').click()
    await list(page)
      .getByText(new RegExp(`${total.toLocaleString('fr').replaceAll(/\s/g, '.')} sur`))
      .waitFor()
    await list(page).locator(`button[aria-label="${say.list.page.next}"]:disabled`).waitFor()
    await button('first').click()
    await list(page)
      .getByText(/^1–50 sur/)
      .waitFor()
  })

  test('has rows to tick, which are added up and edited together, and undone', async () => {
    const page = await signedIn('/?list=land.parcels&sort=id')
    const rows = list(page).locator('tbody tr')
    await rows.nth(1).getByRole('checkbox').check()
    await rows.nth(3).getByRole('checkbox').check()
    await list(page).getByText('2 objets cochés').waitFor()
    await list(page).getByRole('button', { name: say.sums.title }).click()
    const sums = page.getByRole('dialog', { name: say.sums.title })
    await sums.getByText('Contenance').waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, 'list-sums-wide-fr')
    await page.keyboard.press('Escape')

    await list(page).getByRole('button', { name: say.bulk.chosen, exact: true }).click()
    const bulk = page.getByRole('dialog')
    await bulk.getByRole('combobox', { name: say.bulk.fields }).click()
    await page.getByRole('option', { name: 'Observations' }).click()
    await page.keyboard.press('Escape')
    await bulk.getByRole('textbox', { name: 'Observations' }).fill('à revoir ensemble')
    await bulk.getByRole('button', { name: say.bulk.preview }).click()
    await bulk.getByText('2 à modifier, 0 déjà ainsi').waitFor()
    expect(await count(`land.parcels where notes = 'à revoir ensemble'`)).toBe(0)
    await picture(page, 'list-bulk-wide-fr')
    expect(await faults(page)).toEqual([])
    await bulk.getByRole('button', { name: say.bulk.apply }).click()
    await page.getByText('2 objets modifiés').waitFor()
    expect(await count(`land.parcels where notes = 'à revoir ensemble'`)).toBe(2)
    await page.getByRole('button', { name: say.bulk.undo }).click()
    await page.getByText(say.bulk.undone).waitFor()
    expect(await count(`land.parcels where notes = 'à revoir ensemble'`)).toBe(0)
  })

  test('keeps the columns and the searches of its reader', async () => {
    const page = await signedIn('/?list=land.parcels')
    await list(page).getByRole('button', { name: say.columns.title }).click()
    await page.getByRole('dialog', { name: say.columns.title }).getByLabel('Observations').check()
    await page.keyboard.press('Escape')
    await list(page).locator('thead').getByText('Observations').waitFor()
    await list(page).getByLabel(say.list.filter).fill('AB')
    const some = await count(`land.parcels where section = 'AB'`)
    await counted(page, some)
    await list(page).getByRole('button', { name: say.views.title }).click()
    await page.getByRole('button', { name: say.views.save }).click()
    const saving = page.getByRole('dialog', { name: say.views.save })
    await saving.getByLabel(say.views.name).fill('Section AB')
    await saving.getByRole('button', { name: say.views.saveIt }).click()
    await saving.waitFor({ state: 'detached' })

    await open(page, '/?list=land.parcels')
    await list(page).locator('thead').getByText('Observations').waitFor()
    await list(page).getByRole('button', { name: say.views.title }).click()
    await page.getByRole('button', { name: 'Section AB', exact: true }).click()
    await counted(page, some)
    await picture(page, 'list-views-wide-fr')
    await page.getByRole('button', { name: 'Supprimer la recherche Section AB' }).click()
    await page.getByText(say.views.none).waitFor()
    await page.keyboard.press('Escape')
    await list(page).getByRole('button', { name: say.columns.title }).click()
    await page.getByRole('button', { name: say.columns.reset }).click()
    await list(page).locator('thead').getByText('Observations').waitFor({ state: 'detached' })
  })

  test.each([
    ['wide', 'fr', WIDE],
    ['narrow', 'fr', NARROW],
    ['narrow', 'en', NARROW],
  ] as const)('is readable on a %s screen in %s', async (size, language, viewport) => {
    const page = await visit({ language, viewport })
    await open(page, '/?list=cemetery.plots')
    await open(page, '/?list=land.parcels&filter={"op":"<","args":[{"property":"number"},40]}')
    await list(page).locator('tbody tr').first().waitFor()
    await picture(page, `list-${size}-${language}`)
    expect(await faults(page)).toEqual([])
  })

  test('is reached from the dashboard, whose figures are those of its rows', async () => {
    const page = await signedIn('/')
    await page.getByRole('button', { name: say.dashboard.title }).click()
    const board = page.getByRole('dialog', { name: say.dashboard.title })
    const widget = board.getByRole('region', { name: 'Emplacements par état' })
    await widget.getByRole('button').first().waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, 'dashboard-wide-fr')
    const free = board.getByRole('region', { name: 'Emplacements libres' }).getByRole('button')
    const figure = Number((await free.textContent())?.replaceAll(/\D/g, ''))
    expect(figure).toBeGreaterThan(0)
    await free.click()
    await counted(page, figure)
  })
})
