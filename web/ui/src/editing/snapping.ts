/**
 * What an edit snaps to: the exact features around the view, of every layer drawn there. Tiles are
 * rounded to their grid, so neighbours snapped to tiles would not touch; these come whole from the
 * server in EPSG:3857. One shared source, so that later a vertex common to several features of a
 * coverage can be moved in all of them.
 */
import type OLFeature from 'ol/Feature'
import type OLMap from 'ol/Map'
import { toLonLat } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import { useDrawingSettings } from '../drawing/settings'
import type { ChangeEvent, Extent, FeatureRef } from '../map/api'
import { featuresOf } from '../map/olgeometry'
import { overlap } from '../map/tiles'
import type { EditHost } from './host'

const CRS = 'http://www.opengis.net/def/crs/EPSG/0/3857'
/** The most features fetched of one layer: a whole section of a cadastre, with what surrounds it. */
const LIMIT = 5000
/** How long the view must rest before more is fetched, in milliseconds. */
const REST = 120

/** Names a feature among those of several layers: in a source, whose identifiers are unique. */
export const keyOf = ({ layer, id }: FeatureRef): string => `${layer} ${id}`

/** The feature that a shape in such a source is of. */
export function refOf(feature: OLFeature): FeatureRef {
  const key = String(feature.getId())
  const gap = key.indexOf(' ')
  return { layer: key.slice(0, gap), id: key.slice(gap + 1) }
}

/** What the map shows, in its coordinates. */
export const viewOf = (map: OLMap): Extent =>
  map.getView().calculateExtent(map.getSize() ?? [1, 1]) as Extent

/** Layers that are drawn, and this person snaps to. */
export function wantedLayers(host: EditHost): string[] {
  const { without } = useDrawingSettings.getState()
  return host.snapLayers().filter((id) => !without.includes(id))
}

interface Found {
  features: OLFeature[]
  more: boolean
}

export class SnapTargets {
  readonly source = new VectorSource<OLFeature>()
  #loaded: Extent | null = null
  #layers = ''
  #abort: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #except: FeatureRef | null = null
  /** Whether a layer has more around than were fetched. */
  partial = false
  readonly #changed: () => void
  /** Features that do not come from our server. */
  readonly #borrowed: (extent: Extent) => OLFeature[]

  constructor(changed: () => void, borrowed: (extent: Extent) => OLFeature[] = () => []) {
    this.#changed = changed
    this.#borrowed = borrowed
  }

  get loading(): boolean {
    return this.#abort !== null
  }

  get count(): number {
    return this.source.getFeatures().length
  }

  /** Leaves out the feature being edited: it must not stick to its own old shape. */
  start(except: FeatureRef | null): void {
    this.stop()
    this.#except = except
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#abort?.abort()
    this.#abort = null
    this.#loaded = null
    this.partial = false
    this.source.clear()
  }

  /** Has the view's surroundings at hand; nothing is fetched while they are. */
  async cover(view: Extent, layers: readonly string[]): Promise<void> {
    const names = layers.join()
    if (this.#loaded && names === this.#layers && contains(this.#loaded, view)) return
    const abort = new AbortController()
    this.#abort?.abort()
    this.#abort = abort
    this.#changed()
    const extent = widen(view, 0.25)
    try {
      const found = await Promise.all(layers.map((layer) => this.#fetch(layer, extent, abort)))
      if (abort.signal.aborted) return
      this.source.clear()
      this.source.addFeatures(found.flatMap(({ features }) => features))
      this.source.addFeatures(this.#borrowed(extent))
      this.partial = found.some(({ more }) => more)
      this.#loaded = extent
      this.#layers = names
    } catch (error) {
      if (!abort.signal.aborted) console.warn('snap targets were not fetched', error)
    } finally {
      if (this.#abort === abort) {
        this.#abort = null
        this.#changed()
      }
    }
  }

  /** As cover, once the view has come to rest. */
  coverSoon(view: () => Extent, layers: () => readonly string[]): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.cover(view(), layers()), REST)
  }

  /** As coverSoon, with what is drawn at the view and this person snaps to; without one layer. */
  coverView(host: EditHost, without?: string): void {
    this.coverSoon(
      () => viewOf(host.map),
      () => wantedLayers(host).filter((id) => id !== without),
    )
  }

  /** Forgets what a change may have altered; returns whether anything has to be fetched again. */
  forget(change: ChangeEvent | null): boolean {
    const loaded = this.#loaded
    if (!loaded) return false
    const hit = change === null || change.bboxes.some((box) => overlap(box as Extent, loaded))
    if (hit) this.#loaded = null
    return hit
  }

  async #fetch(layer: string, extent: Extent, abort: AbortController): Promise<Found> {
    const [minx, miny, maxx, maxy] = extent
    const corners = [...toLonLat([minx, miny]), ...toLonLat([maxx, maxy])]
    const query = new URLSearchParams({ bbox: corners.join(), limit: String(LIMIT), crs: CRS })
    const response = await fetch(`/ogc/collections/${encodeURIComponent(layer)}/items?${query}`, {
      signal: abort.signal,
      headers: { Accept: 'application/geo+json' },
    })
    if (!response.ok) throw new Error(`${layer}: ${response.status} ${response.statusText}`)
    const collection = await response.json()
    const features = featuresOf(collection)
    for (const feature of features) feature.setId(keyOf({ layer, id: String(feature.getId()) }))
    const except = this.#except && keyOf(this.#except)
    return {
      features: features.filter((feature) => feature.getId() !== except),
      more: collection.numberMatched > features.length,
    }
  }
}

function contains(outer: Extent, inner: Extent): boolean {
  return (
    inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
  )
}

function widen([minx, miny, maxx, maxy]: Extent, share: number): Extent {
  const dx = (maxx - minx) * share
  const dy = (maxy - miny) * share
  return [minx - dx, miny - dy, maxx + dx, maxy + dy]
}
