/** Houses in fields, made for a test. */
import type { Page } from 'playwright-core'
import { step } from '../src/drawing/numbers'
import type { Coordinate, Geometry } from '../src/map/api'
import { type Reach, sql } from './server'

export const BUILDINGS = 'land.buildings'

/** The middle of a parcel with no house far and wide, the n-th of those. */
export async function field(reach: Reach, nth: number): Promise<Coordinate> {
  const found = await sql(
    reach,
    `select ST_X(p), ST_Y(p) from (
       select id, ST_Transform(ST_PointOnSurface(geom), 3857) p from land.parcels a
       where not exists (select from land.buildings b where ST_DWithin(b.geom, ST_PointOnSurface(a.geom), 70))) free
     order by id offset ${nth} limit 1`,
  )
  const [x = 0, y = 0] = found.split('|').map(Number)
  return [x, y]
}

/** A house of 20 m by 10 m, its south-west corner at a place. */
export const house = (at: Coordinate): Geometry => {
  const east = step(at, 20, 90)
  return {
    type: 'MultiPolygon',
    coordinates: [[[at, east, step(east, 10, 0), step(at, 10, 0), at]]],
  }
}

/** Creates buildings as the signed-in person; answers their identifiers. */
export async function build(page: Page, shapes: Geometry[]): Promise<string[]> {
  return page.evaluate(
    async ([layer, shapes]) => {
      const changes = shapes.map((geometry, i) => ({
        op: 'create',
        layer,
        collectivity: undefined as string | undefined,
        properties: { kind: '02', name: `Essai ${i + 1}`, levels: 3 },
        geometry,
      }))
      const session = await (await fetch('/api/session')).json()
      for (const change of changes) change.collectivity = session.collectivities[0]?.code
      const answer = await fetch('/api/transactions', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ changes }),
      })
      const { results } = await answer.json()
      return results.map(({ id }: { id: string }) => id)
    },
    [BUILDINGS, shapes] as const,
  )
}
