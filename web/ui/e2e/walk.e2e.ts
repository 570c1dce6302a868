/** Goes through every layer of every trade with what their files alone say. */
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import type { Field, Register } from '../src/api/model'
import { drag, modify, open, pending, record, signIn, tool, toolbar, words } from './actions'
import { browser, settled } from './browser'

const reach = inject('reach')
const { visit } = browser(reach.url)
const { page: say } = words.fr

const PATIENCE = 20 * 60 * 1000

/** How far a new number lies from one there is; even, as street numbers keep to their side. */
const FAR = 7918

type Row = { id: string; properties: Record<string, unknown>; labels?: Record<string, string> }

const get = async <T>(page: Page, path: string): Promise<T> =>
  (await page.request.get(path)).json() as Promise<T>

const button = (page: Page, name: string) => record(page).getByRole('button', { name, exact: true })
const input = (page: Page, { name }: Field) => record(page).locator(`[id="root_${name}"]`)

/** Does what saves, and answers the identifier of the record. */
async function saved(page: Page, act: () => Promise<void>): Promise<string> {
  const [answer] = await Promise.all([
    page.waitForResponse(
      (answer) =>
        answer.request().method() === 'POST' && /\/(transactions|undo|restore)$/.test(answer.url()),
    ),
    act(),
  ])
  if (answer.status() !== 200) throw new Error(`${answer.status()} ${await answer.text()}`)
  const { results } = await answer.json()
  return results[0].id
}

interface Asked {
  pattern?: string
  maximum?: number
  default?: unknown
}

/** A value like one of those there are, but another, in the form that the field wants. */
function other(
  field: Field,
  value: unknown,
  turn: number,
  { pattern, maximum = Infinity }: Asked,
): string {
  const text = value === null || value === undefined ? '' : String(value)
  if (field.type === 'integer' || field.type === 'number')
    // As there; then what no other has; then little, as of what is referred to more is not always there.
    return [text || '1', String(Math.min(Number(text || 1) + FAR, maximum)), '1'][turn] ?? '1'
  const next = (digits: string) =>
    String((Number(digits) + FAR * (turn + 1)) % 10 ** digits.length).padStart(digits.length, '0')
  const values = [
    text.replace(/\d+$/, next),
    text.replace(/[A-Z]+$/, (letters) => `${'Z'.repeat(letters.length - 1)}${'ZYX'[turn]}`),
    `${text.slice(0, -1)}${'XYW'[turn]}`,
    `${text || 'Essai'} ${turn + 1}`,
  ].filter((each) => each !== text)
  return values.find((each) => !pattern || new RegExp(pattern).test(each)) ?? text
}

async function fill(
  page: Page,
  layer: Register,
  field: Field,
  like: Row | undefined,
  turn: number,
  asked: Asked,
) {
  const box = input(page, field)
  const value = like?.properties[field.name]
  if (asked.default !== undefined && field.type !== 'boolean') return
  if (field.reference) {
    await box.click()
    const options = record(page).getByRole('listbox').getByRole('option')
    await options.first().waitFor()
    // Two records are linked once: others are taken than in the records there are.
    const place = layer.fields.filter(({ reference }) => reference).indexOf(field)
    const far =
      layer.kind === 'link' ? (place === 0 ? (await options.count()) - 2 - turn : 3 * turn) : 0
    await options.nth(Math.max(0, far)).click()
    return
  }
  const tag = await box.evaluate((element) => element.tagName)
  if (tag === 'SELECT') {
    const choice = field.enum?.find((each) => each.value === String(value)) ?? field.enum?.[0]
    await box.selectOption({ label: choice?.label.fr ?? '' })
    return
  }
  if (field.enum) {
    await box.click()
    await page.getByRole('listbox').getByRole('option').first().click()
    return
  }
  if (field.type === 'boolean') {
    if (value === true) await box.check()
    return
  }
  if (field.type === 'date') {
    const [year, month, day] = String(value ?? '2024-05-06').split('-')
    await box.fill(`${day}/${month}/${year}`)
    await page.keyboard.press('Tab')
    return
  }
  if (!(await box.isVisible())) return // a condition hides it
  await box.fill(other(field, value, turn, asked))
}

/** Draws a small shape in the middle of the map. */
async function sketch(page: Page, layer: Register, turn: number): Promise<void> {
  await toolbar(page).getByRole('combobox').selectOption({ label: layer.title.fr })
  await tool(page, 'draw').click()
  await page.waitForFunction(() => window.arpent?.map.edit.state?.snapping.loading === false)
  await settled(page)
  const map = await page.locator('#map canvas').first().boundingBox()
  if (!map) throw new Error('there is no map')
  const [x, y] = [map.x + map.width / 2 + 37 * turn, map.y + map.height / 2 - 23 * turn]
  const type = layer.geometry?.type ?? ''
  const corners = [
    [x + 11, y + 7],
    [x + 71, y + 17],
    [x + 41, y + 73],
  ].slice(0, type.includes('Point') ? 1 : type.includes('Line') ? 2 : 3)
  for (const [atX = 0, atY = 0] of corners) {
    await page.mouse.move(atX, atY)
    await page.mouse.click(atX, atY)
  }
  if (corners.length > 1) await page.keyboard.press('Enter')
  await page.waitForFunction(() => window.arpent?.map.edit.pending() !== null)
}

