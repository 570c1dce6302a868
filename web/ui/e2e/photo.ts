/** A photo as a telephone takes it, with time and place in it. */
import type { Page } from 'playwright-core'

/** 800 × 400 pixels, lying: the camera was turned by a quarter. 2 May 2024, 47.25° north, 6.5° east. */
export async function photo(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(800, 400)
    const ink = canvas.getContext('2d')
    if (!ink) throw new Error('no canvas')
    const light = ink.createLinearGradient(0, 0, 800, 400)
    light.addColorStop(0, '#74b816')
    light.addColorStop(1, '#1864ab')
    ink.fillStyle = light
    ink.fillRect(0, 0, 800, 400)
    const bytes = new Uint8Array(
      await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer(),
    )
    return btoa(String.fromCharCode(...bytes))
  })
  const plain = Buffer.from(base64, 'base64')
  const segment = Buffer.concat([Buffer.from('Exif\0\0'), tiff()])
  const head = Buffer.from([
    0xff,
    0xd8,
    0xff,
    0xe1,
    (segment.length + 2) >> 8,
    (segment.length + 2) & 255,
  ])
  return Buffer.concat([head, segment, plain.subarray(2)])
}

const ASCII = 2
const SHORT = 3
const LONG = 4
const RATIONAL = 5

function entry(tag: number, type: number, count: number, value: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt16LE(tag, 0)
  bytes.writeUInt16LE(type, 2)
  bytes.writeUInt32LE(count, 4)
  bytes.writeUInt32LE(value, 8)
  return bytes
}

const count = (n: number) => Buffer.from([n, 0])
const end = Buffer.alloc(4)

/** The directories at 8, 50 and 88, the values they point to at 68 and 142. */
function tiff(): Buffer {
  const numbers = Buffer.alloc(48)
  const degrees = [47, 1, 15, 1, 0, 1, 6, 1, 30, 1, 0, 1]
  degrees.forEach((n, i) => {
    numbers.writeUInt32LE(n, i * 4)
  })
  return Buffer.concat([
    Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]),
    count(3),
    entry(0x0112, SHORT, 1, 6),
    entry(0x8769, LONG, 1, 50),
    entry(0x8825, LONG, 1, 88),
    end,
    count(1),
    entry(0x9003, ASCII, 20, 68),
    end,
    Buffer.from('2024:05:02 10:11:12\0'),
    count(4),
    entry(1, ASCII, 2, 'N'.charCodeAt(0)),
    entry(2, RATIONAL, 3, 142),
    entry(3, ASCII, 2, 'E'.charCodeAt(0)),
    entry(4, RATIONAL, 3, 166),
    end,
    numbers,
  ])
}
