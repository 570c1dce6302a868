import { describe, expect, test } from 'vitest'
import { rgbOf } from './colour'
import { PALETTES, paletteColour, RAMPS, rampColours, rampOf } from './ramps'

/** What the colour-blind see, on linear RGB: G. Machado et al. 2009, severity 1. */
const SIGHTS = {
  full: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
}

/** CIE L*a*b* (D65) of #rrggbb as a sight sees it. */
function lab(hex: string, sight: number[]): [number, number, number] {
  const linear = rgbOf(hex).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const by = (matrix: number[], v: number[]) =>
    [0, 3, 6].map((row) => v.reduce((sum, part, i) => sum + part * (matrix[row + i] ?? 0), 0))
  const seen = by(sight, linear).map((part) => Math.min(1, Math.max(0, part)))
  const xyz = by(
    [
      0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.072175, 0.0193339, 0.119192,
      0.9503041,
    ],
    seen,
  )
  const [x = 0, y = 0, z = 0] = [0.95047, 1, 1.08883].map((white, i) => {
    const t = (xyz[i] ?? 0) / white
    return t > 216 / 24389 ? Math.cbrt(t) : (t * (24389 / 27) + 16) / 116
  })
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function apart(a: string, b: string, sight: number[]): number {
  const [x, y] = [lab(a, sight), lab(b, sight)]
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2])
}

const pairs = <T>(items: readonly T[]): [T, T][] =>
  items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]))

describe.each(Object.entries(SIGHTS))('with %s sight', (_, sight) => {
  test.each(RAMPS.map((ramp) => [ramp.id, ramp] as const))(
    'seven classes of %s are told apart',
    (_, ramp) => {
      for (const [a, b] of pairs(rampColours(ramp, 7)))
        expect(apart(a, b, sight), `${a} ${b}`).toBeGreaterThan(6)
    },
  )

  test.each(
    RAMPS.filter(({ kind }) => kind === 'sequential').map((ramp) => [ramp.id, ramp] as const),
  )('%s grows darker with every class', (_, ramp) => {
    const light = rampColours(ramp, 7).map((colour) => lab(colour, sight)[0])
    expect(light).toEqual(light.toSorted((a, b) => b - a))
  })

  test.each(PALETTES.map((palette) => [palette.id, palette] as const))(
    'the categories of %s are told apart',
    (_, palette) => {
      for (const [a, b] of pairs(palette.colours))
        expect(apart(a, b, sight), `${a} ${b}`).toBeGreaterThan(6)
    },
  )
})

test('a ramp is known by its colours, either way round', () => {
  const [, ramp] = RAMPS
  if (!ramp) throw new Error('no ramp')
  expect(rampOf(rampColours(ramp, 4))).toEqual({ ramp, reversed: false })
  expect(rampOf(rampColours(ramp, 4, true))).toEqual({ ramp, reversed: true })
  expect(rampOf(['#123456', '#654321'])).toBeNull()
})

test('a palette goes on, paler, when there are more categories than colours', () => {
  const [palette] = PALETTES
  if (!palette) throw new Error('no palette')
  const many = Array.from({ length: 30 }, (_, i) => paletteColour(palette, i))
  expect(new Set(many).size).toBe(30)
})
