/** Draws measures and what is written at them. Loaded when somebody measures. */
import OLFeature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import Point from 'ol/geom/Point'
import Polygon from 'ol/geom/Polygon'
import type SimpleGeometry from 'ol/geom/SimpleGeometry'
import type { Options } from 'ol/interaction/Draw'
import VectorLayer from 'ol/layer/Vector'
import type OLMap from 'ol/Map'
import VectorSource from 'ol/source/Vector'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'
import { BegunDraw } from '../drawing/begun'
import { SKETCH } from '../editing/olstyle'
import type { Coordinate } from '../map/api'
import { Listeners } from '../map/listeners'
import type { Labels, Measure, MeasureKind, MeasuringSession } from './api'
import { type Label, labelsAt, standing } from './labels'

const INK = '#7a3e00'

const SHAPE = [
  new Style({ stroke: new Stroke({ color: 'rgba(255,255,255,0.9)', width: 5 }) }),
  new Style({
    stroke: new Stroke({ color: INK, width: 2 }),
    fill: new Fill({ color: 'rgba(240,140,0,0.12)' }),
  }),
]

export class Measuring implements MeasuringSession {
  readonly #map: OLMap
  /** Told whether a click on the map belongs to a measure. */
  readonly #busy: (busy: boolean) => void
  readonly #source = new VectorSource<OLFeature>()
  readonly #listeners = new Listeners<{ drawn: Omit<Measure, 'id'>; left: null }>()
  #draw: BegunDraw | null = null
  #kind: MeasureKind = 'length'
  #labelsOf: (measure: Omit<Measure, 'id'>) => Labels = () => ({
    sides: [],
    vertices: [],
    whole: '',
  })

  constructor(map: OLMap, zIndex: number, busy: (busy: boolean) => void) {
    this.#map = map
    this.#busy = busy
    map.addLayer(new VectorLayer({ source: this.#source, zIndex }))
  }

  use(kind: MeasureKind | null): void {
    if (this.#draw) this.#map.removeInteraction(this.#draw)
    this.#draw = null
    this.#busy(kind !== null)
    document.removeEventListener('keydown', this.#key)
    if (!kind) return
    this.#kind = kind
    const options: Options = {
      type: kind === 'area' ? 'Polygon' : 'LineString',
      maxPoints: kind === 'azimuth' ? 2 : undefined,
      stopClick: true,
      style: (feature, resolution) => {
        const geometry = feature.getGeometry() as SimpleGeometry
        // The pointer, and the edge of an outline, come as sketches of their own.
        if (geometry.getType() !== (kind === 'area' ? 'Polygon' : 'LineString')) return SKETCH
        const places = placesOf(geometry)
        if (places.length < 2) return SKETCH
        return [...SKETCH, ...written(places, this.#labelsOf({ kind, places }), resolution)]
      },
    }
    this.#draw = new BegunDraw(options, (feature) => {
      const places = placesOf(feature.getGeometry() as SimpleGeometry)
      if (places.length > (kind === 'area' ? 2 : 1)) {
        this.#listeners.emit('drawn', { kind: this.#kind, places })
      }
    })
    this.#map.addInteraction(this.#draw)
    document.addEventListener('keydown', this.#key)
  }

  onDrawn(listener: (measure: Omit<Measure, 'id'>) => void): () => void {
    return this.#listeners.on('drawn', listener)
  }

  onLeft(listener: () => void): () => void {
    return this.#listeners.on('left', listener)
  }

  show(
    measures: { measure: Measure; labels: Labels }[],
    labelsOf: (measure: Omit<Measure, 'id'>) => Labels,
  ): void {
    this.#labelsOf = labelsOf
    this.#source.clear()
    for (const { measure, labels } of measures) {
      const { kind, places } = measure
      const feature = new OLFeature<SimpleGeometry>(
        kind === 'area' ? new Polygon([[...places, places[0] ?? []]]) : new LineString(places),
      )
      feature.setStyle((_, resolution) => [...SHAPE, ...written(places, labels, resolution)])
      this.#source.addFeature(feature)
    }
  }

  /** The first Escape leaves the line that is begun, the next the tool. */
  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    if (!this.#draw?.leave()) this.#listeners.emit('left', null)
  }
}

/** The vertices of a line, or of an outline without its end, each once where one clicked twice. */
function placesOf(geometry: SimpleGeometry): Coordinate[] {
  const all = (
    geometry instanceof Polygon ? (geometry.getCoordinates()[0] ?? []) : geometry.getCoordinates()
  ) as Coordinate[]
  const line = all.filter(([x, y], i) => x !== all[i - 1]?.[0] || y !== all[i - 1]?.[1])
  const [first, last] = [line[0], line.at(-1)]
  const closed = geometry instanceof Polygon && line.length > 1
  return closed && first?.[0] === last?.[0] && first?.[1] === last?.[1] ? line.slice(0, -1) : line
}

/** The words that stand free at a resolution. */
function written(places: Coordinate[], labels: Labels, resolution: number): Style[] {
  const [end = [0, 0]] = places.slice(-1)
  const centre =
    labels.sides.length === places.length
      ? (new Polygon([[...places, places[0] ?? []]])
          .getInteriorPoint()
          .getCoordinates()
          .slice(0, 2) as Coordinate)
      : end
  return standing(labelsAt(places, labels, centre), resolution).map(label)
}

const label = ({ text, at, offsetY, bold }: Label) =>
  new Style({
    geometry: new Point(at),
    text: new Text({
      text,
      offsetY,
      overflow: true,
      font: `${bold ? 700 : 500} 12px "Noto Sans", sans-serif`,
      fill: new Fill({ color: INK }),
      stroke: new Stroke({ color: '#ffffff', width: 4 }),
    }),
  })
