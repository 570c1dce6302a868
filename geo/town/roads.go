package town

import (
	"cmp"
	"math"
	"slices"
)

// layRiverAndRoads outlines the commune, then lays the river, the roads that leave the town
// from its church square, and the boulevards around the old town.
func (g *generator) layRiverAndRoads() {
	radials, ok := g.layMainRoads()
	for !ok {
		radials, ok = g.layMainRoads()
	}
	g.layBoulevard(radials, g.plan.core, 11*metre)
	if g.plan.urban > 800*metre {
		g.layBoulevard(radials, .55*g.plan.urban, 14*metre)
	}
	if g.plan.urban > 3000*metre {
		g.layBoulevard(radials, .95*g.plan.urban, 18*metre)
	}
}

// layMainRoads draws the limit, the river and the roads anew. It tells whether the draw was
// a good one.
func (g *generator) layMainRoads() ([]radial, bool) {
	ring := g.outline()
	tags := make([]int32, len(ring))
	for i := range tags {
		tags[i] = limit
	}
	g.land.reset(ring, tags)
	g.ways = g.ways[:0]
	g.tree = append(g.tree[:0], division{})
	g.leafOf = append(g.leafOf[:0], 0)
	if !simple(ring) || !g.layRiver() {
		return nil, false
	}
	radials := g.layRadials()
	return radials, len(radials) >= 4
}

// outline draws the limit of the commune.
func (g *generator) outline() []point {
	mean := g.plan.commune
	n := int(min(400, max(36, mean/(60*metre))))
	var phase [6]float64
	for i := range phase {
		phase[i] = 2 * math.Pi * g.rand.Float64()
	}
	ring := make([]point, n)
	for i := range ring {
		a := 2 * math.Pi * (float64(i) + .3*spread(g.rand)) / float64(n)
		r := 1.0
		for k, p := range phase {
			r += .11 / float64(k+1) * math.Sin(float64(k+2)*a+p)
		}
		r += .03 * spread(g.rand)
		ring[i] = point{}.add(heading(a).scale(r * mean))
	}
	return ring
}

// radial is a road out of the town.
type radial struct {
	way   int32
	angle float64
}

// layRadials lays the roads that leave the church square, in the order of their angles.
func (g *generator) layRadials() []radial {
	p := &g.plan
	up := math.Pi / 2
	// The through road: from the limit to the church, over the river, to the other limit.
	north, south := up+.25*spread(g.rand), -up+.2*spread(g.rand)
	in, out := g.roadLine(north), g.roadLine(south)
	all := []int32{}
	for e := range int32(len(g.land.from)) {
		if g.land.face[e] != outside && g.land.tag[e] == limit {
			all = append(all, e)
		}
	}
	last, start, n := point{}, int32(-1), 0
	for i, q := range in {
		if e, hit, ok := g.land.firstCrossing(all, last, q); ok {
			start, n = g.land.splitEdge(e, hit), i
			break
		}
		last = q
	}
	in = slices.Clone(in[:n])
	slices.Reverse(in)
	through := g.newWay(way{class: Primary, half: 6 * metre})
	g.ways[through].first = g.trace(start, append(append(in, point{}), out...), through, -1)
	second := g.newWay(way{class: Primary, half: 6 * metre, first: -1})
	past := false
	hub := int32(-1)
	for _, h := range g.follow(g.ways[through].first) {
		if g.land.start(h) == (point{}) {
			past, hub = true, h
			g.ways[second].first = h
		}
		if past {
			g.land.tag[h], g.land.tag[h^1] = second, second
		}
	}
	radials := []radial{{through, north}, {second, south}}
	angles := []float64{north + 1.15 + .2*spread(g.rand), north - 1.15 + .2*spread(g.rand)}
	if p.urban > 300*metre {
		angles = append(angles, north+.55+.1*spread(g.rand), south-.95+.1*spread(g.rand))
	}
	if p.urban > 700*metre {
		angles = append(angles, north-.55+.1*spread(g.rand), south+.95+.1*spread(g.rand))
	}
	if hub < 0 {
		return nil
	}
	for i, a := range angles {
		class, half := Secondary, 5*metre
		if i < 2 {
			class, half = Primary, 6*metre
		}
		w := g.newWay(way{class: class, half: half})
		if g.ways[w].first = g.trace(hub, g.roadLine(a), w, -1); g.ways[w].first >= 0 {
			radials = append(radials, radial{w, a})
		}
	}
	for i := range radials {
		radials[i].angle = math.Remainder(radials[i].angle, 2*math.Pi)
	}
	slices.SortFunc(radials, func(a, b radial) int { return cmp.Compare(a.angle, b.angle) })
	return radials
}

func (g *generator) newWay(w way) int32 {
	g.ways = append(g.ways, w)
	return int32(len(g.ways) - 1)
}

// roadLine draws a winding line from near the centre to beyond the limit, the angle being
// taken from the direction of the river.
func (g *generator) roadLine(angle float64) []point {
	var line []point
	sway := 0.
	for r := min(45*metre, .6*g.plan.core); r < 1.7*g.plan.commune; {
		sway = .9*sway + .035*spread(g.rand)
		line = append(line, point{}.add(heading(angle+g.plan.tilt+sway).scale(r)))
		r += max(35*metre, .12*r)
	}
	return line
}

// layBoulevard joins neighbouring radials at about the given distance from the centre.
func (g *generator) layBoulevard(radials []radial, r, width float64) {
	m := &g.land
	ends := make([]int32, len(radials))
	mean := r
	for i, rd := range radials {
		ends[i] = -1
		r := mean * (1 + .16*spread(g.rand))
		for _, h := range g.follow(g.ways[rd.way].first) {
			a, b := point{}.distance(m.start(h)), point{}.distance(m.end(h))
			if a < r && r <= b {
				t := (r - a) / (b - a)
				ends[i] = m.splitEdge(h, m.start(h).add(m.start(h).to(m.end(h)).scale(t)))
				break
			}
		}
	}
	for i := range radials {
		j := (i + 1) % len(radials)
		if ends[i] < 0 || ends[j] < 0 || i == j {
			continue
		}
		a, b := point{}.to(m.start(ends[i])), point{}.to(m.start(ends[j]))
		turn := a.angleTo(b)
		if turn > 2.6 {
			continue
		}
		n := int(max(2, turn*r/(90*metre)))
		var line []point
		for k := 1; k < n; k++ {
			t := float64(k) / float64(n)
			far := a.length()*(1-t) + b.length()*t
			far *= 1 + .05*math.Sin(math.Pi*t) + .008*spread(g.rand)
			line = append(line, point{}.add(a.unit().turned(turn*t).scale(far)))
		}
		line = append(line, m.start(ends[j]))
		w := g.newWay(way{class: Secondary, half: width / 2})
		g.ways[w].first = g.trace(ends[i], line, w, m.from[ends[j]])
	}
}
