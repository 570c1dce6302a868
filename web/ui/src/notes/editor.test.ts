import { beforeEach, expect, test, vi } from 'vitest'
import { Refusal } from '../api/client'
import { type Content, type Draft, type EditorHost, SheetEditor } from './editor'
import type { Note } from './model'

const note = (id: string, text = ''): Note => ({
  id,
  kind: 'text',
  places: [[1, 2]],
  text,
  colour: '#c92a2a',
  width: 2,
  figures: false,
})
const sheet: Draft = { version: 7, title: 'Halle', notes: [note('a')] }
const texts = (editor: SheetEditor) => editor.state.content.notes.map(({ text }) => text)
const says = (editor: SheetEditor, text: string, about = '') =>
  editor.change({ title: 'Halle', notes: [note('a', text)] }, about)

function host() {
  let stored = sheet
  let draft: Draft | null = null
  let fails: Error | null = null
  const api: EditorHost = {
    write: vi.fn(async (version: number, content: Content) => {
      if (fails) throw fails
      if (version !== stored.version) throw new Refusal(412)
      stored = { ...content, version: version + 1 }
      return stored.version
    }),
    read: async () => stored,
    keep: (kept) => {
      draft = kept
    },
  }
  return {
    api,
    stored: () => stored,
    draft: () => draft,
    fail: (error: Error | null) => {
      fails = error
    },
    writeElsewhere: (text: string) => {
      stored = { version: stored.version + 1, title: 'Halle', notes: [note('a', text)] }
    },
  }
}

beforeEach(() => void vi.useFakeTimers())
const rest = () => vi.advanceTimersByTimeAsync(600)

test('changes are written by themselves, one write at a time, and nothing waits then', async () => {
  const { api, stored, draft } = host()
  const editor = new SheetEditor(sheet, null, api)
  says(editor, 'one')
  expect(draft()?.notes[0]?.text).toBe('one')
  says(editor, 'two')
  await rest()
  expect(api.write).toHaveBeenCalledTimes(1)
  expect(stored().notes[0]?.text).toBe('two')
  expect(editor.state.saving.is).toBe('saved')
  expect(draft()).toBeNull()
})

test('letters typed in a row are one step; undo and redo are written too', async () => {
  const { api, stored } = host()
  const editor = new SheetEditor(sheet, null, api)
  for (const text of ['H', 'Ha', 'Hal']) says(editor, text, 'text of a')
  expect(texts(editor)).toEqual(['Hal'])
  editor.undo()
  expect(texts(editor)).toEqual([''])
  expect(editor.state.canUndo).toBe(false)
  await rest()
  expect(stored().notes[0]?.text).toBe('')
  editor.redo()
  await rest()
  expect(stored().notes[0]?.text).toBe('Hal')
})

test('what could not be sent is kept, and sent by the next try', async () => {
  const { api, stored, draft, fail } = host()
  const editor = new SheetEditor(sheet, null, api)
  fail(new Refusal(0))
  says(editor, 'kept')
  await rest()
  expect(editor.state.saving).toEqual({ is: 'failed' })
  expect(draft()).toMatchObject({ version: 7, title: 'Halle' })
  fail(new Refusal(422, { detail: 'notes: too many' }))
  editor.retry()
  await rest()
  expect(editor.state.saving).toEqual({ is: 'failed', wrong: 'notes: too many' })
  fail(null)
  editor.retry()
  await rest()
  expect(stored().notes[0]?.text).toBe('kept')
})

test('a draft of before a reload is taken up and written', async () => {
  const { api, stored } = host()
  const editor = new SheetEditor(sheet, { ...sheet, notes: [note('a', 'draft')] }, api)
  expect(texts(editor)).toEqual(['draft'])
  await rest()
  expect(stored().notes[0]?.text).toBe('draft')
  editor.undo()
  expect(texts(editor)).toEqual([''])
})

test('what another window wrote is not written over before one chose', async () => {
  const { api, stored, writeElsewhere } = host()
  const editor = new SheetEditor(sheet, null, api)
  writeElsewhere('theirs')
  says(editor, 'mine')
  await rest()
  expect(editor.state.saving.is).toBe('elsewhere')
  says(editor, 'mine too')
  await rest()
  expect(stored().notes[0]?.text).toBe('theirs')
  await editor.settle('mine')
  expect(stored().notes[0]?.text).toBe('mine too')
  expect(editor.state.saving.is).toBe('saved')
})

test('taking theirs can be undone; where nothing waits it is taken by itself', async () => {
  const { api, stored, writeElsewhere } = host()
  const editor = new SheetEditor(sheet, null, api)
  writeElsewhere('theirs')
  says(editor, 'mine')
  await rest()
  await editor.settle('theirs')
  expect(texts(editor)).toEqual(['theirs'])
  editor.undo()
  await rest()
  expect(stored().notes[0]?.text).toBe('mine')
  writeElsewhere('newer')
  editor.refresh(stored())
  expect(texts(editor)).toEqual(['newer'])
})

test('closing writes what waits', async () => {
  const { api, stored } = host()
  const editor = new SheetEditor(sheet, null, api)
  says(editor, 'last words')
  editor.close()
  await vi.advanceTimersByTimeAsync(0)
  expect(stored().notes[0]?.text).toBe('last words')
})
