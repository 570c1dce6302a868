/**
 * An edit on the map, from the first click to the fresh tiles. The truth is a history of shapes
 * (history.ts); OpenLayers' interactions show its present state and propose the next.
 */
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom'
import { api } from '../api/client'
import type { DrawingTools, Held } from '../drawing/api'
import { crossingOf } from '../drawing/crossing'
import type { Figure } from '../drawing/figures'
import { Pen } from '../drawing/pen'
import { useDrawingSettings } from '../drawing/settings'
import type {
  ChangeEvent,
  Coordinate,
  EditDraft,
  EditSession,
  EditState,
  EditTool,
  Extent,
  Feature,
  FeatureRef,
  Geometry,
  Hit,
  LayerInfo,
  Made,
  Pieces,
  ShapeChange,
} from '../map/api'
import { Listeners } from '../map/listeners'
import { measure } from '../map/measure'
import { geometryOf } from '../map/olgeometry'
import { drawnType, equal, fitType } from './geometry'
import { begin, type History, push, redo, undo } from './history'
import type { EditHost } from './host'
import { editKey } from './keys'
import { SKETCH } from './olstyle'
import { collected, fitted, holesOf, partsOf, withoutHole } from './parts'
import { type Fault, faultOf, type Shaping, shape } from './shaping'
import { SnapTargets } from './snapping'
import { boxesOf, Stage } from './stage'
import { IDLE } from './state'
import { type Bench, type Gestures, modifyTools } from './tools'
import { grown, moved, turned } from './transform'

/** A state of what is edited. Without geometry it is still to be drawn. */
interface Drawn extends Pieces {
  geometry: Geometry | null
}

/** The feature at work: what it was, and every state since. */
interface Work {
  layer: LayerInfo
  featureId?: string
  original: Geometry | null
  figure?: Figure
  history: History<Drawn>
}

/** Pixels within which a click means a feature. */
const NEAR = 6

const only = (geometry: Geometry | null): Drawn => ({ geometry, made: [], taken: [] })

export class Editing implements Omit<EditSession, 'load'>, DrawingTools {
  state: EditState = IDLE
  readonly #host: EditHost
  readonly #listeners = new Listeners<{ state: EditState }>()
  readonly #stage: Stage
  readonly #snap: SnapTargets
  readonly #bench: Bench
  #work: Work | null = null
  #tool: EditTool = 'vertices'
  #gestures: Gestures = { interactions: [] }
  #busy = false
  #fault: Fault | null = null
  #choices: Hit[] = []
  readonly #unfollow: () => void

  constructor(host: EditHost) {
    this.#host = host
    this.#stage = new Stage(host)
    this.#snap = new SnapTargets(
      () => this.#tell(),
      (extent) => host.borrowed(extent),
    )
    this.#bench = {
      edited: this.#stage.edited,
      sources: [this.#snap.source],
      changed: () => this.#tell(),
      commit: () => this.#commit(),
      split: (line) => void this.#split(line),
      reshape: (line) => void this.#shape({ operation: 'reshape', shapes: [], with: line }),
      cut: (area) => void this.#shape({ operation: 'cut', shapes: [], with: area }),
      fill: (at) => this.#fill(at),
      join: (at, how) => void this.#join(at, how),
      take: (at) => void this.#take(at),
    }
    host.map.on('moveend', () => this.#coverSoon())
    this.#unfollow = useDrawingSettings.subscribe(() => this.#coverSoon())
  }

  subscribe(listener: (state: EditState) => void): () => void {
    return this.#listeners.on('state', listener)
  }

  startDraw(layer: LayerInfo, figure?: Figure): void {
    this.#begin({ layer, figure, original: null, history: begin(only(null)) })
  }

  startModify(layer: LayerInfo, feature: Feature): void {
    const { id, geometry } = feature
    this.#begin({ layer, featureId: id, original: geometry, history: begin(only(geometry)) })
  }

  restore(layer: LayerInfo, draft: EditDraft): void {
    const { featureId, original, geometry, pieces = { made: [], taken: [] } } = draft
    const history = push(begin(only(original)), { geometry, ...pieces })
    this.#begin({ layer, featureId, original, history })
  }

