/** The features that are created and deleted with one whose shape was split, exploded, merged or pasted. */
import type { Change, Properties, Register } from '../api/model'
import type { Pieces } from '../map/api'

/** Changes to send after the one of the feature itself, whose properties are given as they will be. */
export function changesOf(
  { made, taken }: Pieces,
  layer: Register,
  properties: Properties,
  collectivity: string | undefined,
): Change[] {
  const own = writable(layer, properties)
  return [
    ...taken.map(
      ({ id, version }): Change => ({
        op: 'delete',
        layer: layer.id,
        id,
        version: version === undefined ? undefined : String(version),
      }),
    ),
    ...made.map(
      (each): Change => ({
        op: 'create',
        layer: layer.id,
        collectivity,
        geometry: each.geometry,
        properties: each.properties ?? own,
      }),
    ),
  ]
}

/** Of properties those that a form of the layer writes. */
export function writable(layer: Register, properties: Properties): Properties {
  const names = layer.fields
    .filter(({ readOnly, computed }) => !readOnly && !computed)
    .map(({ name }) => name)
  return Object.fromEntries(
    Object.entries(properties).filter(
      ([name, value]) => names.includes(name) && value !== null && value !== undefined,
    ),
  )
}
