package town

import (
	"math"
	"math/rand/v2"
	"slices"
)

// use is what a block is for.
type use int

const (
	oldTown use = iota
	strips      // faubourg
	houses      // lotissement
	flats       // grand ensemble
	works       // zone d'activités
	school
	park
	cemetery
	church
	fields
)

// edging is what lies beyond an edge of a block.
type edging struct {
	street int32 // way, or -1
	left   bool  // the block is on the left of the way
	limit  int32 // half-edge of land that the edge lies on, or -1: the block goes to the limit
	a      point // where the edge's line passes
	along  vector
	at     float64 // mm along the way where that is
	sense  float64 // 1 when the edge runs with the way, -1 against
}

// lot is a block being built.
type lot struct {
	ring  []point
	sides []edging
	tags  []int32 // edge of ring: index in sides
	use   use
	zone  zone
}

// fillBlocks turns the faces of the land into blocks and fills them with parcels and
// buildings. Each face has a random source of its own.
func (g *generator) fillBlocks() {
	g.parcels = make([]int32, len(g.leaves)+1)
	churchFace := g.churchFace()
	var b builder
	b.generator = g
	var hs []int32
	for rank, f := range g.leaves {
		r := rand.New(rand.NewPCG(g.seed, uint64(rank)+1))
		hs = g.land.ring(f, hs[:0])
		before := len(g.town.Parcels)
		if l, ok := g.blockOf(hs, f == churchFace, r); ok {
			b.fill(l, r)
		}
		g.parcels[rank] = int32(len(g.town.Parcels) - before)
	}
}

// churchFace is the face that has the church: the nearest to the centre where a church and
// its square have room.
func (g *generator) churchFace() int32 {
	if f := g.churchFaceWithin(3 * g.plan.core); f >= 0 {
		return f
	}
	return g.churchFaceWithin(math.Inf(1))
}

func (g *generator) churchFaceWithin(reach float64) int32 {
	best, nearest := int32(-1), math.Inf(1)
	var hs []int32
	var ps []point
	for _, f := range g.leaves {
		if (point{}).distance(g.land.start(g.land.loop[f])) > reach {
			continue
		}
		hs = g.land.ring(f, hs[:0])
		ps = g.land.points(hs, ps[:0])
		d := middle(ps).distance(point{})
		if slices.ContainsFunc(hs, func(h int32) bool { return g.land.tag[h] == limit }) {
			continue
		}
		if d > nearest {
			continue
		}
		l, ok := g.blockOf(hs, true, g.rand)
		if !ok {
			continue
		}
		size := g.churchSize(l.ring)
		if size < .35 {
			continue
		}
		if d += max(0, .8-size)*200*metre + max(0, squareMetres(l.ring)-4_000)/20*metre; d < nearest {
			best, nearest = f, d
		}
	}
	return best
}

// blockOf makes the block of a face: the face less the public ground around it. It tells
// whether anything is left.
func (g *generator) blockOf(hs []int32, church bool, r *rand.Rand) (lot, bool) {
	m := &g.land
	l := lot{}
	var ring []point
	var width []float64
	var edges []int32
	for i, h := range hs {
		// A vertex where the street goes straight on is of no use to the block.
		if p := hs[(i+len(hs)-1)%len(hs)]; len(ring) > 0 && m.tag[p] == m.tag[h] && m.tag[h] != limit &&
			apart(m.start(h), ring[len(ring)-1], m.end(h)) < 60 {
			continue
		}
		ring = append(ring, m.start(h))
		edges = append(edges, h)
		width = append(width, g.halfWidth(m.tag[h]))
	}
	if church {
		for i, h := range edges {
			if m.tag[h] >= 0 {
				width[i] += 9 * metre
			}
		}
	}
	l.zone = g.plan.zoneAt(middle(ring))
	// Where there is no room, streets narrow; where the river bends towards the block, so
	// that its bank would be cut off, the bank widens.
	var shrunk []point
	var src []int
	tight := make([]float64, len(width))
	for _, ease := range [...]struct{ street, bank float64 }{{1, 1}, {1, 1.4}, {.6, 1}, {.6, 1.4}, {1.5, 1.6}, {2.2, 1.6}, {.35, 1}, {3.2, 2}} {
		for i, w := range width {
			tight[i] = w * ease.street
			if m.tag[edges[i]] == river {
				tight[i] = w * ease.bank
			}
		}
		if shrunk, src = inset(ring, tight); shrunk != nil && keepsBack(shrunk, ring, width) && g.dry(shrunk) {
			break
		}
		shrunk = nil
	}
	if shrunk == nil || squareMetres(shrunk) < 70 {
		return l, false
	}
	l.ring = shrunk
	l.use = g.useOf(l, church, r)
	for k, i := range src {
		h := edges[i]
		e := edging{street: -1, limit: -1, a: ring[i], along: ring[i].to(ring[(i+1)%len(ring)]).unit()}
		switch t := m.tag[h]; {
		case t == limit:
			e.limit = h
		case t >= 0 && !church:
			s := g.along[h]
			e.street, e.left, e.at, e.sense = t, !s.reverse, s.at, 1
			if s.reverse {
				e.sense = -1
			}
		}
		l.sides = append(l.sides, e)
		l.tags = append(l.tags, int32(k))
	}
	g.alignLimit(&l)
	return l, true
}

