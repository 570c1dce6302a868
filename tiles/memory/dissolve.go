package memory

import (
	"cmp"
	"math"
	"slices"

	"arpent/tiles/mvt"
)

// dissolver makes one shape of several that share borders. It keeps its memory.
type dissolver struct {
	kind  mvt.Kind
	lines mvt.Shape    // of lines, which are only put together
	net   map[side]int // of rings: how often more one way than the other
	edges []directed   // what is left, in order
	used  []bool       // by edge
	path  []mvt.Point  // the ring that is walked
	at    map[mvt.Point]int
	rings []ringOf
}

// side is an edge whichever way it is walked: a comes before b.
type side struct{ a, b mvt.Point }

// directed is an edge with what is inside on its right.
type directed struct{ from, to mvt.Point }

// ringOf is a closed line without its last point; its area is negative for a hole.
type ringOf struct {
	points []mvt.Point
	area   float64
	box    mvt.Box
	within int // of a hole: the ring that it is in
}

func newDissolver() *dissolver {
	return &dissolver{net: map[side]int{}, at: map[mvt.Point]int{}}
}

// begin starts another shape.
func (d *dissolver) begin() {
	d.kind = 0
	d.lines.Reset()
	clear(d.net)
}

// add adds lines or rings. Those of the highest dimension stay.
func (d *dissolver) add(s *mvt.Shape) {
	if s.Kind > d.kind {
		d.begin()
		d.kind = s.Kind
	}
	if s.Kind != d.kind {
		return
	}
	if s.Kind != mvt.Polygons {
		d.lines.Kind = s.Kind
		base := len(d.lines.Points)
		d.lines.Points = append(d.lines.Points, s.Points...)
		for _, part := range s.Parts {
			d.lines.Parts = append(d.lines.Parts, mvt.NewPart(base+part.End(), false))
		}
		return
	}
	start := 0
	for _, part := range s.Parts {
		ring := s.Points[start:part.End()]
		start = part.End()
		for i, to := range ring {
			from := ring[(i+len(ring)-1)%len(ring)]
			switch {
			case less(from, to):
				d.net[side{from, to}]++
			case less(to, from):
				d.net[side{to, from}]--
			}
		}
	}
}

// shape is what was added, as one: borders that are walked both ways are gone.
// It does not depend on the order in which shapes were added. What it returns is
// good until the next begin.
func (d *dissolver) shape() *mvt.Shape {
	if d.kind != mvt.Polygons {
		return d.sortedLines()
	}
	d.edges = d.edges[:0]
	for e, n := range d.net {
		for ; n > 0; n-- {
			d.edges = append(d.edges, directed{e.a, e.b})
		}
		for ; n < 0; n++ {
			d.edges = append(d.edges, directed{e.b, e.a})
		}
	}
	slices.SortFunc(d.edges, func(p, q directed) int {
		return cmp.Or(comparePoints(p.from, q.from), comparePoints(p.to, q.to))
	})
	d.used = append(d.used[:0], make([]bool, len(d.edges))...)
	d.rings = d.rings[:0]
	for i := range d.edges {
		if !d.used[i] {
			d.walk(i)
		}
	}
	return d.assemble()
}

func comparePoints(p, q mvt.Point) int { return cmp.Or(cmp.Compare(p.X, q.X), cmp.Compare(p.Y, q.Y)) }

// walk follows the border of a piece of land, which is on its right, back to
// where it began. Whenever it comes to a place again, what lies between is a ring.
func (d *dissolver) walk(first int) {
	d.path = append(d.path[:0], d.edges[first].from)
	clear(d.at)
	d.at[d.path[0]] = 0
	for i := first; i >= 0; i = d.next(i) {
		d.used[i] = true
		to := d.edges[i].to
		if start, again := d.at[to]; again {
			d.close(start)
			continue
		}
		d.at[to] = len(d.path)
		d.path = append(d.path, to)
	}
}

