/**
 * What is asked of the server about a working set: one call after the other, as each is based on the
 * revision that the last one left. Steps wait until they are answered.
 */
import { Refusal } from '../api/client'
import type { WorkingState } from './api'
import { type Operation, type Working, workingApi } from './model'
import { isLost, statusOf, type Wish, waiting } from './waiting'

export type Call = (layer: string) => Promise<void>

/** Where what is answered goes. */
interface Desk {
  /** The layer whose set is edited; null for none. */
  layer: () => string | null
  state: () => WorkingState
  show: (working: Working) => void
  tell: (part: Partial<WorkingState>) => void
  /** What was dragged goes back to where it was. */
  undrag: () => void
}

export class Calls {
  readonly #desk: Desk
  /** Another beginning of the same layer is another set of calls. */
  #turn = 0
  #last: Promise<void> = Promise.resolve()
  #open = 0
  /** What could not be asked, and the revision it was based on. */
  #failed: { call: Call; revision: number } | null = null
  /** Whether the first step that waits may have come to the server. */
  #unsure = false

  constructor(desk: Desk) {
    this.#desk = desk
  }

  get revision(): number {
    return this.#desk.state().working?.revision ?? 0
  }

  /** Begins with a layer: steps that wait since an earlier time may have come through. */
  begin(layer: string): void {
    this.end()
    this.#unsure = waiting.of(layer).wishes.length > 0
  }

  end(): void {
    this.#turn++
    this.#failed = null
  }

  /** Runs a call after those before it; what fails is told, and can be tried again: as another call, where it was not answered. */
  ask(call: Call, again = call): Promise<void> {
    const layer = this.#desk.layer()
    if (layer === null) return Promise.resolve()
    const turn = this.#turn
    this.#open++
    const run = async () => {
      if (this.#turn !== turn) return
      this.#failed = null
      this.#desk.tell({ busy: true, refused: null, fault: null })
      const { revision } = this
      try {
        await call(layer)
      } catch (error) {
        if (this.#turn !== turn) return
        const status = statusOf(error)
        const detail = error instanceof Refusal ? (error.problem.detail ?? '') : ''
        if (isLost(status)) this.#failed = { call: again, revision }
        else if (status >= 500) this.#failed = { call, revision }
        if (status === 409) await this.look()
        this.#desk.undrag()
        this.#desk.tell({ fault: { status, detail } })
      }
    }
    this.#last = this.#last.then(run).finally(() => {
      this.#open--
      if (this.#turn === turn && this.#open === 0) this.#desk.tell({ busy: false })
    })
    return this.#last
  }

  /** Asks for a step, behind those that wait. */
  wish(wish: Wish): Promise<void> {
    return this.ask(
      async (layer) => {
        waiting.add(layer, wish, this.revision)
        await this.fulfil(layer)
      },
      (layer) => this.fulfil(layer),
    )
  }

  do(operation: Operation): Promise<void> {
    return this.wish({ operation })
  }

  /** Asks for all that waits, one after the other; what is not answered goes on waiting. */
  async fulfil(layer: string): Promise<void> {
    if (this.#unsure) {
      const working = await workingApi.get(layer)
      const { revision, wishes } = waiting.of(layer)
      // Another revision: the first had come through, only its answer was lost.
      if (wishes.length > 0 && working.revision !== revision)
        waiting.answered(layer, working.revision)
      this.#unsure = false
      this.#desk.show(working)
    }
    let wrong: unknown = null
    for (let wish = waiting.of(layer).wishes[0]; wish; wish = waiting.of(layer).wishes[0]) {
      try {
        await this.#step(layer, wish)
      } catch (error) {
        this.#unsure = isLost(statusOf(error))
        if (this.#unsure) throw error
        wrong = error
        if (statusOf(error) === 409) this.#desk.show(await workingApi.get(layer))
      }
      waiting.answered(layer, this.revision)
    }
    if (wrong) throw wrong
  }

  async #step(layer: string, wish: Wish): Promise<void> {
    if ('turn' in wish) {
      const { done = 0, steps = [] } = this.#desk.state().working ?? {}
      if (wish.turn > 0 ? done === 0 : done === steps.length) return
      this.#desk.show(await workingApi.undo(layer, this.revision, wish.turn))
      return
    }
    const { working, refusal } = await workingApi.step(layer, this.revision, wish.operation)
    if (working) this.#desk.show(working)
    else {
      this.#desk.undrag()
      this.#desk.tell({ refused: refusal })
    }
  }

  retry(): void {
    if (this.#desk.state().waiting.length > 0) {
      void this.ask((layer) => this.fulfil(layer))
      return
    }
    const failed = this.#failed
    if (!failed) return
    void this.ask(async (layer) => {
      const working = await workingApi.get(layer)
      this.#desk.show(working)
      // Another revision: the call had come through, only its answer was lost.
      if (working.revision === failed.revision) await failed.call(layer)
    })
  }

  /** Reads the set again: another window, or others, may have gone on. */
  async look(): Promise<void> {
    const layer = this.#desk.layer()
    const turn = this.#turn
    if (layer === null || this.#open > 1) return
    const { revision } = this.#desk.state().working ?? {}
    try {
      const working = await workingApi.get(layer)
      if (this.#turn !== turn || this.#desk.state().working?.revision !== revision) return
      this.#desk.show(working)
    } catch {
      return // asked again with the next stream; the page says when the server cannot be reached
    }
    const { fault } = this.#desk.state()
    if (fault && isLost(fault.status)) this.retry()
  }
}
