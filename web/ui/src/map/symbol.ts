/** From a layer's style and a feature's properties to what to draw, before any drawing library. */
import type { LayerInfo, LayerStyle } from './api'

export interface MapSymbol {
  fill?: string
  stroke?: string
  width: number
  radius: number
  dash?: number[]
}

const DEFAULT_STROKE = '#1c7ed6'

/** The symbol of one feature: its category's colours over the layer's own. */
export function symbolOf(style: LayerStyle, properties: Record<string, unknown>): MapSymbol {
  const category = style.by && categoryOf(style.by, properties[style.by.field])
  const fill = category?.fill ?? style.fill
  const stroke = category?.stroke ?? style.stroke
  return {
    fill,
    stroke: stroke ?? (fill ? undefined : DEFAULT_STROKE),
    width: style.width ?? 1,
    radius: style.radius ?? 5,
    dash: style.dash,
  }
}

/** Tiles carry booleans and numbers as such or as words: compared as words, absent as null. */
function categoryOf(by: NonNullable<LayerStyle['by']>, value: unknown) {
  const word = String(value ?? null)
  return by.values.find((category) => String(category.value) === word)
}

/** The words to write on a feature at a zoom, or undefined. */
export function writingOf(
  style: LayerStyle,
  properties: Record<string, unknown>,
  zoom: number,
): string | undefined {
  const label = style.label
  if (!label || zoom < (label.minzoom ?? 0)) return undefined
  const value = properties[label.field ?? '_text']
  return value === undefined || value === null || value === '' ? undefined : String(value)
}

/** The zooms a layer is drawn at: from the first with tiles, to the style's own last. */
export function zoomRange({ style, tiles }: Pick<LayerInfo, 'style' | 'tiles'>): [number, number] {
  return [
    Math.max(style.minzoom ?? 0, tiles.minzoom),
    style.maxzoom === undefined ? Number.POSITIVE_INFINITY : style.maxzoom,
  ]
}

/** Fills a layer's title template, "{section} {number}", from properties; the id when nothing is left. */
export function titleOf(template: string, properties: Record<string, unknown>, id: string): string {
  const title = template
    .replace(/\{(\w+)\}/g, (_, field) => {
      const value = field === 'id' ? id : properties[field]
      return value === undefined || value === null ? '' : String(value)
    })
    .replace(/\s+/g, ' ')
    .trim()
  return title === '' ? id : title
}
