/** The server as another program sees it. */
import type { Feature, Geometry } from '../src/map/api'
import { arpent, type Reach } from './server'

export interface Record extends Feature {
  version: string
  label: string
  properties: { [field: string]: unknown }
  geometry: Geometry
}

export async function json<T>(reach: Reach, path: string, headers?: HeadersInit): Promise<T> {
  const response = await fetch(reach.url + path, { headers })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json() as Promise<T>
}

export const feature = (reach: Reach, layer: string, id: string): Promise<Record> =>
  json(reach, `/api/layers/${layer}/features/${encodeURIComponent(id)}`)

/** A parcel of one ring and few vertices, the n-th of those: different tests change different ones. */
export async function simpleParcel(reach: Reach, nth: number): Promise<Record> {
  const { features } = await json<{ features: { id: string }[] }>(
    reach,
    '/api/layers/land.parcels/features?sort=id&limit=200',
  )
  let found = 0
  for (const { id } of features) {
    const parcel = await feature(reach, 'land.parcels', id)
    const rings = ringsOf(parcel.geometry)
    const [ring] = rings
    const [minx, miny, maxx, maxy] = boxOf(ring ?? [])
    const side = Math.max(maxx - minx, maxy - miny)
    const simple = rings.length === 1 && ring && ring.length < 12 && side > 30 && side < 150
    if (simple && found++ === nth) return parcel
  }
  throw new Error('no parcel is simple enough')
}

export function ringsOf(geometry: Geometry): number[][][] {
  if (geometry.type === 'Polygon') return geometry.coordinates
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat()
  return []
}

function boxOf(ring: number[][]): [number, number, number, number] {
  const xs = ring.map(([x = 0]) => x)
  const ys = ring.map(([, y = 0]) => y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** Another client with a token of its own: what QGIS or a script does. */
export async function otherClient(reach: Reach) {
  const token = (await arpent(reach, 'token', 'create', '--user', 'admin')).split(/\s+/).at(-1)
  const headers = { Authorization: `Bearer ${token}` }
  return {
    read: (layer: string, id: string): Promise<Record> =>
      json(reach, `/api/layers/${layer}/features/${encodeURIComponent(id)}`, headers),

    async patch(layer: string, id: string, change: object): Promise<void> {
      const address = `${reach.url}/ogc/collections/${layer}/items/${encodeURIComponent(id)}`
      const current = await fetch(address, { headers })
      const response = await fetch(address, {
        method: 'PATCH',
        headers: {
          ...headers,
          'Content-Type': 'application/merge-patch+json',
          'Content-Crs': '<http://www.opengis.net/def/crs/EPSG/0/3857>',
          'If-Match': current.headers.get('ETag') ?? '*',
        },
        body: JSON.stringify(change),
      })
      if (!response.ok)
        throw new Error(`PATCH ${address}: ${response.status} ${await response.text()}`)
    },
  }
}
