/** What is compared, as the address says it. */

/** What is drawn right of the line: another moment, other layers, or the styles of the layer files. */
export type Beyond =
  | { by: 'moment'; moment: string }
  | { by: 'layers'; layers: string[] }
  | { by: 'style' }

export interface Compare {
  /** Where the line is, in percent of the map's width. */
  at: number
  beyond: Beyond
}

export function compareWord({ at, beyond }: Compare): string {
  const place = String(Math.round(at * 10) / 10)
  switch (beyond.by) {
    case 'moment':
      return `${place},moment,${beyond.moment}`
    case 'layers':
      return [place, 'layers', ...beyond.layers].join()
    case 'style':
      return `${place},style`
  }
}

/** Null for what is no comparison. */
export function compareOf(word: string | null): Compare | null {
  const [place, by, ...rest] = (word ?? '').split(',')
  const at = place ? Number(place) : Number.NaN
  if (!(at >= 0 && at <= 100)) return null
  if (by === 'style') return { at, beyond: { by } }
  if (by === 'layers') return { at, beyond: { by, layers: rest.filter(Boolean) } }
  const time = Date.parse(rest[0] ?? '')
  return by === 'moment' && !Number.isNaN(time)
    ? { at, beyond: { by, moment: new Date(time).toISOString() } }
    : null
}
