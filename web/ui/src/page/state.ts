/** What the reader sees at the moment: one plain, serialisable state, most of which the URL carries. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import { type Arrangement, asProposed } from '../layers/arrangement'
import type { FeatureRef, Hit } from '../map/api'
import type { Crs } from '../status/crs'

export interface ListState {
  layer: string
  text: string
  /** A field name, "-" before it for descending; empty: as the server likes. */
  sort: string
  /** Only what the map shows. */
  follow: boolean
}

export interface PageState {
  arrangement: Arrangement
  selected: FeatureRef | null
  tab: 'form' | 'history'
  list: ListState | null
  /** Everything found under the last click, topmost first. */
  hits: Hit[]
  /** On a narrow screen only one of the two panels is in front. */
  front: 'record' | 'list'
  dialog: 'signIn' | 'password' | 'design' | null
  layersOpen: boolean
  /** Everything as it was then (ISO 8601); null for now. */
  moment: string | null
}

const nothingOpen: PageState = {
  arrangement: asProposed,
  selected: null,
  tab: 'form',
  list: null,
  hits: [],
  front: 'record',
  dialog: null,
  moment: null,
  layersOpen: window.matchMedia('(min-width: 48em)').matches,
}

export const usePage = create<PageState>()(() => nothingOpen)

export const page = {
  arrange: (change: (arrangement: Arrangement) => Arrangement) =>
    usePage.setState(({ arrangement }) => ({ arrangement: change(arrangement) })),

  select: (selected: FeatureRef | null, hits: Hit[] = []) =>
    usePage.setState(({ tab }) => ({
      selected,
      hits,
      front: 'record',
      tab: selected ? tab : 'form',
    })),

  openList: (layer: string) =>
    usePage.setState({
      list: { layer, text: '', sort: '', follow: false },
      front: 'list',
      ...(window.matchMedia('(max-width: 48em)').matches && { layersOpen: false }),
    }),

  changeList: (change: Partial<ListState>) =>
    usePage.setState(({ list }) => ({ list: list && { ...list, ...change } })),

  closeList: () => usePage.setState({ list: null, front: 'record' }),
}

/** Habits of this reader on this machine; not part of a link. */
export interface Preferences {
  crs: Crs
  background: 'auto' | 'light' | 'dark'
}

export const usePreferences = create<Preferences>()(
  persist((): Preferences => ({ crs: 'EPSG:2154', background: 'auto' }), {
    name: 'arpent.preferences',
  }),
)
