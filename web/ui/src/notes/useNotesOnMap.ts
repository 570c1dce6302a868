import { useEffect, useState } from 'react'
import { useEditState } from '../editing/useEditState'
import type { Coordinate } from '../map/api'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import { useWorking } from '../working/useWorking'
import type { Content, SheetEditor } from './editor'
import type { Note, NoteKind } from './model'
import type { NotesSession } from './session'
import { atHand, useAtHand } from './state'

const NONE: Note[] = []

/** Keeps the map at what is on the sheet, and the sheet at what is drawn on the map. */
export function useNotesOnMap(content: Content | null, editor: SheetEditor | null): void {
  const map = useMap()
  const language = useLanguage()
  const { selected, tool, whole, look } = useAtHand()
  const working = useWorking(map.working).layer !== null
  // While features are edited a click means them.
  const barred = useEditState(map.edit).mode !== 'idle' || working
  const [session, setSession] = useState<NotesSession | null>(null)
  useEffect(() => {
    let gone = false
    void map.notes().then((ready) => !gone && setSession(ready))
    return () => {
      gone = true
    }
  }, [map])
  const notes = content?.notes ?? NONE
  useEffect(
    () => session?.show({ notes, language, selected, editable: editor !== null && !barred }),
    [session, notes, language, selected, editor, barred],
  )
  useEffect(() => session?.draw(barred ? null : tool, look), [session, tool, look, barred])
  useEffect(() => session?.moving(whole), [session, whole])
  useEffect(() => {
    if (!session || !editor) return
    const stops = [
      session.on('drawn', ({ kind, places }) => add(editor, kind, places)),
      session.on('reshaped', ({ id, places }) => change(editor, id, { places })),
      session.on('key', (key) => {
        if (key === 'undo') editor.undo()
        else if (key === 'redo') editor.redo()
        else if (key === 'remove') remove(editor, useAtHand.getState().selected)
        else if (useAtHand.getState().tool) atHand.draw(null)
        else atHand.select(null)
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [session, editor])
  useEffect(() => session?.on('picked', atHand.select), [session])
  useEffect(() => () => session?.clear(), [session])
}

function add(editor: SheetEditor, kind: NoteKind, places: Coordinate[]): void {
  const { content } = editor.state
  const note = { id: newId(), kind, places, text: '', ...useAtHand.getState().look }
  editor.change({ ...content, notes: [...content.notes, note] })
  // A hand draws several strokes; to all else one wants to say something.
  if (kind !== 'freehand') atHand.select(note.id)
}

/** Unique in its sheet; randomUUID is not there where the page came without encryption. */
const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

/** Gives a note other values; changes of the same text in a row are one step. */
export function change(editor: SheetEditor, id: string, values: Partial<Note>): void {
  const { content } = editor.state
  const notes = content.notes.map((note) => (note.id === id ? { ...note, ...values } : note))
  editor.change({ ...content, notes }, 'text' in values ? `text of ${id}` : '')
}

export function remove(editor: SheetEditor, id: string | null): void {
  const { content } = editor.state
  if (!content.notes.some((note) => note.id === id)) return
  editor.change({ ...content, notes: content.notes.filter((note) => note.id !== id) })
  atHand.select(null)
}
