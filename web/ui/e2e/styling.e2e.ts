/** How layers are drawn, chosen in the page. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { boxOf } from '../src/editing/geometry'
import en from '../src/locales/styling.en.json'
import fr from '../src/locales/styling.fr.json'
import type { LayerStyle } from '../src/map/api'
import { open, signIn, words } from './actions'
import { simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'

const reach = inject('reach')
const { visit } = browser(reach.url)

const PARCELS = { fr: 'Parcelles', en: 'Parcels' }
type Language = 'fr' | 'en'
const said = { fr, en }

const panel = (page: Page, language: Language = 'fr') =>
  page.getByRole('region', {
    name: said[language].title.replace('{{layer}}', PARCELS[language]),
  })

/** Opens the map on parcels at a zoom at which tiles do not carry their areas. */
async function onParcels(page: Page, zoom = 15.5): Promise<void> {
  const [minx, miny, maxx, maxy] = boxOf((await simpleParcel(reach, 2)).geometry) ?? [0, 0, 0, 0]
  const middle = [(minx + maxx) / 2, (miny + maxy) / 2].map((each) => each.toFixed(1))
  await open(page, `/?at=${middle},${zoom}&layers=land.parcels`)
}

/** By the keyboard alone: the menu of the layer, then its style. */
async function style(page: Page, language: Language = 'fr'): Promise<void> {
  const { layers } = words[language].page
  const actions = layers.actionsOf.replace('{{layer}}', PARCELS[language])
  await page.getByRole('button', { name: actions }).press('Enter')
  await page.getByRole('menuitem', { name: layers.style }).press('Enter')
  await panel(page, language).waitFor()
}

/** The style by which a link draws the parcels, once the address has it. */
async function inAddress(page: Page, holds: RegExp): Promise<LayerStyle> {
  await page.waitForFunction(
    (source) => new RegExp(source).test(new URLSearchParams(location.search).get('style') ?? ''),
    holds.source,
  )
  const text = await page.evaluate(() => new URLSearchParams(location.search).get('style') ?? '')
  return JSON.parse(text.slice(text.indexOf(':') + 1)) as LayerStyle
}

/** The colours of the map's pixels, rounded, each with its share; a frame at a time. */
async function shares(page: Page): Promise<Map<string, number>> {
  return new Map(
    await page.evaluate(() => {
      const found = new Map<string, number>()
      let all = 0
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('#map canvas')) {
        const ink = canvas.getContext('2d')
        if (!ink || canvas.width === 0) continue
        const { data } = ink.getImageData(0, 0, canvas.width, canvas.height)
        for (let i = 0; i < data.length; i += 16) {
          if ((data[i + 3] ?? 0) < 250) continue
          const key = [data[i], data[i + 1], data[i + 2]].map((part) => (part ?? 0) >> 4).join()
          found.set(key, (found.get(key) ?? 0) + 1)
          all += 1
        }
      }
      return [...found].map(([key, n]): [string, number] => [key, n / all])
    }),
  )
}

test('parcels by class: drawn at once without a blank frame, kept for oneself, forgotten again', async () => {
  const page = await visit()
  await open(page)
  await signIn(page, reach)
  await onParcels(page)
  await style(page)
  const opacity = panel(page).getByRole('slider', { name: fr.fillOpacity })
  await opacity.press('End')
  await settled(page)

  // From here on each frame is looked at: none may lose what is drawn.
  await page.evaluate(() => {
    const blank: number[] = []
    Object.assign(window, { blank })
    const look = () => {
      let drawn = 0
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('#map canvas')) {
        const ink = canvas.getContext('2d')
        if (!ink || canvas.width === 0) continue
        const { data } = ink.getImageData(0, 0, canvas.width, canvas.height)
        for (let i = 3; i < data.length; i += 400) drawn += (data[i] ?? 0) > 200 ? 1 : 0
      }
      blank.push(drawn)
      requestAnimationFrame(look)
    }
    look()
  })
  await panel(page).getByText(fr.mode.class, { exact: true }).click()
  await panel(page)
    .getByRole('combobox', { name: fr.field, exact: true })
    .selectOption({ label: 'Contenance' })
  await inAddress(page, /"field":"registered_area","method":"quantiles".*"colours":\[/)
  await settled(page)
  await panel(page).getByLabel(fr.method).selectOption({ label: fr.methods.jenks })
  const made = await inAddress(page, /"field":"registered_area","method":"jenks"/)
  await settled(page)
  const counts = await page.evaluate(() => (window as unknown as { blank: number[] }).blank)
  expect(Math.min(...counts.slice(1)), 'the least drawn of all frames').toBeGreaterThan(
    Math.max(...counts) * 0.8,
  )
  const colours = await shares(page)
  const seen = (made.classes?.colours ?? []).filter((colour) => {
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) >> 4)
    return (colours.get([r, g, b].join()) ?? 0) > 0.0005
  })
  expect(seen.length, 'classes seen on the map').toBeGreaterThan(2)
  await picture(page, 'styling-classes-wide-fr')
  expect(await faults(page)).toEqual([])

  await panel(page).getByLabel(fr.highest.replace('{{count}}', '1')).fill('500')
  await panel(page).getByLabel(fr.highest.replace('{{count}}', '1')).blur()
  const own = await inAddress(page, /"breaks":\[[\d.]+,500,/)
  expect(own.classes?.method).toBeUndefined()
  await panel(page).getByLabel(fr.highest.replace('{{count}}', '1')).fill('99999999')
  await panel(page).getByRole('alert').filter({ hasText: fr.unordered }).waitFor()
  await panel(page).getByLabel(fr.highest.replace('{{count}}', '1')).fill('600')
  await inAddress(page, /"breaks":\[[\d.]+,600,/)

  await panel(page).getByRole('button', { name: fr.saveOwn }).press('Enter')
  await panel(page).getByText(fr.of.own).waitFor()
  await page.reload()
  await settled(page)
  await style(page)
  await panel(page).getByText(fr.of.own).waitFor()
  await panel(page).getByRole('button', { name: fr.more }).press('Enter')
  await page.getByRole('menuitem', { name: fr.forgetOwn }).press('Enter')
  await panel(page).getByText(fr.of.file).waitFor()
  await page.waitForFunction(() => !location.search.includes('style='))
  await panel(page).getByRole('button', { name: fr.close }).press('Escape')
  await panel(page).waitFor({ state: 'detached' })
  const opener = words.fr.page.layers.actionsOf.replace('{{layer}}', PARCELS.fr)
  await page.waitForFunction(
    (name) => document.activeElement?.getAttribute('aria-label') === name,
    opener,
  )
})

