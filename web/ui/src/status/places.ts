/** Which places a text may mean, in the systems of the collectivity. */
import type { Coordinate, Extent } from '../map/api'
import { DMS, numbers, type System, sexagesimal, systemOf, WGS84 } from './crs'
import { fromMap, isGeographic, toMap } from './projection'

export interface Place {
  system: System
  /** As understood: easting or longitude first. */
  given: Coordinate
  /** EPSG:3857. */
  at: Coordinate
}

/** How far from home numbers still mean a place of a system, in map units. */
const NEAR = 150_000
/** How far a place may be off when it is brought there and back, in units of its system. */
const OFF = 0.01
const EDGE = 20_037_508.35

/**
 * The places that coordinates may mean, likeliest first: those near home, the reader's own system
 * before the others. Far from home numbers are a place of the reader's system, or of the world.
 */
export function placesOf(
  text: string,
  systems: readonly System[],
  home: Extent | null,
  choice: string,
): Place[] {
  const degrees = systems.find(isGeographic) ?? WGS84
  const said = numbers(text) ? null : sexagesimal(text)
  if (said?.sure) return placed(degrees, said.pair)
  const pair = numbers(text) ?? said?.pair
  if (!pair) return []
  const own = systemOf(choice === DMS ? degrees.code : choice, systems)
  const ordered = said ? [degrees] : [own, ...systems.filter((system) => system !== own)]
  const all = ordered.flatMap((system) =>
    isGeographic(system)
      ? [...placed(system, pair), ...placed(system, [pair[1], pair[0]])]
      : placed(system, pair),
  )
  const near = home ? all.filter(({ at }) => isNear(at, home)) : []
  if (near.length > 0) return near
  const [a, b] = pair
  if (Math.abs(a) <= 180 && Math.abs(b) <= 90) {
    const world = all.filter(({ system }) => isGeographic(system))
    // Many tools copy latitude first: taken so where it lies in mainland France and the other way does not.
    return (isLatitudeFirst(a, b) ? world.toReversed() : world).slice(0, 1)
  }
  return all.filter(({ system }) => !isGeographic(system)).slice(0, 1)
}

function placed(system: System, given: Coordinate): Place[] {
  const [a, b] = given
  if (Math.abs(a) > EDGE || Math.abs(b) > EDGE) return []
  if (isGeographic(system) && (Math.abs(a) > 180 || Math.abs(b) > 85)) return []
  try {
    const at = toMap(given, system)
    if (!at.every((each) => Math.abs(each) <= EDGE)) return []
    const back = fromMap(at, system)
    const same = back.every((each, i) => Math.abs(each - (given[i] ?? 0)) < OFF)
    return same ? [{ system, given, at }] : []
  } catch {
    return [] // beyond what the system is defined for
  }
}

const isNear = ([x, y]: Coordinate, [minx, miny, maxx, maxy]: Extent) =>
  x > minx - NEAR && x < maxx + NEAR && y > miny - NEAR && y < maxy + NEAR

const isLatitudeFirst = (a: number, b: number) => a > 41 && a < 51.5 && b > -5.5 && b < 10