/** The southernmost corner, which no tool covers. */
const southernmost = (coordinates: unknown): [number, number] =>
  positions(coordinates).reduce((low, each) => (each[1] < low[1] ? each : low))

function positions(coordinates: unknown): [number, number][] {
  const all = coordinates as unknown[]
  return Array.isArray(all[0]) ? all.flatMap(positions) : [coordinates as [number, number]]
}

async function walk(page: Page, layer: Register): Promise<void> {
  const { features } = await get<{ features: Row[] }>(
    page,
    `/api/layers/${layer.id}/features?limit=30`,
  )
  const like = features.at(-1)
  await page.evaluate(() => sessionStorage.clear()) // what another layer left half done
  await open(page, `/?list=${layer.id}${layer.geometry ? `&layers=${layer.id}` : ''}`)
  const list = page.locator('section[aria-labelledby="list-title"]')
  await list.getByRole('heading', { name: layer.title.fr }).waitFor()
  if (like) {
    await list.locator('tbody tr').first().click()
    await record(page).getByRole('tab').first().waitFor()
    await settled(page)
  }
  // Of a commune there is one in each collectivity.
  if (layer.editableIn.length === 0 || layer.id === 'land.communes') return

  const { schema } = await get<{ schema: { properties: Record<string, Asked> } }>(
    page,
    `/api/layers/${layer.id}/form`,
  )
  // What must be filled in; where rules want more, all that a record like it has.
  const asked = (turn: number) =>
    layer.fields.filter(
      ({ name, required, readOnly, computed }) =>
        !readOnly &&
        !computed &&
        (required ||
          (turn > 0 && name !== 'collectivity' && (like?.properties[name] ?? null) !== null)),
    )
  let id = ''
  for (let turn = 0; id === ''; turn++) {
    try {
      if (layer.geometry) await sketch(page, layer, turn)
      else await list.getByRole('button', { name: say.list.add }).click()
      for (const field of asked(turn)) {
        await fill(page, layer, field, like, turn, schema.properties[field.name] ?? {})
      }
      id = await saved(page, () =>
        (layer.geometry ? tool(page, 'save') : button(page, say.record.save)).click(),
      )
      // The page puts its draft away: before, it would begin with it again.
      await page.getByText(say.record.saved, { exact: true }).first().waitFor()
    } catch (error) {
      if (turn === 2) throw new Error(`creating: ${error}`)
      await page.evaluate(() => sessionStorage.clear())
      const at = like && layer.geometry ? `&feature=${layer.id}/${encodeURIComponent(like.id)}` : ''
      await open(page, `/?list=${layer.id}${at}`)
    }
  }
  await open(page, `/?feature=${layer.id}/${encodeURIComponent(id)}`)
  await record(page).getByRole('tab').first().waitFor()

  const free = layer.fields.find(
    ({ type, readOnly, computed, reference, enum: choices, required, name }) =>
      type === 'text' &&
      !readOnly &&
      !computed &&
      !reference &&
      !choices &&
      !required &&
      !/siren|siret|letter|idurba|collectivity|code|prefix/.test(name),
  )
  if (free && (await input(page, free).count()) > 0) {
    await input(page, free).fill('1')
    await saved(page, () => button(page, say.record.save).click())
  }
  if (layer.geometry) {
    await modify(page)
    const shape = await pending(page)
    if (!shape || !('coordinates' in shape)) throw new Error('there is no shape to move')
    const [x, y] = southernmost(shape.coordinates)
    const step = await page.evaluate(() => 20 * 2 ** (17 - (window.arpent?.map.view().zoom ?? 17)))
    await drag(page, [x, y], [x + step, y + step])
    await saved(page, () => tool(page, 'save').click())
  }
  await button(page, say.record.delete.button).click()
  await saved(page, () =>
    page.getByRole('dialog').getByRole('button', { name: say.record.delete.confirm }).click(),
  )
  await saved(page, () => page.getByRole('button', { name: say.undo }).click())
  const back = await page.request.get(`/api/layers/${layer.id}/features/${encodeURIComponent(id)}`)
  expect(back.status(), 'the record after it was restored').toBe(200)
  await page.request.post('/api/transactions', {
    data: {
      changes: [{ op: 'delete', layer: layer.id, id, version: (await back.json()).version }],
    },
  })
}

test(
  'every layer is listed, read, filled in, changed, moved, deleted and restored',
  async () => {
    const page = await visit()
    await open(page)
    await signIn(page, reach)
    const { layers } = await get<{ layers: Register[] }>(page, '/api/layers')
    const only = process.env.WALK
    const wrong: string[] = []
    for (const layer of layers.filter(({ id }) => !only || id.includes(only))) {
      const began = Date.now()
      try {
        await walk(page, layer)
        process.stdout.write(`${layer.id}: ${Date.now() - began} ms\n`)
      } catch (error) {
        await page.screenshot({ path: `test-output/failed/walk-${layer.id}.png` })
        wrong.push(`${layer.id}: ${String(error).slice(0, 400)}`)
      }
    }
    expect(layers.length).toBeGreaterThan(50)
    expect(wrong).toEqual([])
  },
  PATIENCE,
)