  draft(): EditDraft | null {
    const work = this.#work
    const geometry = work?.history.present.geometry
    if (!work || !geometry || !this.state.dirty) return null
    return {
      layer: work.layer.id,
      featureId: work.featureId,
      original: work.original,
      geometry,
      pieces: this.pieces(),
    }
  }

  pending(): Geometry | null {
    const work = this.#work
    const geometry = work?.history.present.geometry
    return work && geometry ? fitType(geometry, work.layer.geometry.type) : null
  }

  pieces(): Pieces {
    const work = this.#work
    const { made = [], taken = [] } = work?.history.present ?? {}
    const type = work?.layer.geometry.type ?? 'Geometry'
    return {
      made: made.map((each) => ({ ...each, geometry: fitType(each.geometry, type) })),
      taken,
    }
  }

  replace(geometry: Geometry): void {
    const work = this.#work
    if (!work || equal(work.history.present.geometry, geometry)) return
    this.#push({ ...work.history.present, geometry })
  }

  place(at: Coordinate): void {
    this.#gestures.pen?.place(at)
  }

  hold(held: Held): void {
    this.#gestures.pen?.hold(held)
  }

  pick(picking: boolean): void {
    this.#gestures.magnet?.pick(picking)
  }

  finish(): void {
    this.#gestures.pen?.finish()
  }

  where(): [x: number, y: number] | null {
    return this.#gestures.magnet?.pointer ?? null
  }

  setTool(tool: EditTool): void {
    this.#tool = tool
    this.#fault = null
    this.#choices = []
    this.#show()
  }

  change(change: ShapeChange): void {
    const { geometry = null } = this.#work?.history.present ?? {}
    if (!geometry) return
    switch (change.kind) {
      case 'move':
        this.replace(moved(geometry, change.east, change.north))
        break
      case 'rotate':
        this.replace(turned(geometry, change.degrees))
        break
      case 'scale':
        this.replace(grown(geometry, change.factor))
        break
      case 'explode':
        this.#explode(geometry)
        break
      case 'mend':
        void this.#shape({ operation: 'mend', shapes: [] })
        break
      default: {
        const { kind: operation, distance, corners } = change
        void this.#shape({ operation, shapes: [], distance, corners })
      }
    }
  }

  choose(hit: Hit): void {
    this.#choices = []
    void this.#takeShape(hit)
  }

  /** A click on the map that the tool's interactions leave. */
  clicked(at: Coordinate): void {
    this.#fault = null
    this.#choices = []
    this.#gestures.clicked?.(at)
  }

