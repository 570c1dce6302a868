import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { open, record, search, signIn, words } from './actions'
import { browser, faults, picture, settled, type Visit } from './browser'
import { arpent, sql } from './server'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

async function administration(page: Page) {
  await page.getByRole('button', { name: /^Compte de/ }).click()
  await page.getByRole('menuitem', { name: say.admin.title }).click()
  const dialog = page.getByRole('dialog', { name: say.admin.title })
  await dialog.waitFor()
  return dialog
}

/** A person of the town hall, who signs in by a session of their own. */
async function person(login: string, password: string, visitor: Visit = {}): Promise<Page> {
  const page = await visit(visitor)
  await open(page)
  await page.getByRole('button', { name: say.session.signIn }).click()
  const dialog = page.getByRole('dialog', { name: say.session.signIn })
  await dialog.getByLabel(say.session.login).fill(login)
  await dialog.getByLabel(new RegExp(`^${say.session.password}`)).fill(password)
  await dialog.getByRole('button', { name: say.session.signIn, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await settled(page)
  return page
}

describe('the screens of administrators', () => {
  test.each(['light', 'dark'] as const)('have no fault that axe finds, %s', async (scheme) => {
    const page = await visit({ scheme })
    await open(page)
    await signIn(page, reach)
    const dialog = await administration(page)
    await dialog.getByRole('button', { name: say.admin.newPerson }).waitFor()
    for (const [i, tab] of [
      say.admin.people,
      say.admin.profiles,
      say.admin.collectivities,
      say.tokens.title,
      say.reads.title,
    ].entries()) {
      await dialog.getByRole('tab', { name: tab, exact: true }).click()
      await dialog.getByRole('table').waitFor()
      await picture(page, `admin-${i + 1}-${scheme}-fr`)
      expect(await faults(page), tab).toEqual([])
    }
    await dialog.getByRole('tab', { name: say.admin.people, exact: true }).click()
    await dialog.getByRole('button', { name: say.admin.newPerson }).click()
    await dialog.getByLabel(say.admin.email).waitFor()
    await picture(page, `admin-person-${scheme}-fr`)
    expect(await faults(page)).toEqual([])
  })
})

describe('an administrator', () => {
  test('makes a user, who is gone from the form at once when the right is taken away', async () => {
    const page = await visit()
    await open(page)
    await signIn(page, reach)
    let dialog = await administration(page)
    await dialog.getByRole('button', { name: say.admin.newPerson }).click()
    await dialog.getByLabel(say.admin.login).fill('agnes')
    await dialog.getByLabel(say.admin.name).fill('Agnès')
    await dialog.getByLabel(/\(00001\)/).selectOption({ label: 'Gestionnaire' })
    await dialog.getByRole('button', { name: say.admin.create }).click()
    await dialog.getByRole('button', { name: 'Modifier agnes' }).click()
    await dialog.getByRole('button', { name: say.admin.newPassword }).click()
    const password = await dialog.getByRole('status').locator('code').innerText()

    const agnes = await person('agnes', password)
    const id = await sql(reach, `select min(id) from land.parcels where collectivity = '00001'`)
    await search(agnes, id, id)
    const notes = record(agnes).getByLabel('Observations')
    await notes.fill('à voir')

    await dialog.getByLabel(/\(00001\)/).selectOption({ label: 'Lecteur' })
    await dialog.getByRole('button', { name: say.admin.save }).click()
    await dialog.getByRole('button', { name: say.admin.newPerson }).waitFor()

    await record(agnes).getByRole('button', { name: say.record.save }).click()
    const why = agnes.getByText(say.record.failed.forbidden).first()
    await why.waitFor()
    const box = await why.boundingBox()
    expect(box && box.y > 0 && box.y + box.height < 720, 'the message is on the screen').toBe(true)
    expect(await notes.inputValue()).toBe('à voir') // nothing is lost
    await picture(agnes, 'right-gone-wide-fr')

    await page.keyboard.press('Escape')
    dialog = await administration(page)
    await dialog.getByRole('tab', { name: say.admin.profiles }).click()
    await dialog.getByLabel(say.admin.profileId).fill('voirie')
    await dialog.getByRole('button', { name: say.admin.newProfile }).click()
    await dialog.getByRole('checkbox', { name: 'Imprimer – Partout' }).check()
    await dialog.getByRole('button', { name: say.admin.save }).click()
    await expect
      .poll(() => sql(reach, `select actions from arpent.profile_grant where profile = 'voirie'`))
      .toBe('{read,print}')
  })

  test('and everybody makes and revokes tokens of their own', async () => {
    const page = await visit()
    await open(page)
    await signIn(page, reach)
    await page.getByRole('button', { name: /^Compte de/ }).click()
    await page.getByRole('menuitem', { name: say.tokens.own }).click()
    const dialog = page.getByRole('dialog', { name: say.tokens.own })
    await dialog.getByLabel(say.tokens.name).fill('QGIS de la voirie')
    await dialog.getByRole('button', { name: say.tokens.create }).click()
    const token = await dialog.getByRole('status').locator('code').innerText()
    const status = () =>
      fetch(`${reach.url}/api/tokens`, { headers: { Authorization: `Bearer ${token}` } }).then(
        (answer) => answer.status,
      )
    expect(await status()).toBe(200)
    await picture(page, 'tokens-wide-fr')
    expect(await faults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Révoquer QGIS de la voirie' }).click()
    await expect.poll(status).toBe(401)
  })
})

describe('a forgotten password', () => {
  test('is chosen anew by a link in a mail', async () => {
    await arpent(reach, 'user', 'create', 'oublieuse', '--name', 'Oublieuse')
    await sql(
      reach,
      `update arpent.account set email = 'o@ville.example' where login = 'oublieuse'`,
    )
    const page = await visit()
    await open(page)
    await page.getByRole('button', { name: say.session.signIn }).click()
    await page.getByRole('button', { name: say.session.forgot }).click()
    const forgot = page.getByRole('dialog', { name: say.session.forgot })
    await forgot.getByLabel(say.session.loginOrMail).fill('oublieuse')
    expect(await faults(page)).toEqual([])
    await forgot.getByRole('button', { name: say.session.ask }).click()
    await forgot.getByText(say.session.asked).waitFor()
    await expect.poll(lastLink).toMatch(/#reset=/)

    const other = await visit()
    await open(other, await lastLink())
    const reset = other.getByRole('dialog', { name: say.session.choose })
    await reset.getByLabel(say.session.newPassword).fill('un nouveau mot de passe')
    expect(await faults(other)).toEqual([])
    expect(other.url()).not.toContain('reset')
    await reset.getByRole('button', { name: say.session.changePassword }).click()
    await other.getByRole('dialog', { name: say.session.signIn }).waitFor()
    await person('oublieuse', 'un nouveau mot de passe')
  })
})

/** The path of the link in the newest mail. */
async function lastLink(): Promise<string> {
  const folder = join(reach.data, 'mail')
  const names = (await readdir(folder).catch(() => [])).sort()
  const last = names.at(-1)
  if (!last) return ''
  const text = (await readFile(join(folder, last), 'utf8')).replaceAll('=\r\n', '')
  return (/\/#reset=\S+/.exec(text)?.[0] ?? '').replace('=3D', '=')
}