// close makes a ring of the path from a place on, which stays.
func (d *dissolver) close(start int) {
	points := slices.Clone(d.path[start:])
	for _, p := range points[1:] {
		delete(d.at, p)
	}
	d.path = d.path[:start+1]
	least := 0
	for i, p := range points {
		if less(p, points[least]) {
			least = i
		}
	}
	points = append(points[least:len(points):len(points)], points[:least]...)
	shape := mvt.Shape{Points: points}
	if area := mvt.Area2(points); area != 0 {
		d.rings = append(d.rings, ringOf{points: points, area: area, box: shape.Box(), within: -1})
	}
}

// next is the edge that goes on from the end of another, the most to the right
// of several; -1 when all have been walked.
func (d *dissolver) next(i int) int {
	at := d.edges[i]
	k, _ := slices.BinarySearchFunc(d.edges, at.to, func(e directed, p mvt.Point) int { return comparePoints(e.from, p) })
	best, most := -1, math.Inf(-1)
	for ; k < len(d.edges) && d.edges[k].from == at.to; k++ {
		if d.used[k] {
			continue
		}
		if turn := turnBetween(at, d.edges[k]); turn > most {
			best, most = k, turn
		}
	}
	return best
}

// turnBetween is by how much one turns to the right, clockwise on the map.
func turnBetween(a, b directed) float64 {
	angle := func(e directed) float64 {
		return math.Atan2(float64(e.to.Y)-float64(e.from.Y), float64(e.to.X)-float64(e.from.X))
	}
	turn := angle(b) - angle(a)
	switch {
	case turn > math.Pi:
		return turn - 2*math.Pi
	case turn <= -math.Pi:
		return turn + 2*math.Pi
	}
	return turn
}

// assemble puts holes behind the rings that they are in. Of shapes that lie on
// each other one stays.
func (d *dissolver) assemble() *mvt.Shape {
	slices.SortFunc(d.rings, func(a, b ringOf) int { return slices.CompareFunc(a.points, b.points, comparePoints) })
	d.rings = slices.CompactFunc(d.rings, func(a, b ringOf) bool { return slices.Equal(a.points, b.points) })
	for h := range d.rings {
		hole := &d.rings[h]
		if hole.area > 0 {
			continue
		}
		for o := range d.rings {
			outer := &d.rings[o]
			if outer.area > -hole.area && outer.box.Meets(hole.box) && (hole.within < 0 || outer.area < d.rings[hole.within].area) && outer.surrounds(hole) {
				hole.within = o
			}
		}
	}
	s := &mvt.Shape{Kind: mvt.Polygons}
	put := func(ring *ringOf, hole bool) {
		s.Points = append(s.Points, ring.points...)
		s.Parts = append(s.Parts, mvt.NewPart(len(s.Points), hole))
	}
	for o := range d.rings {
		if d.rings[o].area < 0 {
			continue
		}
		put(&d.rings[o], false)
		for h := range d.rings {
			if d.rings[h].within == o {
				put(&d.rings[h], true)
			}
		}
	}
	return s
}

// surrounds tells whether a hole that does not cross the ring is in it: the
// middle of one of its sides is.
func (r *ringOf) surrounds(hole *ringOf) bool {
	x := (float64(hole.points[0].X) + float64(hole.points[1].X)) / 2
	y := (float64(hole.points[0].Y) + float64(hole.points[1].Y)) / 2
	inside := false
	for i, q := range r.points {
		p := r.points[(i+len(r.points)-1)%len(r.points)]
		py, qy := float64(p.Y), float64(q.Y)
		if py > y != (qy > y) && x < float64(p.X)+(y-py)/(qy-py)*(float64(q.X)-float64(p.X)) {
			inside = !inside
		}
	}
	return inside
}

// sortedLines are the lines or points in an order of their own.
func (d *dissolver) sortedLines() *mvt.Shape {
	var parts [][]mvt.Point
	start := 0
	for _, part := range d.lines.Parts {
		parts = append(parts, d.lines.Points[start:part.End()])
		start = part.End()
	}
	slices.SortFunc(parts, func(a, b []mvt.Point) int { return slices.CompareFunc(a, b, comparePoints) })
	s := &mvt.Shape{Kind: d.lines.Kind}
	for _, part := range parts {
		s.Points = append(s.Points, part...)
		s.Parts = append(s.Parts, mvt.NewPart(len(s.Points), false))
	}
	return s
}
