/** What editing needs of the map around it. */
import type OLMap from 'ol/Map'
import type { Coordinate, Extent, Hit } from '../map/api'
import type { TileLayer } from '../map/tilelayer'

export interface EditHost {
  map: OLMap
  zIndex: number
  layer(id: string): TileLayer | undefined
  /** Layers to snap to at the present view. */
  snapLayers(): string[]
  /** What is drawn within some pixels of a place, topmost first. */
  hitsAt(place: Coordinate, pixels: number): Hit[]
  refresh(layer: string, boxes: Extent[]): Promise<void>
  rendered(): Promise<void>
}
