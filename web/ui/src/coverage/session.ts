/**
 * Editing the shapes of a coverage together. The server holds the truth, a working set (see
 * layers/working): each gesture asks it for one operation, and what it answers is drawn. Nothing here
 * computes a border.
 */

import { altKeyOnly, click } from 'ol/events/condition'
import OLFeature from 'ol/Feature'
import OLPoint from 'ol/geom/Point'
import { fromExtent } from 'ol/geom/Polygon'
import Draw from 'ol/interaction/Draw'
import type Interaction from 'ol/interaction/Interaction'
import Modify from 'ol/interaction/Modify'
import Snap from 'ol/interaction/Snap'
import VectorLayer from 'ol/layer/Vector'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import VectorSource from 'ol/source/Vector'
import { Refusal } from '../api/client'
import { boxOf } from '../editing/geometry'
import { editKey } from '../editing/keys'
import { SKETCH } from '../editing/olstyle'
import type { EditHost } from '../editing/session'
import { SnapTargets } from '../editing/snapping'
import type { ChangeEvent, Coordinate, Extent, LayerInfo } from '../map/api'
import { Listeners } from '../map/listeners'
import { featureOf, geometryOf } from '../map/olgeometry'
import type { CoverageSession, CoverageState, CoverageTool } from './api'
import { type Operation, type Working, workingApi } from './model'
import { BEFORE, chosenStyle, OTHER, REFUSED, workStyle } from './olstyle'

const IDLE: CoverageState = {
  layer: null,
  tool: 'choose',
  chosen: [],
  working: null,
  refused: null,
  conflicts: [],
  busy: false,
  fault: null,
  drawing: false,
}

/** Pixels within which the pointer means a vertex or a border. */
const NEAR = 10
/** How often one asks who else is at work, in milliseconds. */
const BEAT = 5_000

export class Coverage implements CoverageSession {
  state: CoverageState = IDLE
  readonly #host: EditHost
  readonly #hitsAt: (coordinate: Coordinate, layer: string) => string[]
  readonly #listeners = new Listeners<{ state: CoverageState }>()
  readonly #work = new VectorSource()
  readonly #before = new VectorSource()
  readonly #marks = new VectorSource()
  readonly #layers: VectorLayer[]
  readonly #near: SnapTargets
  /** What the map holds of the layer at hand, with the working set in place of what it changes. */
  readonly #hand = new VectorSource<OLFeature>()
  #info: LayerInfo | null = null
  #interactions: Interaction[] = []
  #draw: Draw | null = null
  #hidden = new Set<string>()
  #beat: ReturnType<typeof setInterval> | undefined
  /** What a line means beside itself: areas, or the width of a road. */
  #given: Pick<Operation, 'areas' | 'width'> = {}
  #grabbed: { vertex: number[] | null; at: number[] } | null = null

