/**
 * Checks a form against its JSON Schema 2020-12 by reading the schema. The usual validator of rjsf
 * compiles it to code instead, which the server's Content-Security-Policy forbids.
 */
import { type OutputUnit, Validator } from '@cfworker/json-schema'
import type { ErrorSchema, RJSFSchema, RJSFValidationError, ValidatorType } from '@rjsf/utils'
import type { TFunction } from 'i18next'

export interface FieldFault {
  field: string
  keyword: string
  /** What the schema allows, as the limit of a minimum. */
  limit?: unknown
}

/** What is wrong in flat form data, at most one fault a field. */
export function formFaults(schema: RJSFSchema, data: unknown): FieldFault[] {
  const faults = new Map<string, FieldFault>()
  for (const unit of errorsIn(schema, data)) {
    const fault = faultOf(unit, schema)
    if (fault && !faults.has(fault.field)) faults.set(fault.field, fault)
  }
  return [...faults.values()]
}

/** Fields of `unsure` may turn out not to be required; the server tells when they are. */
export function formValidator(t: TFunction, unsure: string[] = []): ValidatorType {
  return {
    validateFormData(data, schema) {
      const errors: RJSFValidationError[] = []
      const errorSchema: Record<string, ErrorSchema> = {}
      for (const { field, keyword, limit } of formFaults(schema, data)) {
        if (keyword === 'required' && unsure.includes(field)) continue
        const message = sentence(t, keyword, limit)
        errors.push({ name: keyword, property: `.${field}`, message, stack: message })
        errorSchema[field] = { __errors: [message] } as ErrorSchema
      }
      return { errors, errorSchema: errorSchema as ErrorSchema }
    },
    isValid: (schema, data) => errorsIn(schema, data).length === 0,
    rawValidation: () => ({}),
  }
}

function errorsIn(schema: RJSFSchema, data: unknown): OutputUnit[] {
  return new Validator(schema as object, '2020-12', false).validate(data).errors
}

const TOLD = [
  'required',
  'type',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'oneOf',
]

function faultOf(unit: OutputUnit, schema: RJSFSchema): FieldFault | null {
  const { keyword, keywordLocation, instanceLocation, error } = unit
  if (!TOLD.includes(keyword) || keywordLocation.includes('/oneOf/')) return null
  const field =
    keyword === 'required' ? /"([^"]+)"/.exec(error)?.[1] : instanceLocation.replace(/^#\/?/, '')
  if (!field) return null
  const own = schema.properties?.[field]
  const limit = typeof own === 'object' ? own[keyword as keyof typeof own] : undefined
  return { field, keyword, limit }
}

function sentence(t: TFunction, keyword: string, limit: unknown): string {
  switch (keyword) {
    case 'required':
    case 'minLength':
      return t('fault.required')
    case 'minimum':
      return t('fault.minimum', { limit })
    case 'maximum':
      return t('fault.maximum', { limit })
    case 'maxLength':
      return t('fault.maxLength', { limit })
    default:
      return t('fault.form')
  }
}
