/** Coordinates as people type them, and the systems they may be in; what is computed waits in places.ts. */
import type { Coordinate } from '../map/api'

/** A coordinate reference system as the server tells it. */
export interface System {
  /** As EPSG:2154. */
  code: string
  name: string
  /** Its definition for PROJ. */
  proj: string
}

export const WGS84: System = {
  code: 'EPSG:4326',
  name: 'WGS 84',
  proj: '+proj=longlat +datum=WGS84 +no_defs',
}

/** A reader's choice: the code of a system, or degrees with minutes and seconds. */
export const DMS = 'dms'

/** The system of a choice, else the first there is. */
export const systemOf = (choice: string, systems: readonly System[]): System =>
  systems.find(({ code }) => code === (choice === DMS ? WGS84.code : choice)) ?? systems[0] ?? WGS84

/** Whether a text may be coordinates; cheap enough for each key. */
export const looksLikePlace = (text: string): boolean =>
  numbers(text) !== null || sexagesimal(text) !== null

/** Two numbers as people write them; decimal commas where a space or semicolon parts them. */
export function numbers(text: string): [number, number] | null {
  const spaced = text.trim().replaceAll(/[°\u202f\u00a0]/g, '')
  const parts = /[\s;]/.test(spaced)
    ? spaced.split(/\s*;\s*|\s*,\s+|\s+/).map((part) => part.replace(',', '.'))
    : spaced.split(',')
  if (parts.length !== 2 || parts.some((part) => !/^-?\d+(\.\d+)?$/.test(part))) return null
  return [Number(parts[0]), Number(parts[1])]
}

/** Degrees, with minutes and seconds or without, and the side of the world before or after them. */
const ANGLE =
  /([NSEWO])?\s*([-+]?\d+(?:[.,]\d+)?)\s*°\s*(?:(\d+(?:[.,]\d+)?)\s*['’′]\s*)?(?:(\d+(?:[.,]\d+)?)\s*(?:["”″]|''|’’)\s*)?([NSEWO])?/giy

/** Two angles; sure: a letter of the world told which of them is the longitude. */
export interface Angles {
  pair: Coordinate
  sure: boolean
}

/**
 * Two angles as on a paper map: 46°12'30.5"N 5°13'06"E. With a letter of the world (W and O are west)
 * the order is sure, longitude first in the answer; without, it is as written.
 */
export function sexagesimal(text: string): Angles | null {
  const angles: { value: number; letter: string }[] = []
  const rest = text.trim().replaceAll(/[\u202f\u00a0]/g, ' ')
  ANGLE.lastIndex = 0
  while (ANGLE.lastIndex < rest.length) {
    const found = ANGLE.exec(rest)
    if (!found) return null
    const [, before = '', degrees = '', minutes = '0', seconds = '0', after = ''] = found
    const [d, m, s] = [degrees, minutes, seconds].map((part) => Number(part.replace(',', '.')))
    if (d === undefined || m === undefined || s === undefined || m >= 60 || s >= 60) return null
    const letter = (before || after).toUpperCase()
    const value = Math.abs(d) + m / 60 + s / 3600
    const negative = degrees.startsWith('-') || 'SWO'.includes(letter || ' ')
    angles.push({ value: negative ? -value : value, letter })
    ANGLE.lastIndex += /^[\s,;]*/.exec(rest.slice(ANGLE.lastIndex))?.[0].length ?? 0
  }
  const [a, b] = angles
  if (angles.length !== 2 || !a || !b) return null
  const north = (letter: string) => letter !== '' && 'NS'.includes(letter)
  if (a.letter && b.letter && north(a.letter) === north(b.letter)) return null
  const swapped = north(a.letter) || (b.letter !== '' && !north(b.letter))
  const sure = a.letter !== '' || b.letter !== ''
  const pair: Coordinate = swapped ? [b.value, a.value] : [a.value, b.value]
  return Math.abs(pair[0]) > 180 || (sure && Math.abs(pair[1]) > 90) ? null : { pair, sure }
}
