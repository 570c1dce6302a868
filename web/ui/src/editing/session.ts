/**
 * An edit on the map, from the first click to the fresh tiles. The truth is a history of GeoJSON
 * geometries (history.ts); OpenLayers' interactions show its present state and propose the next.
 */
import Collection from 'ol/Collection'
import { altKeyOnly, click } from 'ol/events/condition'
import type OLFeature from 'ol/Feature'
import OLPolygon from 'ol/geom/Polygon'
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom'
import Draw, { type GeometryFunction } from 'ol/interaction/Draw'
import type Interaction from 'ol/interaction/Interaction'
import Modify from 'ol/interaction/Modify'
import Translate from 'ol/interaction/Translate'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { FIGURES, type Figure, ringOf } from '../drawing/figures'
import { Magnet } from '../drawing/magnet'
import { polar } from '../drawing/numbers'
import { useDrawingSettings } from '../drawing/settings'
import type { SnapKind } from '../drawing/snap'
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
  LayerInfo,
} from '../map/api'
import { Listeners } from '../map/listeners'
import { measure } from '../map/measure'
import { featureOf, geometryOf } from '../map/olgeometry'
import { boxOf, drawnType, equal, fitType } from './geometry'
import { begin, type History, push, redo, undo } from './history'
import type { EditHost } from './host'
import { editKey } from './keys'
import { EDITED, LINGERING, SKETCH } from './olstyle'
import { SnapTargets } from './snapping'
import { IDLE } from './state'

/** The feature at work: what it was, and every state since. A null state is one still to be drawn. */
interface Work {
  layer: LayerInfo
  featureId?: string
  original: Geometry | null
  figure?: Figure
  history: History<Geometry | null>
}

export class Editing implements Omit<EditSession, 'load'> {
  state: EditState = IDLE
  readonly #host: EditHost
  readonly #listeners = new Listeners<{ state: EditState }>()
  readonly #edited = new Collection<OLFeature>()
  readonly #lingering = new VectorSource()
  readonly #overlays: VectorLayer[]
  readonly #snap: SnapTargets
  #work: Work | null = null
  #tool: EditTool = 'vertices'
  #interactions: Interaction[] = []
  #draw: Draw | null = null
  #modify: Modify | null = null
  /** The line or ring being drawn, and the vertices taken back from it, last first. */
  #sketch: OLFeature | null = null
  #takenBack: number[][] = []
  #snapped: SnapKind | null = null
  readonly #unfollow: () => void

