/** What editing needs of the map around it. */
import type OLFeature from 'ol/Feature'
import type OLMap from 'ol/Map'
import type { Coordinate, Extent, Hit } from '../map/api'
import type { TileLayer } from '../map/tilelayer'

export interface EditHost {
  map: OLMap
  zIndex: number
  layer(id: string): TileLayer | undefined
  /** Layers to snap to at the present view. */
  snapLayers(): string[]
  /** Features of others that are drawn within a box: to snap to, no more. */
  borrowed(extent: Extent): OLFeature[]
  /** What is drawn within some pixels of a place, topmost first. */
  hitsAt(place: Coordinate, pixels: number): Hit[]
  refresh(layer: string, boxes: Extent[]): Promise<void>
  rendered(): Promise<void>
}
