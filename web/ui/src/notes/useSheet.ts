import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { notesApi, type Sheet, sheetQuery, sheetsQuery } from './api'
import { keepDraft, keptDraft } from './drafts'
import { type Content, type EditorState, SheetEditor } from './editor'
import { atHand, useAtHand } from './state'

/** The open sheet; of one's own also what is at work on it. */
export function useSheet(word: string) {
  const { data: sheet, error, refetch } = useQuery(sheetQuery(word))
  const editor = useAtHand((state) => state.editor)
  const edited = useEdited(editor)
  const mine = sheet?.mine === true
  return {
    sheet,
    error,
    refetch,
    editor: mine ? editor : null,
    edited: mine ? edited : null,
    content: (mine ? edited?.content : sheet) ?? null,
  }
}

function useEdited(editor: SheetEditor | null): EditorState | null {
  return useSyncExternalStore(
    (listener) => editor?.subscribe(listener) ?? (() => undefined),
    () => editor?.state ?? null,
  )
}

/** Begins to edit the sheet that is opened, where it is the reader's own; ends with it. */
export function useEditor(sheet: Sheet | undefined): void {
  const queries = useQueryClient()
  const id = sheet?.mine ? sheet.id : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read again later is not edited anew
  useEffect(() => {
    if (id === null || !sheet) return
    const editor = new SheetEditor(sheet, keptDraft(id), {
      write: async (version: number, content: Content) => {
        const next = await notesApi.write(id, version, content)
        void queries.invalidateQueries({ queryKey: sheetsQuery.queryKey })
        return next
      },
      read: () => notesApi.read(id),
      keep: (draft) => keepDraft(id, draft),
    })
    const online = () => editor.state.saving.is === 'failed' && editor.retry()
    window.addEventListener('online', online)
    useAtHand.setState({ editor })
    return () => {
      window.removeEventListener('online', online)
      editor.close()
      atHand.forget()
    }
  }, [id])
  const editor = useAtHand((state) => state.editor)
  useEffect(() => {
    if (sheet?.mine) editor?.refresh(sheet)
  }, [editor, sheet])
}
