/**
 * An edit on the map, from the first click to the fresh tiles. The truth is a history of shapes
 * (history.ts); OpenLayers' interactions show its present state and propose the next.
 */
import type { Figure } from '../drawing/figures'
import { Handed } from '../drawing/handed'
import { Pen } from '../drawing/pen'
import { useDrawingSettings } from '../drawing/settings'
import type {
  ChangeEvent,
  Coordinate,
  EditDraft,
  EditSession,
  EditState,
  EditTool,
  Feature,
  FeatureRef,
  Geometry,
  Hit,
  LayerInfo,
  Pieces,
  ShapeChange,
} from '../map/api'
import { Listeners } from '../map/listeners'
import { geometryOf } from '../map/olgeometry'
import { perform } from './commands'
import { described } from './describe'
import { exchange } from './exchange'
import { drawnType, equal, fitType } from './geometry'
import { begin, push, redo, undo } from './history'
import type { EditHost } from './host'
import { editKey } from './keys'
import { Making } from './making'
import { SKETCH } from './olstyle'
import { SnapTargets, viewOf, wantedLayers } from './snapping'
import { boxesOf, Stage } from './stage'
import { IDLE } from './state'
import { type Bench, type Gestures, modifyTools } from './tools'
import { type Drawn, draftOf, only, pendingOf, piecesOf, type Work } from './work'

export class Editing extends Handed implements Omit<EditSession, 'load'> {
  state: EditState = IDLE
  readonly #host: EditHost
  readonly #listeners = new Listeners<{ state: EditState }>()
  readonly #stage: Stage
  readonly #snap: SnapTargets
  readonly #bench: Bench
  #work: Work | null = null
  #tool: EditTool = 'vertices'
  protected gestures: Gestures = { interactions: [] }
  readonly #making: Making
  readonly #unfollow: () => void

  constructor(host: EditHost) {
    super()
    this.#host = host
    this.#stage = new Stage(host)
    this.#snap = new SnapTargets(
      () => this.#tell(),
      (extent) => host.borrowed(extent),
    )
    this.#making = new Making({
      work: () => this.#work,
      hitsAt: (at, pixels) => host.hitsAt(at, pixels),
      push: (next) => this.#push(next),
      replace: (geometry) => this.replace(geometry),
      changed: () => this.#tell(),
    })
    this.#bench = {
      edited: this.#stage.edited,
      sources: [this.#snap.source],
      changed: () => this.#tell(),
      commit: () => this.#commit(),
      split: (line) => void this.#making.split(line),
      reshape: (line) => void this.#making.shape({ operation: 'reshape', shapes: [], with: line }),
      cut: (area) => void this.#making.shape({ operation: 'cut', shapes: [], with: area }),
      fill: (at) => this.#making.fill(at),
      join: (at, how) => void this.#making.join(at, how),
      take: (at) => void this.#making.take(at),
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
    return this.state.dirty ? draftOf(this.#work) : null
  }

  pending(): Geometry | null {
    return pendingOf(this.#work)
  }

  pieces(): Pieces {
    return piecesOf(this.#work)
  }

  replace(geometry: Geometry): void {
    const work = this.#work
    if (!work || equal(work.history.present.geometry, geometry)) return
    this.#push({ ...work.history.present, geometry })
  }

  setTool(tool: EditTool): void {
    this.#tool = tool
    this.#making.forget()
    this.#show()
  }

  change(change: ShapeChange): void {
    this.#making.change(change)
  }

  choose(hit: Hit): void {
    this.#making.choose(hit)
  }

  /** A click on the map that the tool's interactions leave. */
  clicked(at: Coordinate): void {
    this.#making.forget()
    this.gestures.clicked?.(at)
  }

  undo(): void {
    const work = this.#work
    if (this.gestures.pen?.undo()) return
    if (!work || work.history.past.length === 0) return
    work.history = undo(work.history)
    this.#show()
  }

  redo(): void {
    const work = this.#work
    if (this.gestures.pen?.redo()) return
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
    void this.#snap.cover(viewOf(this.#host.map), wantedLayers(this.#host))
  }

  #end(): void {
    this.#work = null
    this.#making.forget()
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
    const before = this.gestures.interactions
    this.gestures = gestures
    exchange(this.#host.map, before, gestures.interactions, this.#work === null)
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

  #tell(): void {
    this.state = this.#work
      ? described(this.#work, {
          tool: this.#tool,
          gestures: this.gestures,
          edited: this.#stage.edited.item(0),
          snapping: {
            targets: this.#snap.count,
            loading: this.#snap.loading,
            layers: this.#host.snapLayers(),
          },
          making: this.#making,
        })
      : IDLE
    this.#listeners.emit('state', this.state)
  }

  readonly #key = (event: KeyboardEvent): void => {
    const command = editKey(event)
    if (command !== null && perform(command, this, this.gestures)) event.preventDefault()
  }

  #coverSoon(): void {
    if (this.#work) this.#snap.coverView(this.#host)
  }
}
