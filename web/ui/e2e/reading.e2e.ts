import { describe, expect, inject, test } from 'vitest'
import { modify, open, record, search, signIn, toolbar, words } from './actions'
import { json, simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled, WIDE } from './browser'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

interface Layers {
  layers: { id: string; title: { fr: string; en: string }; kind: string; geometry: object | null }[]
}

describe('anybody', () => {
  test('sees the public layers and no tools to edit them', async () => {
    const { layers } = await json<Layers>(reach, '/api/layers')
    const page = await visit()
    await open(page)
    const tree = page.getByRole('navigation', { name: say.layers.title })
    const folded = tree.getByRole('heading').getByRole('button', { expanded: false })
    await folded.first().waitFor()
    while ((await folded.count()) > 0) await folded.first().click()
    const drawn = layers.filter(({ kind, geometry }) => kind === 'main' && geometry !== null)
    for (const { title } of drawn) await tree.getByText(title.fr, { exact: true }).first().waitFor()
    expect(layers.map(({ id }) => id)).toContain('land.parcels')
    expect(layers.map(({ id }) => id)).not.toContain('land.blocks')
    expect(await toolbar(page).count()).toBe(0)
    await picture(page, 'anonymous-wide-fr')
  })

  test('reads the page in French or English, switched without a reload', async () => {
    const page = await visit()
    await open(page)
    const loads: string[] = []
    page.on('framenavigated', (frame) => loads.push(frame.url()))
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    await page.getByText('EN', { exact: true }).click()
    await page.getByRole('navigation', { name: words.en.page.layers.title }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    expect(await page.evaluate(() => 'stayed' in window)).toBe(true)
    await picture(page, 'anonymous-wide-en')
  })

  test('opens a link and sees what its sender saw', async () => {
    const parcel = await simpleParcel(reach, 4)
    const sender = await visit()
    await open(sender)
    await search(sender, parcel.id, parcel.label)
    await record(sender).getByRole('heading', { name: parcel.label }).waitFor()
    await settled(sender)
    await sender.waitForURL((url) => url.search.includes(parcel.id))
    const sent = await sender.evaluate(() => window.arpent?.map.view())

    const receiver = await visit()
    await open(receiver, sender.url())
    await record(receiver).getByRole('heading', { name: parcel.label }).waitFor()
    await settled(receiver)
    const seen = await receiver.evaluate(() => window.arpent?.map.view())
    expect(seen?.zoom).toBeCloseTo(sent?.zoom ?? Number.NaN, 2)
    expect(seen?.center[0]).toBeCloseTo(sent?.center[0] ?? Number.NaN, 0)
    expect(seen?.center[1]).toBeCloseTo(sent?.center[1] ?? Number.NaN, 0)
  })
})

test('a form half filled survives a reload', async () => {
  const parcel = await simpleParcel(reach, 5)
  const page = await visit()
  page.on('dialog', (dialog) => dialog.accept())
  await open(page)
  await signIn(page, reach)
  await search(page, parcel.id, parcel.label)
  const field = record(page).getByRole('textbox').last()
  await field.fill('à moitié')
  await page.reload()
  await settled(page)
  await expect.poll(() => field.inputValue()).toBe('à moitié')
})

describe.each(['light', 'dark'] as const)('in %s colours', (scheme) => {
  describe.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ] as const)('on a %s screen', (width, viewport) => {
    test('no screen has a serious fault of accessibility', async () => {
      const parcel = await simpleParcel(reach, 6)
      const page = await visit({ scheme, viewport })
      const screen = async (name: string) => {
        await picture(page, `${name}-${width}-${scheme}`)
        expect(await faults(page), name).toEqual([])
      }
      await open(page)
      await screen('start')
      await page.getByRole('button', { name: say.session.signIn }).click()
      await page.getByRole('dialog').waitFor()
      await screen('sign-in')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await signIn(page, reach)
      await search(page, parcel.id, parcel.label)
      await record(page).getByRole('textbox').first().waitFor()
      await screen('record')
      await page.getByRole('tab', { name: say.record.history }).click()
      await screen('history')
      if (width === 'wide') {
        await modify(page)
        await screen('editing')
      }
    })
  })
})
