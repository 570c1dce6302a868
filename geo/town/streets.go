package town

import "math"

// divideIntoBlocks cuts the land by streets, then by smaller streets, until every face is
// about as large as a block of its zone.
func (g *generator) divideIntoBlocks() {
	var todo []int32
	for f := range int32(len(g.land.loop)) {
		todo = append(todo, f)
	}
	var hs []int32
	var ps []point
	for len(todo) > 0 {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		hs = g.land.ring(f, hs[:0])
		ps = g.land.points(hs, ps[:0])
		area := squareMetres(ps)
		z := g.finest(ps, area)
		if area < 1.55*shapes[z].block {
			continue
		}
		c, ok := g.bestStreet(hs, z, area, 1)
		if !ok {
			c, ok = g.bestStreet(hs, z, area, .6)
		}
		if !ok {
			continue
		}
		w := g.newWay(g.wayFor(z, area, c.length()))
		g.ways[w].first = g.divide(c, w)
		todo = append(todo, f, int32(len(g.land.loop)-1))
	}
	g.orderLeaves()
}

// finest is the most built of the zones that a ring reaches into: with its very corners
// when it is large, well into it when it is small.
func (g *generator) finest(ring []point, area float64) zone {
	mid := middle(ring)
	z := g.plan.zoneAt(mid)
	inwards := .5
	if area > 6*shapes[estate].block {
		inwards = .12
	}
	step := max(1, len(ring)/24)
	for i := 0; i < len(ring); i += step {
		z = min(z, g.plan.zoneAt(ring[i].add(ring[i].to(mid).scale(inwards))))
	}
	return z
}

// wayFor says what a street that cuts so much land for so long should be.
func (g *generator) wayFor(z zone, area, length float64) way {
	s := shapes[z]
	w := way{class: Residential, half: s.width / 2, zone: z}
	switch {
	case z == country && area < 12*s.block:
		w.class = Path
	case length > 900*metre || area > 30*s.block && length > 350*metre:
		w.class, w.half = Secondary, s.widened/2
	case z == core && length < 70*metre && g.rand.Float64() < .3:
		w.class, w.half = Path, 2*metre
	}
	return w
}

// bestStreet draws streets across the face and keeps the best that fits. Ease below 1
// relaxes the rule.
func (g *generator) bestStreet(hs []int32, z zone, area, ease float64) (best cut, ok bool) {
	m, s := &g.land, shapes[z]
	r := rule{clear: ease * s.clear, angle: .75 * math.Sqrt(ease), snap: ease * s.snap, loose: true}
	around := 0.
	for _, h := range hs {
		around += m.start(h).distance(m.end(h))
	}
	top := math.Inf(-1)
	for range 16 {
		at := g.rand.Float64() * around
		i := 0
		for ; i < len(hs)-1; i++ {
			l := m.start(hs[i]).distance(m.end(hs[i]))
			if at < l {
				break
			}
			at -= l
		}
		h := hs[i]
		along := m.start(h).to(m.end(h)).unit()
		lean, sweep := s.lean*spread(g.rand), s.bend*spread(g.rand)
		seed := g.rand.Uint64()
		a := m.attach(h, m.start(h).add(along.scale(at)), r)
		b, hit, found := m.cast(hs, a.p, along.left().turned(lean), a.h, m.prev[a.h])
		if !found {
			continue
		}
		c := cut{a: a, b: m.attach(b, hit, r)}
		score := 0.
		for _, e := range [2]int32{a.h, c.b.h} {
			if m.wet(e) || m.tag[e] == river {
				score--
			}
		}
		c.through = winding(c.a.p, c.b.p, s, sweep, seed)
		if !m.fits(hs, c, r) {
			c.through = nil
			score -= .15 + 2*s.bend
			if !m.fits(hs, c, r) {
				continue
			}
		}
		share := m.part(c) / 2e6 / area
		share = min(share, 1-share)
		if share < .12 {
			continue
		}
		score += 2*share - .45*c.length()/metre/math.Sqrt(area)
		if a.atVertex {
			score += .1
		}
		if c.b.atVertex {
			score += .1
		}
		if score > top {
			top, best, ok = score, c, true
		}
	}
	return best, ok
}

