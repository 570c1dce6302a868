/** The sign of what the pointer is drawn to: a square on a corner, a triangle in a middle, a cross … */
import Circle from 'ol/style/Circle'
import type Image from 'ol/style/Image'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import type { SnapKind } from './snap'

const strokes = [
  new Stroke({ color: 'rgba(255,255,255,0.95)', width: 6 }),
  new Stroke({ color: '#c2255c', width: 2.5 }),
]

const cased = (image: (stroke: Stroke) => Image) =>
  strokes.map((stroke) => new Style({ image: image(stroke) }))

export const SIGNS: Record<SnapKind, Style[]> = {
  vertex: cased(
    (stroke) => new RegularShape({ points: 4, radius: 11, angle: Math.PI / 4, stroke }),
  ),
  intersection: cased(
    (stroke) => new RegularShape({ points: 4, radius: 10, radius2: 0, angle: Math.PI / 4, stroke }),
  ),
  midpoint: cased((stroke) => new RegularShape({ points: 3, radius: 11, stroke })),
  perpendicular: cased((stroke) => new RegularShape({ points: 4, radius: 10, radius2: 0, stroke })),
  edge: cased((stroke) => new Circle({ radius: 8, stroke })),
}
