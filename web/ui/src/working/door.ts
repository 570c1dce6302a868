/** The working set as the page holds it from the start: its tools load when the first layer is opened. */
import type { EditHost } from '../editing/host'
import type { ChangeEvent, Coordinate, Geometry, LayerInfo } from '../map/api'
import { Door } from '../map/door'
import type { Given, WorkingSession, WorkingState, WorkingTool } from './api'
import type { Operation, Ref, Side, Wrong } from './model'
import type { Working } from './session'
import { IDLE } from './state'

type Counts = { changed: number; created: number; deleted: number }

export class WorkingDoor extends Door<WorkingState, Working> implements WorkingSession {
  #stream: string | null = null

  constructor(host: EditHost) {
    super(IDLE, { ...IDLE, fault: { status: 0, detail: '' } }, async () => {
      const { Working } = await import('./session')
      const session = new Working(host)
      if (this.#stream !== null) session.streamed(this.#stream)
      return session
    })
  }

  start(layer: LayerInfo, chosen: string[]): Promise<void> {
    return new Promise((resolve) =>
      this.session.do((session) => resolve(session.start(layer, chosen))),
    )
  }

  stop(): void {
    this.session.forget()
    this.session.value?.stop()
  }

  clicked(at: Coordinate): void {
    this.session.value?.clicked(at)
  }

  choose(ids: string[]): void {
    this.session.value?.choose(ids)
  }

  use(tool: WorkingTool, given?: Given): void {
    this.session.value?.use(tool, given)
  }

  async do(operation: Operation): Promise<void> {
    await this.session.value?.do(operation)
  }

  remove(): void {
    this.session.value?.remove()
  }

  answer(operation: Operation | null): void {
    this.session.value?.answer(operation)
  }

  undo(): void {
    this.session.value?.undo()
  }

  redo(): void {
    this.session.value?.redo()
  }

  async save(): Promise<Counts | null> {
    return (await this.session.value?.save()) ?? null
  }

  async resolve(choices: (Ref & { choice: Side })[]): Promise<number | null> {
    return (await this.session.value?.resolve(choices)) ?? null
  }

  async check(): Promise<void> {
    await this.session.value?.check()
  }

  point(wrong: Wrong | null): void {
    this.session.value?.point(wrong)
  }

  open(panel: boolean): void {
    this.session.value?.open(panel)
  }

  fill(filling: Ref | null): void {
    this.session.value?.fill(filling)
  }

  async discard(): Promise<void> {
    await this.session.value?.discard()
  }

  shape(id: string, layer?: string): Geometry | null {
    return this.session.value?.shape(id, layer) ?? null
  }

  retry(): void {
    this.session.value?.retry()
  }

  streamed(stream: string): void {
    this.#stream = stream
    this.session.value?.streamed(stream)
  }

  knocked(layer: string): void {
    this.session.value?.knocked(layer)
  }

  changed(change: ChangeEvent | null): void {
    this.session.value?.changed(change)
  }
}
