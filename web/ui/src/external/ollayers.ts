/** Layers of others as layers of OpenLayers. */
import GeoJSON from 'ol/format/GeoJSON'
import WFS from 'ol/format/WFS'
import { load } from 'ol/Image'
import ImageLayer from 'ol/layer/Image'
import type Layer from 'ol/layer/Layer'
import TileLayer from 'ol/layer/Tile'
import VectorLayer from 'ol/layer/Vector'
import { bbox } from 'ol/loadingstrategy'
import { get as projectionOf, transformExtent } from 'ol/proj'
import ImageSource from 'ol/source/Image'
import VectorSource from 'ol/source/Vector'
import XYZ from 'ol/source/XYZ'
import Circle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import TileGrid from 'ol/tilegrid/TileGrid'
import type { ExternalLayer } from './api'

export interface Reports {
  answered(): void
  failed(): void
  /** How many features are drawn, and whether there are more. */
  features(count: number, more: boolean): void
}

/** A pixel of the standards, in metres. */
const PIXEL = 0.00028
/** Widest and highest picture that is asked for, in pixels. */
const MAX_SIDE = 4096
/** Features are fetched from this resolution on, so many pages at most for one view. */
const FEATURES_FROM = 40
const MAX_PAGES = 5

export function layerOf(info: ExternalLayer, reports: Reports): Layer {
  const range = {
    // Half a pixel of room: services count scales at another latitude.
    maxResolution: info.maxScale > 0 ? info.maxScale * PIXEL * 1.5 : undefined,
    minResolution: info.minScale > 0 ? info.minScale * PIXEL : undefined,
    visible: false,
  }
  switch (info.kind) {
    case 'wmts':
      return new TileLayer({ ...range, source: tiles(info, reports) })
    case 'wfs':
      return new VectorLayer({
        maxResolution: FEATURES_FROM,
        visible: false,
        style: FEATURE,
        source: features(info, reports),
      })
    default:
      return new ImageLayer({ ...range, source: pictures(info, reports) })
  }
}

function pictures({ url, crs }: ExternalLayer, reports: Reports): ImageSource {
  return new ImageSource({
    projection: crs,
    loader: async (extent, resolution, ratio) => {
      const [minx = 0, miny = 0, maxx = 0, maxy = 0] = extent
      const sides = [(maxx - minx) / resolution, (maxy - miny) / resolution] as const
      const pixelRatio = Math.min(ratio, MAX_SIDE / Math.max(...sides))
      const [width, height] = sides.map((side) => Math.max(1, Math.round(side * pixelRatio)))
      try {
        const image = await load(
          new Image(),
          `${url}/map?bbox=${extent.join()}&width=${width}&height=${height}`,
        )
        reports.answered()
        return { image, extent, pixelRatio }
      } catch (error) {
        reports.failed()
        throw error
      }
    },
  })
}

function tiles({ url, crs, grid }: ExternalLayer, reports: Reports): XYZ {
  const source = new XYZ({
    url: `${url}/tile/{z}/{x}/{y}`,
    projection: crs,
    wrapX: false,
    transition: 0,
    tileGrid:
      grid &&
      new TileGrid({
        origin: grid.origin ?? undefined,
        resolutions: grid.resolutions,
        tileSize: grid.tileSize,
      }),
  })
  let refused = 0
  source.on('tileloadend', () => {
    refused = 0
    reports.answered()
  })
  source.on('tileloaderror', () => ++refused === 3 && reports.failed())
  return source
}

function features(info: ExternalLayer, reports: Reports): VectorSource {
  const { url, crs, paged, pageSize } = info
  const known = new Set<string>()
  const source: VectorSource = new VectorSource({
    strategy: bbox,
    loader: async (extent) => {
      const box = projectionOf(crs) ? transformExtent(extent, 'EPSG:3857', crs) : extent
      let more = false
      try {
        for (let page = 0; page < (paged ? MAX_PAGES : 1); page++) {
          const answer = await fetch(`${url}/features?bbox=${box.join()}&start=${page * pageSize}`)
          if (!answer.ok) throw new Error(`${answer.status}`)
          const read = readFeatures(await answer.text(), answer.headers.get('Content-Type'), crs)
          // Boxes overlap, and few services name their features by themselves.
          const fresh = read.filter((feature) => {
            const geometry = feature.getGeometry()
            const key = `${feature.getId() ?? ''}${geometry?.getExtent().join() ?? ''}`
            return geometry && !known.has(key) && known.add(key)
          })
          source.addFeatures(fresh)
          more = read.length >= pageSize
          if (!more) break
        }
        reports.answered()
        reports.features(source.getFeatures().length, more)
        return []
      } catch {
        source.removeLoadedExtent(extent)
        reports.failed()
        return []
      }
    },
  })
  return source
}

/** Features as GeoJSON or GML, in EPSG:3857. */
function readFeatures(text: string, type: string | null, crs: string) {
  const projections = { dataProjection: crs, featureProjection: 'EPSG:3857' }
  if (type?.includes('json')) return new GeoJSON().readFeatures(text, projections)
  const version = /wfs\/2\.0/.test(text) ? '2.0.0' : /gml\/3|gml:pos/.test(text) ? '1.1.0' : '1.0.0'
  return new WFS({ version }).readFeatures(text, projections)
}

const paint = {
  stroke: new Stroke({ color: '#0b7285', width: 2 }),
  fill: new Fill({ color: 'rgba(21,170,191,0.12)' }),
}
const FEATURE = new Style({ ...paint, image: new Circle({ radius: 6, ...paint }) })
