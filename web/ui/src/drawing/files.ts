/** Shapes out of files that people have: GeoJSON, GPX, KML, brought to EPSG:3857 and to two dimensions. */
import type OLFeature from 'ol/Feature'
import GeoJSON from 'ol/format/GeoJSON'
import GPX from 'ol/format/GPX'
import KML from 'ol/format/KML'
import proj4 from 'proj4'
import type { Geometry } from '../map/api'
import '../status/projection'

export interface FileFeature {
  name: string
  geometry: Geometry
}

export type FileReason = 'type' | 'unreadable' | 'empty' | 'crs' | 'large'

/** Why a file gives no shapes; detail: the reference system that is not known. */
export class FileFault extends Error {
  constructor(
    readonly reason: FileReason,
    readonly detail = '',
  ) {
    super(reason)
  }
}

const MAP = 'EPSG:3857'
/** Bytes: a file with more is for an import, which runs on the server. */
const LARGEST = 20_000_000
const geojson = new GeoJSON()

// The conformal conic zones in which French towns survey.
for (let zone = 42; zone <= 50; zone++) {
  proj4.defs(
    `EPSG:${3900 + zone}`,
    `+proj=lcc +lat_0=${zone} +lon_0=3 +lat_1=${zone - 0.75} +lat_2=${zone + 0.75} +x_0=1700000 +y_0=${(zone - 41) * 1_000_000 + 200_000} +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs`,
  )
}

export async function shapesOf(file: File): Promise<FileFeature[]> {
  if (file.size > LARGEST) throw new FileFault('large')
  return shapesOfText(file.name, await file.text())
}

export function shapesOfText(name: string, text: string): FileFeature[] {
  const found = featuresOf(name, text.replace(/^\uFEFF/, ''))
  const shapes = found.flatMap(({ feature, crs }) =>
    simple(geojson.writeGeometryObject(feature.getGeometry() as never)).map((geometry) => ({
      name: nameOf(feature),
      geometry: onMap(geometry, crs),
    })),
  )
  if (shapes.length === 0) throw new FileFault('empty')
  return shapes
}

interface Found {
  feature: OLFeature
  crs: string
}

function featuresOf(name: string, text: string): Found[] {
  const ending = /\.(\w+)$/.exec(name.toLowerCase())?.[1] ?? ''
  const start = text.trimStart()
  if (ending === 'geojson' || ending === 'json' || start.startsWith('{')) return fromJSON(text)
  if (ending !== 'gpx' && ending !== 'kml') throw new FileFault('type')
  if (!start.startsWith('<') || !start.includes(`<${ending}`)) throw new FileFault('unreadable')
  const format = ending === 'gpx' ? new GPX() : new KML({ extractStyles: false })
  return placed(format.readFeatures(text), 'EPSG:4326')
}

function fromJSON(text: string): Found[] {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new FileFault('unreadable')
  }
  let features: OLFeature[]
  try {
    features = geojson.readFeatures(data)
  } catch {
    throw new FileFault('unreadable')
  }
  const named = (data as { crs?: { properties?: { name?: string } } }).crs?.properties?.name
  return placed(features, named === undefined ? guessed(features) : codeOf(named))
}

const placed = (features: OLFeature[], crs: string): Found[] =>
  features.filter((feature) => feature.getGeometry()).map((feature) => ({ feature, crs }))

/** The reference system named in a file, as older GeoJSON does: "urn:ogc:def:crs:EPSG::2154". */
function codeOf(name: string): string {
  if (/CRS:?84$/i.test(name)) return 'EPSG:4326'
  const code = `EPSG:${/(\d+)$/.exec(name)?.[1] ?? ''}`
  if (!proj4.defs(code)) throw new FileFault('crs', name)
  return code
}

/** GeoJSON is in degrees; files of French towns often are in Lambert-93 or a zone and do not say so. */
function guessed(features: OLFeature[]): string {
  const [x = 0, y = 0] = features[0]?.getGeometry()?.getExtent() ?? []
  if (Math.abs(x) <= 180 && Math.abs(y) <= 90) return 'EPSG:4326'
  if (x > 0 && x < 1_300_000 && y > 6_000_000 && y < 7_200_000) return 'EPSG:2154'
  const zone = Math.round((y - 200_000) / 1_000_000) + 41
  if (x > 1_300_000 && x < 2_300_000 && zone >= 42 && zone <= 50) return `EPSG:${3900 + zone}`
  if (Math.abs(x) < 20_037_509 && Math.abs(y) < 20_037_509) return MAP
  throw new FileFault('crs', '?')
}

type Written = { type: string; coordinates?: unknown; geometries?: unknown[] }

/** The shapes of a geometry: a collection is several. */
function simple(written: unknown): Geometry[] {
  const { type, geometries = [] } = written as Written
  if (type === 'GeometryCollection') return geometries.flatMap(simple)
  return [written as Geometry]
}

function onMap(geometry: Geometry, crs: string): Geometry {
  const visit = (item: unknown): unknown => {
    if (!Array.isArray(item)) return item
    if (typeof item[0] !== 'number') return item.map(visit)
    const [x = 0, y = 0] = item as number[]
    return crs === MAP ? [x, y] : proj4(crs, MAP, [x, y])
  }
  return { ...geometry, coordinates: visit(geometry.coordinates) } as Geometry
}

function nameOf(feature: OLFeature): string {
  const { geometry: _, ...properties } = feature.getProperties()
  const first = ['name', 'nom', 'label', 'libelle', 'title', 'titre', 'id', 'fid']
    .flatMap((name) => Object.entries(properties).filter(([key]) => key.toLowerCase() === name))
    .concat(Object.entries(properties))
    .find(([, value]) => typeof value === 'string' || typeof value === 'number')
  return String(first?.[1] ?? feature.getId() ?? '')
}
