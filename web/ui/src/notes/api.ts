/** Sheets of notes, as the server keeps them. A sheet is named by its number, or by the token of a link. */
import { queryOptions } from '@tanstack/react-query'
import { answer, http } from '../api/client'
import { keys } from '../api/queries'
import type { components } from '../api/schema'
import type { Content, Draft } from './editor'
import type { Note } from './model'

type Schemas = components['schemas']
export type Summary = Schemas['NoteSummary']
export type Link = Schemas['NoteLink']
export type Comment = Schemas['NoteComment']
export type Sheet = Omit<Schemas['NoteSheet'], 'notes'> & { notes: Note[] }

export const isLink = (word: string) => !/^\d+$/.test(word)

export const sheetKey = (word: string) => [...keys.notes, 'sheet', word] as const

export const sheetsQuery = queryOptions({
  queryKey: [...keys.notes, 'list'],
  queryFn: () => answer<{ sheets: Summary[] }>(http.GET('/api/notes')).then(({ sheets }) => sheets),
})

const readSheet = (word: string) =>
  answer<Sheet>(
    isLink(word)
      ? http.GET('/api/linked-notes/{token}', { params: { path: { token: word } } })
      : http.GET('/api/notes/{id}', { params: { path: { id: Number(word) } } }),
  )

export const sheetQuery = (word: string) =>
  queryOptions({
    queryKey: sheetKey(word),
    queryFn: () => readSheet(word),
    // Opened again it is read again.
    gcTime: 0,
  })

/** The path of a sheet. */
const at = (id: number) => ({ params: { path: { id } } })

export const notesApi = {
  read: (id: number): Promise<Draft> => readSheet(String(id)),

  create: (body: Content) => answer<{ id: number }>(http.POST('/api/notes', { body })),

  write: (id: number, version: number, content: Content) =>
    answer<{ version: number }>(
      http.PUT('/api/notes/{id}', { ...at(id), body: { ...content, version } }),
    ).then(({ version }) => version),

  share: (id: number, collectivity: string | undefined) =>
    answer<void>(http.PUT('/api/notes/{id}/collectivity', { ...at(id), body: { collectivity } })),

  remove: (id: number, removed: boolean) =>
    answer<void>(http.PUT('/api/notes/{id}/removed', { ...at(id), body: { removed } })),

  link: (id: number, body: { mayComment: boolean; days: number; view: string }) =>
    answer<Link>(http.POST('/api/notes/{id}/links', { ...at(id), body })),

  unlink: (id: number, link: number) =>
    answer<void>(http.DELETE('/api/notes/{id}/links/{link}', { params: { path: { id, link } } })),

  comment: (word: string, body: { note?: string; author?: string; text: string }) =>
    answer<void>(
      isLink(word)
        ? http.POST('/api/linked-notes/{token}/comments', {
            params: { path: { token: word } },
            body,
          })
        : http.POST('/api/notes/{id}/comments', {
            ...at(Number(word)),
            body: { note: body.note, text: body.text },
          }),
    ),

  dropComment: (id: number, comment: number) =>
    answer<void>(
      http.DELETE('/api/notes/{id}/comments/{comment}', { params: { path: { id, comment } } }),
    ),
}