  constructor(host: EditHost) {
    this.#host = host
    this.#snap = new SnapTargets(() => this.#tell())
    const edited = new VectorSource({ features: this.#edited })
    this.#overlays = [
      new VectorLayer({ source: this.#lingering, style: LINGERING, zIndex: host.zIndex }),
      new VectorLayer({
        source: edited,
        style: EDITED,
        zIndex: host.zIndex,
        updateWhileInteracting: true,
      }),
    ]
    for (const overlay of this.#overlays) host.map.addLayer(overlay)
    host.map.on('moveend', () => this.#coverSoon())
    this.#unfollow = useDrawingSettings.subscribe(() => this.#coverSoon())
  }

  subscribe(listener: (state: EditState) => void): () => void {
    return this.#listeners.on('state', listener)
  }

  startDraw(layer: LayerInfo, figure?: Figure): void {
    this.#begin({ layer, figure, original: null, history: begin<Geometry | null>(null) })
  }

  startModify(layer: LayerInfo, feature: Feature): void {
    const { id, geometry } = feature
    this.#begin({ layer, featureId: id, original: geometry, history: begin(geometry) })
  }

  restore(layer: LayerInfo, draft: EditDraft): void {
    const { featureId, original, geometry } = draft
    const history = push(begin(original), geometry)
    this.#begin({ layer, featureId, original, history })
  }

  draft(): EditDraft | null {
    const work = this.#work
    const geometry = work?.history.present
    if (!work || !geometry || !this.state.dirty) return null
    return {
      layer: work.layer.id,
      featureId: work.featureId,
      original: work.original,
      geometry,
    }
  }

  pending(): Geometry | null {
    const work = this.#work
    const geometry = work?.history.present
    return work && geometry ? fitType(geometry, work.layer.geometry.type) : null
  }

  replace(geometry: Geometry): void {
    const work = this.#work
    if (!work || equal(work.history.present, geometry)) return
    work.history = push(work.history, geometry)
    this.#show()
  }

  place(at: Coordinate): void {
    const work = this.#work
    if (!work || !this.#draw) return
    if (drawnType(work.layer.geometry.type) === 'Point') {
      this.replace(fitType({ type: 'Point', coordinates: at }, work.layer.geometry.type))
      return
    }
    this.#draw.appendCoordinates([at])
    this.#takenBack = []
    this.#tell()
  }

  setTool(tool: EditTool): void {
    this.#tool = tool
    this.#show()
  }

  undo(): void {
    const work = this.#work
    const last = this.#placed().at(-1)
    if (this.#draw && this.#sketch && work?.figure) {
      this.#draw.abortDrawing()
    } else if (this.#draw && last) {
      this.#takenBack.push(last)
      const kept = this.#takenBack
      this.#draw.removeLastPoint()
      this.#takenBack = kept
      this.#tell()
    } else if (work && work.history.past.length > 0) {
      work.history = undo(work.history)
      this.#show()
    }
  }

  redo(): void {
    const work = this.#work
    const next = this.#takenBack.at(-1)
    if (this.#draw && next) {
      const rest = this.#takenBack.slice(0, -1)
      this.#draw.appendCoordinates([next])
      this.#takenBack = rest
      this.#tell()
    } else if (work && work.history.future.length > 0) {
      work.history = redo(work.history)
      this.#show()
    }
  }

  cancel(): void {
    const work = this.#work
    this.#end()
    if (work?.featureId) this.#unhide({ layer: work.layer.id, id: work.featureId })
  }

  saved(feature: Feature): void {
    const work = this.#work
    if (!work) return
    const shape = feature.geometry ?? work.history.present
    const boxes = boxesOf(work.original, shape)
    const lingering = shape ? featureOf(shape) : null
    if (lingering) this.#lingering.addFeature(lingering)
    this.#end()
    void this.#settle({ layer: work.layer.id, id: feature.id }, boxes, lingering)
  }

  deleted(ref: FeatureRef): void {
    const work = this.#work
    const layer = this.#host.layer(ref.layer)
    const boxes = layer?.boxes(ref.id) ?? []
    if (work?.layer.id === ref.layer && work.featureId === ref.id) this.#end()
    layer?.hidden.add(ref.id)
    layer?.redraw([ref.id])
    void this.#settle(ref, boxes, null)
  }

  /** Somebody saved something: what is snapped to may have moved. Null: anything may have. */
  changed(change: ChangeEvent | null): void {
    if (this.#work && this.#snap.forget(change)) this.#coverSoon()
  }

  dispose(): void {
    this.#unfollow()
    this.#end()
    for (const overlay of this.#overlays) this.#host.map.removeLayer(overlay)
  }

  #begin(work: Work): void {
    this.cancel()
    this.#work = work
    this.#tool = 'vertices'
    const { featureId, layer } = work
    if (featureId !== undefined) {
      const tiles = this.#host.layer(layer.id)
      tiles?.hidden.add(featureId)
      tiles?.redraw([featureId])
    }
    this.#snap.start(featureId === undefined ? null : { layer: layer.id, id: featureId })
    document.addEventListener('keydown', this.#key)
    this.#show()
    void this.#snap.cover(this.#view(), this.#snapLayers())
  }

  #end(): void {
    this.#work = null
    this.#edited.clear()
    this.#interact([])
    this.#snap.stop()
    document.removeEventListener('keydown', this.#key)
    this.#tell()
  }

  /** Puts the present state of the history on the map, with the tools that fit it. */
  #show(): void {
    const work = this.#work
    if (!work) return
    const { present } = work.history
    this.#edited.clear()
    if (present === null) {
      this.#interact([this.#drawing(work)])
    } else {
      const feature = featureOf(present)
      feature.getGeometry()?.on('change', () => this.#tell())
      this.#edited.push(feature)
      this.#interact([this.#tool === 'move' ? this.#moving() : this.#modifying()])
    }
    this.#tell()
  }

  #interact(interactions: Interaction[]): void {
    const { map } = this.#host
    for (const interaction of this.#interactions) {
      map.removeInteraction(interaction)
      interaction.dispose()
    }
    this.#draw = interactions.find((interaction) => interaction instanceof Draw) ?? null
    this.#modify = interactions.find((interaction) => interaction instanceof Modify) ?? null
    this.#sketch = null
    this.#takenBack = []
    this.#snapped = null
    // The magnet goes last: it sees pointer events first and hands on the snapped ones.
    this.#interactions =
      interactions.length > 0 ? [...interactions, this.#snapping(interactions)] : []
    for (const interaction of this.#interactions) map.addInteraction(interaction)
    for (const interaction of map.getInteractions().getArray()) {
      if (interaction instanceof DoubleClickZoom) interaction.setActive(interactions.length === 0)
    }
  }

  /**
   * What is grabbed is what lies under the pointer itself: a neighbour's corner must not draw the
   * pointer away from the vertex one means. Snapping begins with the drag.
   */
  #snapping(interactions: Interaction[]): Magnet {
    const snap = new Magnet({
      source: this.#snap.source,
      from: () => this.#placed().at(-1) ?? null,
      onSnap: (kind) => {
        this.#snapped = kind
        if (this.#work) this.#tell()
      },
    })
    for (const interaction of interactions) {
      if (!(interaction instanceof Modify)) continue
      snap.setActive(false)
      interaction.on('modifystart', () => snap.setActive(true))
      interaction.on('modifyend', () => snap.setActive(false))
    }
    return snap
  }

  #drawing(work: Work): Draw {
    const { figure } = work
    const draw = new Draw({
      ...(figure
        ? { type: 'LineString', maxPoints: FIGURES[figure].points, geometryFunction: drawn(figure) }
        : { type: drawnType(work.layer.geometry.type) }),
      style: SKETCH,
      stopClick: true,
    })
    draw.on('drawstart', ({ feature }) => {
      this.#sketch = feature
      let placed = 0
      feature.getGeometry()?.on('change', () => {
        const now = this.#placed().length
        if (now > placed) this.#takenBack = []
        placed = now
        this.#tell()
      })
    })
    draw.on('drawabort', () => {
      this.#sketch = null
      this.#tell()
    })
    draw.on('drawend', ({ feature }) => {
      const geometry = geometryOf(feature)
      // Draw is still at work on this event: change the tools once it is done.
      queueMicrotask(() => {
        if (this.#work !== work || !geometry) return
        if (figure && !isRing(geometry)) {
          this.#show() // points that make no figure: one begins again
          return
        }
        work.history = push(work.history, fitType(geometry, work.layer.geometry.type))
        this.#show()
      })
    })
    return draw
  }

  #modifying(): Modify {
    const modify = new Modify({
      features: this.#edited,
      style: SKETCH,
      pixelTolerance: 10,
      deleteCondition: (event) => altKeyOnly(event) && click(event),
    })
    modify.on('modifyend', () => this.#commit())
    return modify
  }

  #moving(): Translate {
    const translate = new Translate({ features: this.#edited, hitTolerance: 6 })
    translate.on('translateend', () => this.#commit())
    return translate
  }

  /** Makes what the interactions left the next state; OpenLayers' feature stays as it is. */
  #commit(): void {
    const work = this.#work
    const geometry = geometryOf(this.#edited.item(0))
    if (!work || !geometry || equal(geometry, work.history.present)) return
    work.history = push(work.history, geometry)
    this.#tell()
  }

  /** Keeps the old picture whole until the fresh tiles are drawn. */
  async #settle(ref: FeatureRef, boxes: Extent[], lingering: OLFeature | null): Promise<void> {
    await this.#host.refresh(ref.layer, boxes)
    this.#unhide(ref)
    await this.#host.rendered()
    if (lingering) this.#lingering.removeFeature(lingering)
  }

  /** Lets the tiles show a feature again, unless it is being edited anew. */
  #unhide({ layer, id }: FeatureRef): void {
    if (this.#work?.layer.id === layer && this.#work.featureId === id) return
    const tiles = this.#host.layer(layer)
    if (tiles?.hidden.delete(id)) tiles.redraw([id])
  }

  #tell(): void {
    const work = this.#work
    if (!work) {
      this.state = IDLE
    } else {
      const vertices = this.#placed()
      const begun = vertices.length > 0 || (this.#sketch !== null && work.figure !== undefined)
      const { history, original, layer, featureId } = work
      const shown = this.#draw ? this.#sketch : this.#edited.item(0)
      this.state = {
        mode: this.#draw ? 'draw' : 'modify',
        tool: this.#tool,
        canUndo: begun || history.past.length > 0,
        canRedo: this.#takenBack.length > 0 || history.future.length > 0,
        dirty: begun || !equal(history.present, original),
        complete: history.present !== null,
        layer: layer.id,
        featureId,
        measure: measure(geometryOf(shown)),
        snapping: {
          targets: this.#snap.count,
          loading: this.#snap.loading,
          layers: this.#host.snapLayers(),
          on: this.#snapped,
        },
        figure: work.figure,
        placed: vertices.slice(-2),
        side: sideOf(this.#sketch),
      }
    }
    this.#listeners.emit('state', this.state)
  }

  readonly #key = (event: KeyboardEvent): void => {
    const command = editKey(event)
    if (command === null) return
    const done = this.#perform(command)
    if (done) event.preventDefault()
  }

  /** Does what a key asks; false when it means nothing now and belongs to others. */
  #perform(command: NonNullable<ReturnType<typeof editKey>>): boolean {
    switch (command) {
      case 'undo':
        this.undo()
        return true
      case 'redo':
        this.redo()
        return true
      case 'finish': {
        const least = this.#work && drawnType(this.#work.layer.geometry.type) === 'Polygon' ? 3 : 2
        if (!this.#draw || this.#placed().length < least) return false
        this.#draw.finishDrawing()
        return true
      }
      case 'remove':
        return this.#modify?.removePoint() ?? false
      case 'escape':
        if (this.#sketch) this.#draw?.abortDrawing()
        else if (!this.state.dirty) this.cancel()
        else return false
        return true
    }
  }

  #coverSoon(): void {
    if (!this.#work) return
    this.#snap.coverSoon(
      () => this.#view(),
      () => this.#snapLayers(),
    )
  }

  /** The vertices placed so far of a free line or outline. */
  #placed(): Coordinate[] {
    return this.#work?.figure ? [] : (sketchVertices(this.#sketch) as Coordinate[])
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

/** Whether a figure came of the points, and not the line that stands for it till then. */
const isRing = (geometry: Geometry) =>
  geometry.type === 'Polygon' && (geometry.coordinates[0]?.length ?? 0) > 3

/** Makes the outline of a figure of the points placed, the last of which follows the pointer. */
const drawn =
  (figure: Figure): GeometryFunction =>
  (coordinates, geometry) => {
    const polygon = (geometry as OLPolygon | undefined) ?? new OLPolygon([])
    const points = coordinates as Coordinate[]
    const ring = ringOf(figure, points, useDrawingSettings.getState().sides)
    const last = points.at(-1)
    polygon.setCoordinates(ring ? [ring] : points[0] && last ? [[points[0], last, points[0]]] : [])
    return polygon
  }

const boxesOf = (...geometries: (Geometry | null)[]): Extent[] =>
  geometries.map(boxOf).filter((box) => box !== null)

/** The side that follows the pointer. */
function sideOf(sketch: OLFeature | null): EditState['side'] {
  const geometry = geometryOf(sketch)
  if (geometry?.type !== 'LineString' && geometry?.type !== 'Polygon') return undefined
  const free = geometry.type === 'LineString'
  const course = free ? geometry.coordinates : (geometry.coordinates[0] ?? []).slice(0, -1)
  const [from, to] = course.slice(-2) as Coordinate[]
  return from && to ? polar(from, to) : undefined
}

/** The vertices placed so far; OpenLayers adds one that follows the pointer, and closes rings. */
function sketchVertices(sketch: OLFeature | null): number[][] {
  const geometry = geometryOf(sketch)
  if (geometry?.type === 'LineString') return geometry.coordinates.slice(0, -1)
  if (geometry?.type !== 'Polygon') return []
  const ring = geometry.coordinates[0] ?? []
  return ring.slice(0, -2)
}
