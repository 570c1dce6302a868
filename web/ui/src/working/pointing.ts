/** A tool that points: it shows on the map what a click would do, before it does it. */
import type OLFeature from 'ol/Feature'
import Interaction from 'ol/interaction/Interaction'
import VectorLayer from 'ol/layer/Vector'
import type OLMap from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import VectorSource from 'ol/source/Vector'
import type Style from 'ol/style/Style'
import type { Coordinate, Geometry } from '../map/api'
import { featureOf } from '../map/olgeometry'

export interface Aim {
  /** What is shown, and how. */
  shown: { geometry: Geometry; style: Style }[]
  /** What a click does. */
  act: () => void
}

export interface PointingOptions {
  /** What is meant at a place; null: nothing. */
  aim: (at: Coordinate) => Aim | null
  /** A click that meant nothing. */
  missed: (at: Coordinate) => void
}

export class Pointing extends Interaction {
  readonly #options: PointingOptions
  readonly #source = new VectorSource<OLFeature>()
  readonly #layer = new VectorLayer({
    source: this.#source,
    zIndex: 2000,
    updateWhileInteracting: true,
  })

  constructor(options: PointingOptions) {
    super()
    this.#options = options
  }

  override setMap(map: OLMap | null): void {
    this.getMap()?.removeLayer(this.#layer)
    super.setMap(map)
    map?.addLayer(this.#layer)
  }

  override handleEvent(event: MapBrowserEvent): boolean {
    const at = event.coordinate as Coordinate
    if (event.type === 'pointermove') this.#show(this.#options.aim(at))
    if (event.type === 'click') {
      const aim = this.#options.aim(at)
      this.#show(null)
      if (aim) aim.act()
      else this.#options.missed(at)
    }
    return true
  }

  #show(aim: Aim | null): void {
    this.#source.clear()
    if (aim) this.#source.addFeatures(aim.shown.map(drawn))
  }
}

function drawn({ geometry, style }: Aim['shown'][number]): OLFeature {
  const feature = featureOf(geometry)
  feature.setStyle(style)
  return feature
}
