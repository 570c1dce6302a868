/** What a style needs of tiles beyond what the layer file puts into them, and how one asks for it. */
import type { LayerInfo, LayerStyle } from './api'

export interface Demand {
  /** Fields, sorted. */
  fields: string[]
  /** An expression whose value tiles carry as `_text`; empty for that of the layer file. */
  text: string
}

/** The server gives no more fields at once. */
const MOST = 8

export const nothing: Demand = { fields: [], text: '' }

type Tiled = Pick<LayerInfo, 'style' | 'fileStyle' | 'fields' | 'tiles'>

/** Fields that the viewer may not see are left out: a link may name them. */
export function demandOf({ style, fileStyle, fields, tiles }: Tiled): Demand {
  const there = new Set(drawnBy(fileStyle))
  const { label } = style
  const sooner = (label?.minzoom ?? 0) < (fileStyle.label?.minzoom ?? 0)
  if (fileStyle.label?.field && !sooner) there.add(fileStyle.label.field)
  const wanted = [...drawnBy(style), ...(label?.field && !label.text ? [label.field] : [])]
  const known = new Map(fields.map((field) => [field.name, field]))
  const asked = wanted.filter((name) => {
    const field = known.get(name)
    // Where features are united, tiles have no other fields than those by which they are.
    const everywhere = field?.tileMinZoom === undefined && (tiles.united?.includes(name) ?? true)
    return field && !field.personal && !everywhere && !there.has(name)
  })
  const text = label?.text ?? ''
  return {
    fields: [...new Set(asked)].sort(),
    text: text === fileStyle.label?.text && !sooner ? '' : text,
  }
}

const drawnBy = ({ by, classes, size }: LayerStyle): string[] =>
  [by, classes, size].flatMap((each) => each?.field ?? [])

/** Whether tiles with `has` carry all that is wanted. */
export function carries(has: Demand, wanted: Demand): boolean {
  return (
    (wanted.text === '' || wanted.text === has.text) &&
    wanted.fields.every((name) => has.fields.includes(name))
  )
}

/** What both need, so that the old style can be drawn until the new tiles are in. */
export function together(has: Demand, wanted: Demand): Demand {
  const fields = [...new Set([...wanted.fields, ...has.fields])].slice(0, MOST).sort()
  return { fields, text: wanted.text }
}

/** The query of a tile's address; none for what everybody gets. */
export function queryOf({ fields, text }: Demand, moment: string | null): string[] {
  const query = new URLSearchParams()
  if (moment) query.set('datetime', moment)
  if (fields.length > 0) query.set('fields', fields.join(','))
  if (text) query.set('text', text)
  return query.size > 0 ? [query.toString()] : []
}
