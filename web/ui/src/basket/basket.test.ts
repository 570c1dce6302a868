import { expect, test } from 'vitest'
import type { Register } from '../api/model'
import { holds, links, toggled, useBasket } from './basket'

const empty = useBasket.getState()
const ab12 = { id: 'AB12', label: 'AB 12' }
const ab13 = { id: 'AB13', label: 'AB 13' }

test('a feature is put in, taken out, and another layer begins anew', () => {
  let held = toggled(empty, 'land.parcels', ab12)
  held = toggled(held, 'land.parcels', ab13)
  expect(held.items).toEqual([ab12, ab13])
  expect(holds(held, { layer: 'land.parcels', id: 'AB13' })).toBe(true)
  held = toggled(held, 'land.parcels', ab12)
  expect(held.items).toEqual([ab13])
  expect(toggled(held, 'land.parcels', ab13)).toEqual(empty)
  expect(toggled(held, 'land.streets', { id: '1', label: 'Rue' }).layer).toBe('land.streets')
})

const register = (some: Partial<Register>) =>
  ({ kind: 'main', children: [], fields: [], ...some }) as unknown as Register
const permits = register({
  id: 'land.permits',
  children: [
    { layer: 'land.consultations', field: 'permit', title: { fr: '', en: '' } },
    { layer: 'land.permit_parcels', field: 'permit', title: { fr: '', en: '' } },
  ],
})
const field = (name: string, type: string, layer: string) => ({ name, type, reference: { layer } })
const registers = [
  permits,
  register({ id: 'land.consultations' }),
  register({
    id: 'land.permit_parcels',
    kind: 'link',
    fields: [
      field('permit', 'integer', 'land.permits'),
      field('parcel', 'text', 'land.parcels'),
    ] as Register['fields'],
  }),
]

test('a new record is joined to what its shape was made of', () => {
  const held = { ...toggled(empty, 'land.parcels', ab12), given: { layer: 'land.permits' } }
  expect(links(held, { layer: permits, collectivity: '00001' }, registers)).toEqual([
    {
      op: 'create',
      layer: 'land.permit_parcels',
      collectivity: '00001',
      properties: { parcel: 'AB12' },
      refer: { permit: 0 },
    },
  ])
})

test('a record that exists is named by its identifier', () => {
  const held = {
    ...toggled(empty, 'land.parcels', ab12),
    given: { layer: 'land.permits', id: '7' },
  }
  const [link] = links(held, { layer: permits, id: '7' }, registers)
  expect(link?.properties).toEqual({ parcel: 'AB12', permit: 7 })
  expect(links(held, { layer: permits, id: '8' }, registers)).toEqual([])
})

test('nothing is joined unless asked', () => {
  const held = { ...toggled(empty, 'land.parcels', ab12), given: { layer: 'land.permits' } }
  expect(links({ ...held, link: false }, { layer: permits }, registers)).toEqual([])
  expect(links(held, { layer: permits }, [permits])).toEqual([])
})
