/**
 * A sheet of notes at work: every state since it was opened, saved by itself a moment after each
 * change, one write at a time. What is not saved yet is kept on this machine, across a reload too.
 */
import { Refusal } from '../api/client'
import { begin, type History, push, redo, undo } from '../editing/history'
import type { Note } from './model'

export interface Content {
  title: string
  notes: Note[]
}

export type Saving =
  | { is: 'saved' | 'waiting' | 'elsewhere' }
  /** Wrong: the server refuses it as it is; else it could not be reached. */
  | { is: 'failed'; wrong?: string }

export interface EditorState {
  content: Content
  canUndo: boolean
  canRedo: boolean
  saving: Saving
}

export interface EditorHost {
  /** Writes content over a version and answers the next. */
  write(version: number, content: Content): Promise<number>
  /** The sheet as it is stored now. */
  read(): Promise<Content & { version: number }>
  keep(draft: Draft | null): void
}

export interface Draft extends Content {
  /** The version it was begun from. */
  version: number
}

/** How long changes are gathered before they are written, in milliseconds. */
const REST = 500

export class SheetEditor {
  readonly #host: EditorHost
  #history: History<Content>
  #version: number
  #saving: Saving = { is: 'saved' }
  /** What the last step was about, so that letters typed in a row are one step. */
  #about = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #writing = false
  readonly #listeners = new Set<() => void>()
  state: EditorState

  constructor(sheet: Draft, draft: Draft | null, host: EditorHost) {
    this.#host = host
    this.#version = sheet.version
    const stored = { title: sheet.title, notes: sheet.notes }
    this.#history = begin(stored)
    if (draft) {
      this.#version = draft.version
      this.#history = push(this.#history, { title: draft.title, notes: draft.notes })
      this.#saving = { is: 'waiting' }
    }
    this.state = this.#now()
    if (draft) this.#soon()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Makes the next state. Changes about the same thing in a row are one step. */
  change(next: Content, about = ''): void {
    const { past } = this.#history
    this.#history =
      about !== '' && about === this.#about && past.length > 0
        ? { past, present: next, future: [] }
        : push(this.#history, next)
    this.#about = about
    this.#changed()
  }

  undo(): void {
    if (this.#history.past.length === 0) return
    this.#history = undo(this.#history)
    this.#about = ''
    this.#changed()
  }

  redo(): void {
    if (this.#history.future.length === 0) return
    this.#history = redo(this.#history)
    this.#about = ''
    this.#changed()
  }

  /** Writes what waits, at once. */
  retry(): void {
    clearTimeout(this.#timer)
    void this.#write()
  }

  /** Of a sheet that was written elsewhere: takes that, which can be undone, or puts this in its place. */
  async settle(which: 'mine' | 'theirs'): Promise<void> {
    try {
      const { version, title, notes } = await this.#host.read()
      this.#version = version
      if (which === 'theirs') {
        this.#history = push(this.#history, { title, notes })
        this.#host.keep(null)
        this.#say({ is: 'saved' })
        return
      }
      this.#say({ is: 'waiting' })
      await this.#write()
    } catch {
      this.#say({ is: 'elsewhere' })
    }
  }

  /** Takes what another window wrote, where nothing waits here. */
  refresh({ version, title, notes }: Draft): void {
    if (this.#saving.is !== 'saved' || this.#writing || version <= this.#version) return
    this.#version = version
    this.#history = push(this.#history, { title, notes })
    this.#say({ is: 'saved' })
  }

  /** Ends; what waits is written. */
  close(): void {
    this.#listeners.clear()
    if (this.#saving.is === 'waiting') this.retry()
  }

  #changed(): void {
    this.#host.keep({ version: this.#version, ...this.#history.present })
    // While the other version is not settled nothing may be written over it.
    if (this.#saving.is === 'elsewhere') this.#say(this.#saving)
    else {
      this.#say({ is: 'waiting' })
      this.#soon()
    }
  }

  #soon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#write(), REST)
  }

  async #write(): Promise<void> {
    if (this.#writing) return
    const content = this.#history.present
    this.#writing = true
    try {
      this.#version = await this.#host.write(this.#version, content)
      if (this.#history.present === content) {
        this.#host.keep(null)
        this.#say({ is: 'saved' })
      } else {
        this.#host.keep({ version: this.#version, ...this.#history.present })
        this.#soon()
      }
    } catch (error) {
      this.#say(failure(error))
    } finally {
      this.#writing = false
    }
  }

  #say(saving: Saving): void {
    this.#saving = saving
    this.state = this.#now()
    for (const listener of [...this.#listeners]) listener()
  }

  #now(): EditorState {
    const { past, present, future } = this.#history
    return {
      content: present,
      canUndo: past.length > 0,
      canRedo: future.length > 0,
      saving: this.#saving,
    }
  }
}

function failure(error: unknown): Saving {
  if (!(error instanceof Refusal)) return { is: 'failed' }
  if (error.status === 412) return { is: 'elsewhere' }
  const reached = error.status >= 400 && error.status < 500
  return { is: 'failed', ...(reached && { wrong: error.message }) }
}
