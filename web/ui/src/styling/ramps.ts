/**
 * Colours for classes and categories that people with any of the three colour blindnesses tell
 * apart; ramps.test.ts measures it. Ramps after ColorBrewer (C. Brewer), viridis (S. van der Walt,
 * N. Smith) and cividis (J. Nuñez); categories after P. Tol and M. Okabe, K. Ito.
 */
import { between } from './colour'

export interface Ramp {
  id: string
  /** Diverging ramps part at a middle; sequential ones go from little to much. */
  kind: 'sequential' | 'diverging'
  /** Evenly apart. */
  colours: readonly string[]
}

const sequential = (id: string, words: string): Ramp => ({
  id,
  kind: 'sequential',
  colours: words.split(' '),
})
const diverging = (id: string, words: string): Ramp => ({
  id,
  kind: 'diverging',
  colours: words.split(' '),
})

export const RAMPS: readonly Ramp[] = [
  sequential('YlGnBu', '#ffffd9 #edf8b1 #c7e9b4 #7fcdbb #41b6c4 #1d91c0 #225ea8 #253494 #081d58'),
  sequential('YlOrBr', '#ffffe5 #fff7bc #fee391 #fec44f #fe9929 #ec7014 #cc4c02 #993404 #662506'),
  sequential('Blues', '#f7fbff #deebf7 #c6dbef #9ecae1 #6baed6 #4292c6 #2171b5 #08519c #08306b'),
  sequential('Greens', '#f7fcf5 #e5f5e0 #c7e9c0 #a1d99b #74c476 #41ab5d #238b45 #006d2c #00441b'),
  sequential('Purples', '#fcfbfd #efedf5 #dadaeb #bcbddc #9e9ac8 #807dba #6a51a3 #54278f #3f007d'),
  sequential('Greys', '#ffffff #f0f0f0 #d9d9d9 #bdbdbd #969696 #737373 #525252 #252525 #000000'),
  sequential('viridis', '#fde725 #addc30 #5ec962 #28ae80 #21918c #2c728e #3b528b #472d7b #440154'),
  sequential('cividis', '#fee838 #dac969 #b3aa73 #949178 #7c7b78 #636973 #44546c #1a3f70 #00224e'),
  diverging('PuOr', '#7f3b08 #b35806 #e08214 #fdb863 #f7f7f7 #b2abd2 #8073ac #542788 #2d004b'),
  diverging('BrBG', '#543005 #8c510a #bf812d #dfc27d #f5f5f5 #80cdc1 #35978f #01665e #003c30'),
  diverging('RdBu', '#67001f #b2182b #d6604d #f4a582 #f7f7f7 #92c5de #4393c3 #2166ac #053061'),
]

/** A ramp's colours for n classes, its palest ends left out, as they vanish on paper and on the map. */
export function rampColours(ramp: Ramp, n: number, reversed = false): string[] {
  const [first, last] = ramp.kind === 'sequential' ? [0.12, 0.95] : [0.06, 0.94]
  const colours = Array.from({ length: n }, (_, i) =>
    between(ramp.colours, n === 1 ? 0.6 : first + ((last - first) * i) / (n - 1)),
  )
  return reversed ? colours.reverse() : colours
}

/** The ramp from which classes have their colours, alpha left aside; null for none. */
export function rampOf(colours: readonly string[]): { ramp: Ramp; reversed: boolean } | null {
  const wanted = colours.join()
  for (const ramp of RAMPS) {
    for (const reversed of [false, true]) {
      if (rampColours(ramp, colours.length, reversed).join() === wanted) return { ramp, reversed }
    }
  }
  return null
}

export interface Palette {
  id: string
  colours: readonly string[]
}

export const PALETTES: readonly Palette[] = [
  {
    id: 'muted',
    colours:
      '#88ccee #cc6677 #ddcc77 #117733 #332288 #aa4499 #44aa99 #999933 #882255 #bbbbbb'.split(' '),
  },
  {
    id: 'okabe',
    colours: '#e69f00 #56b4e9 #009e73 #f0e442 #0072b2 #d55e00 #cc79a7 #444444'.split(' '),
  },
]

/** The i-th colour of a palette; beyond its end it begins again, paler. */
export function paletteColour(palette: Palette, i: number): string {
  const colour = palette.colours[i % palette.colours.length] ?? '#888888'
  const round = Math.floor(i / palette.colours.length)
  return round === 0 ? colour : between([colour, '#ffffff'], 1 - 1 / (1 + round * 0.6))
}
