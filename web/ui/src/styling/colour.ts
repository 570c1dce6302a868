/** Colours of styles: as their parts, and mixed. */

export interface Colour {
  /** #rrggbb */
  hex: string
  /** 0 (clear) to 1 */
  alpha: number
}

const TRANSPARENT: Colour = { hex: '#000000', alpha: 0 }

/** The parts of a CSS colour in hexadecimal, rgb() or rgba() notation; of others as the browser writes them. */
export function colourOf(text: string | undefined): Colour {
  if (!text) return TRANSPARENT
  return hexColour(text) ?? rgbColour(text) ?? named(text)
}

function hexColour(text: string): Colour | null {
  const digits = /^#([0-9a-f]{3,8})$/i.exec(text)?.[1]
  if (!digits || digits.length === 5 || digits.length === 7) return null
  const long = digits.length > 4 ? digits : [...digits].map((digit) => digit + digit).join('')
  const alpha = long.slice(6)
  return {
    hex: `#${long.slice(0, 6).toLowerCase()}`,
    alpha: alpha === '' ? 1 : round(Number.parseInt(alpha, 16) / 255),
  }
}

function rgbColour(text: string): Colour | null {
  const parts = /^rgba?\(([^)]+)\)$/i.exec(text)?.[1]?.split(/[\s,/]+/)
  if (!parts || parts.length < 3) return null
  const [r = 0, g = 0, b = 0, alpha = 1] = parts.map((part) =>
    part.endsWith('%') ? Number.parseFloat(part) / 100 : Number(part),
  )
  if (![r, g, b, alpha].every(Number.isFinite)) return null
  return { hex: hexOf([r, g, b]), alpha: round(alpha) }
}

function named(text: string): Colour {
  const ink = new OffscreenCanvas(1, 1).getContext('2d')
  if (!ink) return TRANSPARENT
  ink.fillStyle = text
  const plain = ink.fillStyle
  return hexColour(plain) ?? rgbColour(plain) ?? TRANSPARENT
}

/** As styles write it: #rrggbb, or #rrggbbaa where it lets something through. */
export function textOf({ hex, alpha }: Colour): string {
  if (alpha >= 1) return hex
  return hex + byte(alpha * 255)
}

export const withAlpha = (text: string, alpha: number) => textOf({ ...colourOf(text), alpha })

/** The colour at a share of the way through colours that are evenly apart. */
export function between(colours: readonly string[], share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (colours.length - 1)
  const i = Math.min(Math.floor(at), colours.length - 2)
  const [from, to] = [rgbOf(colours[i] ?? ''), rgbOf(colours[i + 1] ?? '')]
  return hexOf(from.map((part, k) => part + ((to[k] ?? 0) - part) * (at - i)))
}

/** Red, green and blue, 0 to 255, of #rrggbb. */
export function rgbOf(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
}

const hexOf = (rgb: number[]) => `#${rgb.map(byte).join('')}`

const byte = (part: number) =>
  Math.round(Math.min(255, Math.max(0, part)))
    .toString(16)
    .padStart(2, '0')

const round = (alpha: number) => Math.round(alpha * 100) / 100
