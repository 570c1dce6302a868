/** Plain questions about GeoJSON geometries. */
import type { Extent, Geometry, GeometryType, LayerInfo } from '../map/api'

/** Whether two geometries are the same, coordinate for coordinate, in the same order. */
export function equal(a: Geometry | null, b: Geometry | null): boolean {
  if (a === null || b === null) return a === b
  return a.type === b.type && equalCoordinates(a.coordinates, b.coordinates)
}

function equalCoordinates(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => equalCoordinates(item, b[i]))
  }
  return a === b
}

/** The geometry as the layer stores it: one part becomes a collection of one where it must. */
export function fitType(geometry: Geometry, wanted: LayerInfo['geometry']['type']): Geometry {
  if (wanted === `Multi${geometry.type}`) {
    return { type: wanted, coordinates: [geometry.coordinates] } as Geometry
  }
  return geometry
}

/** What to draw for a layer: the single type behind a multi type, polygons where anything goes. */
export function drawnType(
  wanted: LayerInfo['geometry']['type'],
): 'Point' | 'LineString' | 'Polygon' {
  if (wanted === 'Geometry') return 'Polygon'
  return wanted.replace('Multi', '') as Exclude<GeometryType, `Multi${string}`>
}

/** The box around a geometry, or null when it has no point. */
export function boxOf(geometry: Geometry | null): Extent | null {
  const box: Extent = [Infinity, Infinity, -Infinity, -Infinity]
  const visit = (item: unknown) => {
    if (!Array.isArray(item)) return
    if (typeof item[0] === 'number') {
      box[0] = Math.min(box[0], item[0])
      box[1] = Math.min(box[1], item[1])
      box[2] = Math.max(box[2], item[0])
      box[3] = Math.max(box[3], item[1])
    } else item.forEach(visit)
  }
  visit(geometry?.coordinates)
  return box[0] <= box[2] ? box : null
}
