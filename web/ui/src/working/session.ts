/**
 * Editing a layer in a working set. The server holds the truth (see layers/working): each gesture
 * asks it for one operation, and what it answers is drawn. Nothing here computes a border.
 */
import { Handed } from '../drawing/handed'
import type { Pen } from '../drawing/pen'
import { useDrawingSettings } from '../drawing/settings'
import { exchange } from '../editing/exchange'
import { boxOf } from '../editing/geometry'
import type { EditHost } from '../editing/host'
import { editKey } from '../editing/keys'
import { SnapTargets } from '../editing/snapping'
import type { ChangeEvent, Coordinate, Extent, Geometry, LayerInfo } from '../map/api'
import { Listeners } from '../map/listeners'
import type { Given, WorkingSession, WorkingState, WorkingTool } from './api'
import { Calls } from './calls'
import { coverageTools } from './coverage'
import { freeTools } from './free'
import { type Gestures, NEAR, type Tool, type Workplace } from './gestures'
import {
  type Operation,
  type Ref,
  type Side,
  type WorkingConflict,
  type WorkingFeature,
  type Working as WorkingSet,
  type Wrong,
  workingApi,
} from './model'
import { askEdges, networkTools } from './network'
import { boxOfSteps } from './places'
import { Presence } from './presence'
import { lackingRecords } from './records'
import { Shapes } from './shapes'
import { IDLE } from './state'
import { useWaiting, waiting } from './waiting'
import { workplace } from './workplace'

const tools: Record<WorkingTool, Tool> = {
  choose: (place) => ({
    clicked(at) {
      const { chosen } = place.state
      const [id] = place.at(at)
      if (id === undefined) place.choose([])
      else if (chosen.includes(id)) place.choose(chosen.filter((each) => each !== id))
      else place.choose([...chosen, id])
    },
  }),
  ...coverageTools,
  ...freeTools,
  ...networkTools,
}

export class Working extends Handed implements WorkingSession {
  state: WorkingState = IDLE
  readonly #host: EditHost
  readonly #listeners = new Listeners<{ state: WorkingState }>()
  readonly #shapes: Shapes
  readonly #place: Workplace
  readonly #presence: Presence
  /** Shapes of other layers, to snap to. */
  readonly #around: SnapTargets
  #info: LayerInfo | null = null
  protected gestures: Gestures = {}
  #given: Given = {}
  readonly #calls: Calls

