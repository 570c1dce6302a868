/** The tools of a free layer: each turns a gesture into one operation on the features chosen. */
import Collection from 'ol/Collection'
import { altKeyOnly, click } from 'ol/events/condition'
import type OLFeature from 'ol/Feature'
import Modify from 'ol/interaction/Modify'
import { Magnet } from '../drawing/magnet'
import { Pen } from '../drawing/pen'
import { drawnType } from '../editing/geometry'
import { SKETCH } from '../editing/olstyle'
import { keyOf, refOf } from '../editing/snapping'
import type { Geometry } from '../map/api'
import { geometryOf } from '../map/olgeometry'
import type { FreeTool } from './api'
import { Carry } from './carry'
import { dragging, drawing, type Gestures, NEAR, type Tool, type Workplace } from './gestures'

export const freeTools: Record<FreeTool, Tool> = {
  put: (place) => {
    const { sources, changed } = place
    const type = drawnType(place.type)
    const drawn = (shape: Geometry) =>
      void place.do({ kind: 'put', shapes: [shape], ...place.given })
    const pen = new Pen({ type, style: SKETCH, sources, changed, drawn })
    return { interactions: pen.interactions, magnet: pen.magnet, pen }
  },
  'free-vertices': vertices,
  'free-move': move,
  'free-split': (place) => byLine(place, 'split'),
  'free-reshape': (place) => byLine(place, 'reshape'),
  'free-hole': (place) =>
    drawing(place, 'Polygon', (area) => {
      void place.do({ kind: 'cut-hole', ids: place.state.chosen, shapes: [area] })
    }),
  'free-fill': (place) => ({
    clicked: (at) => void place.do({ kind: 'fill-hole', ids: place.state.chosen, to: [at] }),
  }),
}

function byLine(place: Workplace, kind: 'split' | 'reshape'): Gestures {
  return drawing(place, 'LineString', (geometry) => {
    if (geometry.type !== 'LineString') return
    void place.do({ kind, ids: place.state.chosen, line: geometry.coordinates })
  })
}

/** The chosen features as they are at hand. */
const chosenOf = (place: Workplace): OLFeature[] =>
  place.state.chosen.flatMap((id) => {
    const found = place.hand.getFeatureById(keyOf({ layer: place.state.layer ?? '', id }))
    return found && !Array.isArray(found) ? [found] : []
  })

function vertices(place: Workplace): Gestures {
  const modify = new Modify({
    features: new Collection(chosenOf(place)),
    style: SKETCH,
    pixelTolerance: NEAR,
    deleteCondition: (event) => altKeyOnly(event) && click(event),
  })
  modify.on('modifystart', ({ features }) => place.drag(features.getArray()))
  modify.on('modifyend', ({ features }) => {
    const changed = features.getArray().flatMap((feature) => {
      const shape = geometryOf(feature)
      return shape ? [{ id: refOf(feature).id, shape }] : []
    })
    if (changed.length === 0) return
    void place.do({
      kind: 'replace',
      ids: changed.map(({ id }) => id),
      shapes: changed.map(({ shape }) => shape),
    })
  })
  return dragging(place, modify)
}

function move(place: Workplace): Gestures {
  const features = chosenOf(place)
  const carry = new Carry({
    features,
    grabs: (at) => place.at(at).some((id) => place.state.chosen.includes(id)),
    lifted: () => place.drag(features),
    dropped: (from, to) =>
      void place.do({ kind: 'move', ids: place.state.chosen, from: [from], to: [to] }),
  })
  const held = new Set(features)
  const { sources, changed } = place
  const magnet = new Magnet({ sources, changed, without: () => held })
  return { interactions: [carry, magnet], magnet }
}
