/** Scales, counts, dates and values of fields, written in the reader's manner. */
import type { Field } from '../api/model'
import type { Language } from '../map/api'

const number = (language: Language, digits: number) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: digits })

export function scale(denominator: number, language: Language): string {
  return `1:${number(language, 0).format(Number(denominator.toPrecision(3)))}`
}

export function count(value: number, language: Language): string {
  return number(language, 0).format(value)
}

export function moment(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  )
}

/** A field's value for reading; empty when there is none. */
export function value(raw: unknown, field: Field | undefined, language: Language): string {
  if (raw === null || raw === undefined || raw === '') return ''
  const choice = field?.enum?.find((each) => each.value === String(raw))
  if (choice) return choice.label[language]
  switch (field?.type) {
    case 'boolean':
      return raw ? { fr: 'oui', en: 'yes' }[language] : { fr: 'non', en: 'no' }[language]
    case 'integer':
    case 'number':
      return withUnit(number(language, 6).format(Number(raw)), field.unit)
    case 'date':
      return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(
        new Date(String(raw)),
      )
    case 'datetime':
      return moment(String(raw), language)
    default:
      return withUnit(String(raw), field?.unit)
  }
}

const withUnit = (text: string, unit: string | undefined) => (unit ? `${text} ${unit}` : text)
