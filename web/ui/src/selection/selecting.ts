/** Draws the areas by which features are chosen. Loaded when somebody chooses on the map. */
import Circle from 'ol/geom/Circle'
import type Geometry from 'ol/geom/Geometry'
import Polygon from 'ol/geom/Polygon'
import { createBox, type Options } from 'ol/interaction/Draw'
import type OLMap from 'ol/Map'
import { BegunDraw } from '../drawing/begun'
import { ringOf } from '../drawing/figures'
import { SKETCH } from '../editing/olstyle'
import type { Coordinate } from '../map/api'
import { Listeners } from '../map/listeners'
import type { SelectingSession, SelectTool, Way } from './api'

type Ring = Coordinate[]
interface Events {
  drawn: { area: { type: 'Polygon'; coordinates: Ring[] }; way: Way | null }
  left: null
}

export class Selecting implements SelectingSession {
  readonly #map: OLMap
  /** Told which tool the map is in the hands of. */
  readonly #busy: (tool: SelectTool | null) => void
  readonly #listeners = new Listeners<Events>()
  #draw: BegunDraw | null = null
  #way: Way | null = null

  constructor(map: OLMap, busy: (tool: SelectTool | null) => void) {
    this.#map = map
    this.#busy = busy
  }

  use(tool: SelectTool | null): void {
    if (this.#draw) this.#map.removeInteraction(this.#draw)
    this.#draw = null
    this.#busy(tool)
    document.removeEventListener('keydown', this.#key)
    if (!tool) return
    document.addEventListener('keydown', this.#key)
    if (tool !== 'click') this.#begin(tool)
  }

  onDrawn(listener: (drawn: Events['drawn']) => void): () => void {
    return this.#listeners.on('drawn', listener)
  }

  onLeft(listener: () => void): () => void {
    return this.#listeners.on('left', listener)
  }

  #begin(tool: Exclude<SelectTool, 'click'>): void {
    const dragged = tool !== 'polygon'
    const options: Options = {
      type: dragged ? 'Circle' : 'Polygon',
      geometryFunction: tool === 'box' ? createBox() : undefined,
      // Boxes and circles are dragged; a click alone draws none and stays the map's.
      freehandCondition: () => dragged,
      stopClick: !dragged,
      condition: ({ originalEvent }) => {
        const { shiftKey, ctrlKey, metaKey } = originalEvent
        this.#way = shiftKey ? 'add' : ctrlKey || metaKey ? 'remove' : null
        return !('button' in originalEvent) || originalEvent.button === 0
      },
      style: SKETCH,
    }
    this.#draw = new BegunDraw(options, (feature) => {
      const ring = ringFrom(feature.getGeometry())
      if (!ring) return
      const area = { type: 'Polygon' as const, coordinates: [ring] }
      this.#listeners.emit('drawn', { area, way: this.#way })
    })
    this.#map.addInteraction(this.#draw)
  }

  /** The first Escape leaves the area that is begun, the next the tool. */
  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    if (event.target instanceof Element && event.target.closest('[role="dialog"]')) return
    event.preventDefault()
    if (!this.#draw?.leave()) this.#listeners.emit('left', null)
  }
}

/** The closed outline of what was drawn; circles are right on the ground. Null where there is none. */
function ringFrom(drawn: Geometry | undefined): Ring | null {
  if (drawn instanceof Circle) {
    const centre = drawn.getCenter() as Coordinate
    return ringOf('circle', [centre, drawn.getLastCoordinate() as Coordinate], 0)
  }
  if (!(drawn instanceof Polygon) || drawn.getArea() === 0) return null
  return (drawn.getCoordinates()[0] ?? []) as Ring
}
