/** The tools of a coverage: each turns a gesture into one operation. The server computes borders. */
import type OLFeature from 'ol/Feature'
import type { Coordinate, Geometry } from '../map/api'
import { geometryOf } from '../map/olgeometry'
import { acrossOf, boxOfSide, movedSides } from './across'
import type { CoverageTool } from './api'
import { drawing, type Gestures, moving, type Tool, type Workplace } from './gestures'
import { sideNear } from './places'

export const coverageTools: Record<CoverageTool, Tool> = {
  vertices: (place) =>
    moving(place, {
      move: (vertex, to) => void place.do({ kind: 'move', from: [vertex], to: [to] }),
      insert: (at, to) =>
        void place.do({ kind: 'insert-vertex', from: [at], to: [to], width: place.reach() }),
      remove: (vertex) => void place.do({ kind: 'remove-vertex', from: [vertex] }),
      fault: (features, before) => across(place, features, before),
    }),
  split: (place) => byLine(place, 'split'),
  reshape: (place) => byLine(place, 'reshape'),
  'cut-road': (place) =>
    drawing(place, 'LineString', (geometry) => {
      if (geometry.type !== 'LineString') return
      const { coordinates: line } = geometry
      const ids = place.state.chosen
      void place.do({ kind: 'cut-road', ids, line, slivers: true, ...place.given })
    }),
  draw: (place) =>
    drawing(place, 'Polygon', (geometry) => {
      if (geometry.type !== 'Polygon') return
      void place.do({ kind: 'draw', region: [geometry.coordinates], slivers: true })
    }),
  'cut-hole': (place) =>
    drawing(place, 'Polygon', (geometry) => {
      if (geometry.type !== 'Polygon') return
      const ids = place.state.chosen
      void place.do({ kind: 'cut-hole', ids, region: [geometry.coordinates] })
    }),
  'split-by-areas': (place) => ({
    clicked(at) {
      const ids = place.state.chosen.slice(0, 1)
      const side = ids[0] !== undefined && sideNear(place.shape(ids[0]), at)
      if (side) void place.do({ kind: 'split-by-areas', ids, line: side, ...place.given })
    },
  }),
  'fill-gap': (place) => at(place, 'fill-gap'),
  'assign-overlap': (place) => at(place, 'assign-overlap'),
}

/** Where borders that are dragged go over others, their own or those around. */
function across(place: Workplace, features: OLFeature[], before: Geometry[]): Coordinate | null {
  const shapesOf = (all: OLFeature[]) =>
    all.flatMap((each) => {
      const shape = geometryOf(each)
      return shape ? [shape] : []
    })
  const sides = movedSides(before, shapesOf(features))
  const around = sides.flatMap((side) => place.hand.getFeaturesInExtent(boxOfSide(side)))
  return acrossOf(sides, shapesOf([...new Set([...features, ...around])]))
}

function byLine(place: Workplace, kind: 'split' | 'reshape'): Gestures {
  return drawing(place, 'LineString', (geometry) => {
    if (geometry.type !== 'LineString') return
    void place.do({ kind, ids: place.state.chosen, line: geometry.coordinates })
  })
}

function at(place: Workplace, kind: 'fill-gap' | 'assign-overlap'): Gestures {
  return {
    clicked: (to) => void place.do({ kind, to: [to], ids: place.state.chosen.slice(0, 1) }),
  }
}
