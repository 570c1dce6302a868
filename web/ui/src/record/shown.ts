import type { FeatureRow, Field } from '../api/model'
import type { Language } from '../map/api'
import { value } from '../words/values'

/** What a record has in a field, as people read it: of another record its title. */
export function shown(
  row: Pick<FeatureRow, 'properties' | 'labels'>,
  field: Field,
  language: Language,
): string {
  return row.labels?.[field.name] ?? value(row.properties[field.name], field, language)
}
