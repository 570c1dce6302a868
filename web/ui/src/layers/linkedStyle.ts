/** Styles in links: anybody may write one, so each part is looked at before it is drawn by. */
import type { LabelStyle, LayerStyle, StyleClasses, StyleSize } from '../map/api'
import { FORMS } from '../map/symbol'

type Raw = Record<string, unknown>

/** The style that a text says; null where it is none. What is not understood is left out. */
export function styleOf(text: string): LayerStyle | null {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRaw(raw)) return null
  const { fill, stroke, width, radius, symbol, dash, arrow, opacity, minzoom, maxzoom } = raw
  return compact<LayerStyle>({
    fill: word(fill),
    stroke: word(stroke),
    width: positive(width),
    radius: positive(radius),
    symbol:
      symbol === 'circle' || word(symbol, FORMS) ? (symbol as LayerStyle['symbol']) : undefined,
    dash: numbers(dash),
    arrow: arrow === true ? true : undefined,
    opacity: positive(opacity),
    label: labelOf(raw.label),
    by: byOf(raw.by),
    classes: classesOf(raw.classes),
    size: sizeOf(raw.size),
    minzoom: positive(minzoom),
    maxzoom: positive(maxzoom),
  })
}

function labelOf(raw: unknown): LabelStyle | undefined {
  if (!isRaw(raw)) return undefined
  const label = compact<LabelStyle>({
    field: word(raw.field),
    text: word(raw.text),
    minzoom: positive(raw.minzoom),
    maxzoom: positive(raw.maxzoom),
    size: positive(raw.size),
    halo: positive(raw.halo),
  })
  return label.field || label.text ? label : undefined
}

function byOf(raw: unknown): LayerStyle['by'] {
  if (!isRaw(raw) || typeof raw.field !== 'string' || !Array.isArray(raw.values)) return undefined
  const values = raw.values.flatMap((each: unknown) => {
    if (!isRaw(each) || !isRaw(each.label)) return []
    const { fr, en } = each.label
    if (typeof each.value !== 'string' || typeof fr !== 'string' || typeof en !== 'string')
      return []
    const { value, fill, stroke } = each
    return [compact({ value, fill: word(fill), stroke: word(stroke), label: { fr, en } })]
  })
  return { field: raw.field, values }
}

function classesOf(raw: unknown): StyleClasses | undefined {
  if (!isRaw(raw) || typeof raw.field !== 'string') return undefined
  const breaks = numbers(raw.breaks)
  const colours = Array.isArray(raw.colours) ? raw.colours.flatMap((each) => word(each) ?? []) : []
  if (!breaks || breaks.length !== colours.length + 1 || colours.length === 0) return undefined
  const method = word(raw.method, { quantiles: 1, equal: 1, jenks: 1 }) as StyleClasses['method']
  return compact<StyleClasses>({ field: raw.field, method, breaks, colours })
}

function sizeOf(raw: unknown): StyleSize | undefined {
  if (!isRaw(raw) || typeof raw.field !== 'string') return undefined
  const [from, to, minRadius, maxRadius] = [raw.from, raw.to, raw.minRadius, raw.maxRadius].map(
    (each) => (typeof each === 'number' ? each : Number.NaN),
  ) as [number, number, number, number]
  if (![from, to, minRadius, maxRadius].every(Number.isFinite) || maxRadius > 50) return undefined
  return { field: raw.field, from, to, minRadius: Math.max(0, minRadius), maxRadius }
}

const isRaw = (raw: unknown): raw is Raw => typeof raw === 'object' && raw !== null

/** A text, among the names of something where that is given. */
function word(raw: unknown, among?: object): string | undefined {
  if (typeof raw !== 'string' || raw === '') return undefined
  return among === undefined || Object.hasOwn(among, raw) ? raw : undefined
}

const positive = (raw: unknown) =>
  typeof raw === 'number' && raw >= 0 && raw <= 100 ? raw : undefined

function numbers(raw: unknown): number[] | undefined {
  if (!Array.isArray(raw) || raw.length > 50) return undefined
  return raw.every((each) => Number.isFinite(each)) ? (raw as number[]) : undefined
}

function compact<T extends object>(parts: { [K in keyof T]: T[K] | undefined }): T {
  const said = Object.entries(parts).filter(([, value]) => value !== undefined)
  return Object.fromEntries(said) as T
}
