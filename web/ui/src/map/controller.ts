/**
 * The map: one plain object that owns OpenLayers. The frame says what it wants in plain values (see
 * api.ts) and this is the only place that turns a difference into calls on OpenLayers.
 */
import 'ol/ol.css'
import './map.css'
import ScaleLine from 'ol/control/ScaleLine'
import { defaults as defaultInteractions } from 'ol/interaction/defaults'
import VectorLayer from 'ol/layer/Vector'
import OLMap from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import { unByKey } from 'ol/Observable'
import Overlay from 'ol/Overlay'
import VectorSource from 'ol/source/Vector'
import type Style from 'ol/style/Style'
import View from 'ol/View'
import type { BackdropSession } from '../basemaps/api'
import type { Comparison } from '../compare/comparison'
import { EditDoor } from '../editing/door'
import type { EditHost } from '../editing/host'
import type { Overlays } from '../external/overlays'
import type { NotesDrawing } from '../notes/drawing'
import type { MeasuringSession } from '../reading/api'
import type { SelectingSession, SelectTool } from '../selection/api'
import { WorkingDoor } from '../working/door'
import type {
  ChangeEvent,
  Compared,
  Coordinate,
  Extent,
  Feature,
  FeatureRef,
  Geometry,
  Hit,
  LayerInfo,
  MapContext,
  MapController,
  MapEvents,
  MapView,
} from './api'
import { Crosshair } from './crosshair'
import { Listeners } from './listeners'
import { groundScale } from './measure'
import { featureOf } from './olgeometry'
import {
  AFTER,
  BEFORE,
  CHOSEN,
  GATHERED,
  HIGHLIGHT,
  HOVER,
  INK,
  labelStyle,
  MINE,
  PIN,
  type Scheme,
  SELECTED,
  shapeStyle,
  THEIRS,
} from './olstyle'
import { titleOf } from './symbol'
import { EVERYWHERE, type Side, sameDrawing, sameTiles, TileLayer } from './tilelayer'
import { MAX_RESOLUTION } from './tiles'

/** How far from a feature a click or the pointer may be, in CSS pixels: mouse, finger. */
const TOLERANCE = { mouse: 4, touch: 10 }
/** Stacking above the layers. */
const Z = { selection: 1001, shapes: 1002, edit: 1003, measures: 1004, notes: 1000 }
/** Free pixels around what is fitted: the tools lie along the top. */
const MARGIN = [90, 72, 40, 40]
/** One CSS pixel at 96 to the inch, in metres. */
const PIXEL = 0.0254 / 96

export function createMap(): MapController {
  return new Controller()
}

