/**
 * A pointer for the keyboard: arrows move a cross over the map (with Shift by single pixels), Enter
 * clicks, Space presses and lets go, as a drag does. The map sees pointer events like a mouse's, so
 * every tool, and its snapping, works as with a mouse.
 */
import type OLMap from 'ol/Map'

const STEP = 12
/** Pixels from the edge at which the map moves under the cross. */
const EDGE = 30

const WAYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
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
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#wanted()) return
    const way = WAYS[event.key]
    if (way) this.#move(way, event.shiftKey ? 1 : STEP)
    else if (this.#at && event.key === 'Enter') this.#click()
    else if (this.#at && event.key === ' ') this.#press()
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

  #click(): void {
    if (this.#held) {
      this.#press()
      return
    }
    this.#send('pointerdown')
    this.#send('pointerup')
  }

  #press(): void {
    this.#held = !this.#held
    this.#cross.dataset.held = String(this.#held)
    this.#send(this.#held ? 'pointerdown' : 'pointerup')
  }

  #send(type: 'pointermove' | 'pointerdown' | 'pointerup'): void {
    const viewport = this.#map.getViewport() as HTMLElement
    const box = viewport.getBoundingClientRect()
    const [x, y] = this.#at ?? [box.width / 2, box.height / 2]
    const event = new PointerEvent(type, {
      bubbles: true,
      cancelable: true,
      pointerId: 1,
      pointerType: 'mouse',
      isPrimary: true,
      clientX: box.left + x,
      clientY: box.top + y,
      button: type === 'pointermove' ? -1 : 0,
      buttons: type === 'pointerup' || (type === 'pointermove' && !this.#held) ? 0 : 1,
    })
    viewport.dispatchEvent(event)
  }
}
