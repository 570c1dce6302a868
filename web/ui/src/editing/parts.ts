/** What shapes are made of: parts, holes, and the type that a layer keeps. */
import type { Coordinate, Geometry, LayerInfo } from '../map/api'
import { squaredDistance } from '../map/hit'

type Wanted = LayerInfo['geometry']['type']

/** Each part of a shape as a shape of its own. */
export function partsOf(geometry: Geometry): Geometry[] {
  switch (geometry.type) {
    case 'MultiPoint':
      return geometry.coordinates.map((coordinates) => ({ type: 'Point', coordinates }))
    case 'MultiLineString':
      return geometry.coordinates.map((coordinates) => ({ type: 'LineString', coordinates }))
    case 'MultiPolygon':
      return geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }))
    default:
      return [geometry]
  }
}

/** One shape of several of a kind, their parts kept as they are; null of different kinds. */
export function collected(geometries: readonly Geometry[]): Geometry | null {
  const parts = geometries.flatMap(partsOf)
  const [first] = parts
  if (!first || parts.some(({ type }) => type !== first.type)) return null
  if (parts.length === 1) return first
  return {
    type: `Multi${first.type}`,
    coordinates: parts.map(({ coordinates }) => coordinates),
  } as Geometry
}

/**
 * A shape as a layer keeps it: single or in parts, the outlines of areas where lines are kept, the
 * areas in closed lines. Null when the layer keeps no such shape, or only one part of it.
 */
export function fitted(geometry: Geometry, wanted: Wanted): Geometry | null {
  if (wanted === 'Geometry') return geometry
  const kind = wanted.replace('Multi', '')
  const parts = partsOf(geometry).flatMap((part): Geometry[] => {
    if (part.type === kind) return [part]
    if (part.type === 'Polygon' && kind === 'LineString') {
      return part.coordinates.map((coordinates) => ({ type: 'LineString', coordinates }))
    }
    if (part.type === 'LineString' && kind === 'Polygon' && isClosed(part.coordinates)) {
      return [{ type: 'Polygon', coordinates: [part.coordinates] }]
    }
    return []
  })
  const [only] = parts
  if (!only) return null
  if (!wanted.startsWith('Multi')) return parts.length === 1 ? only : null
  return {
    type: wanted,
    coordinates: parts.map(({ coordinates }) => coordinates),
  } as Geometry
}

/** The shape without the hole at a place; null when there is none. */
export function withoutHole(geometry: Geometry, at: Coordinate): Geometry | null {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : []
  if (geometry.type === 'MultiPolygon') polygons.push(...geometry.coordinates)
  let filled = false
  const kept = polygons.map(([outline = [], ...holes]) => [
    outline,
    ...holes.filter((hole) => {
      const hit = !filled && isWithin(hole, at)
      filled ||= hit
      return !hit
    }),
  ])
  if (!filled) return null
  return geometry.type === 'Polygon'
    ? { type: 'Polygon', coordinates: kept[0] ?? [] }
    : { type: 'MultiPolygon', coordinates: kept }
}

export const holesOf = (geometry: Geometry | null): number => {
  if (geometry?.type === 'Polygon') return geometry.coordinates.length - 1
  if (geometry?.type !== 'MultiPolygon') return 0
  return geometry.coordinates.reduce((sum, rings) => sum + rings.length - 1, 0)
}

function isClosed(line: number[][]): boolean {
  const [first, last] = [line[0], line.at(-1)]
  return line.length > 3 && first?.[0] === last?.[0] && first?.[1] === last?.[1]
}

const isWithin = (ring: number[][], [x, y]: Coordinate) =>
  squaredDistance(
    { kind: 'polygon', flat: ring.flatMap(([x = 0, y = 0]) => [x, y]), ends: [] },
    x,
    y,
  ) === 0
