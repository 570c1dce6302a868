/** Draws notes, and changes their places by hand. Loaded when somebody opens a sheet. */
import Collection from 'ol/Collection'
import { altKeyOnly, click } from 'ol/events/condition'
import OLFeature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import Draw from 'ol/interaction/Draw'
import type Interaction from 'ol/interaction/Interaction'
import Modify from 'ol/interaction/Modify'
import Translate from 'ol/interaction/Translate'
import VectorLayer from 'ol/layer/Vector'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import VectorSource from 'ol/source/Vector'
import { Magnet } from '../drawing/magnet'
import { useDrawingSettings } from '../drawing/settings'
import type { EditHost } from '../editing/host'
import { editKey } from '../editing/keys'
import { HANDLES, SKETCH } from '../editing/olstyle'
import { SnapTargets } from '../editing/snapping'
import type { Extent } from '../map/api'
import { Listeners } from '../map/listeners'
import { featureOf, geometryOf as readGeometry } from '../map/olgeometry'
import { geometryOf, type Look, least, type Note, type NoteKind, placesOf } from './model'
import { noteStyles, sketchStyles } from './olstyle'
import type { NotesEvents, NotesSession, ShownNotes } from './session'

/** How far from a note a click may be, in pixels: mouse, finger. */
const REACH = { mouse: 6, touch: 12 }

export class NotesDrawing implements NotesSession {
  readonly #host: EditHost
  /** Told whether clicks on the map belong to notes. */
  readonly #busy: (busy: boolean) => void
  readonly #listeners = new Listeners<NotesEvents>()
  readonly #source = new VectorSource<OLFeature>()
  readonly #layer: VectorLayer
  readonly #selected = new Collection<OLFeature>()
  readonly #snap = new SnapTargets(() => undefined)
  #shown: ShownNotes = { notes: [], language: 'fr', selected: null, editable: false }
  #features = new Map<string, { note: Note; feature: OLFeature }>()
  #kind: NoteKind | null = null
  #look: Look | null = null
  #whole = false
  #begun = false
  #draw: Draw | null = null
  #modify: Modify | null = null
  #interactions: Interaction[] = []