// winding lists the bends of a street from a to b.
func winding(a, b point, s shape, sweep float64, seed uint64) []point {
	ab := a.to(b)
	n := int(min(24, ab.length()/s.stride))
	sweep *= min(1, 400*metre/ab.length())
	var through []point
	for k := 1; k < n; k++ {
		t := float64(k) / float64(n)
		noise := float64(seed>>(uint(k*7)%57)&127)/64 - 1
		// The shake of a long street is that of a street of six strides.
		shake := min(ab.length(), 6*s.stride) / ab.length() * s.shake * noise
		side := sweep*math.Sin(math.Pi*t) + shake
		through = append(through, a.add(ab.scale(t)).add(ab.left().scale(side)))
	}
	return through
}

// orderLeaves lists the faces so that those of any node of the tree follow one another.
func (g *generator) orderLeaves() {
	g.rank = make([]int32, len(g.land.loop))
	var visit func(n int32)
	visit = func(n int32) {
		d := &g.tree[n]
		d.lo = int32(len(g.leaves))
		if d.kids[0] == 0 {
			g.rank[d.face] = d.lo
			g.leaves = append(g.leaves, d.face)
		} else {
			visit(d.kids[0])
			visit(d.kids[1])
		}
		d.hi = int32(len(g.leaves))
	}
	visit(0)
}

// station is where a half-edge of the land stands on its street.
type station struct {
	at      float64 // mm from the street's beginning to the edge's
	reverse bool    // the half-edge runs against the street
}

// assembleStreets draws the centrelines from the edges of the land, each from its end
// nearest the centre, and cuts the long ones where the town around them changes.
func (g *generator) assembleStreets() {
	m := &g.land
	g.along = make([]station, len(m.from))
	for w := 0; w < len(g.ways); w++ {
		hs := g.follow(g.ways[w].first)
		if hs == nil {
			continue
		}
		if origin := (point{}); origin.distance(m.end(hs[len(hs)-1])) < origin.distance(m.start(hs[0])) {
			for i, j := 0, len(hs)-1; i <= j; i, j = i+1, j-1 {
				hs[i], hs[j] = hs[j]^1, hs[i]^1
			}
		}
		stretch := g.ways[w]
		if n := g.stretch(hs); n < len(hs) {
			rest := g.newWay(g.ways[w])
			g.ways[rest].first = hs[n]
			for _, h := range hs[n:] {
				m.tag[h], m.tag[h^1] = rest, rest
			}
			hs = hs[:n]
		}
		length := 0.
		line := []point{m.start(hs[0])}
		for _, h := range hs {
			g.along[h] = station{at: length}
			length += m.start(h).distance(m.end(h))
			g.along[h^1] = station{at: length, reverse: true}
			line = append(line, m.end(h))
		}
		stretch.zone = g.plan.zoneAt(line[len(line)/2])
		stretch.line = line
		g.keepOffWater(hs, stretch.line)
		g.ways[w] = stretch
	}
}

// stretch says how many of the edges bear one street name.
func (g *generator) stretch(hs []int32) int {
	m := &g.land
	longest := []float64{420 * metre, 750 * metre, 900 * metre, 2500 * metre}
	z := g.plan.zoneAt(m.end(hs[0]))
	length := 0.
	for i, h := range hs {
		here := g.plan.zoneAt(m.end(h))
		if i > 0 && m.junction(h) && (length > longest[z] || here != z && length > .3*longest[min(z, here)]) {
			return i
		}
		length += m.start(h).distance(m.end(h))
	}
	return len(hs)
}

// keepOffWater shortens a street that ends at the river so that it ends on the bank.
func (g *generator) keepOffWater(hs []int32, line []point) {
	n := len(line)
	shorten := func(end, before *point) {
		back := end.to(*before)
		if keep := g.plan.riverHalf + 3*metre; back.length() > 1.5*keep {
			*end = end.add(back.unit().scale(keep))
		}
	}
	if g.land.wet(hs[0]) && !g.land.passes(hs[0]) {
		shorten(&line[0], &line[1])
	}
	if last := hs[len(hs)-1] ^ 1; g.land.wet(last) && !g.land.passes(last) {
		shorten(&line[n-1], &line[n-2])
	}
}

// wet tells whether the start of h is on the river.
func (m *mesh) wet(h int32) bool {
	for e := h; ; {
		if m.tag[e] == river {
			return true
		}
		if e = m.next[e^1]; e == h {
			return false
		}
	}
}

// passes tells whether a street meets h across the river at its start.
func (m *mesh) passes(h int32) bool {
	streets := 0
	for e := m.next[h^1]; e != h; e = m.next[e^1] {
		if m.tag[e] >= 0 {
			streets++
		}
	}
	return streets > 0
}
