import { expect, test } from 'vitest'
import { asProposed, drawn } from '../layers/arrangement'
import { newList } from '../list/state'
import { read, type Shown, write } from './url'

const shown: Shown = {
  view: { center: [431234.5, 5400000.1], zoom: 16.25 },
  box: [431000, 5399000, 432000, 5401000],
  language: 'en',
  layers: [
    { id: 'land.sections', visible: true, opacity: 0.4 },
    { id: 'land.buildings', visible: false, opacity: 1 },
    { id: 'land.parcels', visible: true, opacity: 1 },
  ],
  styles: { 'land.parcels': { fill: '#11223380', label: { text: "'n° ' + text(number), é" } } },
  off: { 'land.buildings': ['=01', '=a:b, c', '*'] },
  base: { id: 'ign-plan', opacity: 0.6 },
  selected: { layer: 'land.parcels', id: '25354000AB/0012 é' },
  tab: 'history',
  trail: [{ layer: 'land.sections', id: 'a/b,c' }],
  entry: 42,
  blank: { layer: 'land.notes', values: { parcel: 'AB:12', kind: 'é' } },
  pin: [431200.25, 5400001.5],
  moment: '2026-03-04T05:06:07.000Z',
  compare: { at: 33.3, beyond: { by: 'layers', layers: ['land.parcels', 'land.sections'] } },
  notes: 'KZ7Q',
  list: {
    ...newList('land.parcels'),
    sort: '-area',
    follow: true,
    columns: ['number', 'section'],
  },
  narrowed: {
    'land.parcels': {
      text: 'rue de l’Église & co',
      filter: { op: '=', args: [{ property: 'number' }, 7] },
      expired: true,
    },
    'land.sections': { text: 'A/B', filter: null, expired: false },
  },
}

test('an address opens what its sender saw', () => {
  const address = read(write(shown))
  expect(address.view).toEqual(shown.view)
  expect(address.box).toEqual(shown.box)
  expect(address.language).toBe('en')
  expect(address.styles).toEqual(shown.styles)
  expect(address.off).toEqual(shown.off)
  expect(address.base).toEqual(shown.base)
  expect(address.selected).toEqual(shown.selected)
  expect(address.tab).toBe('history')
  expect(address.trail).toEqual(shown.trail)
  expect(address.entry).toBe(42)
  expect(address.blank).toEqual(shown.blank)
  expect(address.list).toEqual(shown.list)
  expect(address.narrowed).toEqual(shown.narrowed)
  expect(address.pin).toEqual(shown.pin)
  expect(address.moment).toBe(shown.moment)
  expect(address.compare).toEqual(shown.compare)
  expect(address.notes).toBe(shown.notes)
  const proposed = [
    { id: 'land.parcels', visible: false },
    { id: 'land.buildings', visible: true },
    { id: 'land.sections', visible: true },
  ]
  const visible = drawn(proposed, address.arrangement).filter((layer) => layer.visible)
  expect(visible).toMatchObject(shown.layers?.filter((layer) => layer.visible) ?? [])
})

test('no layer visible is not the same as nothing said', () => {
  const none = { ...shown, layers: [{ id: 'land.parcels', visible: false, opacity: 1 }] }
  expect(read(write(none)).arrangement.onlyNamed).toBe(true)
  expect(read('').arrangement).toEqual(asProposed)
})

test.each([
  '?at=a,b,c',
  '?at=1,2',
  '?feature=land.parcels',
  '?feature=/x',
  '?lang=de',
  '?from=x',
  '?entry=x',
  '?with=a:b',
  '?pin=1',
  '?pin=a,b',
  '?narrowed=a.b/x',
  '?narrowed=a.b/null',
  '?text=x',
  '?style=land.parcels',
  '?style=land.parcels:{',
  '?off=land.parcels',
])('nonsense in %s is ignored', (search) => {
  expect(read(search)).toEqual(read(''))
})

test('addresses stay readable', () => {
  expect(
    write({
      ...shown,
      list: null,
      narrowed: {},
      pin: null,
      moment: null,
      compare: null,
      notes: null,
      tab: 'form',
      trail: [],
      entry: null,
      blank: null,
      styles: {},
      off: {},
      box: null,
      selected: { layer: 'a.b', id: '7' },
    }),
  ).toBe(
    'at=431234.5,5400000.1,16.25&layers=land.sections:40,land.parcels&base=ign-plan:60&feature=a.b/7&lang=en',
  )
})
