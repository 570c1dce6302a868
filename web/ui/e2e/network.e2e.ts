/** Sewers edited as a network: pipes go on meeting at their manholes, whatever is done. */
import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import en from '../src/locales/network.en.json'
import fr from '../src/locales/network.fr.json'
import workingFr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import { clickMap, drag, open, pixel, signIn, tool, toolbar } from './actions'
import { browser, faults, NARROW, picture, settled, WIDE } from './browser'
import { exactLine, idle, nothingUnsaved, refused, save, set, state, step, steps } from './planner'
import { type Reach, sql } from './server'
import { along, NODES, PIPES, type Pipe, straight } from './sewers'

const reach = inject('reach')
const { visit } = browser(reach.url)
const admin = { login: 'admin', password: reach.password }
/** Opens the sewers' working set with a pipe in the middle of the map. */
async function begin(page: Page, pipe: Pipe): Promise<void> {
  const [x, y] = along(pipe, 0.5)
  await open(page, `/?at=${x.toFixed(1)},${y.toFixed(1)},18`)
  await signIn(page, admin)
  const title = await page.evaluate(async (layer) => {
    const { layers } = await (await fetch('/api/layers')).json()
    return layers.find(({ id }: { id: string }) => id === layer).title.fr as string
  }, PIPES)
  await toolbar(page).getByRole('combobox').selectOption({ label: title })
  await tool(page, 'together').click()
  await page.getByRole('toolbar', { name: workingFr.toolbar.replace('{{layer}}', title) }).waitFor()
  await idle(page)
  await page.evaluate(([x, y]) => window.arpent?.map.setView([x, y], 19.2), [x, y] as const)
  await ready(page, pipe)
}

async function ready(page: Page, pipe: Pipe): Promise<void> {
  await settled(page)
  await page.waitForFunction(
    ([id, node, nodes]) => {
      const working = window.arpent?.map.working
      return working?.shape(id) && working.shape(node, nodes)
    },
    [pipe.id, pipe.up, NODES] as const,
  )
}

/** Pipes that do not end on the nodes they name. */
const loose = (reach: Reach) =>
  sql(
    reach,
    `select count(*) from sewerage.pipes p
     left join sewerage.nodes u on u.id = p.upstream left join sewerage.nodes d on d.id = p.downstream
     where ST_Distance(u.geom, case when p.reversed then ST_EndPoint(p.geom) else ST_StartPoint(p.geom) end) is distinct from 0
        or ST_Distance(d.geom, case when p.reversed then ST_StartPoint(p.geom) else ST_EndPoint(p.geom) end) is distinct from 0`,
  )

nothingUnsaved(reach)

