/** Draws notes, and changes their places by hand. Loaded when somebody opens a sheet. */
import Collection from 'ol/Collection'
import { altKeyOnly, click } from 'ol/events/condition'
import OLFeature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import type Interaction from 'ol/interaction/Interaction'
import Modify from 'ol/interaction/Modify'
import Translate from 'ol/interaction/Translate'
import VectorLayer from 'ol/layer/Vector'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import VectorSource from 'ol/source/Vector'
import { BegunDraw } from '../drawing/begun'
import { Magnet } from '../drawing/magnet'
import { Pen } from '../drawing/pen'
import { useDrawingSettings } from '../drawing/settings'
import type { EditHost } from '../editing/host'
import { editKey } from '../editing/keys'
import { HANDLES, SKETCH } from '../editing/olstyle'
import { SnapTargets } from '../editing/snapping'
import type { Geometry } from '../map/api'
import { Listeners } from '../map/listeners'
import { featureOf, geometryOf as readGeometry } from '../map/olgeometry'
import { geometryOf, type Look, type Note, type NoteKind, placesOf } from './model'
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
  #pen: Pen | null = null
  /** Draws as a hand does; the pen draws all else. */
  #hand: BegunDraw | null = null
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
    this.#pen = null
    this.#hand = null
    this.#modify = null
    document.removeEventListener('keydown', this.#key)
    if (!this.#shown.editable) return
    document.addEventListener('keydown', this.#key)
    if (this.#kind && this.#look) this.#interactions = this.#drawing(this.#kind, this.#look)
    else if (this.#selected.getLength() > 0) this.#interactions = this.#reshaping()
    for (const each of this.#interactions) map.addInteraction(each)
    this.#cover()
  }

  #drawing(kind: NoteKind, look: Look): Interaction[] {
    const drawn = (geometry: Geometry | null) => {
      const places = geometry && placesOf(kind, geometry)
      if (places) this.#listeners.emit('drawn', { kind, places })
    }
    const style = sketchStyles(look)
    if (kind === 'freehand') {
      this.#hand = new BegunDraw(
        { type: 'LineString', freehand: true, stopClick: true, style },
        (feature) => {
          const shape = feature.getGeometry()
          // A hand gives a place for each pixel: half of them say nothing.
          const simple = shape instanceof LineString ? shape.simplify(this.#pixel()) : shape
          // Draw is still at work on this event: change the tools once it is done.
          queueMicrotask(() => drawn(readGeometry(new OLFeature(simple))))
        },
      )
      return [this.#hand]
    }
    this.#pen = new Pen({
      type: kind === 'text' ? 'Point' : kind === 'polygon' ? 'Polygon' : 'LineString',
      style,
      sources: [this.#snap.source],
      changed: () => undefined,
      drawn,
    })
    return this.#pen.interactions
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
    const magnet = new Magnet({ sources: [this.#snap.source], changed: () => undefined })
    return [translate, modify, magnet]
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
        if (!this.#pen?.undo()) this.#listeners.emit('key', 'undo')
        return true
      case 'redo':
        if (!this.#pen?.redo()) this.#listeners.emit('key', 'redo')
        return true
      case 'finish':
        if (!this.#pen?.state.begun) return false
        this.#pen.finish()
        return true
      case 'remove':
        if (this.#modify?.removePoint()) return true
        if (this.#selected.getLength() === 0) return false
        this.#listeners.emit('key', 'remove')
        return true
      case 'escape':
        if (!this.#pen?.abort() && !this.#hand?.leave()) this.#listeners.emit('key', 'leave')
        return true
      case null:
        return false
    }
  }

  #pixel(): number {
    return this.#host.map.getView().getResolution() ?? 1
  }

  /** Has at hand what the pointer is drawn to. */
  #cover(): void {
    if (!this.#interactions.some((each) => each instanceof Magnet)) return
    this.#snap.coverView(this.#host)
  }
}
