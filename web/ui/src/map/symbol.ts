/** From a layer's style and a feature's properties to what to draw, before any drawing library. */
import type { LayerInfo, LayerStyle, PointSymbol, StyleClasses, StyleSize } from './api'

export type Shape = 'point' | 'line' | 'polygon'

export interface MapSymbol {
  fill?: string
  stroke?: string
  width: number
  radius: number
  symbol: PointSymbol
  dash?: number[]
}

/** Of the name of a geometry type. */
export function shapeOf(type: string): Shape {
  if (type.endsWith('Point')) return 'point'
  return type.endsWith('LineString') ? 'line' : 'polygon'
}

type Properties = Record<string, unknown>

const DEFAULT_STROKE = '#1c7ed6'

/** The symbol of one feature: the colours of its category or class over the layer's own. */
export function symbolOf(style: LayerStyle, properties: Properties, shape: Shape): MapSymbol {
  const own = coloursOf(style, properties, shape)
  const fill = own?.fill ?? style.fill
  const stroke = own?.stroke ?? style.stroke
  return {
    fill,
    stroke: stroke ?? (fill ? undefined : DEFAULT_STROKE),
    width: style.width ?? 1,
    radius: (style.size && radiusOf(style.size, properties)) ?? style.radius ?? 5,
    symbol: style.symbol ?? 'circle',
    dash: style.dash,
  }
}

function coloursOf(
  style: LayerStyle,
  properties: Properties,
  shape: Shape,
): { fill?: string; stroke?: string } | undefined {
  if (style.by) return categoryOf(style.by, properties[style.by.field])
  if (!style.classes) return undefined
  const colour = style.classes.colours[classOf(style.classes, properties)]
  return colour === undefined ? undefined : shape === 'line' ? { stroke: colour } : { fill: colour }
}

/** Tiles carry booleans and numbers as such or as words: compared as words, absent as null. */
function categoryOf(by: NonNullable<LayerStyle['by']>, value: unknown) {
  const word = String(value ?? null)
  return by.values.find(
    (category) =>
      String(category.value) === word ||
      (typeof value === 'number' && category.value !== '' && Number(category.value) === value),
  )
}

/** Tiles carry decimal numbers as words. */
function numberOf(value: unknown): number {
  return value === null || value === undefined || value === '' ? Number.NaN : Number(value)
}

function classOf({ field, breaks }: StyleClasses, properties: Properties): number {
  return classAt(breaks, numberOf(properties[field]))
}

/** The class that a number falls into, each up to its highest number; -1 for none. */
export function classAt(breaks: number[], number: number): number {
  const [lowest, ...highest] = breaks
  return lowest !== undefined && number >= lowest
    ? highest.findIndex((bound) => number <= bound)
    : -1
}

/** Radius by which the area follows the number, to half a pixel; undefined without a number. */
function radiusOf(size: StyleSize, properties: Properties): number | undefined {
  const number = numberOf(properties[size.field])
  return Number.isNaN(number) ? undefined : radiusAt(size, number)
}

export function radiusAt({ from, to, minRadius, maxRadius }: StyleSize, number: number): number {
  const share = to > from ? Math.min(1, Math.max(0, (number - from) / (to - from))) : 1
  const radius = Math.sqrt(minRadius ** 2 + share * (maxRadius ** 2 - minRadius ** 2))
  return Math.round(radius * 2) / 2
}

/** The entry of the legend for features that no other stands for. */
export const OTHERS = '*'

/** The entry of the legend under which a feature falls: a category, a class, or what is left. */
export function entryOf(style: LayerStyle, properties: Properties): string {
  if (style.by) {
    const category = categoryOf(style.by, properties[style.by.field])
    return category ? categoryKey(category.value) : OTHERS
  }
  if (!style.classes) return OTHERS
  const i = classOf(style.classes, properties)
  return i < 0 ? OTHERS : classKey(i)
}

export const categoryKey = (value: unknown) => `=${value}`
export const classKey = (i: number) => `#${i}`

/** How the shapes of points are drawn: corners on a circle of this share of the radius. */
export const FORMS: Record<
  Exclude<PointSymbol, 'circle'>,
  { points: number; angle: number; reach: number; inner?: number }
> = {
  square: { points: 4, angle: Math.PI / 4, reach: 1.25 },
  diamond: { points: 4, angle: 0, reach: 1.25 },
  triangle: { points: 3, angle: 0, reach: 1.4 },
  star: { points: 5, angle: 0, reach: 1.4, inner: 0.55 },
  cross: { points: 4, angle: 0, reach: 1.3, inner: 0 },
}

/** How many features this one stands for in tiles of low zooms; undefined for itself alone. */
export function countOf(properties: Properties): number | undefined {
  return properties._count === undefined ? undefined : Number(properties._count)
}

/** The radius of a disk that stands for points, in pixels: it grows by the digits of the number. */
export const crowdRadius = (count: number) => 9 + 2 * Math.floor(Math.log10(count))

/** A number on a disk: of thousands in short. */
export const crowdWords = (count: number) =>
  count < 1000 ? String(count) : `${Math.round(count / 100) / 10}k`

/** The words to write on a feature at a zoom, or undefined. */
export function writingOf(
  style: LayerStyle,
  properties: Properties,
  zoom: number,
): string | undefined {
  const label = style.label
  if (!label || zoom < (label.minzoom ?? 0) || zoom > (label.maxzoom || Infinity)) return undefined
  const value = properties[label.text ? '_text' : (label.field ?? '')]
  return value === undefined || value === null || value === '' ? undefined : String(value)
}

/** The zooms a layer is drawn at: from the first with tiles, to the style's own last. */
export function zoomRange({ style, tiles }: Pick<LayerInfo, 'style' | 'tiles'>): [number, number] {
  return [Math.max(style.minzoom ?? 0, tiles.minzoom), style.maxzoom || Number.POSITIVE_INFINITY]
}

/** Fills a layer's title template, "{section} {number}", from properties; the id when nothing is left. */
export function titleOf(template: string, properties: Properties, id: string): string {
  const title = template
    .replace(/\{(\w+)\}/g, (_, field) => {
      const value = field === 'id' ? id : properties[field]
      return value === undefined || value === null ? '' : String(value)
    })
    .replace(/\s+/g, ' ')
    .trim()
  return title === '' ? id : title
}
