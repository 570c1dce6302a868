/** The legend of a layer, made from its style. */
import type { Field } from '../api/model'
import type { Language, LayerInfo } from '../map/api'
import {
  categoryKey,
  classKey,
  type MapSymbol,
  OTHERS,
  radiusAt,
  type Shape,
  shapeOf,
  symbolOf,
} from '../map/symbol'
import { value } from '../words/values'

export interface LegendEntry {
  /** By which it can be switched off; absent where it stands for no features of its own. */
  key?: string
  shape: Shape
  symbol: MapSymbol
  /** Empty for the layer's own symbol. */
  label: string
}

type Styled = Pick<LayerInfo, 'style' | 'geometry'> & { fields?: Field[] }

/** An entry for each category or class and for what is left, else one for the layer; then sizes. */
export function legend(layer: Styled, language: Language, others: string): LegendEntry[] {
  return [...colours(layer, language, others), ...sizes(layer, language)]
}

function colours(layer: Styled, language: Language, others: string): LegendEntry[] {
  const { by, classes } = layer.style
  const left = { ...swatch(layer), key: OTHERS, label: others }
  if (by) {
    const entries = by.values.map((category) => ({
      ...entry(layer, { [by.field]: category.value }),
      key: categoryKey(category.value),
      label: category.label[language],
    }))
    return isWhole(layer, by) ? entries : [...entries, left]
  }
  if (!classes) return [swatch(layer)]
  const field = fieldOf(layer, classes.field)
  const entries = classes.colours.map((_, i) => {
    const [from, to] = [classes.breaks[i] ?? 0, classes.breaks[i + 1] ?? 0]
    return {
      ...entry(layer, { [classes.field]: to }),
      key: classKey(i),
      label: range(from, to, field, language),
    }
  })
  return [...entries, left]
}

/** Whether the categories are all that the field may have. */
function isWhole(layer: Styled, by: NonNullable<LayerInfo['style']['by']>): boolean {
  const values = new Set(by.values.map((category) => String(category.value)))
  const field = fieldOf(layer, by.field)
  if (field?.type === 'boolean') return values.has('true') && values.has('false')
  return field?.enum?.every((choice) => values.has(choice.value)) ?? false
}

/** Circles of both ends and of the middle, as they are on the map. */
function sizes(layer: Styled, language: Language): LegendEntry[] {
  const { size } = layer.style
  if (!size || shapeOf(layer.geometry.type) !== 'point') return []
  const field = fieldOf(layer, size.field)
  return [size.from, (size.from + size.to) / 2, size.to].map((number) => ({
    shape: 'point',
    symbol: { ...swatch(layer).symbol, radius: radiusAt(size, number) },
    label: value(number, field, language),
  }))
}

/** The one swatch that stands for the whole layer. */
export function swatch(layer: Styled): LegendEntry {
  return { ...entry(layer, {}), label: '' }
}

function entry({ style, geometry }: Styled, properties: Record<string, unknown>) {
  const shape = shapeOf(geometry.type)
  return { shape, symbol: symbolOf(style, properties, shape) }
}

const fieldOf = ({ fields }: Styled, name: string) => fields?.find((field) => field.name === name)

/** The numbers of a class; the unit once. */
export function range(from: number, to: number, field: Field | undefined, language: Language) {
  const bare = field && { ...field, unit: undefined }
  return from === to
    ? value(to, field, language)
    : `${value(from, bare, language)} – ${value(to, field, language)}`
}
