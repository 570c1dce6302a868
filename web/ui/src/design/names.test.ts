import { expect, test } from 'vitest'
import { freeName, nameOf } from './names'

test.each([
  ['Bancs publics', 'bancs_publics'],
  ['Œuvres d’art à l’entrée', 'oeuvres_d_art_a_l_entree'],
  ['2e catégorie', 'n2e_categorie'],
  ['  ', ''],
])('%s becomes the name %s', (title, name) => {
  expect(nameOf(title)).toBe(name)
})

test('a name that is taken gets a number', () => {
  expect(freeName('État', ['etat', 'etat_2'])).toBe('etat_3')
})
