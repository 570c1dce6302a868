import { describe, expect, inject, test } from 'vitest'
import { clickMap, draw, open, record, signIn, tool, words } from './actions'
import { browser, faults, NARROW, picture, settled, WIDE } from './browser'
import { sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

describe('an administrator', () => {
  test('designs a layer, draws on it at once, gives it another field and takes it away', async () => {
    const page = await visit()
    await open(page)
    await signIn(page, reach)
    const openDesign = async () => {
      await page.getByRole('button', { name: /^Compte de/ }).click()
      await page.getByRole('menuitem', { name: say.design.title }).click()
      const dialog = page.getByRole('dialog', { name: say.design.title })
      await dialog.waitFor()
      return dialog
    }
    let dialog = await openDesign()
    await dialog.getByLabel(say.design.name).fill('Bancs publics')
    await dialog.getByLabel(say.design.fieldName).fill('Nom')
    await dialog.getByRole('button', { name: say.design.addField }).click()
    const second = dialog.getByRole('group', {
      name: say.design.fieldNumber.replace('{{number}}', '2'),
    })
    await second.getByLabel(say.design.fieldName).fill('État')
    await second.getByLabel(say.design.fieldKind).selectOption(say.design.kinds.choice)
    await second.getByLabel(say.design.choices).fill('Neuf\nÀ repeindre')
    await picture(page, 'design-wide-fr')
    expect(await faults(page)).toEqual([])
    await page.setViewportSize(NARROW)
    await picture(page, 'design-narrow-fr')
    await page.setViewportSize(WIDE)
    await dialog.getByRole('button', { name: say.design.create }).click()
    await dialog.waitFor({ state: 'detached' })

    await page.getByRole('checkbox', { name: 'Bancs publics' }).waitFor()
    await draw(page, 'Bancs publics')
    const { x, y } = await page.evaluate(() => {
      const [x = 0, y = 0] = window.arpent?.map.view().center ?? []
      return { x, y }
    })
    await clickMap(page, [x, y])
    const form = record(page)
    await form.getByLabel('Nom').fill('Banc du lavoir')
    await form.getByRole('combobox', { name: 'État' }).selectOption('À repeindre')
    await picture(page, 'designed-form-wide-fr')
    await tool(page, 'save').click()
    await settled(page)
    await form.getByRole('heading', { name: 'Banc du lavoir' }).waitFor()
    expect(await sql(reach, 'select nom, etat from own.bancs_publics')).toBe(
      'Banc du lavoir|a_repeindre',
    )

    dialog = await openDesign()
    await dialog.getByRole('tab', { name: say.design.own }).click()
    await dialog.getByLabel(say.design.fieldName).fill('Posé le')
    await dialog.getByLabel(say.design.fieldKind).selectOption(say.design.kinds.date)
    await dialog.getByRole('button', { name: say.design.addField }).click()
    await dialog
      .getByLabel(say.design.file)
      .and(page.locator('textarea'))
      .filter({ hasText: 'pose_le' })
      .waitFor()
    await dialog
      .getByLabel(say.design.file)
      .and(page.locator('textarea'))
      .fill('id: own.bancs_publics\ntitel: x\n')
    await dialog.getByRole('button', { name: say.design.save }).click()
    await dialog.getByRole('alert').filter({ hasText: 'titel: is no known key' }).waitFor()
    await picture(page, 'design-own-wide-fr')
    expect(await faults(page)).toEqual([])
    await dialog.getByRole('button', { name: say.design.drop }).click()
    await dialog.getByRole('button', { name: say.design.drop }).click()
    await dialog.getByText(say.design.nothing).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('checkbox', { name: 'Bancs publics' }).waitFor({ state: 'detached' })
    expect(await sql(reach, 'select count(*) from own.bancs_publics')).toBe('1')
  })
})
