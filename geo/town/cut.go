package town

import (
	"math"
	"slices"
)

// cutEnd is where a cut meets the boundary of a face: at p on the edge of half-edge h, or
// at the start of h.
type cutEnd struct {
	h        int32
	p        point
	atVertex bool
}

// cut is a way to divide a face: from one point of its boundary to another.
type cut struct {
	a, b    cutEnd
	through []point // between them
}

// rule says what keeps a cut well shaped.
type rule struct {
	clear float64 // mm that the cut keeps from edges it does not end on
	angle float64 // radians between the cut and the edges it ends on, at least
	snap  float64 // mm from a vertex within which an end is put on it
	loose bool    // only junctions attract ends
}

// cast finds where a ray from p first leaves the face. Edges that p lies on are given as skip.
func (m *mesh) cast(hs []int32, p point, dir vector, skip ...int32) (h int32, hit point, ok bool) {
	best := math.Inf(1)
	for _, e := range hs {
		a, b := m.start(e), m.end(e)
		ab, pa := a.to(b), p.to(a)
		den := dir.cross(ab)
		if den <= 0 || slices.Contains(skip, e) { // the ray enters by e, or starts on it
			continue
		}
		t, s := pa.cross(ab)/den, pa.cross(dir)/den
		if t > 0 && s >= 0 && s <= 1 && t < best {
			best, h, hit, ok = t, e, a.add(ab.scale(s)), true
		}
	}
	return h, hit, ok
}

// attach makes a cut's end at p, on the edge h of the face, or at a vertex close to it.
func (m *mesh) attach(h int32, p point, r rule) cutEnd {
	best, end := r.snap, cutEnd{h: h, p: p}
	for _, e := range [...]int32{h, m.next[h], m.prev[h], m.next[m.next[h]]} {
		q := m.start(e)
		if d := p.distance(q); d < best && (!r.loose || d < 6*metre || m.junction(e)) {
			best, end = d, cutEnd{e, q, true}
		}
	}
	return end
}

// fits tells whether the cut divides the face whose half-edges are hs within the rule.
func (m *mesh) fits(hs []int32, c cut, r rule) bool {
	if c.a.h == c.b.h || !m.leavesWell(c.a, c.at(1), r.angle) || !m.leavesWell(c.b, c.at(len(c.through)), r.angle) {
		return false
	}
	n := len(c.through) + 1
	gone, left := 0., c.length()
	for i := range n {
		p, q := c.at(i), c.at(i+1)
		left -= p.distance(q)
		for _, e := range hs {
			if i == 0 && m.holds(c.a, e) || i == n-1 && m.holds(c.b, e) || !near(p, q, m.start(e), m.end(e), r.clear) {
				continue
			}
			// A cut may be close to the edges that it is just leaving or reaching.
			reach := r.clear
			if m.holds(c.a, e) || m.goesOn(c.a, e, r.clear) {
				reach = min(reach, max(300, .5*gone))
			}
			if m.holds(c.b, e) || m.goesOn(c.b, e, r.clear) {
				reach = min(reach, max(300, .5*left))
			}
			if reach == r.clear || near(p, q, m.start(e), m.end(e), reach) {
				return false
			}
		}
		gone += p.distance(q)
	}
	return true
}

// goesOn tells whether the edge e only carries on, without a corner or a junction, the edge
// that the end is on, and is not further than reach from the end.
func (m *mesh) goesOn(c cutEnd, e int32, reach float64) bool {
	straight := func(p, q int32) bool {
		return !m.junction(q) && m.start(p).to(m.end(p)).unit().dot(m.start(q).to(m.end(q)).unit()) > .85
	}
	for h, d := c.h, c.p.distance(m.end(c.h)); d < reach; {
		next := m.next[h]
		if !straight(h, next) {
			break
		}
		if next == e {
			return true
		}
		h = next
		d += m.start(h).distance(m.end(h))
	}
	h := c.h
	if c.atVertex {
		h = m.prev[h]
	}
	for d := c.p.distance(m.start(h)); d < reach; {
		before := m.prev[h]
		if !straight(before, h) {
			break
		}
		if before == e {
			return true
		}
		h = before
		d += m.start(h).distance(m.end(h))
	}
	return false
}

// at is the i-th point of the cut.
func (c cut) at(i int) point {
	switch {
	case i == 0:
		return c.a.p
	case i > len(c.through):
		return c.b.p
	}
	return c.through[i-1]
}

func (c cut) length() (l float64) {
	for i := range len(c.through) + 1 {
		l += c.at(i).distance(c.at(i + 1))
	}
	return l
}

// holds tells whether the end lies on the edge e.
func (m *mesh) holds(c cutEnd, e int32) bool {
	return e == c.h || c.atVertex && e == m.prev[c.h]
}

// leavesWell tells whether a cut from the end towards q goes into the face and away from
// the edges it ends on.
func (m *mesh) leavesWell(c cutEnd, q point, least float64) bool {
	out := c.p.to(q)
	ahead, behind := m.start(c.h).to(m.end(c.h)), m.end(c.h).to(m.start(c.h))
	if c.atVertex {
		behind = c.p.to(m.start(m.prev[c.h]))
	}
	turn := ahead.angleTo(out)
	return turn >= least && turn <= ahead.angleTo(behind)-least
}

// part is the doubled area that the cut would leave on its left.
func (m *mesh) part(c cut) float64 {
	o := c.a.p
	var sum float64
	last := vector{}
	to := func(p point) {
		v := o.to(p)
		sum += last.cross(v)
		last = v
	}
	for _, p := range c.through {
		to(p)
	}
	to(c.b.p)
	for h := c.b.h; h != c.a.h; h = m.next[h] {
		to(m.end(h))
	}
	if !c.a.atVertex {
		to(c.a.p)
	}
	return sum
}

// apply makes the cut and returns the new face, left of it, and its first half-edge.
func (m *mesh) apply(c cut, tag int32) (face, first int32) {
	a, b := c.a.h, c.b.h
	if !c.a.atVertex {
		a = m.splitEdge(a, c.a.p)
	}
	if !c.b.atVertex {
		b = m.splitEdge(b, c.b.p)
	}
	return m.splitFace(a, b, c.through, tag)
}
