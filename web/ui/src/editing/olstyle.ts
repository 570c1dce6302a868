/** How a shape looks while it is edited: cased outline, a handle on every vertex. */
import type OLFeature from 'ol/Feature'
import type { FeatureLike } from 'ol/Feature'
import MultiPoint from 'ol/geom/MultiPoint'
import type SimpleGeometry from 'ol/geom/SimpleGeometry'
import Circle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'

const BLUE = '#1864ab'
const white = new Stroke({ color: 'rgba(255,255,255,0.9)', width: 5 })
const fill = new Fill({ color: 'rgba(34,139,230,0.15)' })

const outline = [
  new Style({ stroke: white }),
  new Style({
    stroke: new Stroke({ color: BLUE, width: 2.5 }),
    fill,
    image: new Circle({
      radius: 7,
      fill: new Fill({ color: BLUE }),
      stroke: new Stroke({ color: '#ffffff', width: 2 }),
    }),
  }),
]

const handle = new RegularShape({
  points: 4,
  radius: 6,
  angle: Math.PI / 4,
  fill: new Fill({ color: '#ffffff' }),
  stroke: new Stroke({ color: BLUE, width: 1.5 }),
})

/** A handle on every vertex. */
export const HANDLES = new Style({ image: handle, geometry: (feature) => verticesOf(feature) })

/** The feature being edited, with its vertices. */
export const EDITED = [...outline, HANDLES]

/** The same without handles, kept until the fresh tiles are drawn. */
export const LINGERING = outline

/** The vertex under the pointer and the line being drawn. */
export const SKETCH = [
  new Style({ stroke: white }),
  new Style({
    stroke: new Stroke({ color: BLUE, width: 2.5, lineDash: [8, 5] }),
    fill,
    image: new Circle({
      radius: 6,
      fill: new Fill({ color: '#fff3bf' }),
      stroke: new Stroke({ color: BLUE, width: 2 }),
    }),
  }),
]

function verticesOf(feature: FeatureLike): MultiPoint | undefined {
  const geometry = (feature as OLFeature<SimpleGeometry>).getGeometry()
  if (!geometry || geometry.getType().endsWith('Point')) return undefined
  return new MultiPoint(geometry.getFlatCoordinates(), geometry.getLayout())
}

/** A part that was split off, to be saved as a feature of its own. */
export const MADE = [
  new Style({ stroke: white }),
  new Style({
    stroke: new Stroke({ color: '#2b8a3e', width: 2.5 }),
    fill: new Fill({ color: 'rgba(47,158,68,0.15)' }),
    image: new Circle({ radius: 7, fill: new Fill({ color: '#2b8a3e' }) }),
  }),
]

/** A handle by which the whole shape is turned or grown, and the middle around which. */
export const GRIP = new Style({
  image: new RegularShape({
    points: 4,
    radius: 11,
    angle: Math.PI / 4,
    fill: new Fill({ color: '#fff3bf' }),
    stroke: new Stroke({ color: BLUE, width: 2.5 }),
  }),
})
export const MIDDLE = new Style({
  image: new RegularShape({
    points: 4,
    radius: 9,
    radius2: 0,
    stroke: new Stroke({ color: BLUE, width: 2 }),
  }),
})
