/** A server of tiles on loopback, as one elsewhere would be: another origin. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32, deflateSync } from 'node:zlib'

export interface TileServer {
  url: string
  /** The addresses that were asked for. */
  asked: string[]
  /** Until it is mended it answers nothing but errors. */
  broken: boolean
  stop(): Promise<void>
}

export async function serveTiles(): Promise<TileServer> {
  const tiles: TileServer = { url: '', asked: [], broken: false, stop: async () => undefined }
  const server = createServer((request, response) => {
    tiles.asked.push(`${request.url} ${request.headers.referer ?? ''}`)
    if (tiles.broken) {
      response.writeHead(503).end()
      return
    }
    response.writeHead(200, { 'Content-Type': 'image/png', 'Access-Control-Allow-Origin': '*' })
    response.end(TILE)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  tiles.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  tiles.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return tiles
}

/** 256 pixels of pale green with a darker frame. */
const TILE = png(256, (x, y) => (x < 2 || y < 2 ? [120, 160, 120] : [205, 228, 200]))

function png(side: number, colour: (x: number, y: number) => number[]): Buffer {
  const rows = Array.from({ length: side }, (_, y) => [
    0,
    ...Array.from({ length: side }, (_, x) => colour(x, y)).flat(),
  ])
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
