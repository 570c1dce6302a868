/** How shapes look while they are edited in a working set. */
import type OLFeature from 'ol/Feature'
import type { FeatureLike } from 'ol/Feature'
import type OLPoint from 'ol/geom/Point'
import Circle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'
import { areaText } from '../editing/quantity'
import { measure } from '../map/measure'
import { geometryOf } from '../map/olgeometry'

const outline = (color: string, width: number, lineDash?: number[]) =>
  new Stroke({ color, width, ...(lineDash && { lineDash }) })
const fill = (color: string) => new Fill({ color })
const casing = new Style({ stroke: outline('rgba(255,255,255,0.9)', 4) })

const CHANGED = [
  casing,
  new Style({ stroke: outline('#1864ab', 2), fill: fill('rgba(231,245,255,0.55)') }),
]
const CREATED = [
  casing,
  new Style({ stroke: outline('#2b8a3e', 2), fill: fill('rgba(47,158,68,0.18)') }),
]
/** It has a vertex more, or less, and the same land. */
const TOUCHED = [new Style({ stroke: outline('#1864ab', 1) })]
const CHOSEN = new Style({
  stroke: outline('#d9480f', 3),
  fill: fill('rgba(253,126,20,0.2)'),
  zIndex: 2,
})

/** What the set makes of a feature, and its area in words. */
export function workStyle(feature: FeatureLike): Style[] {
  if (feature.get('touched')) return TOUCHED
  return [
    ...(feature.get('created') ? CREATED : CHANGED),
    new Style({ text: writing(String(feature.get('words') ?? ''), '#1f2328'), zIndex: 1 }),
  ]
}

export const chosenStyle = CHOSEN

/** Shapes that follow the pointer, with their areas as they are at that moment. */
export function draggedStyle(feature: FeatureLike): Style[] {
  const { area } = measure(geometryOf(feature as OLFeature))
  const words = area === undefined ? '' : areaText(area, document.documentElement.lang)
  return [...CHANGED, new Style({ text: writing(words, '#1864ab'), zIndex: 1 })]
}

/** A feature as it is stored, where the set changes it. */
export const BEFORE = new Style({ stroke: outline('#868e96', 1.5, [4, 4]) })

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

const writing = (text: string, color: string, offsetY = 0) =>
  new Text({
    text,
    font: '600 12px system-ui, sans-serif',
    fill: fill(color),
    stroke: outline('#ffffff', 3),
    overflow: true,
    offsetY,
  })
