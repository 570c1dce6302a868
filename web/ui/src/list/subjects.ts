/** What a list may be filtered by: fields of its layer, of records it refers to, and of those that refer to it. */
import type { Field, Register } from '../api/model'
import type { Language } from '../map/api'

export interface Subject {
  /** "field", "reference.field", "layer.field>field", or "layer.field>" for the records themselves. */
  key: string
  /** Absent: whether there are such records. */
  field?: Field
  label: string
}

export interface SubjectGroup {
  title: string
  subjects: Subject[]
}

export function subjectsOf(
  layer: Register,
  registers: Register[],
  language: Language,
  any: string,
): SubjectGroup[] {
  const of = (id: string) => registers.find((each) => each.id === id)
  const fields = (of: Register, before: string, title: string, except?: string): Subject[] =>
    of.fields
      .filter(({ name }) => name !== except)
      .map((field) => ({ key: before + field.name, field, label: title + field.label[language] }))
  const groups: SubjectGroup[] = [{ title: layer.title[language], subjects: fields(layer, '', '') }]
  for (const { name, label, reference } of layer.fields) {
    const target = reference && of(reference.layer)
    if (!target) continue
    const words = `${label[language]} › `
    groups.push({ title: label[language], subjects: fields(target, `${name}.`, words) })
  }
  for (const { layer: id, field, title } of layer.children) {
    const child = of(id)
    if (!child) continue
    const before = `${id}.${field}>`
    groups.push({
      title: title[language],
      subjects: [
        { key: before, label: `${title[language]} : ${any}` },
        ...fields(child, before, `${title[language]} › `, field),
      ],
    })
  }
  return groups
}

export function fieldOf(groups: SubjectGroup[], key: string): Field | undefined {
  for (const { subjects } of groups) {
    const subject = subjects.find((each) => each.key === key)
    if (subject) return subject.field
  }
  return undefined
}