  constructor(host: EditHost, hitsAt: (coordinate: Coordinate, layer: string) => string[]) {
    this.#host = host
    this.#hitsAt = hitsAt
    this.#near = new SnapTargets(() => this.#gather())
    const { zIndex } = host
    this.#layers = [
      new VectorLayer({ source: this.#before, style: BEFORE, zIndex }),
      new VectorLayer({ source: this.#work, style: (f) => this.#styleOf(f), zIndex }),
      new VectorLayer({ source: this.#marks, zIndex: zIndex + 1 }),
    ]
    host.map.on('moveend', () => this.#cover())
  }

  subscribe(listener: (state: CoverageState) => void): () => void {
    return this.#listeners.on('state', listener)
  }

  async start(info: LayerInfo, chosen: string[]): Promise<void> {
    this.stop()
    this.#info = info
    this.#tell({ ...IDLE, layer: info.id, chosen, busy: true })
    for (const layer of this.#layers) this.#host.map.addLayer(layer)
    document.addEventListener('keydown', this.#key)
    this.#near.start(null)
    await this.#ask(async (layer) => this.#show(await workingApi.get(layer)))
    if (this.#info !== info) return
    this.#beat = setInterval(() => void this.#look(), BEAT)
    this.use('choose')
    this.#cover()
  }

  /** Leaves; what is not saved stays in the working set. */
  stop(): void {
    if (!this.#info) return
    clearInterval(this.#beat)
    document.removeEventListener('keydown', this.#key)
    this.#interact([])
    this.#near.stop()
    for (const layer of this.#layers) this.#host.map.removeLayer(layer)
    for (const source of [this.#work, this.#before, this.#marks, this.#hand]) source.clear()
    this.#hide(new Set())
    this.#info = null
    this.#tell(IDLE)
  }

  /** A click on the map, while a coverage is edited: chooses polygons, or says where. */
  clicked(event: MapBrowserEvent): void {
    const at = event.coordinate as Coordinate
    const { tool, chosen } = this.state
    switch (tool) {
      case 'choose': {
        const [id] = this.#at(at)
        if (id === undefined) this.choose([])
        else if (chosen.includes(id)) this.choose(chosen.filter((each) => each !== id))
        else this.choose([...chosen, id])
        return
      }
      case 'fill-gap':
        void this.do({ kind: 'fill-gap', to: [at], ids: chosen.slice(0, 1) })
        return
      case 'assign-overlap':
        void this.do({ kind: 'assign-overlap', to: [at], ids: chosen.slice(0, 1) })
        return
      case 'split-by-areas': {
        const side = this.#sideAt(at)
        if (side) void this.do({ kind: 'split-by-areas', ids: chosen, line: side, ...this.#given })
      }
    }
  }

  choose(chosen: string[]): void {
    this.#tell({ ...this.state, chosen })
    this.#work.changed()
    this.#mark()
  }

  use(tool: CoverageTool, given: Pick<Operation, 'areas' | 'width'> = {}): void {
    this.#given = given
    this.#tell({ ...this.state, tool, refused: null, fault: null, drawing: false })
    this.#mark()
    this.#interact(this.#gestures(tool))
  }

  #gestures(tool: CoverageTool): Interaction[] {
    switch (tool) {
      case 'split':
      case 'reshape':
      case 'cut-road':
        return [this.#drawing('LineString')]
      case 'cut-hole':
        return [this.#drawing('Polygon')]
      case 'vertices':
        return [this.#modifying()]
      default:
        return []
    }
  }

  async do(operation: Operation): Promise<void> {
    await this.#ask(async (layer) => {
      const revision = this.state.working?.revision ?? 0
      const { working, refusal } = await workingApi.step(layer, revision, operation)
      if (refusal || !working) {
        this.#tell({ ...this.state, refused: refusal })
        this.#gather()
        this.#mark()
        return
      }
      this.#show(working)
    })
  }

  undo(): void {
    if (this.#draw && this.state.drawing) this.#draw.removeLastPoint()
    else this.#turn(1)
  }

  redo(): void {
    this.#turn(-1)
  }

  /** Answers how many features were changed, created and deleted, or null when there are conflicts. */
  async save(): Promise<{ changed: number; created: number; deleted: number } | null> {
    const { working } = this.state
    if (!working) return null
    const boxes = working.features
      .flatMap(({ before, after }) => [boxOf(before), boxOf(after)])
      .filter((box) => box !== null)
    let done: { changed: number; created: number; deleted: number } | null = null
    await this.#ask(async (layer) => {
      const saved = await workingApi.save(layer, working.revision)
      if (saved.conflicts.length > 0) {
        this.#tell({ ...this.state, conflicts: saved.conflicts })
        return
      }
      done = saved
      // The old picture stays until the fresh tiles are drawn.
      await this.#host.refresh(layer, boxes)
      this.#show(await workingApi.get(layer))
      this.choose([])
    })
    return done
  }

  async resolve(id: string, choice: 'mine' | 'theirs'): Promise<number> {
    let given = 0
    await this.#ask(async (layer) => {
      const revision = this.state.working?.revision ?? 0
      const { working, givenUp } = await workingApi.resolve(layer, revision, id, choice)
      given = givenUp.length
      this.#tell({ ...this.state, conflicts: this.state.conflicts.filter((c) => c.id !== id) })
      this.#show(working)
    })
    return given
  }

  async discard(): Promise<void> {
    await this.#ask(async (layer) => {
      await workingApi.discard(layer, this.state.working?.revision ?? 0)
      this.#tell({ ...this.state, conflicts: [] })
      this.#show(await workingApi.get(layer))
    })
  }

  /** Somebody saved something: what lies around may have moved. */
  changed(change: ChangeEvent | null): void {
    if (!this.#info) return
    if (this.#near.forget(change)) this.#cover()
    if (change === null || change.layer === this.#info.id) void this.#look()
  }

  #turn(steps: number): void {
    const { working } = this.state
    if (!working) return
    const possible = steps > 0 ? working.done > 0 : working.done < working.steps.length
    if (!possible) return
    void this.#ask(async (layer) => {
      this.#show(await workingApi.undo(layer, working.revision, steps))
    })
  }

  /** Runs a call; one at a time, and what fails is told. */
  async #ask(call: (layer: string) => Promise<void>): Promise<void> {
    const info = this.#info
    if (!info) return
    this.#tell({ ...this.state, busy: true, refused: null, fault: null })
    try {
      await call(info.id)
    } catch (error) {
      if (this.#info !== info) return
      const detail = error instanceof Refusal ? (error.problem.detail ?? '') : ''
      if (error instanceof Refusal && error.status === 409) await this.#look()
      this.#tell({
        ...this.state,
        fault: { status: error instanceof Refusal ? error.status : 0, detail },
      })
      this.#gather()
    } finally {
      if (this.#info === info) this.#tell({ ...this.state, busy: false })
    }
  }

  /** Reads the set again: another window, or others, may have gone on. */
  async #look(): Promise<void> {
    const info = this.#info
    if (!info) return
    try {
      const working = await workingApi.get(info.id)
      if (this.#info !== info) return
      if (working.revision === this.state.working?.revision) {
        this.#tell({ ...this.state, working: { ...this.state.working, others: working.others } })
        this.#mark()
      } else this.#show(working)
    } catch {
      // Asked again soon; the page says when the server cannot be reached.
    }
  }

  #show(working: Working): void {
    const gone = new Set(working.features.filter(({ after }) => !after).map(({ id }) => id))
    const names = new Set(working.features.map(({ id }) => id))
    const chosen = this.state.chosen.filter(
      (id) => !gone.has(id) && (!id.includes('/') || names.has(id)),
    )
    this.#tell({ ...this.state, working, chosen })
    this.#work.clear()
    this.#before.clear()
    for (const { id, before, after, origin, area } of working.features) {
      if (before) this.#before.addFeature(featureOf(before))
      if (!after) continue
      const feature = featureOf(after)
      feature.setId(id)
      feature.setProperties({
        ...(before === null && { origin: origin ?? '' }),
        words: words(area),
      })
      this.#work.addFeature(feature)
    }
    this.#hide(new Set(working.features.filter(({ before }) => before).map(({ id }) => id)))
    this.#gather()
    this.#mark()
  }

  /** The tiles leave out what the set draws itself. */
  #hide(ids: Set<string>): void {
    const tiles = this.#info && this.#host.layer(this.#info.id)
    const turned = [...this.#hidden, ...ids].filter((id) => this.#hidden.has(id) !== ids.has(id))
    for (const id of this.#hidden) tiles?.hidden.delete(id)
    for (const id of ids) tiles?.hidden.add(id)
    this.#hidden = ids
    if (turned.length > 0) tiles?.redraw(turned)
  }

  /** Has at hand what vertices are moved of: what is stored around, and the set. */
  #gather(): void {
    if (!this.#info) return
    const changed = new Set(this.state.working?.features.map(({ id }) => id))
    this.#hand.clear()
    this.#hand.addFeatures([
      ...this.#near.source
        .getFeatures()
        .filter((feature) => !changed.has(String(feature.getId())))
        .map((feature) => feature.clone()),
      ...this.#work.getFeatures().map((feature) => feature.clone()),
    ])
  }

  #cover(): void {
    const info = this.#info
    if (!info) return
    const { map } = this.#host
    this.#near.coverSoon(
      () => map.getView().calculateExtent(map.getSize() ?? [1, 1]) as Extent,
      () => [info.id],
    )
  }

  #mark(): void {
    this.#marks.clear()
    const { refused, working, chosen } = this.state
    for (const { who, bbox } of working?.others ?? []) {
      const feature = new OLFeature(fromExtent(bbox))
      feature.set('who', who)
      feature.setStyle(OTHER)
      this.#marks.addFeature(feature)
    }
    for (const id of chosen) {
      if (this.#work.getFeatureById(id)) continue // drawn so by its style
      const stored = this.#near.source.getFeatureById(id)
      const geometry = Array.isArray(stored) ? null : stored?.getGeometry()
      if (!geometry) continue
      const feature = new OLFeature(geometry)
      feature.setStyle(chosenStyle)
      this.#marks.addFeature(feature)
    }
    if (!refused) return
    const shapes = [
      refused.shape && featureOf(refused.shape),
      refused.at && new OLFeature(new OLPoint(refused.at)),
    ]
    for (const feature of shapes) {
      if (!feature) continue
      feature.setStyle(REFUSED)
      this.#marks.addFeature(feature)
    }
  }

  #styleOf(feature: Parameters<typeof workStyle>[0]) {
    const styles = workStyle(feature)
    return this.state.chosen.includes(String(feature.getId())) ? [...styles, chosenStyle] : styles
  }

  /** The polygons at a place: those of the set first. */
  #at(at: Coordinate): string[] {
    const mine = this.#work.getFeaturesAtCoordinate(at).map((feature) => String(feature.getId()))
    const stored = this.#hitsAt(at, this.#info?.id ?? '').filter((id) => !this.#hidden.has(id))
    return [...mine, ...stored]
  }

  /** The side of the chosen polygon nearest to a place. */
  #sideAt(at: Coordinate): number[][] | null {
    const [id] = this.state.chosen
    const feature = this.#hand.getFeatures().find((each) => String(each.getId()) === id)
    const geometry = geometryOf(feature)
    if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon') return null
    const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
    let best: number[][] | null = null
    let least = Number.POSITIVE_INFINITY
    for (const ring of rings) {
      for (let i = 1; i < ring.length; i++) {
        const [a, b] = [ring[i - 1] as number[], ring[i] as number[]]
        const distance = toSegment(at, a, b)
        if (distance < least) [best, least] = [[a, b], distance]
      }
    }
    return best
  }

  #interact(interactions: Interaction[]): void {
    const { map } = this.#host
    for (const interaction of this.#interactions) {
      map.removeInteraction(interaction)
      interaction.dispose()
    }
    this.#draw = interactions.find((interaction) => interaction instanceof Draw) ?? null
    const snap = new Snap({ source: this.#hand, pixelTolerance: NEAR, intersection: false })
    for (const interaction of interactions) {
      if (!(interaction instanceof Modify)) continue
      snap.setActive(false)
      interaction.on('modifystart', () => snap.setActive(true))
      interaction.on('modifyend', () => snap.setActive(false))
    }
    this.#interactions = interactions.length > 0 ? [...interactions, snap] : []
    for (const interaction of this.#interactions) map.addInteraction(interaction)
  }

  #drawing(type: 'LineString' | 'Polygon'): Draw {
    const draw = new Draw({ type, style: SKETCH, stopClick: true })
    draw.on('drawstart', () => this.#tell({ ...this.state, drawing: true, refused: null }))
    draw.on('drawabort', () => this.#tell({ ...this.state, drawing: false }))
    draw.on('drawend', ({ feature }) => {
      const geometry = geometryOf(feature)
      this.#tell({ ...this.state, drawing: false })
      // Draw is still at work on this event.
      queueMicrotask(() => void this.#drawn(geometry))
    })
    return draw
  }

  #drawn(geometry: ReturnType<typeof geometryOf>): Promise<void> | undefined {
    const { tool, chosen } = this.state
    if (geometry?.type === 'LineString') {
      const line = geometry.coordinates
      if (tool === 'cut-road') {
        return this.do({ kind: tool, ids: chosen, line, slivers: true, ...this.#given })
      }
      if (tool === 'split' || tool === 'reshape') return this.do({ kind: tool, ids: chosen, line })
    }
    if (geometry?.type === 'Polygon' && tool === 'cut-hole') {
      return this.do({ kind: tool, ids: chosen, region: [geometry.coordinates] })
    }
  }

  /** A vertex is moved for all who have it: they follow while it is dragged. */
  #modifying(): Modify {
    const modify = new Modify({
      source: this.#hand,
      style: SKETCH,
      pixelTolerance: NEAR,
      deleteCondition: (event) =>
        altKeyOnly(event) && click(event) && this.#remove(event.coordinate),
    })
    modify.on('modifystart', ({ mapBrowserEvent }) => {
      const at = mapBrowserEvent?.coordinate ?? []
      this.#grabbed = { vertex: this.#vertexAt(at), at }
    })
    modify.on('modifyend', ({ mapBrowserEvent }) => {
      const { vertex, at } = this.#grabbed ?? { vertex: null, at: [] }
      this.#grabbed = null
      if (!mapBrowserEvent) return
      const to = [mapBrowserEvent.coordinate as number[]]
      if (vertex) void this.do({ kind: 'move', from: [vertex], to })
      else void this.do({ kind: 'insert-vertex', from: [at], to, width: this.#reach() })
    })
    return modify
  }

  #remove(at: number[]): boolean {
    const vertex = this.#vertexAt(at)
    if (vertex) void this.do({ kind: 'remove-vertex', from: [vertex] })
    return false // the server does it, for all who have the vertex
  }

  #reach(): number {
    return NEAR * (this.#host.map.getView().getResolution() ?? 1)
  }

  /** The vertex nearest to a place, as it was before the drag. */
  #vertexAt([x = 0, y = 0]: number[]): number[] | null {
    let best: number[] | null = null
    let least = this.#reach()
    for (const feature of [...this.#near.source.getFeatures(), ...this.#work.getFeatures()]) {
      if (this.#hidden.has(String(feature.getId())) && !this.#work.hasFeature(feature)) continue
      const box = feature.getGeometry()?.getExtent() ?? [0, 0, 0, 0]
      if (!nearBox(box, x, y, least)) continue
      visit(geometryOf(feature)?.coordinates, (p) => {
        const distance = Math.hypot((p[0] ?? 0) - x, (p[1] ?? 0) - y)
        if (distance < least) [best, least] = [p, distance]
      })
    }
    return best
  }

  #tell(state: CoverageState): void {
    this.state = state
    this.#listeners.emit('state', state)
  }

  readonly #key = (event: KeyboardEvent): void => {
    const command = editKey(event)
    switch (command) {
      case 'undo':
        this.undo()
        break
      case 'redo':
        this.redo()
        break
      case 'finish':
        if (!this.state.drawing) return
        this.#draw?.finishDrawing()
        break
      case 'escape':
        if (this.state.drawing) this.#draw?.abortDrawing()
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

const words = (area: number) =>
  `${Math.round(area).toLocaleString(document.documentElement.lang)} m²`

function nearBox(box: number[], x: number, y: number, reach: number): boolean {
  const [minx = 0, miny = 0, maxx = 0, maxy = 0] = box
  return x > minx - reach && x < maxx + reach && y > miny - reach && y < maxy + reach
}

function visit(item: unknown, each: (p: number[]) => void): void {
  if (!Array.isArray(item)) return
  if (typeof item[0] === 'number') each(item as number[])
  else for (const part of item) visit(part, each)
}

function toSegment([x, y]: Coordinate, a: number[], b: number[]): number {
  const [ax = 0, ay = 0] = a
  const [bx = 0, by = 0] = b
  const [dx, dy] = [bx - ax, by - ay]
  const squared = dx * dx + dy * dy
  const t = squared === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / squared))
  return Math.hypot(ax + t * dx - x, ay + t * dy - y)
}
