/** Who else edits the layer: one says what one has chosen and sees, and hears when others go on. */
import type { Extent } from '../map/api'
import { type Other, workingApi } from './model'

/** How long the choice and the view must rest before others are told, in milliseconds. */
const REST = 150

interface Host {
  view(): Extent
  /** Others, and the revision of one's own set, which another window may have changed. */
  told(others: Other[], revision: number): void
}

export class Presence {
  readonly #host: Host
  /** The stream of changes of this window; null: it is not open. */
  #stream: string | null = null
  #layer: string | null = null
  #chosen: string[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #telling: Promise<void> = Promise.resolve()
  #looking = false
  /** Somebody went on while one looked. */
  #again = false

  constructor(host: Host) {
    this.#host = host
  }

  enter(layer: string, chosen: string[]): void {
    this.#layer = layer
    this.#chosen = chosen
    this.say(chosen)
    void this.#look()
  }

  leave(): void {
    clearTimeout(this.#timer)
    const stream = this.#stream
    if (this.#layer !== null && stream !== null) this.#tell(() => workingApi.leave(stream))
    this.#layer = null
  }

  /** The stream began, or began again: others know nothing of it yet. */
  streamed(stream: string): void {
    this.#stream = stream
    if (this.#layer === null) return
    this.say(this.#chosen)
    void this.#look()
  }

  /** Tells others what is chosen and seen, once that rests. */
  say(chosen: string[]): void {
    this.#chosen = chosen
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.#layer === null || this.#stream === null) return
      const layer = this.#layer
      const told = { stream: this.#stream, chosen: this.#chosen, view: this.#host.view() }
      this.#tell(() => workingApi.enter(layer, told))
    }, REST)
  }

  /** Calls come to the server in their order; one that does not come is told with the next stream. */
  #tell(call: () => Promise<void>): void {
    this.#telling = this.#telling.then(call).catch(() => undefined)
  }

  /** Others edit something else now; "": any layer. */
  knocked(layer: string): void {
    if (this.#layer !== null && (layer === '' || layer === this.#layer)) void this.#look()
  }

  async #look(): Promise<void> {
    const layer = this.#layer
    if (layer === null) return
    this.#again = true
    if (this.#looking) return
    this.#looking = true
    try {
      while (this.#again) {
        this.#again = false
        const { others, revision } = await workingApi.others(layer)
        if (this.#layer === layer) this.#host.told(others, revision)
      }
    } catch {
      // The stream tells when the server is there again.
    } finally {
      this.#looking = false
    }
    if (this.#layer !== layer) void this.#look()
  }
}
