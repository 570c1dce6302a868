/** A layer while it is designed, and what the server is asked to make of it. */
import type { components } from '../api/schema'
import { freeName, nameOf } from './names'

export type Design = components['schemas']['DesignedLayer']
type DesignedField = components['schemas']['DesignedField']

export type FieldKind = DesignedField['type'] | 'choice'

export interface FieldDraft {
  key: number
  label: string
  kind: FieldKind
  required: boolean
  /** One choice a line. */
  choices: string
}

export interface LayerDraft {
  title: string
  geometry: '' | NonNullable<Design['geometry']>
  public: boolean
  shared: boolean
  fields: FieldDraft[]
}

/** The official projection of mainland France. */
const LAMBERT_93 = 2154

/** Fields every designed layer has. */
const TAKEN = ['id', 'collectivity', 'geom']

export const newField = (key: number): FieldDraft => ({
  key,
  label: '',
  kind: 'text',
  required: false,
  choices: '',
})

export const emptyLayer: LayerDraft = {
  title: '',
  geometry: 'Point',
  public: false,
  shared: false,
  fields: [newField(1)],
}

/** Null while something is missing. */
export function designOf(draft: LayerDraft): Design | null {
  const named = draft.fields.filter(({ label }) => nameOf(label) !== '')
  if (nameOf(draft.title) === '' || named.length === 0) return null
  const taken = [...TAKEN]
  const fields = named.map((field) => {
    const designed = fieldOf(field, taken)
    taken.push(designed.name)
    return designed
  })
  return {
    id: `own.${nameOf(draft.title)}`,
    title: both(draft.title),
    ...(draft.geometry && { geometry: draft.geometry }),
    srid: LAMBERT_93,
    public: draft.public,
    shared: draft.shared,
    fields,
  }
}

export function fieldOf(draft: FieldDraft, taken: readonly string[] = TAKEN): DesignedField {
  const lines = draft.choices.split('\n').map((line) => line.trim())
  const words = [...new Set(lines.filter((line) => nameOf(line) !== ''))]
  const values: string[] = []
  for (const word of words) values.push(freeName(word, values))
  return {
    name: freeName(draft.label, taken),
    label: both(draft.label),
    type: draft.kind === 'choice' ? 'text' : draft.kind,
    required: draft.required,
    ...(draft.kind === 'choice' && {
      choices: words.map((word, i) => ({ value: values[i] ?? word, label: both(word) })),
    }),
  }
}

const both = (words: string) => ({ fr: words.trim(), en: words.trim() })