  constructor(host: EditHost, zIndex: number, busy: (busy: boolean) => void) {
    this.#host = host
    this.#busy = busy
    this.#layer = new VectorLayer({
      source: this.#source,
      zIndex,
      updateWhileInteracting: true,
      declutter: false,
    })
    host.map.addLayer(this.#layer)
    host.map.on('moveend', () => this.#cover())
    useDrawingSettings.subscribe(() => this.#cover())
  }

  /** Whether the keyboard's crosshair has something to do. */
  get atWork(): boolean {
    return this.#kind !== null || this.#selected.getLength() > 0
  }

  on<K extends keyof NotesEvents>(event: K, listener: (value: NotesEvents[K]) => void) {
    return this.#listeners.on(event, listener)
  }

  /** Whether a click on the map is about a note; it is told who listens. */
  takes(event: MapBrowserEvent): boolean {
    const touch = (event.originalEvent as PointerEvent).pointerType === 'touch'
    const found = this.#host.map.forEachFeatureAtPixel(
      event.pixel,
      (feature) => String(feature.getId()),
      {
        layerFilter: (layer) => layer === this.#layer,
        hitTolerance: touch ? REACH.touch : REACH.mouse,
      },
    )
    if (found === undefined) return false
    this.#listeners.emit('picked', found)
    return true
  }

  show(shown: ShownNotes): void {
    const before = this.#shown
    this.#shown = shown
    const gone = new Set(this.#features.keys())
    for (const note of shown.notes) {
      gone.delete(note.id)
      const known = this.#features.get(note.id)
      const selected = note.id === shown.selected
      const same =
        known?.note === note &&
        before.language === shown.language &&
        selected === (before.selected === note.id) &&
        before.editable === shown.editable
      if (same) continue
      const feature = known?.feature ?? new OLFeature()
      if (known?.note !== note) feature.setGeometry(featureOf(geometryOf(note)).getGeometry())
      feature.setId(note.id)
      feature.setStyle(() => this.#stylesOf(note.id, selected))
      this.#features.set(note.id, { note, feature })
      if (!known) this.#source.addFeature(feature)
    }
    for (const id of gone) {
      const known = this.#features.get(id)
      if (known) this.#source.removeFeature(known.feature)
      this.#features.delete(id)
    }
    const chosen = shown.editable && shown.selected ? this.#features.get(shown.selected) : undefined
    if (this.#selected.item(0) === chosen?.feature && before.editable === shown.editable) return
    this.#selected.clear()
    if (chosen) this.#selected.push(chosen.feature)
    this.#arm()
  }

  draw(kind: NoteKind | null, look: Look): void {
    if (kind === this.#kind && look === this.#look) return
    this.#kind = kind
    this.#look = look
    this.#busy(kind !== null)
    this.#arm()
  }

  moving(whole: boolean): void {
    if (whole === this.#whole) return
    this.#whole = whole
    this.#arm()
  }

  clear(): void {
    this.#kind = null
    this.#busy(false)
    this.#features.clear()
    this.#source.clear()
    this.#selected.clear()
    this.#shown = { ...this.#shown, notes: [], selected: null, editable: false }
    this.#arm()
    this.#snap.stop()
  }

  /** The note as it is, or as it is being dragged. */
  #stylesOf(id: string, selected: boolean) {
    const known = this.#features.get(id)
    if (!known) return []
    const geometry = readGeometry(known.feature)
    const places = geometry && placesOf(known.note.kind, geometry)
    const styles = noteStyles(
      places ? { ...known.note, places } : known.note,
      this.#shown.language,
      selected,
    )
    return selected && this.#shown.editable && !this.#whole ? [...styles, HANDLES] : styles
  }

  /** Has the interactions that what is chosen needs. */
  #arm(): void {
    const { map } = this.#host
    for (const each of this.#interactions) map.removeInteraction(each)
    this.#interactions = []
    this.#draw = null
    this.#modify = null
    this.#begun = false
    document.removeEventListener('keydown', this.#key)
    if (!this.#shown.editable) return
    document.addEventListener('keydown', this.#key)
    if (this.#kind && this.#look) this.#interactions = this.#drawing(this.#kind, this.#look)
    else if (this.#selected.getLength() > 0) this.#interactions = this.#reshaping()
    for (const each of this.#interactions) map.addInteraction(each)
    this.#cover()
  }

  #drawing(kind: NoteKind, look: Look): Interaction[] {
    const freehand = kind === 'freehand'
    const draw = new Draw({
      type: kind === 'text' ? 'Point' : kind === 'polygon' ? 'Polygon' : 'LineString',
      freehand,
      stopClick: true,
      // Ctrl held frees the pointer from the magnet, and places all the same.
      condition: ({ originalEvent }) => !originalEvent.altKey && !originalEvent.shiftKey,
      style: sketchStyles(look),
    })
    draw.on('drawstart', () => {
      this.#begun = true
    })
    draw.on('drawabort', () => {
      this.#begun = false
    })
    draw.on('drawend', ({ feature }) => {
      this.#begun = false
      const shape = feature.getGeometry()
      // A hand gives a place for each pixel: half of them say nothing.
      const simple = freehand && shape instanceof LineString ? shape.simplify(this.#pixel()) : shape
      const geometry = readGeometry(new OLFeature(simple))
      const places = geometry && placesOf(kind, geometry)
      // Draw is still at work on this event: change the tools once it is done.
      if (places) queueMicrotask(() => this.#listeners.emit('drawn', { kind, places }))
    })
    this.#draw = draw
    return freehand || kind === 'text' ? [draw] : [draw, this.#magnet()]
  }

  #reshaping(): Interaction[] {
    const translate = new Translate({ features: this.#selected, hitTolerance: 8 })
    translate.on('translateend', this.#commit)
    if (this.#whole) return [translate]
    const modify = new Modify({
      features: this.#selected,
      style: SKETCH,
      pixelTolerance: 10,
      deleteCondition: (event) => altKeyOnly(event) && click(event),
    })
    modify.on('modifyend', this.#commit)
    this.#modify = modify
    return [translate, modify, this.#magnet()]
  }

  #magnet(): Magnet {
    return new Magnet({ sources: [this.#snap.source], changed: () => undefined })
  }

  readonly #commit = (): void => {
    const feature = this.#selected.item(0)
    const known = feature && this.#features.get(String(feature.getId()))
    const geometry = readGeometry(feature)
    const places = known && geometry ? placesOf(known.note.kind, geometry) : null
    if (!known) return
    if (places) this.#listeners.emit('reshaped', { id: known.note.id, places })
    else known.feature.setGeometry(featureOf(geometryOf(known.note)).getGeometry())
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.#perform(editKey(event))) event.preventDefault()
  }

  /** Does what a key asks; false when it means nothing here. */
  #perform(command: ReturnType<typeof editKey>): boolean {
    switch (command) {
      case 'undo':
        if (this.#begun && this.#draw && this.#kind !== 'freehand') this.#draw.removeLastPoint()
        else this.#listeners.emit('key', 'undo')
        return true
      case 'redo':
        this.#listeners.emit('key', 'redo')
        return true
      case 'finish':
        if (!this.#begun || !this.#draw || this.#placed() < least(this.#kind ?? 'line'))
          return false
        this.#draw.finishDrawing()
        return true
      case 'remove':
        if (this.#modify?.removePoint()) return true
        if (this.#selected.getLength() === 0) return false
        this.#listeners.emit('key', 'remove')
        return true
      case 'escape':
        if (this.#begun) this.#draw?.abortDrawing()
        else this.#listeners.emit('key', 'leave')
        return true
      case null:
        return false
    }
  }

  /** How many places are drawn already, without the one that follows the pointer. */
  #placed(): number {
    const overlay = this.#draw?.getOverlay().getSource()?.getFeatures()[0]
    const geometry = readGeometry(overlay)
    if (geometry?.type === 'Polygon') return (geometry.coordinates[0]?.length ?? 0) - 2
    return geometry?.type === 'LineString' ? geometry.coordinates.length - 1 : 0
  }

  #pixel(): number {
    return this.#host.map.getView().getResolution() ?? 1
  }

  /** Has at hand what the pointer is drawn to. */
  #cover(): void {
    if (!this.#interactions.some((each) => each instanceof Magnet)) return
    const { map } = this.#host
    const { without } = useDrawingSettings.getState()
    this.#snap.coverSoon(
      () => map.getView().calculateExtent(map.getSize() ?? [1, 1]) as Extent,
      () => this.#host.snapLayers().filter((id) => !without.includes(id)),
    )
  }
}
