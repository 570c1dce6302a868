/** What the map draws of a working set, and the shapes one grabs. */
import i18n from 'i18next'
import OLFeature from 'ol/Feature'
import type OLGeometry from 'ol/geom/Geometry'
import OLPoint from 'ol/geom/Point'
import { fromExtent } from 'ol/geom/Polygon'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import type Style from 'ol/style/Style'
import type { EditHost } from '../editing/host'
import { areaText, lengthText } from '../editing/quantity'
import { keyOf, refOf, SnapTargets, viewOf } from '../editing/snapping'
import type { ChangeEvent, Coordinate, Extent, Geometry } from '../map/api'
import { featureOf, geometryOf } from '../map/olgeometry'
import type { WorkingState } from './api'
import type { Ref, Working, WorkingFeature } from './model'
import {
  beforeStyle,
  chosenStyle,
  draggedStyle,
  otherStyle,
  PREVIEW,
  refusedStyle,
  WRONG,
  WRONG_AT,
  workStyle,
} from './olstyle'
import { distanceTo, vertexNear } from './places'
import { refusalText } from './refusal'
import { drawnOf } from './waiting'
import { WIDE } from './wrong'

/** Square metres: a vertex put on the grid bends a long border of a neighbour by as much. */
const UNSEEN = 0.2

export class Shapes {
  /**
   * What the map holds of the layer at hand, with the set in place of what it changes. The very
   * features: copies of thousands would slow the opening, and only few are dragged at a time.
   */
  readonly hand = new VectorSource<OLFeature>()
  readonly #host: EditHost
  readonly #work = new VectorSource()
  readonly #before = new VectorSource()
  readonly #dragged = new VectorSource()
  readonly #marks = new VectorSource()
  readonly #layers: VectorLayer[]
  readonly #stored: SnapTargets
  /** Of the features that are dragged the shapes that they had before. */
  readonly #lifted = new Map<OLFeature, OLGeometry>()
  /** Those that are edited together, the one whose features are chosen first; none: nothing is. */
  #edited: readonly string[] = []
  /** Stored features that the set changes, and those of them that the tiles leave out. */
  #changed = new Set<string>()
  #hidden: Ref[] = []
  #state: WorkingState | null = null