describe('the sewers', () => {
  test('drawn, connected, divided, moved, merged, turned, deleted, undone, done again, reloaded, saved', async () => {
    const pipe = await straight(reach, 5)
    const before = await loose(reach)
    const page = await visit()
    await begin(page, pipe)

    await page.keyboard.press('o')
    const middle = along(pipe, 0.5)
    await page.mouse.move(...(await pixel(page, middle)))
    await step(page, () => clickMap(page, middle))
    expect(await refused(page)).toBeNull()
    expect(await steps(page)).toEqual(['put-node'])
    await picture(page, 'network-split-wide-fr')

    await page.keyboard.press('v')
    const moved = along(pipe, 0.5, 3)
    await step(page, () => drag(page, middle, moved))
    expect(await steps(page), String(await refused(page))).toEqual(['put-node', 'move-node'])
    const parts = (await set(page))?.features.filter(({ layer }) => layer === PIPES) ?? []
    expect(parts).toHaveLength(2)
    const [node] = (await set(page))?.features.filter(({ layer }) => layer === NODES) ?? []
    const place = node?.after?.coordinates as number[]
    for (const { after } of parts) {
      const ends = [after?.coordinates[0], after?.coordinates.at(-1)] as number[][]
      const gaps = ends.map(([x = 0, y = 0]) =>
        Math.hypot(x - (place[0] ?? 0), y - (place[1] ?? 0)),
      )
      expect(Math.min(...gaps)).toBeLessThan(1e-6)
    }
    await picture(page, 'network-moved-wide-fr')

    await page.keyboard.press('b')
    const house = along(pipe, 0.25, -9)
    await page.mouse.move(...(await pixel(page, house)))
    await picture(page, 'network-lateral-wide-fr')
    await step(page, () => clickMap(page, house))
    expect((await steps(page)).at(-1), String(await refused(page))).toBe('connect')

    await page.keyboard.press('d')
    await clickMap(page, house)
    await clickMap(page, along(pipe, 0.35, -14))
    await clickMap(page, along(pipe, 0.55, -15))
    await step(page, () => page.keyboard.press('Enter'))
    expect((await steps(page)).at(-1), String(await refused(page))).toBe('draw')

    await page.keyboard.press('s')
    await step(page, async () => clickMap(page, along(pipe, 0.45, -14.5)))
    expect((await steps(page)).at(-1), String(await refused(page))).toBe('reverse')

    await page.keyboard.press('m')
    const at = place as unknown as Coordinate
    await step(page, () => clickMap(page, at))
    expect((await steps(page)).at(-1), String(await refused(page))).toBe('merge-through')

    await clickMap(page, along(pipe, 0.6, 20))
    await page.waitForFunction(() => window.arpent?.map.working.state.refused !== null)
    await picture(page, 'network-refused-wide-fr')

    await page.keyboard.press('x')
    await clickMap(page, house)
    await page.getByRole('dialog').waitFor()
    await picture(page, 'network-healing-wide-fr')
    expect(await faults(page)).toEqual([])
    await step(page, () => page.getByRole('button', { name: fr.ask.join }).click())
    expect((await steps(page)).at(-1), String(await refused(page))).toBe('delete-node')

    const done = await set(page)
    for (const _ of done?.steps ?? []) await page.keyboard.press('Control+z')
    await idle(page)
    expect((await set(page))?.features).toEqual([])
    for (const _ of done?.steps ?? []) await page.keyboard.press('Control+y')
    await idle(page)
    expect((await set(page))?.features).toEqual(done?.features)

    await page.reload()
    await settled(page)
    await page.getByRole('button', { name: workingFr.unsaved.go }).click()
    await idle(page)
    expect((await set(page))?.features).toEqual(done?.features)
    await picture(page, 'network-again-wide-fr')
    expect(await faults(page)).toEqual([])

    await save(page)
    expect(await refused(page)).toBeNull()
    expect((await set(page))?.steps).toEqual([])
    expect(await loose(reach), 'ends off their nodes').toBe(before)
    await picture(page, 'network-saved-wide-fr')
  })

  test('a pipe gets a vertex within, which is moved and taken away, and another way; its ends stay', async () => {
    const pipe = await straight(reach, 20)
    const before = await loose(reach)
    const ends = () =>
      sql(
        reach,
        `select ST_AsText(ST_StartPoint(geom)), ST_AsText(ST_EndPoint(geom)) from sewerage.pipes where id = '${pipe.id}'`,
      )
    const stood = await ends()
    const page = await visit()
    await begin(page, pipe)
    await page.keyboard.press('v')
    await step(page, () => drag(page, along(pipe, 0.4), along(pipe, 0.4, 4)))
    await step(page, () => drag(page, along(pipe, 0.4, 4), along(pipe, 0.5, 3)))
    expect(await steps(page), String(await refused(page))).toEqual(['insert-vertex', 'move-vertex'])
    await page.keyboard.down('Alt')
    await step(page, () => clickMap(page, along(pipe, 0.5, 3)))
    await page.keyboard.up('Alt')
    expect((await steps(page)).at(-1), String(await refused(page))).toBe('remove-vertex')
    await page.evaluate((id) => window.arpent?.map.working.choose([id]), pipe.id)
    await page.keyboard.press('r')
    await exactLine(
      page,
      along(pipe, 0.3),
      along(pipe, 0.4, 3),
      along(pipe, 0.6, 3),
      along(pipe, 0.7),
    )
    expect((await steps(page)).at(-1), String(await refused(page))).toBe('reshape')
    await picture(page, 'network-reroute-fr')
    const [drawn] = (await set(page))?.features ?? []
    await save(page)
    const [points, length] = (
      await sql(
        reach,
        `select ST_NPoints(geom), ST_Length(ST_Transform(ST_Force2D(geom), 4326)::geography) from sewerage.pipes where id = '${pipe.id}'`,
      )
    )
      .split('|')
      .map(Number)
    expect(points, 'the ends, and the four of the new way').toBe(6)
    expect(length).toBeCloseTo(drawn?.length ?? 0, 1)
    expect(await ends(), 'its ends').toBe(stood)
    expect(await loose(reach), 'ends off their nodes').toBe(before)
  })

  test('a manhole is put and a pipe deleted by the keyboard alone, on a phone, in English', async () => {
    const pipe = await straight(reach, 12)
    const page = await visit({ viewport: NARROW })
    await begin(page, pipe)
    await page.evaluate(
      ([x, y]) => window.arpent?.map.setView([x, y], 20),
      along(pipe, 0.4) as unknown as [number, number],
    )
    await ready(page, pipe)
    await page.locator('#map').focus()
    await page.keyboard.press('o')
    await page.keyboard.press('ArrowUp') // the cross comes, in the middle
    await step(page, () => page.keyboard.press('Enter'))
    expect(await steps(page), String(await refused(page))).toEqual(['put-node'])
    await page.keyboard.press('x')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await picture(page, 'network-narrow-fr')
    await step(page, () => page.keyboard.press('Enter'))
    expect(await steps(page), String(await refused(page))).toEqual(['put-node', 'delete-node'])
    expect(await faults(page)).toEqual([])
    expect((await state(page))?.question).toBeNull()
    await page.getByText('EN', { exact: true }).click()
    await page.getByRole('button', { name: en.tool.connect }).click()
    await picture(page, 'network-narrow-en')
    await page.setViewportSize(WIDE)
    await picture(page, 'network-wide-en')
  })
})
