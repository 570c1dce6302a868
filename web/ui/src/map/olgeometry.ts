/** GeoJSON in EPSG:3857 to OpenLayers and back, coordinates untouched. */
import OLFeature from 'ol/Feature'
import GeoJSON from 'ol/format/GeoJSON'
import type OLGeometry from 'ol/geom/Geometry'
import type { Geometry } from './api'

const geojson = new GeoJSON()

export function featureOf(geometry: Geometry): OLFeature {
  return new OLFeature(geojson.readGeometry(geometry) as OLGeometry)
}

export function featuresOf(collection: unknown): OLFeature[] {
  return geojson.readFeatures(collection)
}

export function geometryOf(feature: OLFeature | null | undefined): Geometry | null {
  const geometry = feature?.getGeometry()
  return geometry ? (geojson.writeGeometryObject(geometry) as Geometry) : null
}
