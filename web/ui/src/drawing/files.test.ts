import { expect, test } from 'vitest'
import type { Coordinate } from '../map/api'
import { type System, WGS84 } from '../status/crs'
import { toMap } from '../status/projection'
import { FileFault, type FileFeature, shapesOfText } from './files'

const at: Coordinate = [900_400, 6_690_900]
const LAMBERT93: System = {
  code: 'EPSG:2154',
  name: 'Lambert-93',
  proj: '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +units=m +no_defs',
}
const onMap = toMap(at, LAMBERT93)
const point = (coordinates: number[], crs?: string) =>
  JSON.stringify({
    type: 'FeatureCollection',
    ...(crs && { crs: { type: 'name', properties: { name: crs } } }),
    features: [
      { type: 'Feature', properties: { NOM: 'Borne' }, geometry: { type: 'Point', coordinates } },
    ],
  })

const placeOf = (shape: FileFeature | undefined) => (shape?.geometry.coordinates ?? []) as number[]

test.each([
  ['Lambert-93 that is not said', point([...at, 212.5])],
  ['Lambert-93 that is said', point(at, 'urn:ogc:def:crs:EPSG::2154')],
  ['the map’s own system', point(onMap)],
])('%s is brought to the map, without heights', (_, text) => {
  const [shape] = shapesOfText('bornes.geojson', text)
  expect(shape?.name).toBe('Borne')
  const [x = 0, y = 0, ...more] = placeOf(shape)
  expect(Math.hypot(x - onMap[0], y - onMap[1])).toBeLessThan(0.001)
  expect(more).toEqual([])
})

test('the conformal zones are known by where their numbers lie', () => {
  // False origin of the zone 47: 3° east, 47° north.
  const [shape] = shapesOfText('zone.json', point([1_700_000, 6_200_000]))
  const [x = 0, y = 0] = placeOf(shape)
  const [lon, lat] = toMap([3, 47], WGS84)
  expect(Math.hypot(x - lon, y - lat)).toBeLessThan(0.01)
})

test('collections are taken apart', () => {
  const text = JSON.stringify({
    type: 'GeometryCollection',
    geometries: [
      { type: 'Point', coordinates: [5, 46] },
      { type: 'Point', coordinates: [5.1, 46] },
    ],
  })
  expect(shapesOfText('deux.json', text)).toHaveLength(2)
})

test.each([
  ['plan.dxf', 'x', 'type'],
  ['plan.geojson', '{"type": ', 'unreadable'],
  ['plan.json', '{"type":"Table"}', 'unreadable'],
  ['trace.gpx', 'rien', 'unreadable'],
  ['vide.geojson', '{"type":"FeatureCollection","features":[]}', 'empty'],
  ['vieux.geojson', point(at, 'urn:ogc:def:crs:EPSG::27572'), 'crs'],
])('%s is refused with its reason', (name, text, reason) => {
  expect(() => shapesOfText(name, text)).toThrow(FileFault)
  expect(() => shapesOfText(name, text)).toThrow(reason)
})
