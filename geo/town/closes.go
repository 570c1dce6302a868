package town

import (
	"math"
	"math/rand/v2"
)

// openClose runs a cul-de-sac with a turning circle into the block, from the middle of one of
// its long sides, where it is deep enough.
func (g *generator) openClose(l *lot, r *rand.Rand) {
	const half, circle, keep = 3.5 * metre, 9 * metre, 24 * metre
	var m mesh
	m.reset(l.ring, l.tags)
	hs := m.ring(0, nil)
	best, line := -1, []point(nil)
	for range 8 {
		i := r.IntN(len(hs))
		bow := .3 * spread(r)
		if try := g.closeFrom(l, &m, hs, i, bow, half, circle, keep); len(try) > len(line) {
			best, line = i, try
		}
	}
	if best < 0 {
		return
	}
	mid, n := line[0], len(line)-1
	in := m.start(hs[best]).to(m.end(hs[best])).unit().left()
	street := g.newWay(way{class: Service, half: half, first: -1, zone: l.zone})
	side := l.sides[l.tags[best]]
	start := mid.add(in.scale(-g.ways[side.street].half))
	g.ways[street].line = append([]point{start}, line...)

	var ring []point
	var tags []int32
	put := func(p point, e edging) {
		ring = append(ring, p)
		tags = append(tags, int32(len(l.sides)))
		l.sides = append(l.sides, e)
	}
	end := line[n]
	out := line[n-1].to(end).unit()
	// Up the left side of the close, around the circle, down the right side.
	run := start.distance(mid)
	type leg struct {
		a, b point
		at   float64
	}
	legs := make([]leg, n)
	for k := range n {
		legs[k] = leg{line[k], line[k+1], run}
		run += line[k].distance(line[k+1])
	}
	normal := func(k int) vector {
		switch {
		case k == 0:
			return in.left()
		case k == n:
			return out.left()
		}
		return line[k-1].to(line[k]).unit().plus(line[k].to(line[k+1]).unit()).unit().left()
	}
	edge := func(k int, left bool) edging {
		e := edging{street: street, left: left, limit: -1, at: legs[k].at, sense: 1}
		e.a, e.along = legs[k].a, legs[k].a.to(legs[k].b).unit()
		return e
	}
	for k := range n {
		put(line[k].add(normal(k).scale(half)), edge(k, true))
	}
	const facets = 10
	centre := end
	for k := range facets + 1 {
		a := math.Pi*.86 - 2*math.Pi*.86*float64(k)/facets
		put(centre.add(out.turned(a).scale(circle)), edge(n-1, k < facets/2))
	}
	for k := n - 1; k > 0; k-- {
		put(line[k].add(normal(k).scale(-half)), edge(k-1, false))
	}
	put(line[0].add(normal(0).scale(-half)), side)

	all := append([]point{}, l.ring[:best+1]...)
	all = append(append(all, ring...), l.ring[best+1:]...)
	marks := append([]int32{}, l.tags[:best+1]...)
	marks = append(append(marks, tags...), l.tags[best+1:]...)
	l.ring, l.tags = all, marks
}

// closeFrom draws the centreline of a close from the middle of the i-th edge of the block,
// bowed to one side, as long as there is room for lots all around. It is nil without room.
func (g *generator) closeFrom(l *lot, m *mesh, hs []int32, i int, bow, half, circle, keep float64) []point {
	h := hs[i]
	run := m.start(h).to(m.end(h))
	if l.sides[m.tag[h]].street < 0 || run.length() < 18*metre {
		return nil
	}
	along := run.unit()
	mid := m.start(h).add(run.scale(.5))
	in := along.left()
	_, hit, ok := m.cast(hs, mid, in, h)
	if !ok {
		return nil
	}
	reach := min(mid.distance(hit)-keep-circle-4*metre, 150*metre)
	if reach < 30*metre {
		return nil
	}
	line := []point{mid}
	n := int(max(2, reach/(14*metre)))
	for k := 1; k <= n; k++ {
		t := float64(k) / float64(n)
		line = append(line, mid.add(in.scale(t*reach)).add(along.scale(bow*reach*t*t)))
	}
	mouth := cutEnd{h: h, p: mid}
	gone := 0.
	for k, p := range line[1:] {
		for _, e := range hs {
			far := keep + half
			if e == h || m.goesOn(mouth, e, 60*metre) {
				far = min(far, .7*gone)
			}
			if e == h && k == 0 {
				continue
			}
			if near(line[k], p, m.start(e), m.end(e), max(far, 6*metre)) {
				return nil
			}
		}
		gone += line[k].distance(p)
	}
	return line
}
