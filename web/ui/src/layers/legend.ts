/** The legend of a layer, made from its style. */
import type { Language, LayerInfo } from '../map/api'
import { type MapSymbol, symbolOf } from '../map/symbol'

export interface LegendEntry {
  shape: 'point' | 'line' | 'polygon'
  symbol: MapSymbol
  /** Empty for the layer's own symbol. */
  label: string
}

type Styled = Pick<LayerInfo, 'style' | 'geometry'>

/** One entry for the layer, or one for each of its categories. */
export function legend({ style, geometry }: Styled, language: Language): LegendEntry[] {
  const shape = shapeOf(geometry.type)
  const by = style.by
  if (!by) return [{ shape, symbol: symbolOf(style, {}), label: '' }]
  return by.values.map(({ value, label }) => ({
    shape,
    symbol: symbolOf(style, { [by.field]: value }),
    label: label[language],
  }))
}

/** The one swatch that stands for the whole layer. */
export function swatch({ style, geometry }: Styled): LegendEntry {
  return { shape: shapeOf(geometry.type), symbol: symbolOf(style, {}), label: '' }
}

function shapeOf(type: LayerInfo['geometry']['type']): LegendEntry['shape'] {
  if (type.endsWith('Point')) return 'point'
  if (type.endsWith('LineString')) return 'line'
  return 'polygon'
}
