/** Where the words of a measure stand, so that none covers another. Pure arithmetic, in pixels. */
import type { Coordinate } from '../map/api'
import type { Labels } from './api'

export interface Label {
  text: string
  at: Coordinate
  /** Pixels below the place. */
  offsetY: number
  bold: boolean
}

/** About how wide a letter is, and how high a line, of 12 pixels. */
const LETTER = 6.7
const LINE = 15

/** The whole, then the sides by their length, then the vertices: in the order in which they matter. */
export function labelsAt(places: Coordinate[], labels: Labels, centre: Coordinate): Label[] {
  const { sides, vertices, whole } = labels
  const closed = sides.length === places.length
  const ends = (i: number) =>
    [places[i] as Coordinate, places[(i + 1) % places.length] as Coordinate] as const
  const length = (i: number) => {
    const [a, b] = ends(i)
    return Math.hypot(b[0] - a[0], b[1] - a[1])
  }
  const middle = (i: number): Coordinate => {
    const [a, b] = ends(i)
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  }
  const longest = sides.map((_, i) => i).sort((a, b) => length(b) - length(a))
  return [
    { text: whole, at: centre, offsetY: closed ? 0 : -16, bold: true },
    ...longest.map((i) => ({ text: sides[i] ?? '', at: middle(i), offsetY: 0, bold: false })),
    ...vertices.map((text, i) => ({
      text,
      at: places[i] as Coordinate,
      offsetY: 14,
      bold: false,
    })),
  ].filter(({ text }) => text !== '')
}

/** Those that stand free at a resolution (map units to a pixel), the first before the later. */
export function standing(labels: Label[], resolution: number): Label[] {
  const boxes: { x: number; y: number; width: number }[] = []
  return labels.filter(({ text, at: [x, y], offsetY }) => {
    const box = { x: x / resolution, y: -y / resolution + offsetY, width: text.length * LETTER + 6 }
    const free = boxes.every(
      (other) =>
        Math.abs(other.x - box.x) > (other.width + box.width) / 2 ||
        Math.abs(other.y - box.y) > LINE,
    )
    if (free) boxes.push(box)
    return free
  })
}
