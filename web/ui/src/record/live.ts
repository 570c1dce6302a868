/** A form as the conditions of its layer leave it. */
import type { RJSFSchema } from '@rjsf/utils'
import type { Evaluation } from '../api/model'

type FieldSchema = {
  oneOf?: { const: unknown; title?: string }[]
  type?: string | string[]
  [key: string]: unknown
}

/** Without the fields that are not asked, with what is required here, and the choices there are. */
export function asEvaluated(schema: RJSFSchema, evaluation: Evaluation | undefined): RJSFSchema {
  if (!evaluation) return schema
  const { hidden, required, choices } = evaluation
  const properties: Record<string, FieldSchema> = {}
  for (const [name, field] of Object.entries(
    (schema.properties ?? {}) as Record<string, FieldSchema>,
  )) {
    if (hidden.includes(name)) continue
    const allowed = choices[name]
    properties[name] =
      allowed && field.oneOf
        ? {
            ...field,
            oneOf: field.oneOf.filter(
              (choice) => choice.const === null || allowed.includes(String(choice.const)),
            ),
          }
        : field
  }
  const asked = [...new Set([...(schema.required ?? []), ...required])]
  return {
    ...schema,
    properties: properties as RJSFSchema['properties'],
    required: asked.filter((name) => name in properties),
  }
}

/** rjsf wants every field of its order to be there. */
export function orderOf(order: unknown, schema: RJSFSchema): string[] {
  return (order as string[]).filter((name) => name in (schema.properties ?? {}))
}