class Controller implements MapController {
  readonly edit: EditDoor
  readonly working: WorkingDoor
  readonly #map: OLMap
  readonly #host: EditHost
  readonly #layers = new Map<string, TileLayer>()
  readonly #listeners = new Listeners<MapEvents>()
  readonly #selection = new VectorSource()
  readonly #pins = new VectorSource()
  readonly #scale = new ScaleLine({ minWidth: 80 })
  readonly #hoverLabel: Overlay
  readonly #crosshair: Crosshair
  #comparison: Comparison | null = null
  #compared: Compared | null = null
  #context: MapContext = {
    layers: [],
    language: 'fr',
    scheme: 'light',
    moment: null,
    narrowed: {},
    reason: '',
  }
  #selected: Feature | null = null
  #highlighted: FeatureRef[] = []
  #gathered: FeatureRef[] = []
  #chosen: FeatureRef[] = []
  #hover: Hit | null = null
  /** The layer of the working set. */
  #atWork: string | null = null
  #backdrop: Promise<BackdropSession> | null = null
  #overlays: Promise<Overlays> | null = null
  #others: Overlays | null = null
  #measuring: Promise<MeasuringSession> | null = null
  #notes: Promise<NotesDrawing> | null = null
  #notesAtHand: NotesDrawing | null = null
  #selecting: Promise<SelectingSession> | null = null
  /** One chooses with this tool. */
  #selectTool: SelectTool | null = null
  /** Who takes clicks that would identify. */
  #taker: ((value: MapEvents['identify']) => void) | null = null
  /** Tools that clicks on the map belong to. */
  readonly #busy = new Set<string>()
  /** A fit asked for before the map had a size. */
  #waiting: (() => void) | null = null
  /** Refreshes under way. */
  readonly #refreshing = new Set<Promise<void>>()

  constructor() {
    const label = document.createElement('div')
    label.className = 'arpent-hover'
    this.#hoverLabel = new Overlay({ element: label, offset: [14, 14], stopEvent: false })
    this.#map = new OLMap({
      controls: [this.#scale],
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
      overlays: [this.#hoverLabel],
      layers: [
        new VectorLayer({ source: this.#selection, style: SELECTED, zIndex: Z.selection }),
        new VectorLayer({ source: this.#pins, style: PIN, zIndex: Z.measures }),
      ],
      view: new View({
        center: [260000, 5900000],
        zoom: 5,
        maxResolution: MAX_RESOLUTION,
        minZoom: 3,
        maxZoom: 23,
        enableRotation: false,
      }),
    })
    this.#host = {
      map: this.#map,
      zIndex: Z.edit,
      layer: (id) => this.#layers.get(id),
      borrowed: (extent) => this.#others?.within(extent) ?? [],
      snapLayers: () => this.#visible().map((layer) => layer.info.id),
      hitsAt: (place, pixels) => this.#hitsNear(place, pixels),
      refresh: (layer, boxes) => this.#refresh(layer, boxes),
      rendered: () => this.rendered(),
    }
    this.edit = new EditDoor(this.#host)
    this.working = new WorkingDoor(this.#host)
    this.edit.subscribe((state) => {
      this.#drawSelection()
      if (state.mode !== 'idle') this.#setHover(null, null)
      this.#crosshair.rest()
      this.#cursor()
      this.#listeners.emit('edit', state)
    })
    this.working.subscribe(({ layer, tool }) => {
      if (this.#atWork === layer && tool === 'choose') return
      if (this.#atWork !== layer) this.#drawSelection()
      this.#atWork = layer
      this.#setHover(null, null)
      this.#crosshair.rest()
      this.#cursor()
    })
    this.#crosshair = new Crosshair(
      this.#map,
      () =>
        this.#busy.size > 0 ||
        this.#notesAtHand?.atWork === true ||
        this.#selectTool !== null ||
        this.edit.state.mode !== 'idle' ||
        this.working.state.layer !== null,
    )
    this.#map.on('click', (event) => this.#identify(event))
    this.#map.on('pointermove', (event) => this.#point(event))
    this.#map.on('moveend', () => this.#listeners.emit('view', this.view()))
    this.#map.on('change:size', () => this.#sized())
    if (typeof window !== 'undefined') window.arpent = this.#hook()
  }

  attach(element: HTMLElement): () => void {
    element.classList.add('arpent-map')
    if (!element.hasAttribute('tabindex')) element.tabIndex = 0
    this.#map.setTarget(element)
    this.#paintBackground()
    const leave = () => {
      this.#setHover(null, null)
      this.#listeners.emit('pointer', { coordinate: null, hover: null })
    }
    element.addEventListener('pointerleave', leave)
    const observer = new ResizeObserver(() => this.#map.updateSize())
    observer.observe(element)
    const lift = this.#crosshair.attach(element)
    element.addEventListener('keydown', this.#enter)
    return () => {
      element.removeEventListener('keydown', this.#enter)
      lift()
      observer.disconnect()
      element.removeEventListener('pointerleave', leave)
      if (this.#map.getTargetElement() === element) this.#map.setTarget(undefined)
    }
  }

  setLayers(layers: LayerInfo[]): void {
    const wanted = new Map(layers.map((info) => [info.id, info]))
    for (const [id, layer] of this.#layers) {
      const info = wanted.get(id)
      if (info && sameTiles(info, layer.info)) {
        if (!sameDrawing(info, layer.wanted)) this.#restyle(layer, info)
        continue
      }
      layer.removeFrom(this.#map)
      layer.dispose()
      this.#layers.delete(id)
    }
    for (const info of layers) {
      if (this.#layers.has(info.id)) continue
      const layer = this.#make(info)
      this.#layers.set(info.id, layer)
      layer.addTo(this.#map)
    }
    this.#arrange()
    this.#mark()
  }

  #make(info: LayerInfo, side?: Side): TileLayer {
    const stylesOf = (info: LayerInfo) => ({
      shapes: shapeStyle(info),
      words: labelStyle(info, () => this.#context.scheme),
    })
    return new TileLayer(info, stylesOf, side)
  }

  setContext(context: MapContext): void {
    const before = this.#context
    this.#context = context
    this.#arrange()
    if (before.scheme !== context.scheme) {
      this.#paintBackground()
      for (const layer of this.#layers.values()) layer.redrawAll()
      this.#comparison?.redrawAll()
    }
    this.#compare()
  }

  compare(compared: Compared | null): void {
    this.#compared = compared
    if (this.#comparison || !compared) {
      this.#compare()
      return
    }
    void import('../compare/comparison').then(({ Comparison }) => {
      this.#comparison ??= new Comparison({
        map: this.#map,
        make: (info) => this.#make(info, 'beyond'),
        seen: () => this.#seen(),
        await: (work) => void this.#await(work),
      })
      this.#compare()
    })
  }

  #compare(): void {
    if (this.#compared) this.#comparison?.show(this.#compared, this.#context)
    else this.#comparison?.hide()
  }

  fit(
    extent: number[],
    { maxZoom = 20, animate = true, padding = MARGIN } = {} as {
      maxZoom?: number
      animate?: boolean
      padding?: number[]
    },
  ): void {
    const still = !animate || window.matchMedia('(prefers-reduced-motion: reduce)').matches
    this.#whenSized((again) =>
      this.#map.getView().fit(extent, { padding, maxZoom, duration: again && !still ? 250 : 0 }),
    )
  }

  setView(center: Coordinate, zoom: number): void {
    this.#waiting = null
    this.#map.getView().cancelAnimations()
    this.#map.getView().setCenter(center)
    this.#map.getView().setZoom(zoom)
  }

  view(): MapView {
    const view = this.#map.getView()
    const center = (view.getCenter() ?? [0, 0]) as Coordinate
    const resolution = view.getResolution() ?? MAX_RESOLUTION
    return {
      center,
      zoom: view.getZoom() ?? 0,
      extent: view.calculateExtent(this.#map.getSize() ?? [1, 1]) as Extent,
      scale: (resolution * groundScale(center[1]).north) / PIXEL,
    }
  }

  on<K extends keyof MapEvents>(event: K, listener: (value: MapEvents[K]) => void): () => void {
    return this.#listeners.on(event, listener)
  }

  highlight(refs: FeatureRef[]): void {
    this.#highlighted = refs
    this.#mark()
  }

  gather(refs: FeatureRef[]): void {
    this.#gathered = refs
    this.#mark()
  }

  pin(at: Coordinate | null): void {
    this.#pins.clear()
    if (at) this.#pins.addFeature(featureOf({ type: 'Point', coordinates: at }))
  }

  choose(refs: FeatureRef[]): void {
    this.#chosen = refs
    this.#mark()
  }

  claim(listener: (value: MapEvents['identify']) => void): () => void {
    this.#taker = listener
    return () => {
      if (this.#taker === listener) this.#taker = null
    }
  }

  select(feature: Feature | null): void {
    this.#selected = feature
    this.#drawSelection()
  }

  applyChange(change: ChangeEvent): void {
    void this.#refresh(change.layer, change.bboxes as Extent[])
    this.edit.changed(change)
    this.working.changed(change)
  }

  refresh(layer: string): void {
    void this.#refresh(layer, EVERYWHERE)
  }

  refreshAll(): void {
    for (const id of this.#layers.keys()) void this.#refresh(id, EVERYWHERE)
    this.edit.changed(null)
    this.working.changed(null)
  }

  showConflict(sides: { mine: Geometry | null; theirs: Geometry | null }[]): () => void {
    return this.#showShapes([
      ...sides.map(({ theirs }): [Geometry | null, Style[]] => [theirs, THEIRS]),
      ...sides.map(({ mine }): [Geometry | null, Style[]] => [mine, MINE]),
    ])
  }

  showVersions(before: Geometry | null, after: Geometry | null): () => void {
    return this.#showShapes([
      [before, BEFORE],
      [after, AFTER],
    ])
  }

  measuring(): Promise<MeasuringSession> {
    this.#measuring ??= import('../reading/measuring').then(
      ({ Measuring }) =>
        new Measuring(this.#map, Z.measures, (busy) => this.#claim('measures', busy)),
    )
    return this.#measuring
  }

  backdrop(): Promise<BackdropSession> {
    this.#backdrop ??= import('../basemaps/backdrop').then(
      ({ Backdrop }) => new Backdrop(this.#map),
    )
    return this.#backdrop
  }

  notes(): Promise<NotesDrawing> {
    this.#notes ??= import('../notes/drawing').then(({ NotesDrawing }) => {
      this.#notesAtHand = new NotesDrawing(this.#host, Z.notes, (busy) =>
        this.#claim('notes', busy),
      )
      return this.#notesAtHand
    })
    return this.#notes
  }

  selecting(): Promise<SelectingSession> {
    this.#selecting ??= import('../selection/selecting').then(
      ({ Selecting }) =>
        new Selecting(this.#map, (tool) => {
          this.#selectTool = tool
          this.#crosshair.rest()
          this.#cursor()
        }),
    )
    return this.#selecting
  }

  overlays(): Promise<Overlays> {
    this.#overlays ??= import('../external/overlays').then(({ Overlays }) => {
      this.#others = new Overlays(this.#map)
      return this.#others
    })
    return this.#overlays
  }

  dispose(): void {
    this.working.stop()
    this.edit.dispose()
    this.#map.setTarget(undefined)
    for (const layer of this.#layers.values()) layer.dispose()
    this.#map.dispose()
  }

  async rendered(): Promise<void> {
    await Promise.all(this.#refreshing)
    await new Promise<void>((resolve) => {
      this.#map.once('rendercomplete', () => resolve())
      this.#map.render()
    })
  }

  #showShapes(shapes: [Geometry | null, Style | Style[]][]): () => void {
    const source = new VectorSource()
    for (const [geometry, style] of shapes) {
      if (!geometry) continue
      const feature = featureOf(geometry)
      feature.setStyle(style)
      source.addFeature(feature)
    }
    const layer = new VectorLayer({ source, zIndex: Z.shapes })
    this.#map.addLayer(layer)
    return () => {
      this.#map.removeLayer(layer)
      layer.dispose()
    }
  }

  /** Order, visibility and opacity of the layers, from the context. */
  #arrange(): void {
    const wanted = new Map(this.#context.layers.map((layer, index) => [layer.id, { layer, index }]))
    for (const [id, tiles] of this.#layers) {
      const found = wanted.get(id)
      tiles.arrange({
        visible: found?.layer.visible ?? false,
        opacity: found?.layer.opacity ?? 1,
        index: found?.index ?? 0,
        off: found?.layer.off ?? [],
      })
      this.#await(tiles.showAsAt(this.#context.moment, this.#seen()))
      const { narrowed, reason } = this.#context
      if (tiles.narrow(narrowed[id] ?? '', reason)) this.refresh(id)
    }
  }

  /** Draws a layer by another style; opacity and zooms follow with it. */
  #restyle(layer: TileLayer, info: LayerInfo): void {
    this.#await(layer.restyle(info, this.#seen()).then((drawn) => drawn && this.#arrange()))
  }

  /** The box in view; null while the map has no size. */
  #seen(): Extent | null {
    return this.#map.getSize() ? this.view().extent : null
  }

  /** Layers drawn at the present view, topmost first. */
  #visible(): TileLayer[] {
    const view = this.#map.getView()
    return [...this.#layers.values()]
      .filter((layer) => layer.layer.isVisible(view))
      .sort((a, b) => (b.layer.getZIndex() ?? 0) - (a.layer.getZIndex() ?? 0))
  }

  #refresh(id: string, boxes: readonly Extent[]): Promise<void> {
    this.#comparison?.refresh(id, boxes)
    const layer = this.#layers.get(id)
    if (!layer) return Promise.resolve()
    return this.#await(layer.refresh(boxes, this.#seen()))
  }

  #await(work: Promise<unknown>): Promise<void> {
    const done = work.then(() => {
      this.#refreshing.delete(done)
    })
    this.#refreshing.add(done)
    return done
  }

  #hitsAt(event: MapBrowserEvent): Hit[] {
    const touch = (event.originalEvent as PointerEvent).pointerType === 'touch'
    const reach = touch ? TOLERANCE.touch : TOLERANCE.mouse
    const beyond = this.#comparison?.holds(event.pixel) ? this.#comparison.visible() : undefined
    return this.#hitsNear(event.coordinate as Coordinate, reach, beyond)
  }

  #hitsNear([x, y]: Coordinate, pixels: number, layers = this.#visible()): Hit[] {
    const reach = pixels * (this.#map.getView().getResolution() ?? 1)
    return layers.flatMap((layer) =>
      layer.at(x, y, reach).map(({ id, properties }) => ({
        layer: layer.info.id,
        id,
        label: String(properties._label ?? titleOf(layer.info.label, properties, id)),
      })),
    )
  }

  /** Clicks on the map belong to a tool, or no longer. */
  #claim(tool: string, busy: boolean): void {
    if (busy) this.#busy.add(tool)
    else this.#busy.delete(tool)
    this.#setHover(null, null)
    this.#crosshair.rest()
    this.#cursor()
  }

  /** Without a tool Enter is a click on the middle of the map, where a cross shows it. */
  readonly #enter = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.defaultPrevented || event.target !== event.currentTarget)
      return
    if (this.#crosshair.wanted) return
    event.preventDefault()
    const { center: coordinate } = this.view()
    const hits = this.#hitsNear(coordinate, TOLERANCE.touch)
    this.#listeners.emit('identify', { coordinate, hits, more: event.shiftKey })
  }

  #identify(event: MapBrowserEvent): void {
    if (this.#busy.size > 0) return
    if (this.edit.state.mode !== 'idle') {
      this.edit.clicked(event.coordinate as Coordinate)
      return
    }
    if (this.working.state.layer) {
      this.working.clicked(event.coordinate as Coordinate)
      return
    }
    if (this.#notesAtHand?.takes(event)) return
    const { shiftKey, ctrlKey, metaKey } = event.originalEvent
    const found = {
      coordinate: event.coordinate as Coordinate,
      hits: this.#hitsAt(event),
      more: shiftKey || ctrlKey || metaKey,
    }
    if (this.#taker) this.#taker(found)
    else this.#listeners.emit('identify', found)
  }

  #point(event: MapBrowserEvent): void {
    if (event.dragging) return
    const hits = this.#hoverable() ? this.#hitsAt(event).filter(this.#within) : []
    const hover = hits[0] ?? null
    this.#setHover(hover, event.coordinate, hits.length - 1)
    this.#listeners.emit('pointer', { coordinate: event.coordinate as Coordinate, hover })
  }

  #hoverable(): boolean {
    return (
      this.#busy.size === 0 &&
      this.edit.state.mode === 'idle' &&
      this.working.state.tool === 'choose'
    )
  }

  /** With a working set one sees and chooses features of its layers alone. */
  readonly #within = ({ layer }: Hit): boolean => {
    const { layer: atWork, working } = this.working.state
    return atWork === null || (working?.layers.includes(layer) ?? layer === atWork)
  }

  /** Shows the title of what is under the pointer, and how much lies below it. */
  #setHover(hover: Hit | null, coordinate: number[] | null, below = 0): void {
    const label = this.#hoverLabel.getElement()
    if (label && hover) label.textContent = below > 0 ? `${hover.label}  +${below}` : hover.label
    this.#hoverLabel.setPosition(hover && coordinate ? coordinate : undefined)
    if (this.#hover?.layer === hover?.layer && this.#hover?.id === hover?.id) return
    this.#hover = hover
    this.#mark()
    this.#cursor()
  }

  #cursor(): void {
    const element = this.#map.getTargetElement()
    if (!element) return
    const { mode } = this.edit.state
    const draws = this.#selectTool !== null && this.#selectTool !== 'click'
    const pointing =
      this.#busy.size > 0 || draws || mode === 'draw' || this.working.state.tool !== 'choose'
    element.dataset.cursor = pointing ? 'crosshair' : this.#hover ? 'pointer' : 'default'
  }

  #mark(): void {
    for (const [id, layer] of this.#layers) {
      const marked = new Map<string, Style>()
      for (const ref of this.#chosen) if (ref.layer === id) marked.set(ref.id, CHOSEN)
      for (const ref of this.#gathered) if (ref.layer === id) marked.set(ref.id, GATHERED)
      if (this.#hover?.layer === id) marked.set(this.#hover.id, HOVER)
      for (const ref of this.#highlighted) if (ref.layer === id) marked.set(ref.id, HIGHLIGHT)
      layer.mark(marked)
    }
  }

  /** The selected feature, unless it is being edited and so drawn by the editing session. */
  #drawSelection(): void {
    this.#selection.clear()
    const feature = this.#selected
    if (!feature?.geometry) return
    const { mode, layer, featureId } = this.edit.state
    if (mode !== 'idle' && layer === feature.layer && featureId === feature.id) return
    if (this.working.state.layer === feature.layer) return
    this.#selection.addFeature(featureOf(feature.geometry))
  }

  #paintBackground(): void {
    const element = this.#map.getTargetElement()
    if (element) element.style.backgroundColor = INK[this.#context.scheme as Scheme].background
  }

  #whenSized(run: (again: boolean) => void): void {
    const size = this.#map.getSize()
    this.#waiting = null
    if (size?.every((side) => side > 0)) run(true)
    else this.#waiting = () => run(false)
  }

  #sized(): void {
    const waiting = this.#waiting
    if (!waiting || !this.#map.getSize()?.every((side) => side > 0)) return
    this.#waiting = null
    waiting()
  }

  #hook(): ArpentHook {
    return {
      map: this,
      rendered: () => this.rendered(),
      pixelOf: (coordinate) => {
        const [x = 0, y = 0] = this.#map.getPixelFromCoordinate(coordinate) ?? []
        const box = this.#map.getTargetElement()?.getBoundingClientRect()
        return [(box?.left ?? 0) + x, (box?.top ?? 0) + y]
      },
      shape: (layer, id) => this.#layers.get(layer)?.shape(id) ?? '',
      chosen: () => this.#chosen.map(({ id }) => id),
      reshaped: (layer, id, from) =>
        new Promise((resolve) => {
          const key = this.#map.on('rendercomplete', () => {
            if ((this.#layers.get(layer)?.shape(id) ?? '') === from) return
            unByKey(key)
            resolve(performance.timeOrigin + performance.now())
          })
          this.#map.render()
        }),
    }
  }
}

/** What the browser tests, and a curious person's console, may ask of the map. */
export interface ArpentHook {
  map: MapController
  /** Resolves when everything asked for so far is on the screen. */
  rendered(): Promise<void>
  /** Page pixel of a coordinate. */
  pixelOf(coordinate: Coordinate): [number, number]
  /** The coordinates of a feature in the tiles on the screen, as one comparable text. */
  shape(layer: string, id: string): string
  /** Identifiers of the features that are chosen. */
  chosen(): string[]
  /** Resolves once a shape other than `from` is on the screen, with the time in epoch milliseconds. */
  reshaped(layer: string, id: string, from: string): Promise<number>
}

declare global {
  interface Window {
    arpent?: ArpentHook
  }
}
