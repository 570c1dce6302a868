import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import say from '../src/locales/tiles.fr.json'
import tree from '../src/locales/tree.fr.json'
import { open, signIn, words } from './actions'
import { browser, faults, NARROW, picture, WIDE } from './browser'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: general } = words.fr

const dialog = (page: Page) => page.getByRole('dialog', { name: say.title })

describe('somebody who takes the map along', () => {
  test('chooses layers by the keyboard, learns how much it is, and downloads the file', async () => {
    const page = await visit()
    await open(page)
    await signIn(page, reach)
    await page.getByRole('button', { name: tree.menu }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: tree.takeAlong }).press('Enter')
    await dialog(page).waitFor()

    // What the map shows is chosen; the parcels alone are left of it.
    const layers = dialog(page).getByRole('group', { name: say.layers })
    expect(await layers.getByRole('checkbox', { checked: true }).count()).toBeGreaterThan(1)
    for (const box of await layers.getByRole('checkbox').all()) {
      const wanted = (await box.getAttribute('value')) === 'land.parcels'
      if ((await box.isChecked()) !== wanted) await box.press('Space')
    }
    expect(await layers.getByRole('checkbox', { checked: true }).count()).toBe(1)
    const last = dialog(page).getByLabel(say.zooms.last)
    await last.fill('15')
    await last.press('Tab')
    await dialog(page)
      .getByText(/^Environ [\d\s]+ tuiles\.$/u)
      .waitFor()
    await picture(page, 'take-along-wide-fr')
    expect(await faults(page)).toEqual([])

    const waiting = page.waitForEvent('download')
    await dialog(page).getByRole('button', { name: say.make }).press('Enter')
    const file = await waiting
    expect(file.suggestedFilename()).toBe('Parcelles.pmtiles')
    const content = await readFile(await file.path())
    expect(content.subarray(0, 8).toString('latin1')).toBe('PMTiles\x03')
    expect(content[100]).toBeLessThanOrEqual(15) // the least zoom, then the greatest
    expect(content[101]).toBe(15)
    await dialog(page)
      .getByText(/tuiles écrites\./)
      .waitFor()
    await page.setViewportSize(NARROW)
    await picture(page, 'take-along-narrow-fr')
    expect(await faults(page)).toEqual([])
    await page.setViewportSize(WIDE)

    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: general.jobs.title }).click()
    const jobs = page.getByRole('dialog', { name: general.jobs.title })
    await jobs.getByText(`${general.jobs.kinds.tiles} : Parcelles`).first().waitFor()
    await picture(page, 'take-along-jobs-fr')
    const again = page.waitForEvent('download')
    await jobs.getByRole('link', { name: general.jobs.download }).first().click()
    expect((await again).suggestedFilename()).toBe('Parcelles.pmtiles')
  })

  test('stops what takes too long', async () => {
    const page = await visit()
    await open(page)
    await signIn(page, reach)
    await page.getByRole('button', { name: tree.menu }).click()
    await page.getByRole('menuitem', { name: tree.takeAlong }).click()
    const last = dialog(page).getByLabel(say.zooms.last)
    // The deepest of the layers, beyond which the field takes nothing.
    await last.fill('18')
    await last.press('Tab')
    expect(await last.inputValue()).toBe('18')
    await dialog(page)
      .getByText(/^Environ \d[\d\s]+\d{3} tuiles\.$/u)
      .waitFor()
    await dialog(page).getByRole('button', { name: say.make }).click()
    await dialog(page).getByRole('button', { name: general.jobs.stop }).click()
    await dialog(page).getByRole('button', { name: say.make }).waitFor()
    expect(
      await dialog(page)
        .getByText(/tuiles écrites/)
        .count(),
    ).toBe(0)
  })

  test('is told, as an administrator without a shared cache, how to get one', async () => {
    const page = await visit()
    await open(page)
    await signIn(page, reach)
    await page.getByRole('button', { name: /^Compte de A/ }).click()
    await page.getByRole('menuitem', { name: general.admin.title }).click()
    const admin = page.getByRole('dialog', { name: general.admin.title })
    await admin.getByRole('tab').last().click()
    const seeding = admin.getByRole('group', { name: say.seed.layers })
    await seeding.getByRole('checkbox', { name: 'Parcelles', exact: true }).check()
    await admin.getByRole('button', { name: say.seed.go }).click()
    await admin.getByText(/ARPENT_TILE_CACHE/).waitFor()
    await picture(page, 'seed-wide-fr')
    expect(await faults(page)).toEqual([])
  })
})
