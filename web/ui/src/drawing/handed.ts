/** A session with a tool in hand: what a bar asks of the pen and the magnet goes to those of the tool. */
import type { Coordinate } from '../map/api'
import type { DrawingTools, Held } from './api'
import type { Magnet } from './magnet'
import type { Pen } from './pen'

export abstract class Handed implements DrawingTools {
  /** Of the tool in hand. */
  protected abstract gestures: { pen?: Pen; magnet?: Magnet }

  place(at: Coordinate): void {
    this.gestures.pen?.place(at)
  }

  hold(held: Held): void {
    this.gestures.pen?.hold(held)
  }

  pick(picking: boolean): void {
    this.gestures.magnet?.pick(picking)
  }

  finish(): void {
    this.gestures.pen?.finish()
  }

  where(): [x: number, y: number] | null {
    return this.gestures.magnet?.pointer ?? null
  }
}
