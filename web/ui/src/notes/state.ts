/** What is at hand of the open sheet: which note, which tool, which look the next note has. */
import { create } from 'zustand'
import type { SheetEditor } from './editor'
import { type Look, type NoteKind, USUAL } from './model'

interface AtHand {
  /** Of a sheet of the reader's own, once it is read. */
  editor: SheetEditor | null
  selected: string | null
  tool: NoteKind | null
  /** Dragging moves the selected note whole. */
  whole: boolean
  look: Look
}

const nothing = { editor: null, selected: null, tool: null, whole: false }

export const useAtHand = create<AtHand>()(() => ({ ...nothing, look: USUAL }))

export const atHand = {
  select: (selected: string | null) =>
    useAtHand.setState(({ tool }) => ({
      selected,
      whole: false,
      tool: selected === null ? tool : null,
    })),
  draw: (tool: NoteKind | null) => useAtHand.setState({ tool, selected: null, whole: false }),
  forget: () => useAtHand.setState(nothing),
}
