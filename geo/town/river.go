package town

import (
	"math"
	"slices"
)

// layRiver draws a meandering river past the centre, from limit to limit. It tells whether
// the draw was a good one.
func (g *generator) layRiver() bool {
	p := &g.plan
	step := max(40*metre, p.commune/70)
	phase, long := 2*math.Pi*g.rand.Float64(), (.45+.2*g.rand.Float64())*p.commune
	course := func(x float64) point {
		away := min(1, math.Abs(x)/(.5*p.commune))
		y := -p.riverAt - away*away*.25*p.commune*math.Sin(phase) +
			(.02+.07*away)*p.commune*(math.Sin(2*math.Pi*x/long+phase)-math.Sin(phase)) +
			.15*step*spread(g.rand)
		return point{}.add(vector{x, y}.turned(p.tilt))
	}
	all := g.land.ring(0, nil)
	from, line := int32(-1), []point(nil)
	last := course(0)
	for x := -step; x > -3*p.commune && from < 0; x -= step {
		q := course(x)
		if e, hit, ok := g.land.firstCrossing(all, last, q); ok {
			end := g.land.attach(e, hit, p.riverRule())
			if from = end.h; !end.atVertex {
				from = g.land.splitEdge(e, hit)
			}
			break
		}
		line = append(line, q)
		last = q
	}
	if from < 0 {
		return false
	}
	for n := len(line); n > 0 && line[n-1].distance(g.land.start(from)) < max(.3*step, 4*p.riverHalf); {
		n--
		line = line[:n]
	}
	slices.Reverse(line)
	for x := 0.; x < 3*p.commune; x += step {
		line = append(line, course(x))
	}
	first := g.trace(from, line, river, -1)
	if first < 0 {
		return false
	}
	whole := g.follow(first)
	return g.land.onLimit(g.land.next[whole[len(whole)-1]])
}

// riverRule keeps the river off the corners of the commune, where its banks would not fit.
func (p *plan) riverRule() rule {
	return rule{clear: 2 * p.riverHalf, angle: .6, snap: 4 * p.riverHalf}
}

// fillRiver draws the water: the course of the river, widened to its banks. At the commune's
// limit the banks stop on the limit.
func (g *generator) fillRiver() {
	first := slices.Index(g.land.tag, river)
	hs := g.follow(int32(first))
	ring := g.bank(hs)
	slices.Reverse(hs)
	for i := range hs {
		hs[i] ^= 1
	}
	// The bank on the left of each direction, one after the other, runs clockwise.
	ring = append(ring, g.bank(hs)...)
	slices.Reverse(ring)
	g.water = ring
	for i, p := range ring {
		lo, hi := bounds(p, ring[(i+1)%len(ring)])
		g.banks.Insert([2]float64{lo.x, lo.y}, [2]float64{hi.x, hi.y}, i)
	}
	g.town.Watercourses = append(g.town.Watercourses, Watercourse{Name: g.names.river(), Geometry: g.place.polygon(ring)})
}

// bank is the line at half the river's width to the left of its course, from the limit to
// the limit, then the course's last point.
func (g *generator) bank(hs []int32) []point {
	m := &g.land
	half := g.plan.riverHalf
	offset := func(h int32) (middle point, along vector) {
		along = m.start(h).to(m.end(h))
		return m.start(h).add(along.scale(.5)).add(along.unit().left().scale(half)), along.unit()
	}
	from, d := offset(hs[0])
	out := []point{g.shore(from, d.scale(-1))}
	for _, h := range hs[1:] {
		_, e := offset(h)
		mean := d.plus(e).unit()
		out = append(out, m.start(h).add(mean.left().scale(half/mean.dot(d))))
		d = e
	}
	last := hs[len(hs)-1]
	from, _ = offset(last)
	return append(out, g.shore(from, d), m.end(last))
}

// shore is where a bank that goes on from p meets the limit, a few millimetres inside it.
func (g *generator) shore(p point, dir vector) point {
	var edges []int32
	for h := range int32(len(g.land.from)) {
		if g.land.face[h] == outside {
			edges = append(edges, h)
		}
	}
	_, hit, ok := g.land.firstCrossing(edges, p, p.add(dir.scale(2*g.plan.commune)))
	if !ok {
		return p
	}
	return hit.add(dir.scale(-5))
}
