/** The page's state as the query part of its address, and back. */
import { type BaseChoice, baseOf, baseWord } from '../basemaps/choice'
import { type Compare, compareOf, compareWord } from '../compare/beyond'
import { type Arrangement, asProposed } from '../layers/arrangement'
import { styleOf } from '../layers/linkedStyle'
import type { Filter } from '../list/filter'
import { type Narrowing, narrows, newList, type OpenList } from '../list/state'
import type { Coordinate, Extent, FeatureRef, Language, LayerStyle, MapContext } from '../map/api'
import type { Blank, PageState } from './state'

/** What an address says. Where it is silent the page opens as usual. */
export interface Address {
  view: { center: Coordinate; zoom: number } | null
  /** What its sender saw around, which a smaller screen shows whole. */
  box: Extent | null
  language: Language | null
  arrangement: Arrangement
  /** By layer: styles that others have not. */
  styles: Record<string, LayerStyle>
  /** By layer: entries of its legend that are switched off. */
  off: Record<string, string[]>
  base: BaseChoice | null
  selected: FeatureRef | null
  tab: PageState['tab']
  trail: FeatureRef[]
  entry: number | null
  blank: Blank | null
  list: OpenList | null
  narrowed: Record<string, Narrowing>
  pin: Coordinate | null
  moment: string | null
  /** What is drawn right of a line across the map. */
  compare: Compare | null
  /** The sheet of notes on the map: its number, or the token of a link. */
  notes: string | null
}

type SeenLayer = MapContext['layers'][number]

export interface Shown extends Omit<Address, 'arrangement'> {
  /** Null: exactly what the server proposes. */
  layers: SeenLayer[] | null
}

export function write(shown: Shown): string {
  const query = new URLSearchParams()
  if (shown.view) {
    const [x, y] = shown.view.center
    query.set('at', `${x.toFixed(1)},${y.toFixed(1)},${Number(shown.view.zoom.toFixed(3))}`)
  }
  if (shown.box) query.set('box', shown.box.map((side) => side.toFixed(1)).join())
  if (shown.layers) {
    query.set('layers', layersWord(shown.layers))
  }
  for (const [layer, style] of Object.entries(shown.styles)) {
    query.append('style', `${layer}:${JSON.stringify(style)}`)
  }
  for (const [layer, entries] of Object.entries(shown.off)) {
    for (const entry of entries) query.append('off', `${layer}:${entry}`)
  }
  if (shown.base) query.set('base', baseWord(shown.base))
  if (shown.selected) query.set('feature', refWord(shown.selected))
  for (const ref of shown.trail) query.append('from', refWord(ref))
  if (shown.blank) {
    query.set('new', shown.blank.layer)
    for (const [name, value] of Object.entries(shown.blank.values))
      query.append('with', `${name}:${value}`)
  }
  if (shown.tab !== 'form') query.set('tab', shown.tab)
  if (shown.entry !== null) query.set('entry', String(shown.entry))
  if (shown.list) {
    query.set('list', shown.list.layer)
    if (shown.list.sort) query.set('sort', shown.list.sort)
    if (shown.list.follow) query.set('follow', '1')
    if (shown.list.columns) query.set('columns', shown.list.columns.join(','))
  }
  for (const [layer, narrowing] of Object.entries(shown.narrowed)) {
    if (layer === shown.list?.layer) {
      if (narrowing.text) query.set('text', narrowing.text)
      if (narrowing.filter) query.set('filter', JSON.stringify(narrowing.filter))
      if (narrowing.expired) query.set('expired', '1')
    } else if (narrows(narrowing)) {
      query.append('narrowed', `${layer}/${JSON.stringify(narrowing)}`)
    }
  }
  if (shown.pin) query.set('pin', shown.pin.map((each) => each.toFixed(2)).join())
  if (shown.moment) query.set('moment', shown.moment)
  if (shown.compare) query.set('swipe', compareWord(shown.compare))
  if (shown.notes) query.set('notes', shown.notes)
  if (shown.language) query.set('lang', shown.language)
  return query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')
}

