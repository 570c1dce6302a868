package town

import (
	"math"
	"math/rand/v2"
	"slices"
)

// habit is how a kind of block is divided into parcels.
type habit struct {
	width, depth float64 // mm, of a parcel on the street
	jitter       float64 // share by which cuts stray
	area         float64 // m², when parcels are not laid along the street
	clear        float64 // mm
}

var habits = [...]habit{
	oldTown:  {8.5 * metre, 19 * metre, .35, 0, 1.2 * metre},
	strips:   {12 * metre, 42 * metre, .25, 0, 2 * metre},
	houses:   {19 * metre, 31 * metre, .07, 0, 4 * metre},
	flats:    {55 * metre, 60 * metre, .1, 0, 10 * metre},
	works:    {50 * metre, 65 * metre, .15, 0, 10 * metre},
	school:   {area: math.Inf(1)},
	park:     {area: math.Inf(1)},
	cemetery: {area: math.Inf(1)},
	church:   {area: math.Inf(1)},
	fields:   {0, 0, .3, 15_000, 6 * metre},
}

// builder fills one block after another, keeping its buffers.
type builder struct {
	*generator
	lot
	rand   *rand.Rand
	mesh   mesh
	todo   []int32
	hs     []int32
	ps     []point
	parcel int // being built on
}

// fill divides the block into parcels and builds on them.
func (b *builder) fill(l lot, r *rand.Rand) {
	b.lot, b.rand = l, r
	if l.use == houses {
		b.openClose(&b.lot, r)
	}
	b.mesh.reset(b.ring, b.tags)
	b.todo = append(b.todo[:0], 0)
	for len(b.todo) > 0 {
		f := b.todo[len(b.todo)-1]
		b.todo = b.todo[:len(b.todo)-1]
		b.hs = b.mesh.ring(f, b.hs[:0])
		c, ok := b.nextCut()
		if !ok {
			continue
		}
		b.mesh.apply(c, -1)
		b.todo = append(b.todo, f, int32(len(b.mesh.loop)-1))
	}
	block := len(b.town.Blocks)
	b.town.Blocks = append(b.town.Blocks, Block{ID: block, Geometry: b.place.polygon(b.outer())})
	b.extendLimit()
	for f := range int32(len(b.mesh.loop)) {
		b.hs = b.mesh.ring(f, b.hs[:0])
		b.ps = b.mesh.points(b.hs, b.ps[:0])
		b.parcel = len(b.town.Parcels)
		b.town.Parcels = append(b.town.Parcels, Parcel{
			Block:          block,
			RegisteredArea: registeredArea(squareMetres(b.ps), r),
			Geometry:       b.place.polygon(b.ps),
		})
		b.front = append(b.front, doors{street: -1})
		b.build()
	}
}

// registeredArea is what the cadastre says of a parcel: one in eight was measured long ago.
func registeredArea(drawn float64, r *rand.Rand) int {
	if r.Float64() < .12 {
		drawn *= 1 + .025*spread(r)
	}
	return max(1, int(math.Round(drawn)))
}

// outer is the outline of the block with every vertex that its parcels put there.
func (b *builder) outer() []point {
	m := &b.mesh
	var ring []point
	first := int32(1) // the twin of half-edge 0 is on the outside
	for h := first; ; {
		ring = append(ring, m.end(h))
		if h = m.prev[h]; h == first {
			return ring
		}
	}
}

// extendLimit puts the parcels' corners that lie on the commune's limit into the limit.
func (b *builder) extendLimit() {
	m := &b.mesh
	for h := int32(0); int(h) < 2*len(b.ring); h += 2 {
		on := b.sides[m.tag[h]].limit
		// The edge of the block is now a run of half-edges, found against the outside.
		for e := h; on >= 0 && m.end(e) != b.ring[(int(h)/2+1)%len(b.ring)]; {
			on = b.land.splitEdge(on, m.end(e))
			e = m.prev[e^1] ^ 1
		}
	}
}

// nextCut draws the next cut of the face whose half-edges are hs, if it is to be cut.
func (b *builder) nextCut() (cut, bool) {
	b.ps = b.mesh.points(b.hs, b.ps[:0])
	h := habits[b.use]
	if h.area > 0 {
		return b.fieldCut(h)
	}
	i, n, length := b.frontage()
	if n == 0 || length < .5*h.width {
		return b.innerCut(h)
	}
	deep := b.depth(i, n, length)
	for try := range 5 {
		if deep > 1.6*h.depth && (try < 3 || length < 1.5*h.width) {
			if c, ok := b.backCut(h, i, n, length, deep); ok {
				return c, true
			}
		}
		if length > 1.5*h.width {
			if c, ok := b.sideCut(h, i, n, length); ok {
				return c, true
			}
		}
	}
	if squareMetres(b.ps) > 2.2*h.width*h.depth/1e6 {
		return b.acrossCut(h, .5)
	}
	return cut{}, false
}

// frontage finds the longest run of edges along a street: n of them from hs[i].
func (b *builder) frontage() (i, n int, length float64) {
	m := &b.mesh
	k := len(b.hs)
	onStreet := func(j int) bool {
		h := b.hs[j%k]
		return m.tag[h] >= 0 && b.sides[m.tag[h]].street >= 0
	}
	follows := func(j int) bool {
		p, q := b.hs[j%k], b.hs[(j+1)%k]
		d, e := m.start(p).to(m.end(p)).unit(), m.start(q).to(m.end(q)).unit()
		return onStreet(j+1) && d.dot(e) > .8
	}
	for j := range k {
		if !onStreet(j) || onStreet(j+k-1) && follows(j+k-1) && j > 0 {
			continue
		}
		run, l := 1, m.start(b.hs[j]).distance(m.end(b.hs[j]))
		for run < k && follows(j+run-1) {
			h := b.hs[(j+run)%k]
			l += m.start(h).distance(m.end(h))
			run++
		}
		if l > length {
			i, n, length = j, run, l
		}
	}
	return i, n, length
}

