import { expect, test } from 'vitest'
import type { Register } from '../api/model'
import { asProposed, drawn, toKeep, unkept } from './arrangement'
import {
  type Groups,
  groupsAround,
  matching,
  noGroups,
  treeOf,
  withGroup,
  withGroupMoved,
  withoutGroup,
  withPlace,
  withTitle,
} from './groups'

const text = (words: string) => ({ fr: words, en: words })
const register = (id: string, application: string, more: object = {}) =>
  ({
    id,
    title: text(id),
    application: { id: application, title: text(application) },
    geometry: { type: 'Point', model: 'free' },
    kind: 'main',
    ...more,
  }) as Register

const registers = [
  register('parcels', 'land', { title: text('Parcelles éloignées') }),
  register('wells', 'water', { group: text('Réseau') }),
  register('pipes', 'water', { group: text('Réseau') }),
  register('owners', 'land', { geometry: null }),
]
const layers = ['parcels', 'pipes', 'wells'].map((id) => ({ id, visible: true }))
const tree = (groups: Groups = noGroups) => treeOf(registers, layers, groups)
const shape = (groups?: Groups) => tree(groups).map(({ id, layers }) => [id, ...layers])

test('applications are groups, with the headings of their files within', () => {
  expect(shape()).toEqual([['land', 'parcels'], ['water'], ['water/Réseau', 'wells', 'pipes']])
  expect(tree()[0]?.registers.map(({ id }) => id)).toEqual(['owners'])
})

test('a group of one’s own comes on top, takes layers, and gives them back when it goes', () => {
  const made = withPlace(withGroup(noGroups, tree(), 'Projet', 'own-1'), 'parcels', 'own-1')
  expect(shape(made)).toEqual([
    ['own-1', 'parcels'],
    ['land'],
    ['water'],
    ['water/Réseau', 'wells', 'pipes'],
  ])
  expect(tree(withTitle(made, 'own-1', 'Place'))[0]?.title.fr).toBe('Place')
  expect(shape(withoutGroup(made, 'own-1'))).toEqual(shape())
})

test('a layer put into a group that is no more lies where its file says', () => {
  expect(shape(withPlace(noGroups, 'wells', 'own-gone'))).toEqual(shape())
})

test('groups change places with those beside them, headings with them', () => {
  const moved = withGroupMoved(noGroups, tree(), 'land', 1)
  expect(moved && shape(moved).map(([id]) => id)).toEqual(['water', 'water/Réseau', 'land'])
  expect(withGroupMoved(noGroups, tree(), 'land', -1)).toBeNull()
  expect(withGroupMoved(noGroups, tree(), 'water/Réseau', 1)).toBeNull()
})

test('a hidden group hides what is in it, and forgets nothing', () => {
  const hidden = { ...asProposed, visible: { water: false } }
  const seen = drawn(layers, hidden, groupsAround(tree()))
  expect(seen.map(({ id, checked, visible }) => [id, checked, visible])).toEqual([
    ['parcels', true, true],
    ['pipes', true, false],
    ['wells', true, false],
  ])
})

test('what is kept is seen again as it was', () => {
  const arranged = {
    ...asProposed,
    order: ['wells', 'parcels'],
    visible: { water: false, parcels: false },
    opacity: { wells: 0.5 },
  }
  const seen = drawn(layers, arranged, groupsAround(tree()))
  const kept = unkept(toKeep(seen, arranged, noGroups))
  expect(drawn(layers, kept, groupsAround(tree()))).toEqual(seen)
})

test('the tree is searched without regard to accents', () => {
  const found = (words: string) =>
    matching(tree(), registers, words, 'fr').map(({ id, layers }) => [id, ...layers])
  expect(found('eloi')).toEqual([['land', 'parcels']])
  expect(found('reseau')).toEqual([['water/Réseau', 'wells', 'pipes']])
  expect(found('zzz')).toEqual([])
})
