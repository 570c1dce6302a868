/** How long the page takes where a planner waits for it. */
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { inject, test } from 'vitest'
import { open, pixel, signIn, tool, toolbar } from '../e2e/actions'
import { browser, settled } from '../e2e/browser'
import { sql } from '../e2e/server'
import fr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'

const reach = inject('reach')
const { visit } = browser(reach.url)
const PARCELS = 'land.parcels'
/** With this many parcels in the middle of the view, it and its surroundings have about 2,000. */
const MIDDLE = 600

test('script before the first map', async () => {
  const page = await visit()
  const scripts = new Map<string, Promise<Buffer>>()
  page.on('response', (answer) => {
    if (answer.request().resourceType() === 'script') scripts.set(answer.url(), answer.body())
  })
  await open(page)
  await page.waitForFunction(() => performance.getEntriesByName('first map').length > 0)
  await page.waitForLoadState('networkidle')
  const sizes = await Promise.all(
    [...scripts].map(async ([url, body]) => ({ url, size: gzipSync(await body).length })),
  )
  const { at, names } = await page.evaluate(() => {
    const at = performance.getEntriesByName('first map')[0]?.startTime ?? Number.NaN
    const asked = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < at)
    return { at, names: asked.map(({ name }) => name) }
  })
  const kb = (some: { size: number }[]) =>
    `${(some.reduce((sum, { size }) => sum + size, 0) / 1024).toFixed(0)} KB`
  const early = sizes.filter(({ url }) => names.includes(url))
  say(
    'script before the first map',
    `${kb(early)} compressed, ${kb(sizes)} when the page is at rest`,
    '350 KB',
  )
  say('the first map', `after ${at.toFixed(0)} ms`, '2 s')
  for (const { url, size } of early.toSorted((a, b) => b.size - a.size).slice(0, 12)) {
    console.log(`  ${(size / 1024).toFixed(1)} KB ${url.split('/').at(-1)}`)
  }
})

test('a section is opened, and a vertex of many moved', async () => {
  const { box, ids } = await section()
  const page = await visit()
  await open(page)
  await signIn(page, reach)
  await page.evaluate((box) => window.arpent?.map.fit(box, { maxZoom: 22, animate: false }), box)
  await settled(page)
  const times: number[] = []
  let around = 0
  page.on('response', async (answer) => {
    if (answer.url().includes(`/ogc/collections/${PARCELS}/items`)) {
      around = (await answer.json()).numberReturned
    }
  })
  for (let i = 0; i < 5; i++) {
    times.push(await opened(page, ids))
    if (i === 4) continue
    await page.getByRole('button', { name: fr.leave }).click()
    await toolbar(page).waitFor()
  }
  const missing = await page.evaluate(
    (ids) => ids.filter((id) => window.arpent?.map.working.shape(id) === null).length,
    ids,
  )
  say(`opening ${around} parcels`, `${ms(times)}; ${missing} not at hand`, '300 ms')

  const { at, sharers } = await sharedVertex(box)
  await page.evaluate(([x, y]) => window.arpent?.map.setView([x, y], 20), at)
  await settled(page)
  await page.waitForFunction(() => !window.arpent?.map.working.state.busy)
  await page.keyboard.press('v')
  for (let i = 0; i < 3; i++) {
    const { frames, script, answer } = await moved(page, at)
    say(`dragging a vertex of ${sharers}, from frame to frame`, ms(frames), '16 ms')
    say(`dragging a vertex of ${sharers}, script in a frame`, script, '16 ms')
    say('the answer to the move', answer, '50 ms')
    await page.keyboard.press('Control+z')
    await page.waitForFunction(() => {
      const { busy, working } = window.arpent?.map.working.state ?? {}
      return !busy && working?.done === 0
    })
  }
})

