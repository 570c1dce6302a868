import { toLonLat } from 'ol/proj'
import type { Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import type { Coordinate, Geometry } from '../src/map/api'
import { lineLength, polygonArea } from '../src/map/measure'
import { clickMap, draw, open, pending, pixel, signIn, tool, toolbar, words } from './actions'
import { feature, ringsOf, simpleParcel } from './api'
import { browser, faults, NARROW, picture, settled } from './browser'

const reach = inject('reach')
const { visit } = browser(reach.url)
const BUILDINGS = 'land.buildings'

type Figure = keyof typeof words.fr.drawing.figure

/** A place of the town with nothing of this test on it yet, and the page around it. */
async function planner(nth: number, visitor: Parameters<typeof visit>[0] = {}) {
  const parcel = await simpleParcel(reach, nth)
  const [[x = 0, y = 0] = []] = ringsOf(parcel.geometry)[0] ?? []
  const page = await visit(visitor)
  await open(page, `/?at=${x.toFixed(1)},${y.toFixed(1)},19`)
  return { page, parcel, corner: [x, y] as Coordinate }
}

async function begin(page: Page, figure?: Figure): Promise<void> {
  const { title } = await page.evaluate(async () => {
    const { layers } = await (await fetch('/api/layers')).json()
    return layers.find(({ id }: { id: string }) => id === 'land.buildings')
  })
  if (!figure) return draw(page, title.fr)
  await toolbar(page).getByRole('combobox').selectOption({ label: title.fr })
  await toolbar(page).getByRole('button', { name: words.fr.drawing.figures }).click()
  await page.getByRole('menuitem', { name: words.fr.drawing.figure[figure] }).click()
  await page.waitForFunction(() => window.arpent?.map.edit.state.snapping.loading === false)
  await settled(page)
}

/** Saves what is drawn, and answers what the server keeps. */
async function saved(page: Page): Promise<Geometry> {
  await page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'modify')
  const drawn = await pending(page)
  const accepted = page.waitForResponse((answer) => answer.url().endsWith('/api/transactions'))
  await tool(page, 'save').click()
  const { results } = await (await accepted).json()
  await page.waitForFunction(() => window.arpent?.map.edit.state.mode === 'idle')
  const { geometry } = await feature(reach, BUILDINGS, results[0].id)
  const kept = ringsOf(geometry)[0] ?? []
  for (const [i, [x = 0, y = 0]] of (ringsOf(drawn as Geometry)[0] ?? []).entries()) {
    const [kx = 0, ky = 0] = kept[i] ?? []
    expect(Math.hypot(kx - x, ky - y), 'what is kept of what was drawn').toBeLessThan(0.002)
  }
  return geometry
}

const ring = (geometry: Geometry) => ringsOf(geometry)[0] ?? []

