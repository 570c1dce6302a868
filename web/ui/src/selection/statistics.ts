/** Statistics of records as people read them and as spreadsheets take them. */
import type { Summary } from '../api/client'
import type { Field, Register } from '../api/model'
import type { Language } from '../map/api'
import { value } from '../words/values'

export const FIGURES = ['sum', 'average', 'median', 'min', 'max'] as const
type Aggregate = Summary['fields'][number]

export interface Group {
  label: string
  empty?: boolean
  count: number
}

/** Fields by whose values records can be counted: those with few of them first. */
export function countable(layer: Register): Field[] {
  const open = layer.fields.filter(({ personal, name }) => !personal && name !== 'id')
  const few = ({ enum: choices, type, reference }: Field) =>
    choices || type === 'boolean' || reference
  return [...open.filter(few), ...open.filter((field) => !few(field) && field.type === 'text')]
}

/** A figure of a field; empty where there is none. */
export function figure(
  aggregate: Aggregate,
  which: (typeof FIGURES)[number],
  field: Field | undefined,
  language: Language,
): string {
  const number = aggregate[which]
  return number === undefined ? '' : value(Math.round(number * 100) / 100, field, language)
}

const plain = (language: Language) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 3, useGrouping: false })

/** Rows with tabs between, numbers without units as the reader's spreadsheet reads them. */
export function tableOf(
  layer: Register,
  { count, area, length, fields }: Summary,
  groups: { title: string; rows: Group[]; none: string } | null,
  words: { count: string; area: string; length: string; field: string; figures: string[] },
  language: Language,
): string {
  const number = plain(language)
  const title = (name: string) => {
    const field = layer.fields.find((each) => each.name === name)
    return field ? field.label[language] + (field.unit ? ` (${field.unit})` : '') : name
  }
  const rows: (string | number)[][] = [[words.count, number.format(count)]]
  if (area) rows.push([words.area, number.format(area)])
  if (length) rows.push([words.length, number.format(length)])
  const filled = fields.filter((each) => each.filled > 0)
  if (filled.length > 0) rows.push([], [words.field, words.count, ...words.figures])
  for (const each of filled) {
    const figures = FIGURES.map((which) => each[which])
    rows.push([
      title(each.field),
      number.format(each.filled),
      ...figures.map((one) => (one === undefined ? '' : number.format(one))),
    ])
  }
  if (groups) {
    rows.push([], [groups.title, words.count])
    for (const { label, empty, count } of groups.rows)
      rows.push([empty ? groups.none : label, number.format(count)])
  }
  return rows
    .map((row) => row.map((cell) => String(cell).replaceAll(/\s+/g, ' ')).join('\t'))
    .join('\n')
}