/** The surroundings, in EPSG:3857, of the parcels nearest to the middle of the town. */
async function section(): Promise<{ box: [number, number, number, number]; ids: string[] }> {
  const answer = await sql(
    reach,
    `with near as (
       select id, ST_Transform(geom, 3857) as g from land.parcels
       order by geom <-> (select ST_Centroid(ST_Collect(ST_Centroid(geom))) from land.parcels) limit ${MIDDLE})
     select json_build_object('ids', json_agg(id), 'box', json_build_array(
       ST_XMin(ST_Extent(g)), ST_YMin(ST_Extent(g)), ST_XMax(ST_Extent(g)), ST_YMax(ST_Extent(g)))) from near`,
  )
  return JSON.parse(answer)
}

/** The vertex in a box that most parcels have. */
async function sharedVertex(box: number[]): Promise<{ at: [number, number]; sharers: number }> {
  const answer = await sql(
    reach,
    `with corner as (
       select distinct id, (ST_DumpPoints(geom)).geom as at from land.parcels
       where geom && ST_Transform(ST_MakeEnvelope(${box.join()}, 3857), 2154)),
     most as (select at, count(*) as sharers from corner group by at order by 2 desc, at limit 1)
     select json_build_object('sharers', sharers, 'at', json_build_array(
       ST_X(ST_Transform(at, 3857)), ST_Y(ST_Transform(at, 3857)))) from most`,
  )
  return JSON.parse(answer)
}

/** From the click that opens a working set to its answer and all shapes in the view. */
async function opened(page: Page, ids: string[]): Promise<number> {
  const title = await page.evaluate(async (layer) => {
    const { layers } = await (await fetch('/api/layers')).json()
    return layers.find(({ id }: { id: string }) => id === layer).title.fr as string
  }, PARCELS)
  await toolbar(page).getByRole('combobox').selectOption({ label: title })
  const ready = page.evaluate(
    (id) =>
      new Promise<number>((resolve) => {
        let clicked = Number.NaN
        addEventListener(
          'click',
          ({ timeStamp }) => {
            clicked = timeStamp
          },
          {
            capture: true,
            once: true,
          },
        )
        const look = () => {
          const { working } = window.arpent?.map.working.state ?? {}
          if (working && window.arpent?.map.working.shape(id)) resolve(performance.now() - clicked)
          else requestAnimationFrame(look)
        }
        look()
      }),
    ids[0] ?? '',
  )
  await tool(page, 'together').click()
  return ready
}

/** Drags a vertex in sixty steps, one in each frame; the script's time is what Chromium counts. */
async function moved(page: Page, at: Coordinate) {
  const client = await page.context().newCDPSession(page)
  await client.send('Performance.enable')
  const counted = async () => {
    const { metrics } = await client.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN
  }
  const [x, y] = await pixel(page, at)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 4, y + 4, { steps: 4 })
  const before = await counted()
  const drawn = page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const times: number[] = []
        const frame = (now: number) => {
          times.push(now)
          if (times.length > 60) resolve(times.slice(1).map((time, i) => time - (times[i] ?? time)))
          else requestAnimationFrame(frame)
        }
        requestAnimationFrame(frame)
      }),
  )
  for (let i = 0; i < 60; i++) await page.mouse.move(x + 4 + (i % 20), y + 4 + (i % 7))
  const frames = await drawn
  const script = `${((((await counted()) - before) * 1000) / frames.length).toFixed(1)} ms`
  await page.mouse.move(x + 13, y + 11)
  const answering = page.waitForResponse((answer) => answer.url().endsWith('/working/steps'))
  await page.mouse.up()
  const answered = await answering
  await answered.finished()
  const { responseStart, requestStart } = answered.request().timing()
  const { refusal } = await answered.json()
  const answer = `${(responseStart - requestStart).toFixed(0)} ms${refusal ? ` (${refusal.kind})` : ''}`
  return { frames, script, answer }
}

function ms(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const of = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0)
  return `${of(0.5)} ms (half of ${times.length}), ${of(1)} ms at most`
}

/** Prints a figure beside what it should be. */
const say = (what: string, figure: string, target: string) =>
  console.log(`${what}: ${figure}; target ${target}`)