export function read(search: string): Address {
  const query = new URLSearchParams(search)
  const language = query.get('lang')
  const list = query.get('list')
  return {
    view: viewOf(query.get('at')),
    box: boxOf(query.get('box')),
    language: language === 'fr' || language === 'en' ? language : null,
    arrangement: arrangementOf(query.get('layers')),
    styles: Object.fromEntries(
      pairs(query.getAll('style')).flatMap(([layer, text]) => {
        const style = styleOf(text)
        return style ? [[layer, style]] : []
      }),
    ),
    off: gathered(pairs(query.getAll('off'))),
    base: baseOf(query.get('base')),
    selected: refOf(query.get('feature')),
    tab: query.get('tab') || 'form',
    trail: query.getAll('from').flatMap((word) => refOf(word) ?? []),
    entry: Number(query.get('entry')) || null,
    blank: blankOf(query),
    list: list
      ? {
          ...newList(list),
          sort: query.get('sort') ?? '',
          follow: query.get('follow') === '1',
          columns: query.get('columns')?.split(',') ?? null,
        }
      : null,
    narrowed: narrowedOf(query, list),
    pin: pinOf(query.get('pin')),
    moment: momentOf(query.get('moment')),
    compare: compareOf(query.get('swipe')),
    notes: query.get('notes') || null,
  }
}

function narrowedOf(query: URLSearchParams, list: string | null): Record<string, Narrowing> {
  const narrowed: Record<string, Narrowing> = {}
  for (const word of query.getAll('narrowed')) {
    const ref = refOf(word)
    const given = ref && (objectOf(ref.id) as Partial<Narrowing> | null)
    if (!given) continue
    const text = typeof given.text === 'string' ? given.text : ''
    narrowed[ref.layer] = { text, filter: filterOf(given.filter), expired: given.expired === true }
  }
  if (list) {
    const own = {
      text: query.get('text') ?? '',
      filter: filterOf(objectOf(query.get('filter'))),
      expired: query.get('expired') === '1',
    }
    if (narrows(own) || own.expired) narrowed[list] = own
  }
  return narrowed
}

function objectOf(word: string | null): unknown {
  try {
    return JSON.parse(word ?? '')
  } catch {
    return null
  }
}

const filterOf = (filter: unknown): Filter | null =>
  filter && typeof filter === 'object' && 'op' in filter && 'args' in filter
    ? (filter as Filter)
    : null

function pinOf(word: string | null): Coordinate | null {
  const [x, y, more] = (word ?? '').split(',').map(Number)
  const whole = x !== undefined && y !== undefined && more === undefined
  return word && whole && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null
}

const momentOf = (word: string | null) =>
  word && !Number.isNaN(Date.parse(word)) ? new Date(word).toISOString() : null

const refWord = ({ layer, id }: FeatureRef) => `${layer}/${id}`

function blankOf(query: URLSearchParams): Blank | null {
  const layer = query.get('new')
  if (!layer) return null
  return { layer, values: Object.fromEntries(pairs(query.getAll('with'))) }
}

function gathered(words: [string, string][]): Record<string, string[]> {
  const all: Record<string, string[]> = {}
  for (const [name, value] of words) all[name] = [...(all[name] ?? []), value]
  return all
}

/** "name:value" each. */
function pairs(words: string[]): [string, string][] {
  return words.flatMap((word): [string, string][] => {
    const cut = word.indexOf(':')
    return cut > 0 ? [[word.slice(0, cut), word.slice(cut + 1)]] : []
  })
}

/** What is seen, bottom first. */
export const layersWord = (layers: SeenLayer[]) =>
  layers
    .filter((layer) => layer.visible)
    .map(layerWord)
    .join(',')

const layerWord = ({ id, opacity }: SeenLayer) =>
  opacity === 1 ? id : `${id}:${Math.round(opacity * 100)}`

function viewOf(word: string | null): Address['view'] {
  const [x, y, zoom] = (word ?? '').split(',').map(Number)
  if (x === undefined || y === undefined || zoom === undefined) return null
  return [x, y, zoom].every(Number.isFinite) ? { center: [x, y], zoom } : null
}

function boxOf(word: string | null): Extent | null {
  const [minx, miny, maxx, maxy, more] = (word ?? '').split(',').map(Number)
  const box = [minx, miny, maxx, maxy] as Extent
  return more === undefined && box.every(Number.isFinite) && box[0] < box[2] && box[1] < box[3]
    ? box
    : null
}

function refOf(word: string | null): FeatureRef | null {
  const cut = word?.indexOf('/') ?? -1
  return word && cut > 0 ? { layer: word.slice(0, cut), id: word.slice(cut + 1) } : null
}

function arrangementOf(word: string | null): Arrangement {
  if (word === null) return asProposed
  const named = word
    .split(',')
    .filter(Boolean)
    .map((each) => {
      const [id = '', percent] = each.split(':')
      return { id, opacity: percent === undefined ? 1 : Number(percent) / 100 }
    })
  return {
    order: named.map(({ id }) => id),
    visible: Object.fromEntries(named.map(({ id }) => [id, true])),
    opacity: Object.fromEntries(
      named
        .filter(({ opacity }) => opacity >= 0 && opacity < 1)
        .map(({ id, opacity }) => [id, opacity]),
    ),
    onlyNamed: true,
    groups: null,
  }
}
