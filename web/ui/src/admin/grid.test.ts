import { describe, expect, test } from 'vitest'
import type { LayerRights } from '../api/admin'
import { EVERYWHERE, forget, holds, scopes, toggle } from './grid'

const layer = (id: string, rights: LayerRights['rights'] = {}): LayerRights => ({
  id,
  title: { fr: id },
  application: { id: id.split('.')[0] ?? '', title: {} },
  public: false,
  rights,
  fields: [],
})

const layers = [
  layer('land.parcels'),
  layer('land.blocks', { clerk: ['read'] }),
  layer('parks.trees'),
]
const rows = scopes(layers, 'clerk', 'land')
const at = (id: string) => rows.find((row) => row.id === id) ?? rows[0]

describe('the grid of rights', () => {
  test('has everywhere, the applications, and the layers of the open one', () => {
    expect(rows.map(({ id }) => id)).toEqual([
      EVERYWHERE,
      'land',
      'land.parcels',
      'land.blocks',
      'parks',
    ])
  })

  test('shows in each scope what the narrowest that says something says', () => {
    const grants = { [EVERYWHERE]: ['read', 'print'], land: ['read', 'create'] }
    const shown = (id: string) => {
      const row = at(id)
      return row && holds(grants, row, rows)
    }
    expect(shown('parks')).toEqual(['read', 'print'])
    expect(shown('land.parcels')).toEqual(['read', 'create'])
    expect(shown('land.blocks')).toEqual(['read'])
  })

  test('lets a scope say its own, and nothing again', () => {
    const row = at('land.parcels')
    if (!row) throw new Error('no row')
    const given = toggle({ [EVERYWHERE]: ['read'] }, row, rows, 'create')
    expect(given).toEqual({ [EVERYWHERE]: ['read'], 'land.parcels': ['read', 'create'] })
    expect(toggle(given, row, rows, 'read')['land.parcels']).toEqual(['create'])
    expect(forget(given, row)).toEqual({ [EVERYWHERE]: ['read'] })
  })
})