describe('a planner draws', () => {
  test('figures by few points', async () => {
    const { page, corner } = await planner(4)
    await signIn(page, reach)
    const [x, y] = corner
    // The record's panel opens on the right of the corner, the tools lie above it.
    const at = (dx: number, dy: number): Coordinate => [x - 35 + dx, y - 30 + dy]
    const figures: [Figure, Coordinate[], (ring: number[][]) => void][] = [
      ['rectangle', [at(2, 25), at(14, 35)], (r) => expect(r).toHaveLength(5)],
      [
        'circle',
        [at(26, 28), at(31, 28)],
        (r) => {
          const radius = lineLength([r[0] ?? [], middle(r)])
          expect(polygonArea([r])).toBeGreaterThan(Math.PI * radius ** 2 * 0.99)
        },
      ],
      ['diameter', [at(2, 15), at(10, 15)], (r) => expect(r.length).toBeGreaterThan(16)],
      [
        'turned',
        [at(14, 4), at(28, 8), at(26, 18)],
        (r) => {
          const [a = 0, b = 0] = [lineLength(r.slice(0, 2)), lineLength(r.slice(1, 3))]
          expect(polygonArea([r])).toBeCloseTo(a * b, 1)
        },
      ],
      ['regular', [at(5, 4), at(9, 4)], (r) => expect(r).toHaveLength(7)],
    ]
    for (const [figure, places, check] of figures) {
      await begin(page, figure)
      if (figure === 'rectangle') await page.keyboard.press('i')
      for (const place of places) await clickMap(page, place)
      const geometry = await saved(page)
      check(ring(geometry))
    }
    await picture(page, 'drawing-figures-fr')
  })

  test('by coordinates, lengths and angles', async () => {
    const { page, corner } = await planner(5)
    await signIn(page, reach)
    await page.getByLabel(words.fr.places.crs).selectOption('EPSG:3857')
    await begin(page)
    const say = words.fr.drawing.numbers
    await toolbar(page).getByRole('button', { name: say.title }).waitFor()
    await page.keyboard.press('n')
    await page.getByLabel(say.x).fill('ici')
    await page.keyboard.press('Enter')
    await page.getByText(say.wrongCoordinates).waitFor()
    const start: Coordinate = [corner[0] + 3, corner[1] + 3]
    await page.getByLabel(say.x).fill(`${start[0]}`)
    await page.keyboard.press('Tab')
    await page.keyboard.type(`${start[1]}`)
    await page.keyboard.press('Enter')
    const side = async (length: string, angle: string, relative: boolean) => {
      await page.getByLabel(say.length).fill(length)
      await page.getByLabel(relative ? say.turn : say.azimuth).fill(angle)
      await page.keyboard.press('Enter')
    }
    await side('12,5', '30', false)
    await page.getByLabel(say.relative).check()
    await side('8', '90', true)
    await picture(page, 'drawing-numbers-fr')
    expect(await faults(page)).toEqual([])
    await side('12,5', '90', true)
    await page.keyboard.press('Escape')
    await page.locator('#map').focus()
    await page.keyboard.press('Enter')
    const kept = ring(await saved(page))
    expect(kept).toHaveLength(5)
    expect(lineLength(kept.slice(0, 2))).toBeCloseTo(12.5, 2)
    expect(lineLength(kept.slice(1, 3))).toBeCloseTo(8, 2)
    expect(polygonArea([kept])).toBeCloseTo(100, 0)
  })

  test('drawn to what lies around, as they choose', async () => {
    const { page, corner } = await planner(6)
    await signIn(page, reach)
    await begin(page)
    const [px, py] = await pixel(page, corner)
    const snapped = () => page.evaluate(() => window.arpent?.map.edit.state.magnet.on ?? null)
    await page.mouse.move(px + 6, py + 4)
    expect(await snapped()).toBe('vertex')
    await picture(page, 'drawing-snap-fr')
    await page.keyboard.press('i')
    await page.mouse.move(px + 5, py + 4)
    expect(await snapped()).toBeNull()
    await page.keyboard.press('i')
    await toolbar(page).getByRole('button', { name: words.fr.drawing.snap.title }).click()
    await page.getByLabel(words.fr.drawing.snap.vertex).waitFor()
    await picture(page, 'drawing-snap-menu-fr')
    expect(await faults(page)).toEqual([])
    await page.getByLabel(words.fr.drawing.snap.vertex).uncheck()
    await page.keyboard.press('Escape')
    await page.mouse.move(px + 6, py + 3)
    expect(await snapped()).not.toBe('vertex')
  })

  test('from GPX and KML files that are dropped on the map', async () => {
    const { page, corner } = await planner(8)
    await signIn(page, reach)
    const [x, y] = [corner[0] - 30, corner[1] - 25]
    const outline: Coordinate[] = [
      [x, y],
      [x + 14, y],
      [x + 14, y + 10],
      [x, y + 10],
      [x, y],
    ]
    const degrees = outline.map((place) => toLonLat(place))
    const files = {
      'tour.gpx': `<?xml version="1.0"?><gpx version="1.1" creator="essai" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Tour</name><trkseg>${degrees
        .map(([lon, lat]) => `<trkpt lat="${lat}" lon="${lon}"><ele>250</ele></trkpt>`)
        .join('')}</trkseg></trk></gpx>`,
      'abri.kml': `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Abri</name><Polygon><outerBoundaryIs><LinearRing><coordinates>${degrees
        .map(([lon, lat]) => `${lon},${lat},0`)
        .join(
          ' ',
        )}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>`,
    }
    await toolbar(page).getByRole('combobox').selectOption({ label: 'Bâtiments' })
    for (const [name, text] of Object.entries(files)) {
      const dropped = await page.evaluateHandle(
        ([name, text]) => {
          const data = new DataTransfer()
          data.items.add(new File([text], name))
          return data
        },
        [name, text] as const,
      )
      await page.locator('#map').dispatchEvent('drop', { dataTransfer: dropped })
      const geometry = await saved(page)
      expect(ring(geometry), name).toHaveLength(5)
      expect(polygonArea([ring(geometry)])).toBeCloseTo(polygonArea([outline]), 1)
    }
  })

  test('on a phone, where the map stays in sight', async () => {
    const { page } = await planner(7, { viewport: NARROW })
    await signIn(page, reach)
    await begin(page)
    const tools = await toolbar(page).boundingBox()
    await picture(page, 'drawing-narrow-fr')
    expect(tools?.height, 'the tools leave the map two thirds of its height').toBeLessThan(240)
    expect(await faults(page)).toEqual([])
  })
})

function middle(ring: number[][]): number[] {
  const corners = ring.slice(1)
  const sum = corners.reduce(([sx = 0, sy = 0], [x = 0, y = 0]) => [sx + x, sy + y], [0, 0])
  return sum.map((each) => each / corners.length)
}
