/**
 * How the layers lie over a reload. The address says what is seen and goes to others; groups, and
 * what a hidden group holds, are known to this tab alone until they are kept.
 */
import { layersWord } from '../page/url'
import type { Arrangement, DrawnLayer } from './arrangement'

const STORED = 'arpent.arrangement'

interface Stored {
  /** As the address says it. */
  layers: string
  arrangement: Arrangement
}

export const recall = {
  keep(layers: DrawnLayer[], arrangement: Arrangement): void {
    const stored: Stored = { layers: layersWord(layers), arrangement }
    sessionStorage.setItem(STORED, JSON.stringify(stored))
  },

  /** The whole arrangement where the address is the one it was left at; else its groups with what the address says. */
  over(said: Arrangement, search: string): Arrangement {
    const stored = read()
    if (!stored) return said
    const layers = new URLSearchParams(search).get('layers')
    if (layers === stored.layers) return stored.arrangement
    return { ...said, groups: stored.arrangement.groups }
  },
}

function read(): Stored | null {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? 'null') as Stored | null
    return stored && Array.isArray(stored.arrangement.order) ? stored : null
  } catch {
    return null
  }
}