test('for all by right: who has no style of their own sees it, until the original is given back', async () => {
  const boss = await visit()
  await open(boss)
  await signIn(boss, reach)
  await onParcels(boss)
  await style(boss)
  await panel(boss).getByLabel(fr.width).fill('4')
  await inAddress(boss, /"width":4/)
  await panel(boss).getByRole('button', { name: fr.more }).click()
  await boss
    .getByRole('menuitem', { name: fr.saveAll.replace('{{collectivity}}', '') })
    .first()
    .click()
  await panel(boss).getByText(fr.of.collectivity).waitFor()
  expect(await anybodysWidth()).toBe(4)
  await panel(boss).getByRole('button', { name: fr.more }).click()
  await boss.getByRole('menuitem', { name: fr.forgetAll.replace('{{collectivity}}', '') }).click()
  await panel(boss).getByText(fr.of.file).waitFor()
  expect(await anybodysWidth()).not.toBe(4)
})

async function anybodysWidth(): Promise<number | undefined> {
  const response = await fetch(`${reach.url}/api/layers`)
  const { layers } = (await response.json()) as { layers: { id: string; style: LayerStyle }[] }
  return layers.find(({ id }) => id === 'land.parcels')?.style.width
}

test('by value and with labels by an expression, in a link that opens what its sender saw', async () => {
  const page = await visit({ language: 'en' })
  await onParcels(page, 17)
  await style(page, 'en')
  await panel(page, 'en').getByText(en.mode.value, { exact: true }).click()
  await panel(page, 'en')
    .getByRole('combobox', { name: en.field, exact: true })
    .selectOption({ label: 'Section' })
  await inAddress(page, /"by":\{"field":"section"/)
  await panel(page, 'en').getByText(en.expression, { exact: true }).click()
  const text = panel(page, 'en').getByRole('textbox', { name: en.expression, exact: true })
  await text.fill('uper(section)')
  await panel(page, 'en')
    .getByText(/there is no function uper: do you mean upper/)
    .waitFor()
  await text.fill("section + '-' + text(number)")
  const sent = await inAddress(page, /"text":"section/)
  await settled(page)
  await picture(page, 'styling-values-wide-en')
  expect(await faults(page)).toEqual([])

  const other = await visit({ language: 'en', viewport: NARROW })
  await open(other, page.url().slice(reach.url.length))
  await settled(other)
  expect(await inAddress(other, /"by"/)).toEqual(sent)
  await picture(other, 'styling-link-narrow-en')
})

test('on a narrow screen the map stays in view above the choices; scales may be limited', async () => {
  const page = await visit({ viewport: NARROW })
  await onParcels(page, 16)
  await page.getByRole('button', { name: words.fr.page.layers.show }).click()
  await style(page)
  await panel(page)
    .getByRole('combobox', { name: fr.scale.from })
    .last()
    .selectOption({ label: '1:5 000' })
  await inAddress(page, /"minzoom":1\d/)
  await picture(page, 'styling-narrow-fr')
  expect(await faults(page)).toEqual([])
})
