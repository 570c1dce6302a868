/** OpenLayers' Draw, which knows whether something is begun, and gives it up when asked. */
import type OLFeature from 'ol/Feature'
import Draw, { type Options } from 'ol/interaction/Draw'

export class BegunDraw extends Draw {
  #begun = false

  /** Drawn: told what was drawn, while Draw is still at work on that event. */
  constructor(options: Options, drawn: (feature: OLFeature) => void) {
    super(options)
    this.on('drawstart', () => {
      this.#begun = true
    })
    this.on('drawabort', () => {
      this.#begun = false
    })
    this.on('drawend', ({ feature }) => {
      this.#begun = false
      drawn(feature)
    })
  }

  /** Gives up what is begun; false when nothing is. */
  leave(): boolean {
    if (!this.#begun) return false
    this.abortDrawing()
    return true
  }
}
