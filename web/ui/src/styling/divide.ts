/** Divisions of a layer that the server finds: by the values of a field, or into classes of a number. */
import type { QueryClient } from '@tanstack/react-query'
import { api, type ClassMethod } from '../api/client'
import { groupsQuery, keys } from '../api/queries'
import type { LayerStyle } from '../map/api'
import { colourOf } from './colour'
import { byClass, byValue } from './edits'
import { drawable, numeric, type PartProps } from './part'
import { PALETTES, type Palette, RAMPS, type Ramp, rampOf } from './ramps'

/** More than these nobody tells apart: what is rarer is with the others. */
export const TOLD_APART = 12

type Drawn = Pick<PartProps, 'layer' | 'style' | 'shape'>

export const NOT_FILLED_IN = { fr: 'Non renseigné', en: 'Not filled in' }

export function classesQuery(layer: string, field: string, method: ClassMethod, count: number) {
  return {
    queryKey: [...keys.lists(layer), 'classes', field, method, count],
    queryFn: () => api.classify(layer, { field, method, count }),
    retry: false,
  }
}

export const firstPalette = PALETTES[0] as Palette
export const firstRamp = RAMPS[0] as Ramp

/** The ramp that the style has its colours from; the first where it has them from none. */
export function rampOfStyle({ classes }: LayerStyle): { ramp: Ramp; reversed: boolean } {
  const colours = classes?.colours.map((colour) => colourOf(colour).hex) ?? []
  return rampOf(colours) ?? { ramp: firstRamp, reversed: false }
}

/** By a field: that which is named, else one with a choice of values, else any. */
export async function divideByValue(
  queries: QueryClient,
  { layer, style, shape }: Drawn,
  name?: string,
  most = TOLD_APART,
): Promise<LayerStyle> {
  const fields = drawable(layer)
  const field =
    fields.find((each) => (name ? each.name === name : each.enum || each.type === 'boolean')) ??
    fields[0]
  if (!field) return style
  const groups = await queries.fetchQuery(groupsQuery(layer.id, {}, field.name))
  return byValue(style, shape, field, groups.slice(0, most), firstPalette, NOT_FILLED_IN)
}

/** By a number: into quantiles, and five of them, where nothing else is asked. */
export async function divideByClass(
  queries: QueryClient,
  { layer, style, shape }: Drawn,
  name = numeric(layer)[0]?.name ?? '',
  method: ClassMethod = 'quantiles',
  count = 5,
): Promise<LayerStyle> {
  const { breaks } = await queries.fetchQuery(classesQuery(layer.id, name, method, count))
  const { ramp, reversed } = rampOfStyle(style)
  return byClass(style, shape, { field: name, method, breaks }, ramp, reversed)
}
