/** Measuring on the map, as the frame sees it: plain values, no OpenLayers. */
import type { Coordinate } from '../map/api'

export type MeasureKind = 'length' | 'area' | 'azimuth'

export interface Measure {
  id: number
  kind: MeasureKind
  /** EPSG:3857; of an area the outline, its first vertex not repeated. */
  places: Coordinate[]
}

/** What stands at each side, at each vertex and in the middle. */
export interface Labels {
  sides: string[]
  vertices: string[]
  whole: string
}

export interface MeasuringSession {
  /** Draws measures of this kind, one after the other; null: none. */
  use(kind: MeasureKind | null): void
  /** Called with each measure that is finished. */
  onDrawn(listener: (measure: Omit<Measure, 'id'>) => void): () => void
  /** Called when Escape is pressed and no line is begun. */
  onLeft(listener: () => void): () => void
  /** The measures that are drawn, with their words; and the words of the one that is being drawn. */
  show(
    measures: { measure: Measure; labels: Labels }[],
    labelsOf: (measure: Omit<Measure, 'id'>) => Labels,
  ): void
}
