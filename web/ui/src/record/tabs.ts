/** The parts of a record and what they are called in an address. */
import type { Child, Register } from '../api/model'

export const childTab = ({ layer, field }: Pick<Child, 'layer' | 'field'>) => `${layer}:${field}`

/** The tab that is shown where the address asks for one: its own, or the form. */
export function tabOf(asked: string, layer: Register): string {
  const known = [
    'form',
    'history',
    ...(layer.documents ? ['files'] : []),
    ...layer.children.map(childTab),
  ]
  return known.includes(asked) ? asked : 'form'
}
