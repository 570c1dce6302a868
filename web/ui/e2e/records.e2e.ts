import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { open, record, signIn, words } from './actions'
import { browser, faults, NARROW, picture, settled, WIDE } from './browser'
import { photo } from './photo'
import { sql } from './server'
import { clearYard, grave, LONG, makeYard } from './yard'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

beforeAll(() => makeYard(reach))
afterAll(() => clearYard(reach))

/** A page of somebody signed in, on a record. */
async function on(path: string, visiting: Parameters<typeof visit>[0] = {}): Promise<Page> {
  const page = await visit(visiting)
  await open(page)
  await signIn(page, reach)
  await open(page, path)
  return page
}

const field = (page: Page, name: string) =>
  record(page)
    .getByLabel(new RegExp(`^${name}( \\*)?$`))
    .first()
const tab = (page: Page, name: string | RegExp) => record(page).getByRole('tab', { name })
const button = (page: Page, name: string) => record(page).getByRole('button', { name, exact: true })
const save = async (page: Page) => {
  await button(page, say.record.save).click()
  await page.getByText(say.record.saved, { exact: true }).first().waitFor()
}

describe('a form that follows its conditions', () => {
  test('fields leave and come, choices depend, rules speak at once', async () => {
    const id = await grave(reach, 'Allée des Ifs', 4)
    const page = await on(`/?feature=yard.graves/${id}`)
    const years = record(page).getByLabel('Années')
    await years.waitFor()
    await record(page).getByLabel('Perpétuelle').check()
    await years.waitFor({ state: 'detached' })
    await record(page).getByLabel('Temporaire').check()
    await years.waitFor()
    await field(page, 'Genre').click()
    await record(page).getByRole('option', { name: 'Columbarium' }).click()
    await record(page).getByLabel('Perpétuelle').waitFor({ state: 'detached' })
    await record(page).getByRole('button', { name: 'Contact' }).click()
    await field(page, 'Courriel').waitFor({ state: 'detached' })
    await record(page).getByRole('button', { name: 'Contact' }).click()
    await field(page, 'Courriel').fill('mairie@essai.fr')
    await field(page, 'Échéance').fill('01/02/1999')
    await field(page, 'Courriel').click()
    await record(page).getByText('L’échéance précède le début').first().waitFor()
    await field(page, 'Échéance').fill('03/02/2032')
    await field(page, 'Courriel').click()
    await record(page)
      .getByText('L’échéance précède le début')
      .first()
      .waitFor({ state: 'detached' })
    await save(page)
    const kept = await sql(
      reach,
      `select kind, owner_mail, duration, ends_on from yard.grave where id = ${id}`,
    )
    expect(kept).toBe('urn|mairie@essai.fr|30|2032-02-03')
    await picture(page, 'record-live-wide-fr')
  })

  test('a reference is chosen among those that fit, opened and left again', async () => {
    const id = await grave(reach, 'Allée des Ifs', 3)
    const page = await on(`/?feature=yard.graves/${id}`)
    const path = record(page).getByRole('combobox', { name: 'Allée', exact: true })
    await expect.poll(() => path.inputValue()).toBe('Allée des Ifs')
    await path.click()
    const options = page.getByRole('listbox').getByRole('option')
    await options.getByText('Allée des Tilleuls').waitFor()
    expect(await options.allTextContents()).not.toContain('Allée du Midi')
    await picture(page, 'record-reference-wide-fr')
    expect(await faults(page)).toEqual([])
    await path.fill('til')
    await expect.poll(() => options.allTextContents()).toEqual(['Allée des Tilleuls'])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => path.inputValue()).toBe('Allée des Tilleuls')
    await field(page, 'Genre').click()
    expect(await options.allTextContents()).not.toContain('Enfeu')
    await options.getByText(say.reference.expired).click()
    await record(page).getByRole('option', { name: 'Enfeu' }).waitFor()
    await page.keyboard.press('Escape')
    await button(page, say.reference.open.replace('{{label}}', 'Allée')).click()
    await record(page).getByRole('heading', { name: 'Allée des Tilleuls' }).waitFor()
    await tab(page, /^Tombes/).click()
    await record(page).getByRole('row').nth(4).waitFor()
    await record(page).getByRole('navigation').getByRole('button').first().click()
    await expect.poll(() => path.inputValue()).toBe('Allée des Tilleuls')
    await button(page, say.record.discard).click()
    await expect.poll(() => path.inputValue()).toBe('Allée des Ifs')
  })

  test('what was typed waits where it was left', async () => {
    const id = await grave(reach, 'Allée du Midi', 2)
    const page = await on(`/?feature=yard.graves/${id}`)
    await field(page, 'Observations').fill('à moitié')
    await button(page, say.record.close).click()
    await page.getByRole('button', { name: say.record.comeBack }).click()
    await expect.poll(() => field(page, 'Observations').inputValue()).toBe('à moitié')
    await button(page, say.record.discard).click()
    await expect.poll(() => field(page, 'Observations').inputValue()).toBe('')
  })

  test(`a form of ${LONG} fields opens, and says how fast`, async () => {
    const page = await on('/')
    const took: number[] = []
    for (let tries = 0; tries < 5; tries++) {
      await open(page, '/?feature=yard.graves/1&from=yard.long/1')
      await record(page).getByRole('navigation').getByText('un', { exact: true }).waitFor()
      await field(page, 'Numéro').waitFor()
      took.push(
        await page.evaluate(async (last) => {
          const start = performance.now()
          document.querySelector<HTMLElement>('section nav button')?.click()
          await new Promise<void>((resolve) => {
            const look = () => {
              const there = [...document.querySelectorAll('label')].some((label) =>
                label.textContent?.startsWith(last),
              )
              if (there) requestAnimationFrame(() => resolve())
              else requestAnimationFrame(look)
            }
            look()
          })
          return performance.now() - start
        }, `Champ ${LONG}`),
      )
    }
    console.log(`a form of ${LONG} fields: ${took.map(Math.round).join(', ')} ms`)
    expect(took).toHaveLength(5)
  })
})

