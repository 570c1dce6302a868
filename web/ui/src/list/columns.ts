import type { DataTableColumn } from 'mantine-datatable'
import type { FeatureRow, Field, Register } from '../api/model'
import type { Language } from '../map/api'
import { value } from '../words/values'

/** The fields that a list shows: those that were chosen, else those of the layer's file. */
export function fieldsOf(layer: Register, chosen: string[] | null | undefined): Field[] {
  const named = (names: string[]) =>
    names.flatMap((name) => layer.fields.find((field) => field.name === name) ?? [])
  const fields = named(chosen ?? [])
  return fields.length > 0 ? fields : named(layer.list)
}

/** The columns of a list; the titles of its records where it shows no field. */
export function columnsOf(
  layer: Register,
  fields: Field[],
  language: Language,
): DataTableColumn<FeatureRow>[] {
  if (fields.length === 0) {
    return [{ accessor: 'label', title: layer.title[language] }]
  }
  return fields.map((field) => ({
    accessor: field.name,
    title: field.label[language],
    sortable: true,
    noWrap: true,
    textAlign:
      !field.reference && (field.type === 'integer' || field.type === 'number') ? 'right' : 'left',
    // Of a reference people read the title of the record it refers to.
    render: (row) => row.labels?.[field.name] ?? value(row.properties[field.name], field, language),
  }))
}
