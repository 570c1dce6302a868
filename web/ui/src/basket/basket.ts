/** Features of one layer that were picked to be used together. */
import { create } from 'zustand'
import type { Change, Register } from '../api/model'
import type { FeatureRef } from '../map/api'

export interface Item {
  id: string
  label: string
}

interface Basket {
  /** Of all items; empty while there are none. */
  layer: string
  items: Item[]
  /** The record that was given the basket's shape is joined to its features when it is saved. */
  link: boolean
  /** The edit that was given the basket's shape: a layer and, of a record that exists, its identifier. */
  given: { layer: string; id?: string } | null
}

const empty: Basket = { layer: '', items: [], link: true, given: null }

export const useBasket = create<Basket>()(() => empty)

export const basket = {
  /** Puts a feature in, or takes it out again. Another layer begins another basket. */
  toggle: ({ layer, id }: FeatureRef, label: string) =>
    useBasket.setState((before) => toggled(before, layer, { id, label })),
  /** Begins a basket with these features. */
  fill: (layer: string, features: Item[]) =>
    useBasket.setState({
      ...empty,
      layer,
      items: features.map(({ id, label }) => ({ id, label })),
    }),
  clear: () => useBasket.setState(empty),
}

export function toggled(before: Basket, layer: string, item: Item): Basket {
  if (before.layer !== layer) return { ...empty, layer, items: [item] }
  const rest = before.items.filter(({ id }) => id !== item.id)
  if (rest.length === before.items.length) return { ...before, items: [...rest, item] }
  return rest.length > 0 ? { ...before, items: rest } : empty
}

export const holds = (held: Basket, { layer, id }: FeatureRef) =>
  held.layer === layer && held.items.some((item) => item.id === id)

/**
 * The changes that join a record to the features of the basket, after a first change that saves the
 * record: rows of the layer that only links the two. Without such a layer there is nothing to join.
 */
export function links(
  held: Basket,
  record: { layer: Register; id?: string | undefined; collectivity?: string | undefined },
  registers: readonly Register[],
): Change[] {
  const { layer, id } = record
  const given = held.given?.layer === layer.id && held.given.id === id
  if (!held.link || !given) return []
  for (const child of layer.children) {
    const link = registers.find((each) => each.id === child.layer && each.kind === 'link')
    const to = link?.fields.find(({ reference }) => reference?.layer === held.layer)
    const from = link?.fields.find(({ name }) => name === child.field)
    if (!link || !to || !from) continue
    return held.items.map((item) => ({
      op: 'create',
      layer: link.id,
      ...(record.collectivity && { collectivity: record.collectivity }),
      properties: {
        [to.name]: typed(item.id, to.type),
        ...(id !== undefined && { [from.name]: typed(id, from.type) }),
      },
      ...(id === undefined && { refer: { [from.name]: 0 } }),
    }))
  }
  return []
}

const typed = (id: string, type: string) => (type === 'integer' ? Number(id) : id)
