package mvt

import (
	"fmt"
	"slices"

	"arpent/geo/coverage"
	"arpent/geo/grid"
)

// drawPolygons clips rings to the tile, each by itself (Sutherland and Hodgman
// 1974), which leaves what they enclose within the tile as it is by the even-odd
// rule. Where the outcome is no valid polygon, such as two pieces that are still
// joined along the border of the tile, it is mended.
func (e *Encoder) drawPolygons(s *Shape) (Fate, error) {
	e.rings, e.parts = e.rings[:0], e.parts[:0]
	fate := Outside
	sound, outer := true, false // as drawn so far; whether the last outer ring is there
	start := 0
	for _, part := range s.Parts {
		from := start
		start = part.End()
		if part.Hole() && !outer {
			continue
		}
		if !part.Hole() {
			outer = false
		}
		box := e.put(s, from, part.End())
		ring := e.path
		if len(ring) == 0 || out(box) {
			continue
		}
		fate = Collapsed
		if !in(box) {
			ring = e.clipRing()
		}
		ring = withoutSpikes(ring)
		if len(ring) < 3 {
			continue
		}
		area := ringArea(ring)
		if area == 0 && !crossed(ring) {
			continue
		}
		if area > 0 == part.Hole() { // a sliver that rounding turned around
			if part.Hole() || area == 0 {
				sound = false
			}
			slices.Reverse(ring)
		}
		outer = true
		e.rings = append(e.rings, ring...)
		e.parts = append(e.parts, NewPart(len(e.rings), part.Hole()))
	}
	if len(e.parts) == 0 {
		return fate, nil
	}
	if !sound || !e.simple() {
		if err := e.mend(); err != nil {
			return fate, err
		}
		if len(e.parts) == 0 {
			return Collapsed, nil
		}
	}
	start = 0
	for _, part := range e.parts {
		e.ring(e.rings[start:part.End()])
		start = part.End()
	}
	return Drawn, nil
}

func (e *Encoder) ring(ring []grid.Point) {
	e.command(moveTo, 1)
	e.to(ring[0])
	e.command(lineTo, len(ring)-1)
	for _, p := range ring[1:] {
		e.to(p)
	}
	e.command(closePath, 1)
}

// clipRing clips e.path side by side.
func (e *Encoder) clipRing() []grid.Point {
	for _, side := range sides {
		if len(e.path) == 0 {
			break
		}
		e.clipped = e.clipped[:0]
		p := e.path[len(e.path)-1]
		inP := side.has(p)
		for _, q := range e.path {
			inQ := side.has(q)
			if inP != inQ {
				e.clipped = appendNew(e.clipped, crossAt(p, q, side.at, side.vertical))
			}
			if inQ {
				e.clipped = appendNew(e.clipped, q)
			}
			p, inP = q, inQ
		}
		e.path, e.clipped = e.clipped, e.path
	}
	return e.path
}

func appendNew(path []grid.Point, p grid.Point) []grid.Point {
	if n := len(path); n > 0 && path[n-1] == p {
		return path
	}
	return append(path, p)
}

// withoutSpikes takes out of a ring, in place, what goes out and back the same
// way, and points that come twice in a row.
func withoutSpikes(ring []grid.Point) []grid.Point {
	kept := ring[:0]
	for _, p := range ring {
		for {
			n := len(kept)
			if n > 0 && kept[n-1] == p {
				kept = kept[:n-1]
				continue
			}
			if n > 1 && spike(kept[n-2], kept[n-1], p) {
				kept = kept[:n-1]
				continue
			}
			break
		}
		kept = append(kept, p)
	}
	for len(kept) > 2 {
		n := len(kept)
		switch {
		case kept[n-1] == kept[0], spike(kept[n-2], kept[n-1], kept[0]):
			kept = kept[:n-1]
		case spike(kept[n-1], kept[0], kept[1]):
			kept = kept[1:]
		default:
			return kept
		}
	}
	return kept
}

// spike tells whether the way turns back on itself at b.
func spike(a, b, c grid.Point) bool {
	ux, uy, vx, vy := b.X-a.X, b.Y-a.Y, c.X-b.X, c.Y-b.Y
	return ux*vy-uy*vx == 0 && ux*vx+uy*vy < 0
}

// crossed tells whether a ring without area encloses some all the same, as a
// bow-tie does.
func crossed(ring []grid.Point) bool {
	for i := 2; i < len(ring); i++ {
		if grid.Orientation(ring[0], ring[1], ring[i]) != 0 {
			return true
		}
	}
	return false
}

// ringArea is twice the area in square units, positive for clockwise on the map.
func ringArea(ring []grid.Point) int64 {
	var sum int64
	for i := 2; i < len(ring); i++ {
		sum += grid.Orientation(ring[0], ring[i-1], ring[i])
	}
	return sum
}

// mend makes the rings valid, what they enclose left as it is to the nearest
// unit.
func (e *Encoder) mend() error {
	rings := make([]coverage.Ring, 0, len(e.parts))
	start := 0
	for _, part := range e.parts {
		rings = append(rings, e.rings[start:part.End()])
		start = part.End()
	}
	shape, err := coverage.Mend(rings)
	if err != nil {
		return fmt.Errorf("mvt: making a polygon valid: %w", err)
	}
	var places []grid.Point
	e.parts = e.parts[:0]
	for _, polygon := range shape {
		for i, ring := range polygon {
			places = append(places, ring...)
			e.parts = append(e.parts, NewPart(len(places), i > 0))
		}
	}
	e.rings = append(e.rings[:0], places...)
	return nil
}
