/** Pipes of the town's sewers that a test may change. */
import type { Coordinate } from '../src/map/api'
import { type Reach, sql } from './server'

export const PIPES = 'sewerage.pipes'
export const NODES = 'sewerage.nodes'

/** A straight pipe between nodes at which two pipes meet, the n-th of those, in map units. */
export interface Pipe {
  id: string
  up: string
  down: string
  from: Coordinate
  to: Coordinate
}

export async function straight(reach: Reach, nth: number): Promise<Pipe> {
  const answer = await sql(
    reach,
    `select p.id, p.upstream, p.downstream, ST_X(a), ST_Y(a), ST_X(b), ST_Y(b) from (
       select p.*, ST_Transform(ST_Force2D(ST_StartPoint(geom)), 3857) a, ST_Transform(ST_Force2D(ST_EndPoint(geom)), 3857) b
       from sewerage.pipes p where ST_NPoints(geom) = 2 and ST_Length(geom) between 30 and 80 and not coalesce(reversed, false)) p
     where (select count(*) from sewerage.pipes q where p.upstream in (q.upstream, q.downstream)) = 2
       and (select count(*) from sewerage.pipes q where p.downstream in (q.upstream, q.downstream)) = 2
     order by p.id offset ${nth} limit 1`,
  )
  const [id = '', up = '', down = '', ...numbers] = answer.split('|')
  const [ax = 0, ay = 0, bx = 0, by = 0] = numbers.map(Number)
  return { id, up, down, from: [ax, ay], to: [bx, by] }
}

/** A place beside a pipe: its share of the way, and metres of the map to the left. */
export const along = ({ from, to }: Pipe, share: number, aside = 0): Coordinate => {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy)
  return [
    from[0] + dx * share - (dy / length) * aside,
    from[1] + dy * share + (dx / length) * aside,
  ]
}
