/** The coordinate reference systems a reader may choose, and coordinates as people type them. */
import type { Coordinate } from '../map/api'

export const choices = ['EPSG:2154', 'EPSG:4326', 'EPSG:3857'] as const
export type Crs = (typeof choices)[number]

export const names: Record<Crs, string> = {
  'EPSG:2154': 'Lambert-93',
  'EPSG:4326': 'WGS 84',
  'EPSG:3857': 'Web Mercator',
}

export interface Place {
  crs: Crs
  /** As understood: easting or longitude first. */
  given: Coordinate
}

/**
 * Understands "lon,lat", "lat,lon" within France, also in degrees, minutes and seconds, and "x y" in
 * Lambert-93 or Web Mercator; decimal commas are allowed where a space or semicolon parts the numbers.
 */
export function parse(text: string): Place | null {
  const pair = numbers(text) ?? sexagesimal(text)
  if (!pair) return null
  const [a, b] = pair
  if (Math.abs(a) <= 180 && Math.abs(b) <= 90) {
    const given: Coordinate = isLatitudeFirst(a, b) ? [b, a] : [a, b]
    return Math.abs(given[1]) > 85 ? null : place('EPSG:4326', given)
  }
  if (a > 0 && a < 1_300_000 && b > 6_000_000 && b < 7_200_000) return place('EPSG:2154', [a, b])
  const edge = 20_037_508.35
  if (Math.abs(a) <= edge && Math.abs(b) <= edge) return place('EPSG:3857', [a, b])
  return null
}

const place = (crs: Crs, given: Coordinate): Place => ({ crs, given })

/** Two numbers as people write them. */
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

/**
 * Two angles as on a paper map: 46°12'30.5"N 5°13'06"E. With a letter of the world (W and O are west)
 * the order is sure, longitude first in the answer; without, it is as written.
 */
export function sexagesimal(text: string): [number, number] | null {
  const angles: { value: number; letter: string }[] = []
  const rest = text.trim()
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
  return swapped ? [b.value, a.value] : [a.value, b.value]
}

/** Many tools copy latitude first: taken so where it lies in mainland France and the other way does not. */
const isLatitudeFirst = (a: number, b: number) => a > 41 && a < 51.5 && b > -5.5 && b < 10
