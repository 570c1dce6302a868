import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { open, signIn, words } from './actions'
import { browser, faults, NARROW, picture, WIDE } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)

const dialog = (page: Page) => page.getByRole('dialog')

/** Addresses as a town hall's spreadsheet saves them: Latin-1, semicolons, decimal commas. */
const addresses = (name: string) =>
  Buffer.from(
    [
      'Voie;Numéro;Complément;Électeurs;x;y',
      `${name};1;;3;900010,5;6690020`,
      `${name};2;bis;deux;900020,5;6690020`,
      `${name};3;;1;900030,5;6690020`,
      `${name};quatre;;1;900040,5;6690020`,
    ].join('\r\n'),
    'latin1',
  )

const count = async (street: string) =>
  Number(await sql(reach, `select count(*) from land.addresses where street = '${street}'`))

describe('a clerk with a file', () => {
  test.each([
    ['fr', WIDE],
    ['en', NARROW],
  ] as const)(
    'imports it, sees what was rejected, and takes it back (%s)',
    async (language, viewport) => {
      const { page: say } = words[language]
      const size = viewport === WIDE ? 'wide' : 'narrow'
      const street = `Rue de l Échelle ${language}`
      const page = await visit({ language: 'fr', viewport })
      await open(page)
      await signIn(page, reach)
      await open(page, `/?list=land.addresses&lang=${language}`)
      await page.getByRole('button', { name: say.import.open, exact: true }).click()
      await picture(page, `import-file-${size}-${language}`)
      expect(await faults(page)).toEqual([])

      await dialog(page)
        .locator('input[type="file"]')
        .setInputFiles({
          name: 'rien.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]),
        })
      await dialog(page).getByRole('alert').waitFor()
      await dialog(page)
        .locator('input[type="file"]')
        .setInputFiles({ name: 'adresses.csv', mimeType: 'text/csv', buffer: addresses(street) })
      await dialog(page).getByRole('cell', { name: street }).first().waitFor()
      expect(await dialog(page).getByLabel(say.import.separator).inputValue()).toBe(';')
      expect(await dialog(page).getByLabel(say.import.comma).isChecked()).toBe(true)
      await picture(page, `import-look-${size}-${language}`)
      expect(await faults(page)).toEqual([])
      await dialog(page).getByRole('button', { name: say.import.next }).click()

      await dialog(page).getByRole('button', { name: say.import.try }).waitFor()
      await picture(page, `import-columns-${size}-${language}`)
      expect(await faults(page)).toEqual([])
      await dialog(page).getByRole('button', { name: say.import.try }).click()
      await dialog(page).getByText(say.import.would).waitFor()
      const rejected = dialog(page).locator('tbody tr')
      expect(await rejected.count()).toBe(2)
      expect(await rejected.first().textContent()).toContain('deux')
      expect(await count(street)).toBe(0)
      await picture(page, `import-check-${size}-${language}`)
      expect(await faults(page)).toEqual([])

      const rejects = page.waitForEvent('download')
      await dialog(page).getByText(say.import.rejectsFile).click()
      expect((await rejects).suggestedFilename()).toContain('adresses')
      await dialog(page).getByRole('button', { name: say.import.go, exact: true }).click()
      await dialog(page).getByText(say.import.written).waitFor()
      expect(await count(street)).toBe(2)
      await dialog(page).getByRole('button', { name: say.bulk.undo }).click()
      await dialog(page).getByText(say.bulk.undone).waitFor()
      expect(await count(street)).toBe(0)
      await dialog(page).getByRole('button', { name: say.import.showList }).click()
      await page.getByRole('button', { name: say.jobs.title }).click()
      await page
        .getByRole('dialog', { name: say.jobs.title })
        .getByText(/adresses\.csv/)
        .first()
        .waitFor()
      await picture(page, `jobs-${size}-${language}`)
      expect(await faults(page)).toEqual([])
    },
  )

  test('finds no such button without the right to import', async () => {
    const page = await visit()
    await open(page, '/?list=land.parcels')
    await page.locator('section[aria-labelledby="list-title"] tbody tr').first().waitFor()
    expect(
      await page.getByRole('button', { name: words.fr.page.import.open, exact: true }).count(),
    ).toBe(0)
  })
})
