/**
 * True lengths and areas of geometries drawn in EPSG:3857, on the WGS 84 ellipsoid. Web Mercator
 * stretches by 1/cos(latitude): at 46° north a parcel looks twice its size, so nothing here uses
 * map units as metres.
 */
import type { Geometry } from './api'

type Position = readonly [x: number, y: number]

const A = 6378137
const F = 1 / 298.257223563
const E2 = F * (2 - F)
const E = Math.sqrt(E2)

const latitude = (y: number) => 2 * Math.atan(Math.exp(y / A)) - Math.PI / 2

/** Metres on the ground of one map unit east and one map unit north at a height on the map. */
export function groundScale(y: number): { east: number; north: number } {
  const phi = latitude(y)
  const w = 1 - E2 * Math.sin(phi) ** 2
  const cos = Math.cos(phi)
  return { east: cos / Math.sqrt(w), north: (cos * (1 - E2)) / w ** 1.5 }
}

/** Length in metres of a line given in EPSG:3857. */
export function lineLength(line: readonly number[][]): number {
  let sum = 0
  for (let i = 1; i < line.length; i++) {
    const [x0, y0] = line[i - 1] as unknown as Position
    const [x1, y1] = line[i] as unknown as Position
    const scale = groundScale((y0 + y1) / 2)
    sum += Math.hypot((x1 - x0) * scale.east, (y1 - y0) * scale.north)
  }
  return sum
}

/** Degrees clockwise from geographic north in which one place (EPSG:3857) sees another, at the middle of the way. */
export function azimuth(from: Position, to: Position): number {
  const scale = groundScale((from[1] + to[1]) / 2)
  const angle = Math.atan2((to[0] - from[0]) * scale.east, (to[1] - from[1]) * scale.north)
  return ((angle * 180) / Math.PI + 360) % 360
}

/** Area between the equator and a latitude, per radian of longitude: the ellipsoid's equal-area height. */
function strip(y: number): number {
  const sin = Math.sin(latitude(y))
  return ((A * A * (1 - E2)) / 2) * (sin / (1 - E2 * sin * sin) + Math.atanh(E * sin) / E)
}

/** Area in square metres of a polygon's rings (EPSG:3857), holes taken off. */
export function polygonArea(rings: readonly number[][][]): number {
  const areas = rings.map((ring) => {
    if (ring.length < 3) return 0
    const [x0, y0] = ring[0] as unknown as Position
    const base = strip(y0)
    let sum = 0
    for (let i = 0; i < ring.length; i++) {
      const [xa, ya] = ring[i] as unknown as Position
      const [xb, yb] = ring[(i + 1) % ring.length] as unknown as Position
      const la = (xa - x0) / A
      const lb = (xb - x0) / A
      sum += la * (strip(yb) - base) - lb * (strip(ya) - base)
    }
    return Math.abs(sum) / 2
  })
  return areas.reduce((rest, area, i) => (i === 0 ? area : rest - area), 0)
}

/** Length of lines; area and outline of polygons; nothing for points. */
export function measure(geometry: Geometry | null): { length?: number; area?: number } {
  switch (geometry?.type) {
    case 'LineString':
      return { length: lineLength(geometry.coordinates) }
    case 'MultiLineString':
      return { length: total(geometry.coordinates, lineLength) }
    case 'Polygon':
      return measurePolygons([geometry.coordinates])
    case 'MultiPolygon':
      return measurePolygons(geometry.coordinates)
    default:
      return {}
  }
}

function measurePolygons(polygons: number[][][][]) {
  return {
    area: total(polygons, polygonArea),
    length: total(polygons, (rings) => total(rings, lineLength)),
  }
}

const total = <T>(items: readonly T[], value: (item: T) => number) =>
  items.reduce((sum, item) => sum + value(item), 0)