describe('what belongs to a record', () => {
  test('is listed in tabs with counts, added with its reference, and leads back', async () => {
    const id = await grave(reach, 'Allée des Ifs', 1)
    const page = await on(`/?feature=yard.graves/${id}`)
    await expect.poll(() => tab(page, /^Défunts/).textContent()).toBe('Défunts2')
    await tab(page, /^Défunts/).click()
    await record(page).getByRole('button', { name: 'Anne Essai' }).waitFor()
    await picture(page, 'record-children-wide-fr')
    expect(await faults(page)).toEqual([])
    await record(page).getByRole('button', { name: 'Anne Essai' }).click()
    await record(page).getByRole('heading', { name: 'Anne Essai' }).waitFor()
    await page.waitForURL(/from=yard\.graves/)
    await page.keyboard.press('Alt+ArrowDown')
    await record(page).getByRole('heading', { name: 'Paul Essai' }).waitFor()
    const receiver = await on(page.url())
    await record(receiver).getByRole('navigation').getByText('Allée des Ifs n° 1').waitFor()
    await record(page).getByRole('navigation').getByText('Allée des Ifs n° 1').click()
    await button(page, say.children.add).click()
    await page.waitForURL(/new=yard\.dead/)
    await field(page, 'Nom').fill('Jeanne Essai')
    await field(page, 'Place').fill('1')
    await page.keyboard.press('Control+s')
    await record(page).getByRole('heading', { name: 'Jeanne Essai' }).waitFor()
    expect(await sql(reach, `select count(*) from yard.dead where grave = ${id}`)).toBe('3')
    await record(page).getByRole('navigation').getByText('Allée des Ifs n° 1').click()
    await expect.poll(() => tab(page, /^Défunts/).textContent()).toBe('Défunts3')
  })

  test('a link joins two records and parts them again', async () => {
    const id = await grave(reach, 'Allée des Ifs', 2)
    const page = await on(`/?feature=yard.graves/${id}&tab=yard.grave_parcels:grave`)
    const choose = record(page).getByRole('combobox', { name: say.children.join })
    await choose.click()
    await record(page).getByRole('option').first().waitFor()
    const label = (await record(page).getByRole('option').first().textContent()) ?? ''
    await record(page).getByRole('option').first().click()
    await record(page).getByRole('listitem').getByText(label).waitFor()
    await picture(page, 'record-links-wide-fr')
    expect(await sql(reach, `select count(*) from yard.grave_parcel where grave = ${id}`)).toBe('1')
    await record(page).getByRole('listitem').getByRole('button').last().click()
    await record(page).getByText(say.children.none).waitFor()
  })
})

