/** Notes on the map, as the frame sees them: plain values, no OpenLayers. */
import type { Coordinate } from '../map/api'
import type { Look, Note, NoteKind } from './model'

export interface ShownNotes {
  notes: Note[]
  language: string
  selected: string | null
  /** The reader may change them. */
  editable: boolean
}

export interface NotesEvents {
  drawn: { kind: NoteKind; places: Coordinate[] }
  /** A note was given other places. */
  reshaped: { id: string; places: Coordinate[] }
  /** A note was clicked. */
  picked: string
  /** Keys pressed on the map; leave: Escape, with nothing begun. */
  key: 'undo' | 'redo' | 'remove' | 'leave'
}

export interface NotesSession {
  show(shown: ShownNotes): void
  /** Draws notes of a kind, one after the other; null: none. */
  draw(kind: NoteKind | null, look: Look): void
  /** Whether dragging the selected note moves it whole. */
  moving(whole: boolean): void
  on<K extends keyof NotesEvents>(event: K, listener: (value: NotesEvents[K]) => void): () => void
  /** Takes everything off the map. */
  clear(): void
}
