/** How shapes look while they are edited in a working set. */
import type { FeatureLike } from 'ol/Feature'
import Fill from 'ol/style/Fill'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'

const outline = (color: string, width: number, lineDash?: number[]) =>
  new Stroke({ color, width, ...(lineDash && { lineDash }) })
const fill = (color: string) => new Fill({ color })
const casing = new Style({ stroke: outline('rgba(255,255,255,0.9)', 4) })

const CHANGED = [
  casing,
  new Style({ stroke: outline('#1864ab', 2), fill: fill('rgba(34,139,230,0.12)') }),
]
const CREATED = [
  casing,
  new Style({ stroke: outline('#2b8a3e', 2), fill: fill('rgba(47,158,68,0.18)') }),
]
const CHOSEN = new Style({
  stroke: outline('#d9480f', 3),
  fill: fill('rgba(253,126,20,0.2)'),
  zIndex: 2,
})

/** What the set makes of a feature, and its area in words. */
export function workStyle(feature: FeatureLike): Style[] {
  const styles = feature.get('created') ? CREATED : CHANGED
  return [
    ...styles,
    new Style({
      text: new Text({
        text: String(feature.get('words') ?? ''),
        font: '600 12px system-ui, sans-serif',
        fill: fill('#1f2328'),
        stroke: outline('#ffffff', 3),
        overflow: true,
      }),
      zIndex: 1,
    }),
  ]
}

export const chosenStyle = CHOSEN

/** Shapes that follow the pointer. */
export const DRAGGED = CHANGED

/** A feature as it is stored, where the set changes it. */
export const BEFORE = new Style({ stroke: outline('#868e96', 1.5, [4, 4]) })

/** What is in the way. */
export const REFUSED = [
  new Style({ stroke: outline('#c92a2a', 3), fill: fill('rgba(250,82,82,0.45)') }),
  new Style({
    image: new RegularShape({
      points: 4,
      radius: 11,
      radius2: 0,
      angle: Math.PI / 4,
      stroke: outline('#c92a2a', 3),
    }),
  }),
]

/** Where somebody else is at work. */
export const OTHER = (feature: FeatureLike): Style =>
  new Style({
    stroke: outline('#9c36b5', 2, [10, 6]),
    text: new Text({
      text: String(feature.get('who') ?? ''),
      font: '600 12px system-ui, sans-serif',
      fill: fill('#862e9c'),
      stroke: outline('#ffffff', 3),
      overflow: true,
    }),
  })
