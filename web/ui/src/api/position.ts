/**
 * How far the change feed had come at the last write or change that this tab knows of. Tiles are
 * asked for with it, so that whichever server answers shows what was saved.
 */
let known = 0

export const position = {
  /** Notes what an answer or an event tells; null: nothing. */
  note: (told: string | number | null) => {
    known = Math.max(known, Number(told) || 0)
  },
  /** Headers with which to ask for a tile. */
  headers: (): Record<string, string> => (known > 0 ? { 'Arpent-After': String(known) } : {}),
}
