/**
 * A pointer for the keyboard: arrows move a cross over the map (with Shift by single pixels, with
 * Control far), Enter clicks, Space presses and lets go, as a drag does; what is held with these is held with the click.
 * The map sees pointer events like a mouse's, so every tool, and its snapping, works as with a mouse.
 */
import type OLMap from 'ol/Map'

/** Pixels that an arrow moves the cross, with Control too, with Shift too. */
const STEP = 12
const LEAP = 120
const NUDGE = 1
/** Pixels from the edge at which the map moves under the cross. */
const EDGE = 30

const WAYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

type Held = Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Control: with arrows far; with Enter it is no click, but finishes what is drawn. */
const far = ({ ctrlKey, metaKey }: Held): boolean => ctrlKey || metaKey

const stepOf = (held: Held): number => {
  if (far(held)) return LEAP
  return held.shiftKey ? NUDGE : STEP
}

export class Crosshair {
  readonly #map: OLMap
  readonly #wanted: () => boolean
  readonly #cross = document.createElement('div')
  #at: [number, number] | null = null
  #held = false

  /** Wanted: whether a tool is at work that a click means something to. */
  constructor(map: OLMap, wanted: () => boolean) {
    this.#map = map
    this.#wanted = wanted
    this.#cross.className = 'arpent-cross'
    this.#cross.hidden = true
  }

  /** Whether keys move the cross. */
  get wanted(): boolean {
    return this.#wanted()
  }

  attach(element: HTMLElement): () => void {
    element.append(this.#cross)
    // Before OpenLayers, which moves the map by arrows.
    element.addEventListener('keydown', this.#key, true)
    element.addEventListener('pointermove', this.#pointer)
    return () => {
      this.hide()
      this.#cross.remove()
      element.removeEventListener('keydown', this.#key, true)
      element.removeEventListener('pointermove', this.#pointer)
    }
  }

  /** Goes when no tool is at work any longer. */
  rest(): void {
    if (!this.#wanted()) this.hide()
  }

  hide(): void {
    if (this.#held) this.#send('pointerup')
    this.#held = false
    this.#at = null
    this.#cross.hidden = true
  }

  readonly #pointer = (event: PointerEvent): void => {
    if (event.isTrusted) this.hide()
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (!this.#wanted()) return
    const way = event.altKey ? undefined : WAYS[event.key]
    if (way) this.#move(way, stepOf(event))
    else if (this.#at && event.key === 'Enter' && !far(event)) this.#click(event)
    else if (this.#at && event.key === ' ') this.#press(event)
    else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  #move([dx, dy]: [number, number], step: number): void {
    const [width = 0, height = 0] = this.#map.getSize() ?? []
    const [x, y] = this.#at ?? [width / 2, height / 2]
    const shown = this.#at !== null
    const [nx, ny] = shown ? [x + dx * step, y + dy * step] : [x, y]
    const inside = nx > EDGE && ny > EDGE && nx < width - EDGE && ny < height - EDGE
    if (inside) this.#at = [nx, ny]
    else this.#pan(dx * step, dy * step)
    this.#cross.hidden = false
    const [cx, cy] = this.#at ?? [x, y]
    this.#cross.style.transform = `translate(${cx}px, ${cy}px)`
    this.#send('pointermove')
  }

  #pan(dx: number, dy: number): void {
    const view = this.#map.getView()
    const [x = 0, y = 0] = view.getCenter() ?? []
    const unit = view.getResolution() ?? 1
    view.setCenter([x + dx * unit, y - dy * unit])
  }

  #click(held: Held): void {
    if (this.#held) {
      this.#press(held)
      return
    }
    this.#send('pointerdown', held)
    this.#send('pointerup', held)
  }

  #press(held: Held): void {
    this.#held = !this.#held
    this.#cross.dataset.held = String(this.#held)
    this.#send(this.#held ? 'pointerdown' : 'pointerup', held)
  }

  #send(type: 'pointermove' | 'pointerdown' | 'pointerup', held?: Held): void {
    const viewport = this.#map.getViewport() as HTMLElement
    const box = viewport.getBoundingClientRect()
    const [x, y] = this.#at ?? [box.width / 2, box.height / 2]
    const event = new PointerEvent(type, {
      bubbles: true,
      cancelable: true,
      pointerId: 1,
      pointerType: 'mouse',
      isPrimary: true,
      ctrlKey: held?.ctrlKey,
      metaKey: held?.metaKey,
      shiftKey: held?.shiftKey,
      altKey: held?.altKey,
      clientX: box.left + x,
      clientY: box.top + y,
      button: type === 'pointermove' ? -1 : 0,
      buttons: type === 'pointerup' || (type === 'pointermove' && !this.#held) ? 0 : 1,
    })
    viewport.dispatchEvent(event)
  }
}
