import { expect, test } from 'vitest'
import { designOf, emptyLayer, newField } from './draft'

test('a design has names made of its words, none of them twice', () => {
  const design = designOf({
    ...emptyLayer,
    title: 'Bancs publics',
    geometry: '',
    fields: [
      { ...newField(1), label: 'Nom', required: true },
      { ...newField(2), label: 'nom' },
      { ...newField(3), label: 'État', kind: 'choice', choices: 'Neuf\n\nUsé\nNeuf' },
      { ...newField(4), label: '' },
    ],
  })
  expect(design?.id).toBe('own.bancs_publics')
  expect(design).not.toHaveProperty('geometry')
  expect(design?.fields.map(({ name }) => name)).toEqual(['nom', 'nom_2', 'etat'])
  expect(design?.fields[2]?.choices?.map(({ value }) => value)).toEqual(['neuf', 'use'])
})

test('a design without a title or a field is not yet one', () => {
  expect(designOf({ ...emptyLayer, title: 'Bancs' })).toBeNull()
  expect(designOf({ ...emptyLayer, fields: [{ ...newField(1), label: 'Nom' }] })).toBeNull()
})
