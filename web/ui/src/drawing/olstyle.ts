/** The sign of what the pointer is drawn to: a square on a corner, a triangle in a middle, a cross … */
import Circle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import type Image from 'ol/style/Image'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import type { Aim } from './aim'

const MAGENTA = '#c2255c'

const strokes = [
  new Stroke({ color: 'rgba(255,255,255,0.95)', width: 6 }),
  new Stroke({ color: MAGENTA, width: 2.5 }),
]

const cased = (image: (stroke: Stroke) => Image) =>
  strokes.map((stroke) => new Style({ image: image(stroke) }))

export const SIGNS: Record<NonNullable<Aim['kind']>, Style[]> = {
  vertex: cased(
    (stroke) => new RegularShape({ points: 4, radius: 11, angle: Math.PI / 4, stroke }),
  ),
  intersection: cased(
    (stroke) => new RegularShape({ points: 4, radius: 10, radius2: 0, angle: Math.PI / 4, stroke }),
  ),
  midpoint: cased((stroke) => new RegularShape({ points: 3, radius: 11, stroke })),
  perpendicular: cased((stroke) => new RegularShape({ points: 4, radius: 10, radius2: 0, stroke })),
  edge: cased((stroke) => new Circle({ radius: 8, stroke })),
  guide: cased((stroke) => new RegularShape({ points: 4, radius: 8, stroke })),
}

const line = (width: number, lineDash?: number[]) => [
  new Style({ stroke: new Stroke({ color: 'rgba(255,255,255,0.8)', width: width + 3 }) }),
  new Style({ stroke: new Stroke({ color: MAGENTA, width, lineDash }) }),
]

/** A line that a side is drawn along. */
export const GUIDE = line(1.5, [3, 5])
/** An edge that was picked, to be parallel to. */
export const EDGE = line(4)
/** The way along edges that a click would trace. */
export const WAY = line(3, [8, 4])

/** Where an outline crosses itself. */
export const CROSSING = [
  new Style({
    image: new Circle({
      radius: 13,
      stroke: new Stroke({ color: '#ffffff', width: 6 }),
    }),
  }),
  new Style({
    image: new Circle({
      radius: 13,
      stroke: new Stroke({ color: '#c92a2a', width: 3 }),
      fill: new Fill({ color: 'rgba(201,42,42,0.25)' }),
    }),
  }),
]
