package town

import (
	"math"
	"slices"
)

// firstCrossing finds where the segment pq first meets one of the edges.
func (m *mesh) firstCrossing(hs []int32, p, q point) (edge int32, hit point, ok bool) {
	best := math.Inf(1)
	pq := p.to(q)
	for _, e := range hs {
		a, b := m.start(e), m.end(e)
		if !crosses(p, q, a, b) {
			continue
		}
		ab, pa := a.to(b), p.to(a)
		den := pq.cross(ab)
		if den == 0 {
			continue
		}
		if t := pa.cross(ab) / den; t < best {
			best, edge, hit, ok = t, e, a.add(ab.scale(pa.cross(pq)/den)), true
		}
	}
	return edge, hit, ok
}

// trace lays an edge path from the start of h along the line, through whatever faces it
// meets, until the limit of the commune, or to the vertex target where the line ends when
// target is not negative. It returns the first half-edge of the path, -1 when there is no
// room for any of it.
func (g *generator) trace(h int32, line []point, tag, target int32) int32 {
	m := &g.land
	r, gap := rule{clear: 5 * metre, angle: .35, snap: 22 * metre}, 12*metre
	if tag == river {
		r, gap = g.plan.riverRule(), 4*g.plan.riverHalf
	}
	first := int32(-1)
	var hs []int32
	for len(line) > 0 {
		e := m.facing(h, line[0])
		if e < 0 {
			break
		}
		hs = m.ring(m.face[e], hs[:0])
		c, n, ok := g.leg(hs, cutEnd{e, m.start(e), true}, line, target, r)
		if !ok {
			break
		}
		line = line[n:]
		for n := len(c.through); n > 0 && c.through[n-1].distance(c.b.p) < gap; n-- {
			c.through = c.through[:n-1]
		}
		if !m.fits(hs, c, r) {
			break
		}
		last := g.divide(c, tag)
		if first < 0 {
			first = last
		}
		for range c.through {
			last = m.next[last]
		}
		if h = m.next[last]; m.onLimit(h) {
			break
		}
		for len(line) > 0 && line[0].distance(m.start(h)) < gap && (target < 0 || len(line) > 1) {
			line = line[1:]
		}
	}
	return first
}

// leg is the cut by which the line, from the start, divides the face whose half-edges are hs,
// and how many points of the line it uses up.
func (g *generator) leg(hs []int32, start cutEnd, line []point, target int32, r rule) (c cut, used int, ok bool) {
	m := &g.land
	from := start.p
	for k, q := range line {
		if target >= 0 && k == len(line)-1 {
			if i := slices.IndexFunc(hs, func(e int32) bool { return m.from[e] == target }); i >= 0 {
				return cut{start, cutEnd{hs[i], q, true}, line[:k]}, len(line), true
			}
		}
		others := hs
		if k == 0 {
			others = slices.DeleteFunc(slices.Clone(hs), func(e int32) bool { return m.holds(start, e) })
		}
		if e, hit, ok := m.firstCrossing(others, from, q); ok {
			if m.tag[e] == river { // a bridge goes straight over
				r.snap = 5 * metre
			}
			return cut{start, m.attach(e, hit, r), line[:k]}, k, true
		}
		from = q
	}
	return c, 0, false
}

// facing finds the half-edge out of the start of h whose face a segment to q would enter,
// or -1.
func (m *mesh) facing(h int32, q point) int32 {
	e := h
	for {
		if m.face[e] != outside && m.leavesWell(cutEnd{e, m.start(e), true}, q, 1e-6) {
			return e
		}
		if e = m.next[e^1]; e == h {
			return -1
		}
	}
}

// onLimit tells whether the start of h is on the limit of the mesh.
func (m *mesh) onLimit(h int32) bool {
	for e := h; ; {
		if m.face[e] == outside {
			return true
		}
		if e = m.next[e^1]; e == h {
			return false
		}
	}
}

// follow lists the half-edges of the way that h is on, from end to end, in the direction of h.
func (g *generator) follow(h int32) []int32 {
	if h < 0 {
		return nil
	}
	for e := g.onward(h ^ 1); e >= 0; e = g.onward(e) {
		h = e ^ 1
	}
	hs := []int32{h}
	for h = g.onward(h); h >= 0; h = g.onward(h) {
		hs = append(hs, h)
	}
	return hs
}

// onward is the half-edge that carries on the way of h, -1 at the way's end.
func (g *generator) onward(h int32) int32 {
	m := &g.land
	e := m.next[h]
	for e != h^1 && m.tag[e] != m.tag[h] {
		e = m.next[e^1]
	}
	if e == h^1 {
		return -1
	}
	return e
}
