package coverage

import "arpent/geo/grid"

// shape answers the land of the faces given; in tells which those are.
func (a *arrangement) shape(faces []int32, in func(face int32) bool) Shape {
	border := func(half int32) bool { return in(a.faceOf(half)) && !in(a.faceOf(half^1)) }
	var rings []Ring
	done := map[int32]bool{}
	for _, f := range faces {
		for _, c := range a.faces[f].cycles {
			for half := range a.walk(a.cycles[c].start) {
				if done[half] || !border(half) {
					continue
				}
				var way []int32
				for at := half; !done[at]; {
					done[at] = true
					from, _ := a.ends(at)
					way = append(way, from)
					at = a.next[at]
					for !border(at) {
						at = a.next[at^1] // within the land: turn on around the node
					}
				}
				rings = append(rings, a.simple(way)...)
			}
		}
	}
	return assemble(rings)
}

// simple cuts a way around at the nodes that it passes twice.
func (a *arrangement) simple(way []int32) []Ring {
	var rings []Ring
	var stack []int32
	place := map[int32]int{}
	for _, node := range way {
		if at, passed := place[node]; passed {
			rings = append(rings, a.ring(stack[at:]))
			for _, each := range stack[at+1:] {
				delete(place, each)
			}
			stack = stack[:at+1]
			continue
		}
		place[node] = len(stack)
		stack = append(stack, node)
	}
	return append(rings, a.ring(stack))
}

func (a *arrangement) ring(nodes []int32) Ring {
	ring := make(Ring, len(nodes))
	for i, node := range nodes {
		ring[i] = a.places[node]
	}
	return ring
}

// parts numbers the faces that are connected across edges that pass lets
// through, and answers how many parts there are.
func (a *arrangement) parts(in func(face int32) bool, pass func(half int32) bool) (of []int32, count int32) {
	of = make([]int32, len(a.faces))
	for i := range of {
		of[i] = -1
	}
	for start := range int32(len(a.faces)) {
		if of[start] >= 0 || !in(start) {
			continue
		}
		of[start] = count
		a.roam(start, func(_, over, half int32) bool {
			if of[over] >= 0 || !in(over) || !pass(half) {
				return false
			}
			of[over] = count
			return true
		})
		count++
	}
	return of, count
}

// box answers the extent of a face.
func (a *arrangement) box(f int32) grid.Box {
	b := grid.Nowhere
	for _, c := range a.faces[f].cycles {
		for half := range a.walk(a.cycles[c].start) {
			p, _ := a.line(half)
			b = b.With(p)
		}
	}
	return b
}

// at answers the face in which p lies; on an edge, one beside it.
func (a *arrangement) at(p Point) int32 {
	if len(a.edges) == 0 {
		return unbounded
	}
	index := newRows(a)
	if row := (p.Y - index.low) / index.height; p.Y < index.low || row >= int64(len(index.edges)) {
		return unbounded
	}
	half, found := index.westOf(p)
	if !found {
		return unbounded
	}
	return a.faceOf(half)
}

// someplace answers a place in the face or on its border, to show it.
func (a *arrangement) someplace(f int32) Point {
	if len(a.faces[f].cycles) == 0 {
		return Point{}
	}
	p, _ := a.line(a.cycles[a.faces[f].cycles[0]].start)
	return p
}
