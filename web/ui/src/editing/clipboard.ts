/** What was copied from the map, to be pasted into any layer. */
import { create } from 'zustand'
import type { Feature, LayerInfo, Properties } from '../api/model'
import type { Geometry } from '../map/api'
import { fitted } from './parts'

export interface Copied {
  layer: string
  label: string
  geometry: Geometry
  properties: Properties
}

export const useClipboard = create<{ items: Copied[] }>()(() => ({ items: [] }))

export function copy(features: readonly Feature[]): number {
  const items = features.flatMap(({ layer, label, geometry, properties }): Copied[] =>
    geometry ? [{ layer, label, geometry, properties }] : [],
  )
  if (items.length > 0) useClipboard.setState({ items })
  return items.length
}

/** A copied feature as a layer keeps it; null when its shape does not fit there. */
export function pasted(
  item: Copied,
  to: LayerInfo,
  from: LayerInfo | undefined,
): { geometry: Geometry; properties: Properties } | null {
  const geometry = fitted(item.geometry, to.geometry.type)
  return geometry && { geometry, properties: agreeing(item.properties, to, from) }
}

/** The attributes whose fields have the same name and mean the same in both layers. */
export function agreeing(
  properties: Properties,
  to: Pick<LayerInfo, 'fields'>,
  from: Pick<LayerInfo, 'fields'> | undefined,
): Properties {
  const kept = to.fields.filter((field) => {
    const value = properties[field.name]
    const source = from?.fields.find(({ name }) => name === field.name)
    if (value === null || value === undefined || field.readOnly || field.computed) return false
    if (!source || source.type !== field.type) return false
    if (source.reference?.layer !== field.reference?.layer) return false
    return !field.enum || field.enum.some((choice) => choice.value === value)
  })
  return Object.fromEntries(kept.map(({ name }) => [name, properties[name]]))
}
