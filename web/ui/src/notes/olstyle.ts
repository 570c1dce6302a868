/** How notes look on the map: a white casing keeps every colour visible on any ground. */
import { asArray } from 'ol/color'
import Point from 'ol/geom/Point'
import Polygon from 'ol/geom/Polygon'
import Circle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'
import { areaText, lengthText } from '../editing/quantity'
import type { Coordinate } from '../map/api'
import { type Look, type Note, quantities } from './model'

const WHITE = 'rgba(255,255,255,0.9)'
const GLOW = 'rgba(250,176,5,0.85)'
/** Characters of a line of words on the map, and how many are shown there; the panel has them all. */
const LINE = 30
const SHOWN = 240

export function noteStyles(note: Note, language: string, selected: boolean): Style[] {
  const { kind, width, colour } = note
  const styles = kind === 'text' ? [] : strokes(note, selected)
  if (kind === 'text') styles.push(...pins(colour, selected))
  if (kind === 'arrow') styles.push(head(note, width, WHITE, 3), head(note, width, colour, 0))
  const words = wordsOf(note, language)
  return words ? [...styles, label(words, note)] : styles
}

function strokes({ kind, width, colour }: Note, selected: boolean): Style[] {
  const stroke = (color: string, wide: number) =>
    new Style({ stroke: new Stroke({ color, width: wide, lineCap: 'round', lineJoin: 'round' }) })
  const [r = 0, g = 0, b = 0] = asArray(colour)
  const line = stroke(colour, width)
  if (kind === 'polygon') line.setFill(new Fill({ color: [r, g, b, 0.15] }))
  return [...(selected ? [stroke(GLOW, width + 10)] : []), stroke(WHITE, width + 3), line]
}

function pins(colour: string, selected: boolean): Style[] {
  const pin = (radius: number, color: string) =>
    new Style({ image: new Circle({ radius, fill: new Fill({ color }) }) })
  return [...(selected ? [pin(12, GLOW)] : []), pin(7.5, WHITE), pin(5.5, colour)]
}

function head({ places }: Note, width: number, color: string, more: number): Style {
  const [from, to] = places.slice(-2) as [Coordinate, Coordinate]
  return new Style({
    geometry: new Point(to),
    image: new RegularShape({
      points: 3,
      radius: 6 + width * 1.6 + more,
      rotation: Math.atan2(to[0] - from[0], to[1] - from[1]),
      rotateWithView: true,
      fill: new Fill({ color }),
    }),
  })
}

/** Words and figures of a note, as lines. */
function wordsOf(note: Note, language: string): string {
  const { length, area } = note.figures ? quantities(note) : {}
  const figures = [
    ...(area === undefined ? [] : [areaText(area, language)]),
    ...(length === undefined ? [] : [lengthText(length, language)]),
  ]
  return [...wrapped(note.text), ...figures].join('\n')
}

/** A text in lines of few characters, cut where it is long. */
export function wrapped(text: string): string[] {
  const whole = text.trim()
  const short = whole.length > SHOWN ? `${whole.slice(0, SHOWN - 1)}…` : whole
  return short.split('\n').flatMap((paragraph) => {
    const lines = ['']
    for (const word of paragraph.split(/\s+/)) {
      const line = lines.at(-1) ?? ''
      if (line && line.length + word.length >= LINE) lines.push(word)
      else lines[lines.length - 1] = line ? `${line} ${word}` : word
    }
    return lines.filter(Boolean)
  })
}

function label(words: string, note: Note): Style {
  const point = note.kind === 'text'
  return new Style({
    geometry: new Point(middleOf(note)),
    text: new Text({
      text: words,
      font: '600 14px "Noto Sans", sans-serif',
      offsetY: point ? -13 : note.kind === 'polygon' ? 0 : -note.width / 2 - 5,
      textBaseline: note.kind === 'polygon' ? 'middle' : 'bottom',
      fill: new Fill({ color: note.colour }),
      stroke: new Stroke({ color: '#ffffff', width: 4 }),
      overflow: true,
    }),
  })
}

/** Where the words stand: in an outline, at the middle of a line, or at the place. */
function middleOf({ kind, places }: Note): Coordinate {
  const [first = [0, 0]] = places
  if (kind === 'text') return first
  if (kind === 'polygon') {
    const inside = new Polygon([[...places, first]]).getInteriorPoint().getCoordinates()
    return [inside[0] ?? 0, inside[1] ?? 0]
  }
  const lengths = places.slice(1).map(([x, y], i) => {
    const [px, py] = places[i] as Coordinate
    return Math.hypot(x - px, y - py)
  })
  let rest = lengths.reduce((sum, each) => sum + each, 0) / 2
  for (const [i, length] of lengths.entries()) {
    if (rest <= length && length > 0) {
      const [a, b] = [places[i] as Coordinate, places[i + 1] as Coordinate]
      return [a[0] + ((b[0] - a[0]) * rest) / length, a[1] + ((b[1] - a[1]) * rest) / length]
    }
    rest -= length
  }
  return first
}

/** The line that is being drawn, in its look. */
export function sketchStyles({ colour, width }: Look): Style[] {
  const [r = 0, g = 0, b = 0] = asArray(colour)
  return [
    new Style({ stroke: new Stroke({ color: WHITE, width: width + 3 }) }),
    new Style({
      stroke: new Stroke({ color: colour, width }),
      fill: new Fill({ color: [r, g, b, 0.15] }),
      image: new Circle({
        radius: 5.5,
        fill: new Fill({ color: colour }),
        stroke: new Stroke({ color: WHITE, width: 2 }),
      }),
    }),
  ]
}
