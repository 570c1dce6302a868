import type { LayerInfo } from '../api/model'
import type { LayerStyle } from '../map/api'
import type { Shape } from '../map/symbol'

/** What each part of the panel is given: the layer, the style so far, and how to change it. */
export interface PartProps {
  layer: LayerInfo
  style: LayerStyle
  shape: Shape
  change: (style: LayerStyle) => void
}

/** Fields that a style may draw by: personal data is not in tiles. */
export const drawable = ({ fields }: LayerInfo) => fields.filter(({ personal }) => !personal)

export const numeric = (layer: LayerInfo) =>
  drawable(layer).filter(
    ({ type, reference }) => (type === 'integer' || type === 'number') && !reference,
  )
