package mvt

import (
	"cmp"
	"slices"

	"arpent/geo/grid"
)

// edge is one of a polygon on the grid of the tile, its ends in order of X.
type edge struct {
	minX, maxX, minY, maxY int32
	p, q                   grid.Point // as the ring runs
	ring, at, last         int32      // its ring, its number there, and that of the last one
}

// few edges are compared each with each; more are swept from west to east.
const few = 32

// simple reports whether the polygon, whose rings have no spikes, is valid beyond doubt: no two of its edges
// touch, but for neighbours in a ring at the point that they share, and each
// hole lies in its outer ring. A valid one whose rings touch each other in a
// point is not simple: mending leaves it as it is.
func (e *Encoder) simple() bool {
	if len(e.parts) == 1 && len(e.rings) <= few {
		return simpleRing(e.rings)
	}
	e.edges = e.edges[:0]
	start := 0
	for number, part := range e.parts {
		ring := e.rings[start:part.End()]
		start = part.End()
		p := ring[len(ring)-1]
		for i, q := range ring {
			e.edges = append(e.edges, edge{
				int32(min(p.X, q.X)), int32(max(p.X, q.X)), int32(min(p.Y, q.Y)), int32(max(p.Y, q.Y)),
				p, q, int32(number), int32(i), int32(len(ring) - 1),
			})
			p = q
		}
	}
	slices.SortFunc(e.edges, func(a, b edge) int { return cmp.Compare(a.minX, b.minX) })
	for i := range e.edges {
		a := &e.edges[i]
		for j := i + 1; j < len(e.edges); j++ {
			b := &e.edges[j]
			if b.minX > a.maxX {
				break
			}
			if b.minY <= a.maxY && a.minY <= b.maxY && a.conflicts(b) {
				return false
			}
		}
	}
	return len(e.parts) == 1 || e.nested()
}

// simpleRing is simple for one ring with few edges.
func simpleRing(ring []grid.Point) bool {
	var boxes [few]struct{ minX, maxX, minY, maxY int32 }
	n := len(ring)
	p := ring[n-1]
	for i, q := range ring { // box i is that of the edge that ends in vertex i
		b := &boxes[i]
		b.minX, b.maxX = int32(min(p.X, q.X)), int32(max(p.X, q.X))
		b.minY, b.maxY = int32(min(p.Y, q.Y)), int32(max(p.Y, q.Y))
		p = q
	}
	for i := range n - 2 {
		a := &boxes[i]
		end := n
		if i == 0 {
			end-- // the last goes on in the first
		}
		for j := i + 2; j < end; j++ {
			b := &boxes[j]
			if b.minX <= a.maxX && a.minX <= b.maxX && b.minY <= a.maxY && a.minY <= b.maxY &&
				touch(ring[(i+n-1)%n], ring[i], ring[j-1], ring[j]) {
				return false
			}
		}
	}
	return true
}

// conflicts tells whether two edges whose boxes meet do so themselves where they
// may not. Neighbours in a ring without spikes never do.
func (a *edge) conflicts(b *edge) bool {
	if a.ring == b.ring {
		if d := a.at - b.at; d == 1 || d == -1 || d == a.last || d == -a.last {
			return false
		}
	}
	return touch(a.p, a.q, b.p, b.q)
}

// touch tells whether the ways ab and cd, whose boxes meet, do so themselves.
func touch(a, b, c, d grid.Point) bool {
	s, t := grid.Orientation(a, b, c), grid.Orientation(a, b, d)
	if s > 0 && t > 0 || s < 0 && t < 0 {
		return false
	}
	u, v := grid.Orientation(c, d, a), grid.Orientation(c, d, b)
	return !(u > 0 && v > 0 || u < 0 && v < 0)
}

// nested tells whether rings that do not touch lie in each other as they should:
// a hole within the outer ring before it, and each ring within as many others as
// its kind wants.
func (e *Encoder) nested() bool {
	outer, start := 0, 0
	for i, part := range e.parts {
		at := e.rings[start]
		start = part.End()
		if !part.Hole() {
			outer = i
		}
		depth, other := 0, 0
		within := false
		for j, ring := range e.parts {
			if i != j && inside(at, e.rings[other:ring.End()]) {
				depth++
				within = within || j == outer
			}
			other = ring.End()
		}
		if part.Hole() != (depth%2 == 1) || part.Hole() && !within {
			return false
		}
	}
	return true
}

// inside tells whether p, which is not on the ring, is within it.
func inside(p grid.Point, ring []grid.Point) bool {
	in := false
	a := ring[len(ring)-1]
	for _, b := range ring {
		if (a.Y > p.Y) != (b.Y > p.Y) {
			side := grid.Orientation(a, b, p)
			if a.Y > b.Y {
				side = -side
			}
			if side > 0 {
				in = !in
			}
		}
		a = b
	}
	return in
}
