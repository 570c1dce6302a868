/** What is new must be described before it is saved: one way for all, by the form of the record. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import panel from '../src/locales/panel.fr.json'
import fr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import { clickMap } from './actions'
import { browser, faults, NARROW, picture, settled } from './browser'
import { beginMains, clearMains, MAINS, makeMains, VALVES, yard } from './mains'
import { idle, nothingUnsaved, refused, save, set, state } from './planner'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const admin = { login: 'admin', password: reach.password }

nothingUnsaved(reach)
beforeAll(() => makeMains(reach))
afterAll(() => clearMains(reach))

/** Draws a main and waits until it is in the set. */
async function main(page: Page, ...places: Coordinate[]): Promise<void> {
  for (const place of places) await clickMap(page, place)
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/working/steps'))
  await page.keyboard.press('Enter')
  await answered
  await idle(page)
}

const aside = (page: Page) => page.getByRole('complementary')
const filling = async (page: Page) => (await state(page))?.filling ?? null
const keep = async (page: Page) => {
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/working/steps'))
  await aside(page).getByRole('button', { name: panel.missing.keep }).click()
  await answered
  await idle(page)
}
const missing = async (page: Page) =>
  (await set(page))?.features.flatMap(({ layer, missing = [] }) =>
    missing.map((name) => `${layer} ${name}`),
  )

describe('new mains', () => {
  test('are described one by one or alike, when one saves', async () => {
    const to = await yard(reach)
    const page = await visit()
    await beginMains(page, to(0, 0), admin)
    await page.keyboard.press('i') // no snapping to what the town has here
    await page.keyboard.press('d')
    await main(page, to(-20, 0), to(0, 4))
    await main(page, to(0, 4), to(20, 0))
    await main(page, to(0, 4), to(2, 20))
    expect(await refused(page)).toBeNull()
    expect((await set(page))?.features).toHaveLength(7)
    expect(await missing(page)).toHaveLength(3 * 2 + 4)

    await page.getByRole('button', { name: fr.save, exact: true }).click()
    const form = aside(page)
    await form.getByText(panel.missing.text_other.replace('{{count}}', '7')).waitFor()
    await form.getByLabel(/^Diamètre/).waitFor()
    const first = await filling(page)
    expect(first?.layer).toBe(MAINS)
    await picture(page, 'filling-wide-fr')
    expect(await faults(page)).toEqual([])

    // Without what is required nothing is kept.
    await form.getByLabel(/^Diamètre/).fill('125')
    await form.getByRole('button', { name: panel.missing.keep }).click()
    await form.locator('[aria-invalid=true]').first().waitFor()
    expect(await missing(page)).toHaveLength(10)
    await form.getByLabel(/^Matière/).selectOption('Acier')
    await form.getByLabel(/^Observations/).fill('Au pied du mur')
    await keep(page)
    expect(await missing(page)).toHaveLength(8)

    // The next one that lacks something is open: the last two are filled in alike.
    const second = await filling(page)
    expect(second?.layer).toBe(MAINS)
    expect(second?.id).not.toBe(first?.id)
    await form.getByText(panel.missing.text_other.replace('{{count}}', '6')).waitFor()
    await form.getByLabel(/^Diamètre/).fill('60')
    await form.getByLabel(/^Matière/).selectOption('PVC')
    await form.getByLabel(panel.missing.alike_one).check()
    await keep(page)
    expect(await missing(page)).toEqual(Array(4).fill(`${VALVES} kind`))

    expect((await filling(page))?.layer).toBe(VALVES)
    await form.getByLabel(/^Modèle/).selectOption('Opercule')
    await form.getByLabel(panel.missing.alike_other.replace('{{count}}', '3')).check()
    await picture(page, 'filling-alike-wide-fr')
    await keep(page)
    expect(await missing(page)).toEqual([])
    expect(await filling(page)).toBeNull()
    await form.getByText(panel.missing.all).waitFor()
    await picture(page, 'filled-wide-fr')
    await save(page)
    expect(await refused(page)).toBeNull()
    expect(
      await sql(
        reach,
        `select string_agg(diameter || ' ' || material || ' ' || coalesce(notes, '-'), ', ' order by diameter, material) from water.main`,
      ),
    ).toBe('60 pvc -, 60 pvc -, 125 steel Au pied du mur')
    expect(await sql(reach, `select count(*) from water.valve where kind = 'gate'`)).toBe('4')
  })

  test('are described on a phone, and what was typed is there after a reload', async () => {
    const to = await yard(reach)
    const page = await visit({ viewport: NARROW, scheme: 'dark' })
    await beginMains(page, to(100, 0), admin, 20)
    await page.locator('#map').focus()
    await page.keyboard.press('i')
    await page.keyboard.press('d')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    const answered = page.waitForResponse((answer) => answer.url().endsWith('/working/steps'))
    await page.keyboard.press('Enter')
    await answered
    await idle(page)
    await page.getByRole('button', { name: fr.save, exact: true }).click()
    await aside(page)
      .getByLabel(/^Diamètre/)
      .fill('80')
    await picture(page, 'filling-narrow-dark-fr')
    expect(await faults(page)).toEqual([])
    await page.reload()
    await settled(page)
    await page.getByRole('button', { name: fr.unsaved.go }).click()
    await idle(page)
    await page.getByRole('button', { name: fr.save, exact: true }).click()
    const diameter = aside(page).getByLabel(/^Diamètre/)
    await diameter.waitFor()
    expect(await diameter.inputValue()).toBe('80')
  })
})
