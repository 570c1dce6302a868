/** Criteria as people set them, and the filter (CQL2-JSON) that the server understands. */
import type { Field } from '../api/model'

/** A node of CQL2-JSON. */
export type Filter = {
  op: string
  args: unknown[]
}

export type Operator =
  | 'contains'
  | 'begins'
  | 'equals'
  | 'differs'
  | 'in'
  | 'notIn'
  | 'is'
  | 'less'
  | 'greater'
  | 'between'
  | 'yes'
  | 'no'
  | 'empty'
  | 'filled'
  | 'some'
  | 'none'

export interface Criterion {
  /** What is looked at: see subjects.ts. */
  subject: string
  operator: Operator
  /** One value, or two of between, or those chosen. */
  values: string[]
}

/** All of the criteria must be met, or any of them. */
export type Joint = 'and' | 'or'

export interface Criteria {
  joint: Joint
  all: Criterion[]
}

export const noCriteria: Criteria = { joint: 'and', all: [] }

/** What may be asked of a field, the usual first. */
export function operatorsOf(field: Field | undefined): Operator[] {
  if (!field) return ['some', 'none']
  if (field.reference) return ['is', 'empty', 'filled']
  if (field.enum) return ['in', 'notIn', 'empty', 'filled']
  switch (field.type) {
    case 'boolean':
      return ['yes', 'no', 'empty']
    case 'integer':
    case 'number':
      return ['equals', 'differs', 'less', 'greater', 'between', 'empty', 'filled']
    case 'date':
      return ['equals', 'less', 'greater', 'between', 'empty', 'filled']
    case 'datetime':
      return ['less', 'greater', 'between', 'empty', 'filled']
    default:
      return ['contains', 'begins', 'equals', 'differs', 'empty', 'filled']
  }
}

/** How many values an operator needs. */
export function valuesOf(operator: Operator): 0 | 1 | 2 {
  if (operator === 'between') return 2
  return ['yes', 'no', 'empty', 'filled', 'some', 'none'].includes(operator) ? 0 : 1
}

export const isWhole = ({ operator, values }: Criterion): boolean =>
  values.filter((value) => value !== '').length >= valuesOf(operator)

/** A property of the layer, or of the records of another that refer to this one. */
export interface Path {
  /** "layer.field" by which they refer; absent: the property is of this layer. */
  related?: string
  /** Absent: the records themselves. */
  property?: string
}

export function pathOf(subject: string): Path {
  const cut = subject.indexOf('>')
  if (cut < 0) return { property: subject }
  return { related: subject.slice(0, cut), property: subject.slice(cut + 1) || undefined }
}

/** The filter of all criteria that are filled in; null for none. */
export function filterOf(
  { joint, all }: Criteria,
  fieldOf: (subject: string) => Field | undefined,
): Filter | null {
  const args = all.filter(isWhole).map((criterion) => predicate(criterion, fieldOf))
  if (args.length < 2) return args[0] ?? null
  return { op: joint, args }
}

const not = (filter: Filter): Filter => ({ op: 'not', args: [filter] })

function predicate(
  { subject, operator, values }: Criterion,
  fieldOf: (subject: string) => Field | undefined,
): Filter {
  const { related, property } = pathOf(subject)
  if (related === undefined) return comparison(property ?? '', fieldOf(subject), operator, values)
  const of = { property: related }
  if (operator === 'none') return not({ op: 'related', args: [of] })
  if (property === undefined) return { op: 'related', args: [of] }
  return { op: 'related', args: [of, comparison(property, fieldOf(subject), operator, values)] }
}

const folded = (operand: unknown) => ({ op: 'casei', args: [{ op: 'accenti', args: [operand] }] })

