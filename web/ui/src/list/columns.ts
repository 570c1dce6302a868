import type { DataTableColumn } from 'mantine-datatable'
import type { FeatureRow, Register } from '../api/model'
import type { Language } from '../map/api'
import { value } from '../words/values'

/** The columns a layer's file asks for; its titles where it asks for none. */
export function columnsOf(layer: Register, language: Language): DataTableColumn<FeatureRow>[] {
  const fields = layer.list.flatMap(
    (name) => layer.fields.find((field) => field.name === name) ?? [],
  )
  if (fields.length === 0) {
    return [{ accessor: 'label', title: layer.title[language] }]
  }
  return fields.map((field) => ({
    accessor: field.name,
    title: field.label[language],
    sortable: true,
    textAlign:
      !field.reference && (field.type === 'integer' || field.type === 'number') ? 'right' : 'left',
    // Of a reference people read the title of the record it refers to.
    render: (row) => row.labels?.[field.name] ?? value(row.properties[field.name], field, language),
  }))
}
