/** Shapes that the server, or a gesture, makes of the one that is edited: each is the next state of the work. */
import { api } from '../api/client'
import type { Coordinate, Geometry, Hit, Made, ShapeChange } from '../map/api'
import { measure } from '../map/measure'
import { drawnType } from './geometry'
import { collected, fitted, partsOf, withoutHole } from './parts'
import { type Fault, faultOf, type Shaping, shape } from './shaping'
import { grown, moved, turned } from './transform'
import type { Drawn, Work } from './work'

/** Pixels within which a click means a feature. */
const NEAR = 6

/** What it works at. */
export interface Desk {
  work(): Work | null
  /** What is drawn within some pixels of a place, topmost first. */
  hitsAt(at: Coordinate, pixels: number): Hit[]
  /** Makes a state the next of the work. */
  push(next: Drawn): void
  /** As push, of the shape alone. */
  replace(geometry: Geometry): void
  /** It is busy, or no more; there is a fault, or a choice. */
  changed(): void
}

export class Making {
  busy = false
  /** Why nothing came of the last gesture. */
  fault: Fault | null = null
  /** Features of which one is to be taken. */
  choices: Hit[] = []
  readonly #desk: Desk

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** What was told and offered is over. */
  forget(): void {
    this.fault = null
    this.choices = []
  }

  change(change: ShapeChange): void {
    const { geometry = null } = this.#desk.work()?.history.present ?? {}
    if (!geometry) return
    switch (change.kind) {
      case 'move':
        this.#desk.replace(moved(geometry, change.east, change.north))
        break
      case 'rotate':
        this.#desk.replace(turned(geometry, change.degrees))
        break
      case 'scale':
        this.#desk.replace(grown(geometry, change.factor))
        break
      case 'explode':
        this.explode(geometry)
        break
      case 'mend':
        void this.shape({ operation: 'mend', shapes: [] })
        break
      default: {
        const { kind: operation, distance, corners } = change
        void this.shape({ operation, shapes: [], distance, corners })
      }
    }
  }

  choose(hit: Hit): void {
    this.choices = []
    void this.#takeShape(hit)
  }

  /** Makes one shape of the one edited. */
  async shape(shaping: Shaping): Promise<void> {
    await this.#ask(async (work, present) => {
      const { shapes, fault } = await shape(work.layer.id, {
        ...shaping,
        shapes: [present.geometry],
      })
      const [made] = shapes
      if (fault || !made) return fault
      const geometry = fitted(made, work.layer.geometry.type)
      return geometry ? { ...present, geometry } : { reason: 'several-parts' }
    })
  }

  /** Cuts what is edited, and the pieces it was cut into before, where the line goes through them. */
  async split(line: Geometry): Promise<void> {
    await this.#ask(async (work, present) => {
      const pieces: Made[] = []
      let missed: Fault | null = null
      for (const piece of [{ geometry: present.geometry }, ...present.made] as Made[]) {
        const { shapes, fault } = await shape(work.layer.id, {
          operation: 'split',
          shapes: [piece.geometry],
          with: line,
        })
        if (fault && fault.reason !== 'missed') return fault
        missed ??= fault
        pieces.push(...(fault ? [piece] : shapes.map((geometry) => ({ ...piece, geometry }))))
      }
      const [first, ...made] = pieces
      if (!first || made.length === present.made.length) return missed
      return { ...present, geometry: first.geometry, made }
    })
  }

  fill(at: Coordinate): void {
    const present = this.#desk.work()?.history.present
    const filled = present?.geometry && withoutHole(present.geometry, at)
    if (present && filled) this.#desk.push({ ...present, geometry: filled })
    else this.#say({ reason: 'no-hole' })
  }

  explode(geometry: Geometry): void {
    const present = this.#desk.work()?.history.present
    const [first, ...rest] = partsOf(geometry).sort((a, b) => sizeOf(b) - sizeOf(a))
    if (!present || !first || rest.length === 0) this.#say({ reason: 'one-part' })
    else
      this.#desk.push({
        ...present,
        geometry: first,
        made: [...present.made, ...rest.map((each) => ({ geometry: each }))],
      })
  }

  async join(at: Coordinate, how: 'merge' | 'collect'): Promise<void> {
    await this.#ask(async (work, present) => {
      const { id } =
        this.#desk
          .hitsAt(at, NEAR)
          .find((hit) => hit.layer === work.layer.id && hit.id !== work.featureId) ?? {}
      if (id === undefined) return { reason: 'nothing-here' }
      const feature = await api.feature(work.layer.id, id)
      const { geometry, version, label } = feature
      if (!geometry) return { reason: 'nothing-here' }
      const taken = [...present.taken, { id, version, label, geometry }]
      // Areas that touch are one part: the server tells where they do.
      if (how === 'collect' && drawnType(work.layer.geometry.type) !== 'Polygon') {
        const all = collected([present.geometry, geometry])
        const kept = all && fitted(all, work.layer.geometry.type)
        return kept ? { ...present, geometry: kept, taken } : { reason: 'other-kind' }
      }
      const { shapes, fault } = await shape(work.layer.id, {
        operation: 'merge',
        shapes: [present.geometry, geometry],
      })
      const [merged] = shapes
      if (fault || !merged) return fault
      const parts = partsOf(present.geometry).length + partsOf(geometry).length
      if (how === 'merge' && partsOf(merged).length >= parts) return { reason: 'apart' }
      const kept = fitted(merged, work.layer.geometry.type)
      return kept ? { ...present, geometry: kept, taken } : { reason: 'several-parts' }
    })
  }

  take(at: Coordinate): void {
    const hits = this.#desk.hitsAt(at, NEAR)
    const [hit, ...more] = hits
    if (!hit) this.#say({ reason: 'nothing-here' })
    else if (more.length === 0) void this.#takeShape(hit)
    else {
      this.choices = hits
      this.#desk.changed()
    }
  }

  async #takeShape({ layer, id }: Hit): Promise<void> {
    await this.#ask(async (work, present) => {
      const { geometry } = await api.feature(layer, id)
      const kept = geometry && fitted(geometry, work.layer.geometry.type)
      return kept ? { ...present, geometry: kept } : { reason: 'unfit' }
    })
  }

  /** Asks the server for the next state; what it made of another state than the present is let go. */
  async #ask(
    next: (work: Work, present: Drawn & { geometry: Geometry }) => Promise<Drawn | Fault | null>,
  ): Promise<void> {
    const work = this.#desk.work()
    const present = work?.history.present
    if (!work || !present || this.busy) return
    this.busy = true
    this.fault = null
    this.#desk.changed()
    const outcome = await next(work, present as Drawn & { geometry: Geometry }).catch(faultOf)
    this.busy = false
    if (this.#desk.work() !== work || work.history.present !== present) this.#desk.changed()
    else if (outcome && 'reason' in outcome) this.#say(outcome)
    else if (outcome) this.#desk.push(outcome)
    else this.#desk.changed()
  }

  #say(fault: Fault): void {
    this.fault = fault
    this.#desk.changed()
  }
}

function sizeOf(geometry: Geometry): number {
  const { area, length } = measure(geometry)
  return area ?? length ?? 0
}