// keepsBack tells whether the inset ring is on its side of every edge that has a width.
func keepsBack(shrunk, ring []point, width []float64) bool {
	for i, p := range ring {
		if width[i] == 0 {
			continue
		}
		q := ring[(i+1)%len(ring)]
		for j, a := range shrunk {
			if near(p, q, a, shrunk[(j+1)%len(shrunk)], .5*metre) {
				return false
			}
		}
	}
	return true
}

// dry tells whether the ring keeps off the water.
func (g *generator) dry(ring []point) bool {
	const keep = 1.5 * metre
	if inside(g.water, ring[0]) {
		return false
	}
	lo, hi := bounds(ring...)
	dry := true
	g.banks.Search([2]float64{lo.x - keep, lo.y - keep}, [2]float64{hi.x + keep, hi.y + keep}, func(_, _ [2]float64, j int) bool {
		for i, p := range ring {
			if near(p, ring[(i+1)%len(ring)], g.water[j], g.water[(j+1)%len(g.water)], keep) {
				dry = false
			}
		}
		return dry
	})
	return dry
}

// alignLimit puts the block's corners that lie on the commune's limit into the limit, so
// that the two share their edges. Last corner first: a split half-edge keeps its beginning.
func (g *generator) alignLimit(l *lot) {
	for k := len(l.ring) - 1; k >= 0; k-- {
		next := (k + 1) % len(l.ring)
		if h := l.sides[l.tags[k]].limit; h >= 0 {
			if p := l.ring[next]; p != g.land.end(h) {
				g.land.splitEdge(h, p)
			}
			if p := l.ring[k]; p != g.land.start(h) {
				l.sides[l.tags[k]].limit = g.land.splitEdge(h, p)
			}
		}
	}
}

func (g *generator) halfWidth(tag int32) float64 {
	switch tag {
	case limit:
		return 0
	case river:
		return g.plan.riverHalf + 4*metre
	}
	return g.ways[tag].half
}

// useOf draws what a block is for.
func (g *generator) useOf(l lot, isChurch bool, r *rand.Rand) use {
	area := squareMetres(l.ring)
	// A village has neither flats nor works: there the draws that call for them go to houses.
	d := r.Float64()
	size := min(1, g.plan.urban/(900*metre))
	switch {
	case isChurch:
		return church
	case l.zone == core:
		return oldTown
	case l.zone == country:
		return fields
	case l.zone == suburb:
		switch {
		case d < .03*size:
			return park
		case d < .06*size:
			return school
		case d < .06+.07*size*size && area > 6_000:
			return flats
		}
		return strips
	}
	switch {
	case d < .025*size:
		return park
	case d < .045*size:
		return school
	case d > .99:
		return cemetery
	case d > .99-.055*size*size:
		return works
	case d > .99-.115*size*size:
		return flats
	}
	return houses
}

// inset moves every edge of the ring inwards by its width and joins them again; edges that
// have no room disappear. src is the edge of the ring that each edge of the result comes
// from. The result is nil when there is no simple ring.
func inset(ring []point, width []float64) (out []point, src []int) {
	n := len(ring)
	src = make([]int, n)
	for i := range src {
		src[i] = i
	}
	direction := func(i int) vector { return ring[i].to(ring[(i+1)%n]).unit() }
	for len(src) >= 3 {
		k := len(src)
		out = out[:0]
		for j := range k {
			out = append(out, corner(ring, width, src[(j+k-1)%k], src[j]))
		}
		worst, at := 300.0, -1
		for j := range k {
			d := direction(src[j])
			if l := out[j].to(out[(j+1)%k]).dot(d); l < worst && (width[src[j]] > 0 || l <= 0) {
				worst, at = l, j
			}
		}
		if at < 0 {
			if doubledArea(out) <= 0 || !simple(out) {
				return nil, nil
			}
			return out, src
		}
		src = append(src[:at], src[at+1:]...)
	}
	return nil, nil
}

// corner is where the inset edges i and j of the ring, i before j, meet.
func corner(ring []point, width []float64, i, j int) point {
	n := len(ring)
	if width[i] == 0 && width[j] == 0 && j == (i+1)%n {
		return ring[j]
	}
	di, dj := ring[i].to(ring[(i+1)%n]).unit(), ring[j].to(ring[(j+1)%n]).unit()
	pi, pj := ring[(i+1)%n].add(di.left().scale(width[i])), ring[j].add(dj.left().scale(width[j]))
	sin := di.cross(dj)
	if math.Abs(sin) < .05 {
		if width[i] == 0 || width[j] == 0 {
			return ring[j]
		}
		to := pi.to(pj)
		return pi.add(to.scale(.5))
	}
	t := pi.to(pj).cross(dj) / sin
	return pi.add(di.scale(t))
}