function comparison(
  name: string,
  field: Field | undefined,
  operator: Operator,
  values: string[],
): Filter {
  const property = { property: name }
  const typed = values.map((value) => literal(value, field))
  const text = field?.type === 'text' && !field.enum && !field.reference
  const like = (pattern: string) => ({ op: 'like', args: [folded(property), folded(pattern)] })
  const pattern = (values[0] ?? '').replace(/[\\%_]/g, '\\$&').replaceAll('*', '%')
  switch (operator) {
    case 'contains':
      return like(`%${pattern}%`)
    case 'begins':
      return like(`${pattern}%`)
    case 'equals':
      return { op: '=', args: text ? [folded(property), folded(typed[0])] : [property, typed[0]] }
    case 'differs':
      return { op: '<>', args: text ? [folded(property), folded(typed[0])] : [property, typed[0]] }
    case 'in':
      return { op: 'in', args: [property, typed] }
    case 'notIn':
      return not({ op: 'in', args: [property, typed] })
    case 'is':
      return { op: '=', args: [property, typed[0]] }
    case 'less':
      return { op: '<', args: [property, typed[0]] }
    case 'greater':
      return { op: '>', args: [property, typed[0]] }
    case 'between':
      return { op: 'between', args: [property, ...typed.slice(0, 2)] }
    case 'yes':
      return { op: '=', args: [property, true] }
    case 'no':
      return { op: '=', args: [property, false] }
    case 'filled':
      return not({ op: 'isNull', args: [property] })
    default:
      return { op: 'isNull', args: [property] }
  }
}

function literal(value: string, field: Field | undefined): unknown {
  switch (field?.type) {
    case 'integer':
    case 'number':
      return Number(value)
    case 'boolean':
      return value === 'true'
    case 'date':
    case 'datetime':
      return { date: value.slice(0, 10) }
    default:
      return value
  }
}

/** The criteria of a filter; null where it says more than criteria can. */
export function criteriaOf(filter: Filter | null): Criteria | null {
  if (filter === null) return noCriteria
  const joint = filter.op === 'or' ? 'or' : 'and'
  const parts = filter.op === 'and' || filter.op === 'or' ? (filter.args as Filter[]) : [filter]
  const all: Criterion[] = []
  for (const part of parts) {
    const criterion = criterionOf(part)
    if (criterion === null) return null
    all.push(criterion)
  }
  return { joint, all }
}

function criterionOf(filter: Filter): Criterion | null {
  const [first, second] = filter.args as [unknown, unknown]
  if (filter.op === 'related') {
    const related = (first as { property: string }).property
    if (second === undefined) return { subject: `${related}>`, operator: 'some', values: [] }
    const inner = criterionOf(second as Filter)
    if (inner === null || inner.subject.includes('>')) return null
    return { ...inner, subject: `${related}>${inner.subject}` }
  }
  if (filter.op === 'not') {
    const inner = criterionOf(first as Filter)
    const opposite = inner && opposites[inner.operator]
    return inner && opposite ? { ...inner, operator: opposite } : null
  }
  const property = propertyOf(first)
  if (property === null) return null
  const args = filter.op === 'in' ? (second as unknown[]) : filter.args.slice(1)
  const values = args.map(wordOf)
  if (values.some((value) => value === null)) return null
  return operatorOf(filter.op, property, values as string[], args[0])
}

const opposites: Partial<Record<Operator, Operator>> = {
  in: 'notIn',
  empty: 'filled',
  some: 'none',
}

function operatorOf(
  op: string,
  subject: string,
  values: string[],
  first: unknown,
): Criterion | null {
  const plain: Record<string, Operator> = {
    '=': 'equals',
    '<>': 'differs',
    '<': 'less',
    '>': 'greater',
    between: 'between',
    in: 'in',
    isNull: 'empty',
  }
  if (op === '=' && typeof first === 'boolean')
    return { subject, operator: first ? 'yes' : 'no', values: [] }
  if (op === '=' && typeof first === 'string') return { subject, operator: 'is', values }
  if (op === 'like') {
    const word = values[0] ?? ''
    const operator = word.startsWith('%') ? 'contains' : 'begins'
    const body = word.slice(operator === 'contains' ? 1 : 0, -1)
    return {
      subject,
      operator,
      values: [body.replaceAll(/(?<!\\)%/g, '*').replace(/\\(.)/g, '$1')],
    }
  }
  const operator = plain[op]
  return operator ? { subject, operator, values } : null
}

function unfolded(operand: unknown): unknown {
  const { op, args } = (operand ?? {}) as Partial<Filter>
  return op === 'casei' || op === 'accenti' ? unfolded(args?.[0]) : operand
}

function propertyOf(operand: unknown): string | null {
  const { property } = (unfolded(operand) ?? {}) as { property?: string }
  return property ?? null
}

/** A literal as it is typed; null for anything else. */
function wordOf(operand: unknown): string | null {
  const value = unfolded(operand)
  if (typeof value === 'object' && value !== null) {
    const { date, timestamp } = value as { date?: string; timestamp?: string }
    return date ?? timestamp ?? null
  }
  return value === null || value === undefined ? null : String(value)
}
