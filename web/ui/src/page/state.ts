/** What the reader sees at the moment: one plain, serialisable state, most of which the URL carries. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import type { BaseChoice } from '../basemaps/choice'
import type { Compare } from '../compare/beyond'
import { type Arrangement, asProposed } from '../layers/arrangement'
import type { Filter } from '../list/filter'
import { type ListState, type Narrowing, newList, type OpenList, whole } from '../list/state'
import type { Coordinate, FeatureRef, Hit, LayerStyle } from '../map/api'
import { useMeasures } from '../reading/measures'

/** A new record that begins in its form, not on the map. */
export interface Blank {
  layer: string
  /** What it is created with: the record it belongs to. */
  values: Record<string, string>
  /** Owner of the record it belongs to. */
  collectivity?: string
}

export interface PageState {
  arrangement: Arrangement
  /** Styles of a link, or being chosen: by layer, in the place of those that are kept. */
  styles: Record<string, LayerStyle>
  /** Entries of legends that are switched off, by layer. */
  off: Record<string, string[]>
  /** The legend lies on the map. */
  legend: boolean
  /** The layer whose style is being chosen. */
  styling: string | null
  /** Null: the base map that the server proposes. */
  base: BaseChoice | null
  selected: FeatureRef | null
  /** A part of the record: form, files, history, or "layer:field" of what belongs to it. */
  tab: string
  /** The records one came through to the selected one, oldest first. */
  trail: FeatureRef[]
  /** The change of the history that is looked at. */
  entry: number | null
  blank: Blank | null
  list: OpenList | null
  /** By layer: what is left of it, in its list and on the map. */
  narrowed: Record<string, Narrowing>
  /** What is chosen to be worked on together: ticked in the list, or on the map. */
  chosen: { layer: string; ids: string[] }
  /** Everything found under the last click, topmost first. */
  hits: Hit[]
  /** On a narrow screen only one of the two panels is in front. */
  front: 'record' | 'list'
  dialog:
    | 'signIn'
    | 'password'
    | 'design'
    | 'forgot'
    | 'reset'
    | 'tokens'
    | 'admin'
    | 'dashboard'
    | 'shortcuts'
    | 'tiles'
    | null
  /** The layer that files are imported into. */
  importing: string | null
  layersOpen: boolean
  /** What a button on the map opened; measures are kept apart. */
  tool: 'bookmarks' | 'notes' | 'compare' | 'select' | null
  /** What is drawn right of a line across the map. */
  compare: Compare | null
  /** The sheet of notes on the map: its number, or the token of a link. */
  notes: string | null
  /** The place one went to by coordinates, in EPSG:3857. */
  pin: Coordinate | null
  /** Everything as it was then (ISO 8601); null for now. */
  moment: string | null
}

const nothingOpen: PageState = {
  arrangement: asProposed,
  styles: {},
  off: {},
  legend: false,
  styling: null,
  base: null,
  selected: null,
  tab: 'form',
  trail: [],
  entry: null,
  blank: null,
  list: null,
  narrowed: {},
  chosen: { layer: '', ids: [] },
  hits: [],
  front: 'record',
  dialog: null,
  moment: null,
  importing: null,
  tool: null,
  notes: null,
  compare: null,
  pin: null,
  layersOpen: window.matchMedia('(min-width: 48em)').matches,
}

/** How one comes to a record. */
export interface Way {
  trail?: FeatureRef[]
  /** The tab to open; absent: the one that is open. */
  tab?: string
}

export const usePage = create<PageState>()(() => nothingOpen)

