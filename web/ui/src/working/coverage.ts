/** The tools of a coverage: each turns a gesture into one operation. The server computes borders. */
import { altKeyOnly, click } from 'ol/events/condition'
import Modify from 'ol/interaction/Modify'
import { SKETCH } from '../editing/olstyle'
import type { CoverageTool } from './api'
import { dragging, drawing, type Gestures, NEAR, type Tool, type Workplace } from './gestures'
import { sideNear } from './places'

export const coverageTools: Record<CoverageTool, Tool> = {
  vertices,
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

/** A vertex is moved for all who have it: they follow while it is dragged. */
function vertices(place: Workplace): Gestures {
  let grabbed: { vertex: number[] | null; at: number[] } | null = null
  const modify = new Modify({
    source: place.hand,
    style: SKETCH,
    pixelTolerance: NEAR,
    deleteCondition: (event) => {
      const vertex = altKeyOnly(event) && click(event) && place.vertexAt(event.coordinate)
      if (vertex) void place.do({ kind: 'remove-vertex', from: [vertex] })
      return false // the server does it, for all who have the vertex
    },
  })
  modify.on('modifystart', ({ features, mapBrowserEvent }) => {
    const at = mapBrowserEvent?.coordinate ?? []
    grabbed = { vertex: place.vertexAt(at), at }
    place.drag(features.getArray())
  })
  modify.on('modifyend', ({ mapBrowserEvent }) => {
    if (!grabbed || !mapBrowserEvent) return
    const { vertex, at } = grabbed
    grabbed = null
    const to = [mapBrowserEvent.coordinate as number[]]
    if (vertex) void place.do({ kind: 'move', from: [vertex], to })
    else void place.do({ kind: 'insert-vertex', from: [at], to, width: place.reach() })
  })
  return dragging(place, modify)
}
