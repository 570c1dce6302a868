/** How shapes look while they are edited in a working set. */
import type OLFeature from 'ol/Feature'
import type { FeatureLike } from 'ol/Feature'
import type OLGeometry from 'ol/geom/Geometry'
import type OLPoint from 'ol/geom/Point'
import Circle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'
import { areaText, lengthText } from '../editing/quantity'
import { measure } from '../map/measure'
import { geometryOf } from '../map/olgeometry'

const outline = (color: string, width: number, lineDash?: number[]) =>
  new Stroke({ color, width, ...(lineDash && { lineDash }) })
const fill = (color: string) => new Fill({ color })
const casing = new Style({ stroke: outline('rgba(255,255,255,0.9)', 4) })

/** Areas, lines and points in one colour; lines with an arrow, since it matters which way they run. */
const shown = (color: string, inside: string) => [
  casing,
  new Style({
    stroke: outline(color, 2),
    fill: fill(inside),
    image: new Circle({ radius: 5, fill: fill('#ffffff'), stroke: outline(color, 2.5) }),
  }),
  new Style({
    geometry: lineOf,
    text: new Text({
      text: '▶',
      font: '13px system-ui, sans-serif',
      fill: fill(color),
      stroke: outline('#ffffff', 2),
      placement: 'line',
      keepUpright: false,
      overflow: true,
      declutterMode: 'none',
    }),
    zIndex: 1,
  }),
]
const CHANGED = shown('#1864ab', 'rgba(231,245,255,0.55)')
const CREATED = shown('#2b8a3e', 'rgba(47,158,68,0.18)')
/** It has a vertex more, or less, and the same land. */
const TOUCHED = [new Style({ stroke: outline('#1864ab', 1) })]
const CHOSEN = new Style({
  stroke: outline('#d9480f', 3),
  fill: fill('rgba(253,126,20,0.2)'),
  image: new Circle({ radius: 6, stroke: outline('#d9480f', 3) }),
  zIndex: 2,
})

/** What the set makes of a feature, and its area in words. */
export function workStyle(feature: FeatureLike): Style[] {
  if (feature.get('touched')) return TOUCHED
  return [
    ...(feature.get('created') ? CREATED : CHANGED),
    written(feature, String(feature.get('words') ?? ''), '#1f2328'),
  ]
}

export const chosenStyle = CHOSEN

/** Shapes that follow the pointer, with their measures as they are at that moment. */
export function draggedStyle(feature: FeatureLike): Style[] {
  const { area, length } = measure(geometryOf(feature as OLFeature))
  const language = document.documentElement.lang
  const measured =
    area === undefined ? length && lengthText(length, language) : areaText(area, language)
  return [...CHANGED, written(feature, measured || '', '#1864ab')]
}

/** A feature as it is stored, where the set changes it or takes it away. */
export const beforeStyle = (feature: FeatureLike): Style => (feature.get('gone') ? GONE : BEFORE)

const former = (color: string) =>
  new Style({
    stroke: outline(color, 1.5, [4, 4]),
    image: new Circle({ radius: 5, stroke: outline(color, 1.5, [3, 2]) }),
  })
const BEFORE = former('#868e96')
const GONE = former('#c92a2a')

/** What a click would make, and what it would take away. */
export const PREVIEW = new Style({
  stroke: outline('#1864ab', 3, [8, 5]),
  image: new Circle({ radius: 7, fill: fill('#fff3bf'), stroke: outline('#1864ab', 2) }),
})
export const MEANT = new Style({
  stroke: outline('#d9480f', 4),
  image: new Circle({ radius: 8, stroke: outline('#d9480f', 3) }),
})

/** What is in the way, and why in words. */
export const refusedStyle = (words: string): Style[] => [
  new Style({ stroke: outline('#c92a2a', 3), fill: fill('rgba(250,82,82,0.45)') }),
  new Style({
    image: new RegularShape({
      points: 4,
      radius: 11,
      radius2: 0,
      angle: Math.PI / 4,
      stroke: outline('#c92a2a', 3),
    }),
    text: writing(words, '#c92a2a', 22),
    geometry: (feature) => {
      const shape = feature.getGeometry()
      return shape?.getType() === 'Point' ? (shape as OLPoint) : undefined
    },
    zIndex: 3,
  }),
]

/** Something wrong with the coverage, and its place: seen too where it is narrow. */
export const WRONG = new Style({
  stroke: outline('#c92a2a', 2),
  fill: fill('rgba(250,82,82,0.35)'),
  zIndex: 2,
})
export const WRONG_AT = new Style({
  image: new Circle({
    radius: 7,
    stroke: outline('#c92a2a', 2),
    fill: fill('rgba(255,255,255,0.6)'),
  }),
  zIndex: 2,
})

/** A feature, or a place, where somebody else is at work. */
export const otherStyle = (who: string): Style =>
  new Style({ stroke: outline('#9c36b5', 2, [10, 6]), text: writing(who, '#862e9c') })

function lineOf(feature: FeatureLike) {
  const shape = feature.getGeometry() as OLGeometry
  return shape.getType().endsWith('LineString') ? shape : undefined
}

/** Words within areas, and beside the arrow of lines. */
function written(feature: FeatureLike, words: string, color: string): Style {
  const line = lineOf(feature) !== undefined
  return new Style({ text: writing(words, color, line ? -12 : 0), zIndex: 1 })
}

const writing = (text: string, color: string, offsetY = 0) =>
  new Text({
    text,
    font: '600 12px system-ui, sans-serif',
    fill: fill(color),
    stroke: outline('#ffffff', 3),
    overflow: true,
    offsetY,
  })