// onFront is the point at a distance along the run of edges, the edge it is on, and the
// direction of the run there.
func (b *builder) onFront(i, n int, at float64) (h int32, p point, along vector) {
	for k := range n {
		h = b.hs[(i+k)%len(b.hs)]
		d := b.mesh.start(h).to(b.mesh.end(h))
		if l := d.length(); at <= l || k == n-1 {
			return h, b.mesh.start(h).add(d.unit().scale(min(at, l))), d.unit()
		} else {
			at -= l
		}
	}
	return h, p, along
}

// depth is how far the face goes behind the middle of the run.
func (b *builder) depth(i, n int, length float64) float64 {
	h, p, along := b.onFront(i, n, length/2)
	_, hit, ok := b.mesh.cast(b.hs, p, along.left(), h)
	if !ok {
		return 0
	}
	return p.distance(hit)
}

// sideCut divides the face across, from the street backwards.
func (b *builder) sideCut(h habit, i, n int, length float64) (cut, bool) {
	k := max(2, math.Round(length/h.width))
	at := length * (math.Floor(k/2) + h.jitter*spread(b.rand)) / k
	e, p, along := b.onFront(i, n, at)
	return b.draw(e, p, along.left().turned(.25*h.jitter*spread(b.rand)), h)
}

// backCut divides the face along, behind the parcels of the run.
func (b *builder) backCut(h habit, i, n int, length, deep float64) (cut, bool) {
	_, p, along := b.onFront(i, n, length*(.5+.1*spread(b.rand)))
	behind := h.depth * (1 + .5*h.jitter*spread(b.rand))
	if deep < 2.9*h.depth {
		behind = deep * (.5 + .3*h.jitter*spread(b.rand))
	}
	mid := p.add(along.left().scale(behind))
	dir := along.turned(.3 * h.jitter * spread(b.rand))
	back, at, ok := b.mesh.cast(b.hs, mid, dir.scale(-1))
	if !ok {
		return cut{}, false
	}
	return b.draw(back, at, dir, h)
}

// innerCut divides land that no street touches, when it is large.
func (b *builder) innerCut(h habit) (cut, bool) {
	if squareMetres(b.ps) < 4*h.width*h.depth/1e6 {
		return cut{}, false
	}
	return b.acrossCut(h, .5)
}

// fieldCut divides open land into fields, longer than wide.
func (b *builder) fieldCut(h habit) (cut, bool) {
	wanted := h.area * math.Exp(.55*b.rand.NormFloat64())
	if squareMetres(b.ps) < 1.6*wanted {
		return cut{}, false
	}
	return b.acrossCut(h, .35)
}

// acrossCut divides the face near its middle, square to one of its long edges: mostly
// across its length, in a share of cases along it.
func (b *builder) acrossCut(h habit, lengthwise float64) (cut, bool) {
	m := &b.mesh
	for range 6 {
		e := slices.MaxFunc(b.hs, func(p, q int32) int {
			return int(m.start(p).distance(m.end(p)) - m.start(q).distance(m.end(q)))
		})
		if b.rand.Float64() < .3 {
			e = b.hs[b.rand.IntN(len(b.hs))]
		}
		along := m.start(e).to(m.end(e)).unit()
		wide, deep := b.extent(along)
		dir := along.left()
		if (wide < deep) != (b.rand.Float64() < lengthwise) {
			dir = along
		}
		mid := middle(b.ps).add(along.scale(.12 * wide * spread(b.rand))).add(along.left().scale(.12 * deep * spread(b.rand)))
		if !inside(b.ps, mid) {
			continue
		}
		dir = dir.turned(.1 * spread(b.rand))
		start, at, ok := m.cast(b.hs, mid, dir.scale(-1))
		if !ok {
			continue
		}
		if c, ok := b.draw(start, at, dir, h); ok {
			return c, true
		}
	}
	return cut{}, false
}

// extent is the size of the face along a direction and across it.
func (b *builder) extent(along vector) (wide, deep float64) {
	lo, hi := vector{math.Inf(1), math.Inf(1)}, vector{math.Inf(-1), math.Inf(-1)}
	for _, p := range b.ps {
		v := point{}.to(p)
		x, y := v.dot(along), v.dot(along.left())
		lo, hi = vector{min(lo.x, x), min(lo.y, y)}, vector{max(hi.x, x), max(hi.y, y)}
	}
	return hi.x - lo.x, hi.y - lo.y
}

// draw makes a straight cut from p on the edge e, when it leaves two decent parcels.
func (b *builder) draw(e int32, p point, dir vector, h habit) (cut, bool) {
	m := &b.mesh
	r := rule{clear: h.clear, angle: .5, snap: 1.1 * h.clear}
	a := m.attach(e, p, r)
	far, hit, ok := m.cast(b.hs, a.p, dir, a.h, m.prev[a.h], e)
	if !ok {
		return cut{}, false
	}
	c := cut{a: a, b: m.attach(far, hit, r)}
	if !m.fits(b.hs, c, r) {
		return cut{}, false
	}
	whole := squareMetres(b.ps)
	share := m.part(c) / 2e6
	least := .3 * h.width * min(h.depth, 60*metre) / 1e6
	if h.area > 0 {
		least = .15 * h.area
	}
	return c, min(share, whole-share) > least
}