  constructor(host: EditHost, changed: () => void) {
    this.#host = host
    this.#stored = new SnapTargets(() => {
      this.#gather()
      this.#mark()
      changed()
    })
    const { zIndex } = host
    this.#layers = [
      new VectorLayer({ source: this.#before, style: beforeStyle, zIndex }),
      new VectorLayer({
        source: this.#work,
        style: (f) => this.#styleOf(f),
        zIndex,
        // Narrow pieces, as those along a road, would write their areas over each other.
        declutter: true,
      }),
      new VectorLayer({
        source: this.#dragged,
        style: draggedStyle,
        zIndex,
        updateWhileInteracting: true,
      }),
      new VectorLayer({ source: this.#marks, zIndex: zIndex + 1 }),
    ]
    host.map.on('moveend', () => this.#cover())
  }

  start(layer: string): void {
    this.#edited = [layer]
    for (const each of this.#layers) this.#host.map.addLayer(each)
    this.#stored.start(null)
    void this.#stored.cover(this.view(), [layer])
  }

  /** Whether the view is too wide to have all shapes at hand. */
  get partial(): boolean {
    return this.#stored.partial
  }

  stop(): void {
    this.#stored.stop()
    for (const each of this.#layers) this.#host.map.removeLayer(each)
    for (const source of [this.#work, this.#before, this.#dragged, this.#marks, this.hand]) {
      source.clear()
    }
    this.#lifted.clear()
    this.#hide([])
    this.#changed.clear()
    this.#edited = []
    this.#state = null
  }

  /** Somebody saved something: what lies around may have moved. */
  changed(change: ChangeEvent | null): void {
    if (this.#edited.length > 0 && this.#stored.forget(change)) this.#cover()
  }

  /** Shows a state: the whole set, or what is marked in it. */
  show(state: WorkingState): void {
    const before = this.#state
    this.#state = state
    if (state.working && state.working.revision !== before?.working?.revision) {
      if (state.working.layers.join() !== this.#edited.join()) {
        this.#edited = state.working.layers
        this.#cover()
      }
      this.#set(state.working)
    } else if (state.chosen !== before?.chosen) this.#work.changed()
    this.#mark()
  }

  /** Puts shapes back that were dragged to no end. */
  undrag(): void {
    this.#dragged.clear()
    for (const [feature, shape] of this.#lifted) feature.setGeometry(shape)
    this.#lifted.clear()
    this.#gather()
  }

  drag(features: OLFeature[]): void {
    this.undrag()
    for (const feature of features) {
      const shape = feature.getGeometry()
      if (shape) this.#lifted.set(feature, shape.clone())
    }
    this.#dragged.addFeatures(features)
  }

  /** Features that one chooses at a place: areas of the set there, and lines and points within reach, the nearest first. */
  at(place: Coordinate, reach: number): string[] {
    const [layer] = this.#edited
    const areas = this.#work.getFeaturesAtCoordinate(place).map(refOf)
    const [x, y] = place
    const set = this.#work.getFeaturesInExtent([x - reach, y - reach, x + reach, y + reach])
    const lines = [...set, ...this.near(place, reach)]
      .map((feature) => ({ ref: refOf(feature), distance: distanceTo(geometryOf(feature), place) }))
      .filter(({ distance }) => distance <= reach)
      .sort((a, b) => a.distance - b.distance)
    const refs = [...areas, ...lines.map(({ ref }) => ref)].filter((ref) => ref.layer === layer)
    return [...new Set(refs.map(({ id }) => id))]
  }

  /** What is at hand around a place. */
  near([x, y]: Coordinate, reach: number): OLFeature[] {
    return this.hand.getFeaturesInExtent([x - reach, y - reach, x + reach, y + reach])
  }

  /** Whether the set draws a feature in place of the tiles. */
  covers(id: string): boolean {
    return this.#changed.has(this.#key(id))
  }

  shape(id: string, layer?: string): Geometry | null {
    const key = this.#key(id, layer)
    const found = this.#work.getFeatureById(key) ?? this.#stored.source.getFeatureById(key)
    return Array.isArray(found) ? null : geometryOf(found)
  }

  #key(id: string, layer = this.#edited[0] ?? ''): string {
    return keyOf({ layer, id })
  }

  /** The vertex nearest to a place, as it was before a drag. */
  vertexAt(place: number[], reach: number): number[] | null {
    const [x = 0, y = 0] = place
    const box = [x - reach, y - reach, x + reach, y + reach]
    const near = [
      ...this.#stored.source
        .getFeaturesInExtent(box)
        .filter((feature) => !this.#changed.has(String(feature.getId()))),
      ...this.#work.getFeaturesInExtent(box),
    ]
    return vertexNear(near.map(geometryOf), place, reach)
  }

  #set(working: Working): void {
    this.undrag()
    this.#work.clear()
    this.#before.clear()
    const changed: OLFeature[] = []
    const stored: OLFeature[] = []
    for (const each of working.features) {
      const { before, after } = each
      if (before) {
        const feature = featureOf(before)
        feature.set('gone', after === null)
        stored.push(feature)
      }
      if (!after) continue
      const feature = featureOf(after)
      feature.setId(keyOf(each))
      feature.setProperties({
        created: before === null,
        touched: touched(each),
        words: wordsOf(each, document.documentElement.lang),
      })
      changed.push(feature)
    }
    this.#before.addFeatures(stored)
    this.#work.addFeatures(changed)
    const changes = working.features.filter(({ before }) => before)
    this.#changed = new Set(changes.map(keyOf))
    this.#hide(changes.filter((each) => !touched(each)))
    this.#gather()
  }

  /** The tiles leave out what the set draws itself. */
  #hide(refs: Ref[]): void {
    const [was, now] = [new Set(this.#hidden.map(keyOf)), new Set(refs.map(keyOf))]
    for (const layer of new Set([...this.#hidden, ...refs].map((ref) => ref.layer))) {
      const tiles = this.#host.layer(layer)
      const of = (all: Ref[]) => all.filter((ref) => ref.layer === layer)
      const turned = [
        ...of(this.#hidden).filter((ref) => !now.has(keyOf(ref))),
        ...of(refs).filter((ref) => !was.has(keyOf(ref))),
      ]
      for (const { id } of of(this.#hidden)) tiles?.hidden.delete(id)
      for (const { id } of of(refs)) tiles?.hidden.add(id)
      if (turned.length > 0) tiles?.redraw(turned.map(({ id }) => id))
    }
    this.#hidden = refs.map(({ layer, id }) => ({ layer, id }))
  }

  /** Has at hand what vertices are moved of: what is stored around, and the set. */
  #gather(): void {
    if (this.#edited.length === 0) return
    const wanted = new Set<OLFeature>(this.#work.getFeatures() as OLFeature[])
    for (const feature of this.#stored.source.getFeatures()) {
      if (!this.#changed.has(String(feature.getId()))) wanted.add(feature)
    }
    const held = new Set(this.hand.getFeatures())
    const stale = [...held].filter((feature) => !wanted.has(feature))
    if (stale.length === held.size) this.hand.clear()
    else for (const feature of stale) this.hand.removeFeature(feature)
    this.hand.addFeatures([...wanted].filter((feature) => !held.has(feature)))
  }

  #cover(): void {
    if (this.#edited.length === 0) return
    this.#stored.coverSoon(
      () => this.view(),
      () => this.#edited,
    )
  }

  view(): Extent {
    return viewOf(this.#host.map)
  }

  #mark(): void {
    this.#marks.clear()
    if (!this.#state) return
    const { refused, others, chosen, checked, pointed, working } = this.#state
    for (const { who, features, chosen: held, bbox } of others) {
      const ids = new Set([...features, ...held])
      const theirs = [...ids].map((id) => this.#storedShape(id)).filter((shape) => shape !== null)
      for (const shape of theirs) this.#put(shape, otherStyle(who))
      // What they have drawn on free land, or what is not at hand, has a box at least.
      if (theirs.length === 0 && bbox) this.#put(fromExtent(bbox), otherStyle(who))
    }
    for (const id of chosen) {
      if (this.#work.getFeatureById(this.#key(id))) continue // drawn so by its style
      const shape = this.#storedShape(id)
      if (shape) this.#put(shape, chosenStyle)
    }
    for (const wrong of checked?.wrong ?? []) {
      if (wrong === pointed || (wrong.kind === 'gap' && (wrong.width ?? 0) > WIDE)) continue
      this.#put(wrong.shape ? featureOf(wrong.shape).getGeometry() : undefined, WRONG)
      this.#put(new OLPoint(wrong.at), WRONG_AT)
    }
    if (pointed) {
      const shape = pointed.shape && featureOf(pointed.shape).getGeometry()
      if (shape) this.#put(shape, refusedStyle(''))
      this.#put(new OLPoint(pointed.at), refusedStyle(''))
    }
    for (const shape of drawnOf(this.#state.waiting))
      this.#put(featureOf(shape).getGeometry(), PREVIEW)
    if (!refused) return
    const language = document.documentElement.lang
    const styles = refusedStyle(
      refusalText(i18n.getFixedT(null, 'working'), refused, language, working?.model),
    )
    const shape = refused.shape && featureOf(refused.shape).getGeometry()
    if (shape) this.#put(shape, styles)
    if (refused.at) this.#put(new OLPoint(refused.at), styles)
  }

  #put(shape: OLGeometry | undefined, style: Style | Style[]): void {
    if (!shape) return
    const feature = new OLFeature(shape)
    feature.setStyle(style)
    this.#marks.addFeature(feature)
  }

  #storedShape(id: string): OLGeometry | null {
    const found = this.#stored.source.getFeatureById(this.#key(id))
    return (Array.isArray(found) ? null : found?.getGeometry()) ?? null
  }

  #styleOf(feature: Parameters<typeof workStyle>[0]) {
    const styles = workStyle(feature)
    const { layer, id } = refOf(feature as OLFeature)
    const chosen = layer === this.#edited[0] && this.#state?.chosen.includes(id)
    return chosen ? [...styles, chosenStyle] : styles
  }
}

/** An area that has a vertex more on its border, for a neighbour: the land stays. */
const touched = ({ before, after, area, areaBefore }: WorkingFeature) =>
  before !== null && after !== null && area > 0 && Math.abs(area - areaBefore) < UNSEEN

function wordsOf({ area, length }: WorkingFeature, language: string): string {
  if (area > 0) return areaText(area, language)
  return length > 0 ? lengthText(length, language) : ''
}