  constructor(host: EditHost) {
    super()
    this.#host = host
    this.#shapes = new Shapes(host, () => {
      if (this.#shapes.partial !== this.state.partial) this.#tell({ partial: this.#shapes.partial })
    })
    this.#around = new SnapTargets(() => undefined)
    this.#calls = new Calls({
      layer: () => this.#info?.id ?? null,
      state: () => this.state,
      show: (working) => this.#show(working),
      tell: (part) => this.#tell(part),
      undrag: () => this.#shapes.undrag(),
    })
    host.map.on('moveend', () => this.#cover())
    useDrawingSettings.subscribe(() => this.#cover())
    this.#place = workplace(this, this.#shapes, {
      given: () => this.#given,
      hits: (at) =>
        host
          .layer(this.#info?.id ?? '')
          ?.at(at[0], at[1], this.#info?.geometry.model === 'coverage' ? 0 : this.#reach())
          .map(({ id }) => id) ?? [],
      ask: (question) => this.#tell({ question, refused: null }),
      miss: (at) => {
        const nothing = { features: [], shape: null, mend: null }
        this.#tell({ refused: { kind: 'nothing-here', at, ...nothing } })
      },
      reach: () => this.#reach(),
      type: () => this.#info?.geometry.type ?? 'Geometry',
      changed: () => this.#drawn(),
      around: this.#around.source,
    })
    this.#presence = new Presence({
      view: () => this.#shapes.view(),
      told: (others, revision) => {
        this.#tell({ others })
        if (revision !== this.state.working?.revision) void this.#calls.look()
      },
    })
    host.map.on('moveend', () => this.#presence.say(this.state.chosen))
    window.addEventListener('online', () => void this.#calls.look())
    useWaiting.subscribe(() => {
      if (this.#info) this.#tell({ waiting: waiting.of(this.#info.id).wishes })
    })
  }

  subscribe(listener: (state: WorkingState) => void): () => void {
    return this.#listeners.on('state', listener)
  }

  async start(info: LayerInfo, chosen: string[]): Promise<void> {
    this.stop()
    this.#info = info
    this.#calls.begin(info.id)
    this.#shapes.start(info.id)
    this.#around.start(null)
    this.#cover()
    document.addEventListener('keydown', this.#key)
    this.#tell({ ...IDLE, layer: info.id, chosen, waiting: waiting.of(info.id).wishes })
    this.use('choose')
    this.#presence.enter(info.id, chosen)
    await this.#calls.ask(async (layer) => {
      const working = await workingApi.get(layer)
      this.#show(working)
      if (working.done > 0) this.#clash(await workingApi.conflicts(layer))
      await this.#calls.fulfil(layer)
    })
  }

  stop(): void {
    if (!this.#info) return
    this.#presence.leave()
    document.removeEventListener('keydown', this.#key)
    this.#info = null
    this.#interact({})
    this.#shapes.stop()
    this.#around.stop()
    this.#calls.end()
    this.#tell(IDLE)
  }

  /** A click on the map: chooses features, or says where. */
  clicked(at: Coordinate): void {
    this.gestures.clicked?.(at)
  }

  choose(chosen: string[]): void {
    this.#tell({ chosen })
    this.#hold()
  }

  use(tool: WorkingTool, given: Given = {}): void {
    this.#given = given
    this.#interact(tools[tool](this.#place))
    this.#tell({ tool, refused: null, ...this.#drawing() })
  }

  do(operation: Operation): Promise<void> {
    return this.#calls.do(operation)
  }

  remove(): void {
    const { working, chosen } = this.state
    if (working?.model === 'network' && chosen.length > 0) askEdges(this.#place, chosen)
  }

  answer(operation: Operation | null): void {
    this.#tell({ question: null })
    if (operation) void this.do(operation)
  }

  undo(): void {
    if (!this.#pen?.undo()) void this.#calls.wish({ turn: 1 })
  }

  redo(): void {
    if (!this.#pen?.redo()) void this.#calls.wish({ turn: -1 })
  }

  async save(): Promise<{ changed: number; created: number; deleted: number } | null> {
    let done: { changed: number; created: number; deleted: number } | null = null
    await this.#calls.ask(async (layer) => {
      await this.#calls.fulfil(layer)
      const [lacking] = lackingRecords(this.state.working)
      if (lacking) return this.fill(lacking)
      const { layers = [], features = [] } = this.state.working ?? {}
      const saved = await workingApi.save(layer, this.#calls.revision)
      this.#clash(saved.conflicts, true)
      if (saved.conflicts.length > 0) return
      if (saved.faults.length > 0) {
        const detail = saved.faults.map(({ message }) => message).join('; ')
        this.#tell({ fault: { status: 422, detail }, unsaved: saved.faults, panel: true })
        return
      }
      done = saved
      // The old picture stays until the fresh tiles are drawn.
      await Promise.all(layers.map((each) => this.#host.refresh(each, boxesOf(features, each))))
      this.#show(await workingApi.get(layer))
      this.choose([])
    })
    return done
  }

  async resolve(choices: (Ref & { choice: Side })[]): Promise<number | null> {
    let given: number | null = null
    await this.#calls.ask(async (layer) => {
      const answer = await workingApi.resolve(layer, this.#calls.revision, choices)
      this.#show(answer.working)
      this.#clash(answer.conflicts)
      this.#tell({ refused: answer.refusal })
      if (answer.conflicts.length === 0) given = answer.givenUp.length
    })
    return given
  }

  check(): Promise<void> {
    return this.#calls.ask((layer) => this.#report(layer, this.#shapes.view(), true))
  }

  point(pointed: Wrong | null): void {
    this.#tell({ pointed })
  }

  open(panel: boolean): void {
    this.#tell({ panel })
  }

  fill(filling: Ref | null): void {
    this.#tell({ filling, ...(filling && { panel: true }) })
  }

  discard(): Promise<void> {
    return this.#calls.ask(async (layer) => {
      await workingApi.discard(layer, this.#calls.revision)
      waiting.clear(layer)
      this.#tell({ conflicts: [] })
      this.#show(await workingApi.get(layer))
    })
  }

  async #report(layer: string, box: Extent, asked: boolean): Promise<void> {
    const ask = this.state.working?.model === 'network' ? workingApi.faults : workingApi.report
    const { wrong, more } = await ask(layer, box)
    if (this.#info?.id === layer)
      this.#tell({ checked: { box, asked, wrong, more }, pointed: null })
  }

  /** After a step: what is wrong where it was done, or where one has looked. */
  #checkAgain(before: WorkingSet, working: WorkingSet): void {
    const { checked } = this.state
    const layer = this.#info?.id
    if (working.model === 'free' || layer === undefined) return
    const box = checked?.asked ? checked.box : boxOfSteps(before, working)
    if (!box) {
      this.#tell({ checked: null, pointed: null })
      return
    }
    // The step is done, whatever becomes of this.
    void this.#report(layer, box, checked?.asked ?? false).catch(() => undefined)
  }

  /** Conflicts that are new open the panel in which they are settled. */
  #clash(conflicts: WorkingConflict[], open = false): void {
    const known = (of: Ref) =>
      this.state.conflicts.some(({ layer, id }) => layer === of.layer && id === of.id)
    const wanted = conflicts.length > 0 && (open || !conflicts.every(known))
    this.#tell({ conflicts, ...(wanted && { panel: true }) })
  }

  /** Looks whether somebody has saved what one edits. */
  async #compare(): Promise<void> {
    const info = this.#info
    if (!info) return
    try {
      const conflicts = await workingApi.conflicts(info.id)
      if (this.#info === info) this.#clash(conflicts)
    } catch {
      return // saving tells them too
    }
  }

  shape(id: string, layer?: string): Geometry | null {
    return this.#shapes.shape(id, layer)
  }

  retry(): void {
    this.#calls.retry()
  }

  /** Somebody saved something: what lies around may have moved. */
  changed(change: ChangeEvent | null): void {
    if (!this.#info) return
    this.#shapes.changed(change)
    if (this.#around.forget(change)) this.#cover()
    const { working } = this.state
    if (change !== null && !(working?.layers ?? [this.#info.id]).includes(change.layer)) return
    if (change === null) void this.#calls.look()
    if (working?.done) void this.#compare()
  }

  streamed(stream: string): void {
    this.#presence.streamed(stream)
  }

  knocked(layer: string): void {
    this.#presence.knocked(layer)
  }

  /** Tools that hold the chosen features take hold of them as they are now. */
  #hold(): void {
    const { tool } = this.state
    if (tool === 'free-vertices' || tool === 'free-move') this.use(tool)
  }

  #show(working: WorkingSet): void {
    const differing = working.features.filter(({ layer }) => layer === working.layer)
    const gone = differing.filter(({ after }) => !after).map(({ id }) => id)
    const names = differing.map(({ id }) => id)
    // Opened by its nodes, a network has its edges chosen.
    const held = this.#info?.id === working.layer || this.state.working ? this.state.chosen : []
    const chosen = held.filter(
      (id) => !gone.includes(id) && (!id.includes('/') || names.includes(id)),
    )
    const before = this.state.working
    this.#tell({
      working,
      ...(before?.revision !== working.revision && { unsaved: [] }),
      chosen: chosen.length < this.state.chosen.length ? chosen : this.state.chosen,
    })
    this.#hold()
    if (before?.revision === working.revision || !before) return
    if (this.state.conflicts.length > 0) void this.#compare()
    this.#checkAgain(before, working)
  }

  #interact(gestures: Gestures): void {
    const { interactions: before = [] } = this.gestures
    this.gestures = gestures
    // Two features chosen one after the other are no double click.
    exchange(this.#host.map, before, gestures.interactions ?? [], this.#info === null)
  }

  /** NEAR in map units. */
  #reach(): number {
    return NEAR * (this.#host.map.getView().getResolution() ?? 1)
  }

  get #pen(): Pen | undefined {
    return this.gestures.pen
  }

  #drawing(): Pick<WorkingState, 'pen' | 'magnet'> {
    const { pen, magnet } = this.gestures
    return { pen: pen?.state ?? null, magnet: magnet?.state ?? IDLE.magnet }
  }

  /** The pen or the magnet has another state. */
  #drawn(): void {
    if (!this.#info) return
    const drawing = this.#drawing()
    const { refused } = this.state
    this.#tell({ ...drawing, refused: drawing.pen?.begun ? null : refused })
  }

  /** Has at hand what is snapped to beside the layer itself: what is drawn, and this person snaps to. */
  #cover(): void {
    const layer = this.#info?.id
    if (layer !== undefined) this.#around.coverView(this.#host, layer)
  }

  #tell(part: Partial<WorkingState>): void {
    if (part.chosen && part.chosen !== this.state.chosen) this.#presence.say(part.chosen)
    this.state = { ...this.state, ...part }
    if (this.#info) this.#shapes.show(this.state)
    this.#listeners.emit('state', this.state)
  }

  readonly #key = (event: KeyboardEvent): void => {
    switch (editKey(event)) {
      case 'undo':
        this.undo()
        break
      case 'redo':
        this.redo()
        break
      case 'finish':
        if (!this.#pen?.state.begun) return
        this.#pen.finish()
        break
      case 'remove':
        this.remove()
        break
      case 'escape':
        if (this.state.magnet.picking) this.pick(false)
        else if (this.#pen?.abort()) break
        else if (this.state.tool !== 'choose') this.use('choose')
        else if (this.state.chosen.length > 0) this.choose([])
        else return
        break
      default:
        return
    }
    event.preventDefault()
  }
}

/** The boxes of what changes in a layer. */
function boxesOf(features: WorkingFeature[], layer: string): Extent[] {
  return features
    .filter((each) => each.layer === layer)
    .flatMap(({ before, after }) => [boxOf(before), boxOf(after)])
    .filter((box) => box !== null)
}
