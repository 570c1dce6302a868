/** Debian's MapServer on loopback: a WMS and a WFS of zones around a place of the town. */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Extent } from '../src/map/api'

const FILES = resolve(import.meta.dirname, '../../outbound/mapservertest')

export interface MapServer {
  url: string
  asked: string[]
  /** Until it is mended it answers nothing but errors. */
  broken: boolean
  stop(): Promise<void>
}

/** Serves one flood zone over each half of a box in EPSG:3857. */
export async function serveMaps([minx, miny, maxx, maxy]: Extent): Promise<MapServer> {
  const folder = await mkdtemp(join(tmpdir(), 'arpent-mapserver-'))
  await cp(FILES, folder, { recursive: true })
  const middle = (minx + maxx) / 2
  const zone = (code: string, name: string, from: number, to: number) => ({
    type: 'Feature',
    properties: { code, name },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [from, miny],
          [to, miny],
          [to, maxy],
          [from, maxy],
          [from, miny],
        ].map(degrees),
      ],
    },
  })
  await writeFile(
    join(folder, 'flood.geojson'),
    JSON.stringify({
      type: 'FeatureCollection',
      features: [
        zone('R1', 'Zone inondable de la rivière', minx, middle),
        zone('R2', 'Zone d’aléa faible', middle, maxx),
      ],
    }),
  )
  const server: MapServer = { url: '', asked: [], broken: false, stop: async () => undefined }
  const listener = createServer((request, response) => {
    const query = request.url?.split('?')[1] ?? ''
    server.asked.push(query)
    if (server.broken) {
      response.writeHead(503).end()
      return
    }
    const child = spawn('mapserv', {
      cwd: folder,
      env: {
        ...process.env,
        REQUEST_METHOD: 'GET',
        QUERY_STRING: query,
        MS_MAPFILE: join(folder, 'risks.map'),
        MAPSERVER_CONFIG_FILE: join(folder, 'mapserver.conf'),
      },
    })
    const parts: Buffer[] = []
    child.stdout.on('data', (part) => parts.push(part))
    child.on('close', () => {
      const all = Buffer.concat(parts)
      const end = all.indexOf('\r\n\r\n')
      const type = /^Content-Type: (.*)$/im.exec(all.subarray(0, end).toString('latin1'))?.[1]
      response.writeHead(200, { 'Content-Type': type?.trim() ?? 'text/plain' })
      response.end(all.subarray(end + 4))
    })
  })
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
  server.url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/ows`
  server.stop = async () => {
    await new Promise<void>((done) => {
      listener.close(() => done())
      listener.closeAllConnections()
    })
    await rm(folder, { recursive: true, force: true })
  }
  return server
}

const RADIUS = 6378137
const degrees = ([x = 0, y = 0]: number[]): [number, number] => [
  (x / RADIUS) * (180 / Math.PI),
  (2 * Math.atan(Math.exp(y / RADIUS)) - Math.PI / 2) * (180 / Math.PI),
]