describe('files', () => {
  test('are dropped, seen, placed, named, removed and brought back', async () => {
    const id = await grave(reach, 'Allée des Tilleuls', 1)
    const page = await on(`/?feature=yard.graves/${id}&tab=files`)
    const chooser = page.waitForEvent('filechooser')
    await button(page, say.files.add).click()
    await (await chooser).setFiles([
      { name: 'tombe.jpg', mimeType: 'image/jpeg', buffer: await photo(page) },
      { name: 'acte.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n1 0 obj\n') },
      { name: 'faux.png', mimeType: 'image/png', buffer: Buffer.from('%PDF-1.7\n2 0 obj\n') },
      { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<html></html>') },
      { name: 'lourd.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(3 << 20) },
    ])
    await record(page).getByRole('link', { name: 'tombe.jpg', exact: true }).waitFor()
    await record(page).getByRole('link', { name: 'acte.pdf', exact: true }).waitFor()
    await record(page).getByText(say.files.lies).waitFor()
    await record(page).getByText(say.files.wrongType).waitFor()
    await record(page).getByText('Trop volumineux', { exact: false }).waitFor()
    await expect.poll(() => tab(page, /^Fichiers/).textContent()).toBe('Fichiers2')
    await expect
      .poll(() =>
        record(page)
          .getByRole('img', { name: 'tombe.jpg' })
          .evaluate((img: HTMLImageElement) => img.naturalWidth),
      )
      .toBe(320)
    await record(page).getByText('2 mai 2024', { exact: false }).waitFor()
    await picture(page, 'record-files-wide-fr')
    expect(await faults(page)).toEqual([])
    const download = page.waitForEvent('download')
    await record(page)
      .getByRole('link', { name: say.files.downloadOf.replace('{{name}}', 'acte.pdf') })
      .click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('acte.pdf')
    expect(await readFile(await saved.path(), 'utf8')).toContain('%PDF')

    await button(page, say.files.remove.replace('{{name}}', 'acte.pdf')).click()
    await page.getByRole('button', { name: say.undo }).click()
    await record(page).getByRole('link', { name: 'acte.pdf', exact: true }).waitFor()
    await button(page, say.files.rename.replace('{{name}}', 'tombe.jpg')).click()
    await record(page).getByRole('textbox', { name: say.files.title }).fill('Stèle')
    await page.keyboard.press('Enter')
    await record(page).getByRole('link', { name: 'Stèle' }).waitFor()
    await button(page, say.files.place).click()
    await page.waitForFunction(() => window.arpent?.map.edit.state.dirty)
    await page.getByRole('toolbar').getByRole('button', { name: words.fr.map.edit.save }).click()
    await page.getByText(say.record.saved, { exact: true }).first().waitFor()
    const place = `select round(ST_X(p)::numeric, 3) || ' ' || round(ST_Y(p)::numeric, 3) from (select ST_Transform(geom, 4326) as p from yard.grave where id = ${id}) g`
    expect(await sql(reach, place)).toBe('6.500 47.250')
    await tab(page, say.record.history).click()
    await record(page).getByText(say.history.op.remove).waitFor()
    await record(page).getByText(say.history.op.return).waitFor()
    await picture(page, 'record-files-history-wide-fr')
  })
})

describe('history', () => {
  test('shows what changed, takes one change back and restores a version', async () => {
    const id = await grave(reach, 'Allée du Midi', 1)
    await sql(reach, `update yard.grave set number = 41 where id = ${id}`)
    await sql(
      reach,
      `update yard.grave set notes = 'à voir', path = (select id from yard.path where name = 'Allée des Ifs'), sector = 'N' where id = ${id}`,
    )
    await sql(reach, `update yard.grave set geom = ST_Translate(geom, 20, 10) where id = ${id}`)
    const page = await on(`/?feature=yard.graves/${id}&tab=history`)
    await record(page).getByText('Allée du Midi').first().waitFor()
    await button(page, say.history.showShape).first().click()
    await page.waitForURL(/entry=\d+/)
    await settled(page)
    await picture(page, 'record-history-wide-fr')
    expect(await faults(page)).toEqual([])
    const receiver = await on(page.url())
    await record(receiver).getByText(say.history.shapes).waitFor()
    await record(page)
      .getByRole('listitem')
      .filter({ has: page.locator('ins', { hasText: /^41$/ }) })
      .getByRole('button', { name: say.history.undo })
      .click()
    await page.getByText(say.history.done).waitFor()
    expect(await sql(reach, `select number, notes from yard.grave where id = ${id}`)).toBe(
      '1|à voir',
    )
    await record(page).getByText('annulation du changement', { exact: false }).waitFor()
    await record(page)
      .getByRole('listitem')
      .last()
      .getByRole('button', { name: say.history.restore })
      .click()
    await expect
      .poll(() =>
        sql(reach, `select number, coalesce(notes, '-'), sector from yard.grave where id = ${id}`),
      )
      .toBe('41|-|S')
    await record(page).getByText('rétablissement de la version', { exact: false }).waitFor()
  })

  test('a deleted record is brought back at once, or from its history', async () => {
    const id = await grave(reach, 'Allée du Midi', 4)
    const page = await on(`/?feature=yard.graves/${id}`)
    await button(page, say.record.delete.button).click()
    await page.getByRole('dialog').getByRole('button', { name: say.record.delete.confirm }).click()
    await page.getByRole('button', { name: say.undo }).click()
    await record(page).getByRole('heading', { name: 'Allée du Midi n° 4' }).waitFor()
    await sql(reach, `delete from yard.grave where id = ${id}`)
    const later = await on(`/?feature=yard.graves/${id}`)
    await button(later, say.record.gone.history).click()
    await picture(later, 'record-deleted-wide-fr')
    await button(later, say.history.bringBack).click()
    await record(later).getByRole('heading', { name: 'Allée du Midi n° 4' }).waitFor()
    expect(await sql(reach, `select number from yard.grave where id = ${id}`)).toBe('4')
  })
})

describe.each([
  ['wide', WIDE, 'en', 'light'],
  ['narrow', NARROW, 'fr', 'light'],
  ['narrow', NARROW, 'en', 'dark'],
] as const)('on a %s screen', (width, viewport, language, scheme) => {
  test(`no part of a record has a serious fault of accessibility (${language}, ${scheme})`, async () => {
    const id = await grave(reach, 'Allée des Ifs', 1)
    const page = await on(`/?lang=fr`, { viewport, scheme })
    for (const part of [
      'form',
      'yard.dead:grave',
      'yard.grave_parcels:grave',
      'files',
      'history',
    ]) {
      await open(page, `/?lang=${language}&feature=yard.graves/${id}&tab=${part}`)
      await record(page).getByRole('tabpanel').waitFor()
      await expect.poll(() => record(page).locator('.mantine-Skeleton-root').count()).toBe(0)
      const loading = record(page).getByText(words[language].page.loading, { exact: true })
      await expect.poll(() => loading.count()).toBe(0)
      const name = part.replace(/:.*/, '').replace('yard.', '')
      await picture(page, `record-${name}-${width}-${language}-${scheme}`)
      expect(await faults(page), part).toEqual([])
    }
  })
})