export const page = {
  arrange: (change: (arrangement: Arrangement) => Arrangement) =>
    usePage.setState(({ arrangement }) => ({ arrangement: change(arrangement) })),

  /** Draws a layer by a style that nobody keeps yet; null: by the one that is kept. */
  style: (layer: string, style: LayerStyle | null) =>
    usePage.setState(({ styles: { [layer]: before, ...others }, off: { [layer]: _, ...off } }) => ({
      styles: style ? { ...others, [layer]: style } : others,
      // Another division has other entries in its legend.
      ...(sameEntries(before, style) ? {} : { off }),
    })),

  /** Switches an entry of a layer's legend off, or on again. */
  switch: (layer: string, entry: string) =>
    usePage.setState(({ off: { [layer]: before = [], ...others } }) => {
      const after = before.includes(entry)
        ? before.filter((each) => each !== entry)
        : [...before, entry]
      return { off: after.length > 0 ? { ...others, [layer]: after } : others }
    }),

  select: (selected: FeatureRef | null, hits: Hit[] = [], { trail = [], tab }: Way = {}) =>
    usePage.setState((before) => ({
      selected,
      hits,
      front: 'record',
      tab: tab ?? (selected ? before.tab : 'form'),
      trail,
      entry: null,
      blank: null,
    })),

  /** Begins a record without a shape; the trail leads back to where it was asked for. */
  begin: (blank: Blank, trail: FeatureRef[] = []) =>
    usePage.setState({ blank, trail, selected: null, hits: [], front: 'record', tab: 'form' }),

  /** Opens the list of a layer as it is narrowed, or by this filter alone. */
  openList: (layer: string, filter: Filter | null = null) =>
    usePage.setState(({ narrowed }) => ({
      list: newList(layer),
      front: 'list',
      ...(filter && { narrowed: { ...narrowed, [layer]: { ...whole, filter } } }),
      ...(window.matchMedia('(max-width: 48em)').matches && { layersOpen: false }),
    })),

  changeList: ({ text, filter, expired, chosen, ...change }: Partial<ListState>) =>
    usePage.setState(({ list, narrowed }) => {
      if (!list) return {}
      const { layer } = list
      const before = narrowed[layer] ?? whole
      const given = { text, filter, expired }
      const wanted = Object.fromEntries(
        Object.entries(given).filter(([, one]) => one !== undefined),
      )
      return {
        list: { ...list, ...change },
        ...(Object.keys(wanted).length > 0 && {
          narrowed: { ...narrowed, [layer]: { ...before, ...wanted } },
        }),
        ...(chosen && { chosen: { layer, ids: chosen } }),
      }
    }),

  /** Shows all of a layer again. */
  widen: (layer: string) =>
    usePage.setState(({ narrowed: { [layer]: _, ...narrowed } }) => ({ narrowed })),

  choose: (layer: string, ids: string[]) => usePage.setState({ chosen: { layer, ids } }),

  /** Chooses one more feature, or leaves it out; another layer begins anew. */
  tick: ({ layer, id }: FeatureRef) =>
    usePage.setState(({ chosen }) => {
      const ids = chosen.layer === layer ? chosen.ids : []
      const rest = ids.filter((each) => each !== id)
      return { chosen: { layer, ids: rest.length < ids.length ? rest : [...ids, id] } }
    }),
  /** Opens a tool of the map in the place of another, or closes it. */
  toggle: (tool: PageState['tool']) => {
    useMeasures.setState({ open: false, kind: null })
    usePage.setState((before) => ({ tool: before.tool === tool ? null : tool }))
  },

  measure: (open: boolean) => {
    useMeasures.setState({ open, kind: null })
    usePage.setState({ tool: null })
  },

  closeList: () => usePage.setState({ list: null, front: 'record' }),
}

function sameEntries(a: LayerStyle | undefined, b: LayerStyle | null): boolean {
  const division = (style: LayerStyle | null | undefined) =>
    JSON.stringify([style?.by?.field, style?.classes?.field, style?.classes?.breaks])
  return a !== undefined && division(a) === division(b)
}

/** Habits of this reader on this machine; not part of a link. */
export interface Preferences {
  /** The code of a coordinate reference system, or DMS. */
  crs: string
  background: 'auto' | 'light' | 'dark'
  /** Which records the tree of layers counts. */
  counts: 'none' | 'view' | 'whole'
}

export const usePreferences = create<Preferences>()(
  persist((): Preferences => ({ crs: 'EPSG:2154', background: 'auto', counts: 'none' }), {
    name: 'arpent.preferences',
  }),
)
