/** A module that loads when it is first wanted. What is asked of it meanwhile is done in order once it is there. */
export class Later<T> {
  readonly #load: () => Promise<T>
  readonly #failed: () => void
  #value: T | null = null
  #loading = false
  #waiting: ((value: T) => void)[] = []

  /** Failed: the server could not be reached; what waited is given up, the next wish tries again. */
  constructor(load: () => Promise<T>, failed: () => void) {
    this.#load = load
    this.#failed = failed
  }

  /** Null until it is there. */
  get value(): T | null {
    return this.#value
  }

  do(act: (value: T) => void): void {
    if (this.#value) {
      act(this.#value)
      return
    }
    this.#waiting.push(act)
    if (this.#loading) return
    this.#loading = true
    this.#load()
      .then((value) => {
        this.#value = value
        for (const each of this.#waiting.splice(0)) each(value)
      })
      .catch((error) => {
        console.warn('a part of the map was not loaded', error)
        this.#waiting = []
        this.#failed()
      })
      .finally(() => {
        this.#loading = false
      })
  }

  /** Gives up what waits. */
  forget(): void {
    this.#waiting = []
  }
}