  undo(): void {
    const work = this.#work
    if (this.#gestures.pen?.undo()) return
    if (!work || work.history.past.length === 0) return
    work.history = undo(work.history)
    this.#show()
  }

  redo(): void {
    const work = this.#work
    if (this.#gestures.pen?.redo()) return
    if (!work || work.history.future.length === 0) return
    work.history = redo(work.history)
    this.#show()
  }

  cancel(): void {
    this.#end()
    this.#stage.hide(null, [])
  }

  saved(feature: Feature): void {
    const work = this.#work
    if (!work) return
    const { made, taken } = work.history.present
    const shape = feature.geometry ?? work.history.present.geometry
    const added = made.map(({ geometry }) => geometry)
    const boxes = boxesOf(work.original, shape, ...added, ...taken.map(({ geometry }) => geometry))
    this.#end()
    void this.#stage.settle(work.layer.id, boxes, shape ? [shape, ...added] : added)
  }

  deleted(ref: FeatureRef): void {
    const work = this.#work
    if (work?.layer.id === ref.layer && work.featureId === ref.id) this.#end()
    void this.#stage.settle(ref.layer, this.#stage.remove(ref), [])
  }

  /** Somebody saved something: what is snapped to may have moved. Null: anything may have. */
  changed(change: ChangeEvent | null): void {
    if (this.#work && this.#snap.forget(change)) this.#coverSoon()
  }

  dispose(): void {
    this.#unfollow()
    this.#end()
    this.#stage.dispose()
  }

  #begin(work: Work): void {
    this.cancel()
    this.#work = work
    this.#tool = 'vertices'
    const { featureId, layer } = work
    this.#snap.start(featureId === undefined ? null : { layer: layer.id, id: featureId })
    document.addEventListener('keydown', this.#key)
    this.#show()
    void this.#snap.cover(this.#view(), this.#snapLayers())
  }

  #end(): void {
    this.#work = null
    this.#fault = null
    this.#choices = []
    this.#stage.clear()
    this.#interact({ interactions: [] })
    this.#snap.stop()
    document.removeEventListener('keydown', this.#key)
    this.#tell()
  }

  #push(next: Drawn): void {
    const work = this.#work
    if (!work) return
    work.history = push(work.history, next)
    this.#show()
  }

  /** Puts the present state of the history on the map, with the tool that fits it. */
  #show(): void {
    const work = this.#work
    if (!work) return
    const { geometry, ...pieces } = work.history.present
    const drawing = geometry === null
    if (drawing && this.#tool !== 'take') this.#tool = 'draw'
    if (!drawing && (this.#tool === 'draw' || this.#tool === 'take')) this.#tool = 'vertices'
    this.#stage.show(geometry, pieces)
    this.#stage.hide(work.layer.id, [
      ...(work.featureId === undefined ? [] : [work.featureId]),
      ...pieces.taken.map(({ id }) => id),
    ])
    this.#stage.edited
      .item(0)
      ?.getGeometry()
      ?.on('change', () => this.#tell())
    this.#interact(
      this.#tool === 'draw' ? this.#drawing(work) : modifyTools[this.#tool](this.#bench),
    )
    this.#tell()
  }

  #interact(gestures: Gestures): void {
    const { map } = this.#host
    for (const interaction of this.#gestures.interactions) {
      map.removeInteraction(interaction)
      interaction.dispose()
    }
    this.#gestures = gestures
    for (const interaction of gestures.interactions) map.addInteraction(interaction)
    for (const interaction of map.getInteractions().getArray()) {
      if (interaction instanceof DoubleClickZoom) interaction.setActive(this.#work === null)
    }
  }

  #drawing(work: Work): Gestures {
    const pen = new Pen({
      type: drawnType(work.layer.geometry.type),
      figure: work.figure,
      style: SKETCH,
      sources: this.#bench.sources,
      changed: () => this.#tell(),
      drawn: (geometry) => {
        if (this.#work === work) this.replace(fitType(geometry, work.layer.geometry.type))
      },
    })
    return { interactions: pen.interactions, magnet: pen.magnet, pen }
  }

  /** Makes what the interactions left the next state; OpenLayers' feature stays as it is. */
  #commit(): void {
    const work = this.#work
    const geometry = geometryOf(this.#stage.edited.item(0))
    if (!work || !geometry || equal(geometry, work.history.present.geometry)) return
    work.history = push(work.history, { ...work.history.present, geometry })
    this.#tell()
  }

  /** Makes one shape of the one edited. */
  async #shape(shaping: Shaping): Promise<void> {
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
  async #split(line: Geometry): Promise<void> {
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

  #fill(at: Coordinate): void {
    const present = this.#work?.history.present
    const filled = present?.geometry && withoutHole(present.geometry, at)
    if (present && filled) this.#push({ ...present, geometry: filled })
    else this.#say({ reason: 'no-hole' })
  }

  #explode(geometry: Geometry): void {
    const present = this.#work?.history.present
    const [first, ...rest] = partsOf(geometry).sort((a, b) => sizeOf(b) - sizeOf(a))
    if (!present || !first || rest.length === 0) this.#say({ reason: 'one-part' })
    else
      this.#push({
        ...present,
        geometry: first,
        made: [...present.made, ...rest.map((each) => ({ geometry: each }))],
      })
  }

  async #join(at: Coordinate, how: 'merge' | 'collect'): Promise<void> {
    await this.#ask(async (work, present) => {
      const { id } =
        this.#host
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

  #take(at: Coordinate): void {
    const hits = this.#host.hitsAt(at, NEAR)
    const [hit, ...more] = hits
    if (!hit) this.#say({ reason: 'nothing-here' })
    else if (more.length === 0) void this.#takeShape(hit)
    else {
      this.#choices = hits
      this.#tell()
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
    const work = this.#work
    const present = work?.history.present
    if (!work || !present || this.#busy) return
    this.#busy = true
    this.#fault = null
    this.#tell()
    const outcome = await next(work, present as Drawn & { geometry: Geometry }).catch(faultOf)
    this.#busy = false
    if (this.#work !== work || work.history.present !== present) this.#tell()
    else if (outcome && 'reason' in outcome) this.#say(outcome)
    else if (outcome) this.#push(outcome)
    else this.#tell()
  }

  #say(fault: Fault): void {
    this.#fault = fault
    this.#tell()
  }

  #tell(): void {
    const work = this.#work
    this.state = work ? this.#stateOf(work) : IDLE
    this.#listeners.emit('state', this.state)
  }

  #stateOf({ history, original, layer, featureId }: Work): EditState {
    const { pen, magnet } = this.#gestures
    const { geometry, made, taken } = history.present
    const drawing = geometry === null
    const shown = drawing ? null : geometryOf(this.#stage.edited.item(0))
    const crossing = crossingOf(shown)
    if (!drawing && !pen) magnet?.warn(crossing)
    const drawn = pen?.state ?? null
    const begun = drawn?.begun ?? false
    return {
      mode: drawing ? 'draw' : 'modify',
      tool: this.#tool,
      canUndo: begun || history.past.length > 0,
      canRedo: (drawn?.takenBack ?? false) || history.future.length > 0,
      dirty: begun || !equal(geometry, original) || made.length + taken.length > 0,
      complete: !drawing,
      layer: layer.id,
      featureId,
      measure: drawn && begun ? drawn.measure : measure(shown),
      snapping: {
        targets: this.#snap.count,
        loading: this.#snap.loading,
        layers: this.#host.snapLayers(),
      },
      pen: drawn,
      magnet: magnet?.state ?? IDLE.magnet,
      crossing: drawn?.crossing ?? crossing,
      parts: shown ? partsOf(shown).length : 0,
      holes: holesOf(shown),
      pieces: { made: made.length, taken: taken.length },
      busy: this.#busy,
      fault: this.#fault,
      choices: this.#choices,
    }
  }

  readonly #key = (event: KeyboardEvent): void => {
    const command = editKey(event)
    if (command === null) return
    const done = this.#perform(command)
    if (done) event.preventDefault()
  }

  /** Does what a key asks; false when it means nothing now and belongs to others. */
  #perform(command: NonNullable<ReturnType<typeof editKey>>): boolean {
    const { pen, magnet, modify } = this.#gestures
    switch (command) {
      case 'undo':
        this.undo()
        return true
      case 'redo':
        this.redo()
        return true
      case 'finish':
        if (!pen?.state.begun) return false
        pen.finish()
        return true
      case 'remove':
        return modify?.removePoint() ?? false
      case 'escape':
        return this.#escape(pen, magnet)
    }
  }

  #escape(pen: Pen | undefined, magnet: Gestures['magnet']): boolean {
    if (magnet?.state.picking) magnet.pick(false)
    else if (pen?.abort()) return true
    else if (this.#tool === 'take') this.setTool('draw')
    else if (this.#tool !== 'draw' && this.#tool !== 'vertices') this.setTool('vertices')
    else if (!this.state.dirty) this.cancel()
    else return false
    return true
  }

  #coverSoon(): void {
    if (!this.#work) return
    this.#snap.coverSoon(
      () => this.#view(),
      () => this.#snapLayers(),
    )
  }

  /** What is drawn, and this person snaps to. */
  #snapLayers(): string[] {
    const { without } = useDrawingSettings.getState()
    return this.#host.snapLayers().filter((id) => !without.includes(id))
  }

  #view(): Extent {
    const { map } = this.#host
    return map.getView().calculateExtent(map.getSize() ?? [1, 1]) as Extent
  }
}

function sizeOf(geometry: Geometry): number {
  const { area, length } = measure(geometry)
  return area ?? length ?? 0
}
