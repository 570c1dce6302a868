/** A session of the map as the page holds it from the start: what it is made of loads when it is first wanted. */
import type { DrawingTools, Held } from '../drawing/api'
import type { Coordinate } from './api'
import { Later } from './later'
import { Listeners } from './listeners'

interface Session<State> extends DrawingTools {
  subscribe(listener: (state: State) => void): () => void
}

export abstract class Door<State, S extends Session<State>> implements DrawingTools {
  state: State
  protected readonly session: Later<S>
  readonly #listeners = new Listeners<{ state: State }>()

  /** Unreachable: what is told when the session cannot be loaded. */
  constructor(idle: State, unreachable: State, load: () => Promise<S>) {
    this.state = idle
    this.session = new Later(
      async () => {
        const session = await load()
        session.subscribe((state) => this.#tell(state))
        return session
      },
      () => this.#tell(unreachable),
    )
  }

  subscribe(listener: (state: State) => void): () => void {
    return this.#listeners.on('state', listener)
  }

  place(at: Coordinate): void {
    this.session.value?.place(at)
  }

  hold(held: Held): void {
    this.session.value?.hold(held)
  }

  pick(picking: boolean): void {
    this.session.value?.pick(picking)
  }

  finish(): void {
    this.session.value?.finish()
  }

  where(): [x: number, y: number] | null {
    return this.session.value?.where() ?? null
  }

  #tell(state: State): void {
    this.state = state
    this.#listeners.emit('state', state)
  }
}
