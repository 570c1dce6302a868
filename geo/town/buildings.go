package town

import (
	"math"

	"github.com/paulmach/orb/planar"
)

// footing is where a parcel meets its street: the frame in which buildings are placed, x
// along the street and y away from it, millimetres from the middle of the front.
type footing struct {
	i, n   int     // the run of front edges, in builder.hs
	length float64 // of the run
	p      point
	along  vector
	depth  float64
	outs   [][]point // outlines already built
}

// build puts buildings on the parcel whose half-edges are hs, and a door on its street.
func (b *builder) build() {
	var f footing
	f.i, f.n, f.length = b.frontage()
	r := b.rand
	if f.n == 0 {
		if b.use == church {
			b.buildChurch()
		}
		return
	}
	_, f.p, f.along = b.onFront(f.i, f.n, f.length/2)
	f.depth = b.depth(f.i, f.n, f.length)
	switch b.use {
	case oldTown:
		if !b.buildRow(&f, (8+5*r.Float64())*metre, 2+r.IntN(3)) {
			b.buildHouse(&f, 1*metre, 0.3*metre, 2)
		}
		if r.Float64() < .35 {
			b.buildShed(&f)
		}
	case strips:
		if f.length > 20*metre || r.Float64() < .18 {
			b.buildHouse(&f, (1+4*r.Float64())*metre, 1.5*metre, 1+r.IntN(2))
		} else if !b.buildRow(&f, (8+4*r.Float64())*metre, 1+r.IntN(3)) {
			b.buildHouse(&f, 2*metre, 1*metre, 2)
		}
		if r.Float64() < .5 {
			b.buildShed(&f)
		}
	case houses:
		if r.Float64() < .94 {
			b.buildHouse(&f, (4+4*r.Float64())*metre, 2.5*metre, 1+r.IntN(2))
		}
		if len(f.outs) > 0 && r.Float64() < .45 {
			b.buildShed(&f)
		}
	case flats:
		b.buildBar(&f)
	case works:
		b.buildHall(&f)
	case school:
		if b.buildBar(&f) {
			b.nameLast("École " + b.names.person(r))
		}
	case cemetery, park:
		return
	case fields:
		if r.Float64() < .06 {
			b.buildFarm(&f)
		}
	}
	if len(f.outs) > 0 {
		b.openDoor(&f)
	}
}

// raise adds a building when its outline, counter-clockwise, keeps clear of the parcel's
// limits and of the parcel's other buildings.
func (b *builder) raise(f *footing, kind string, levels int, clear float64, outline []point) bool {
	return within(b.ps, outline, clear) && b.stand(f, kind, levels, outline)
}

// within tells whether the outline is in the ring, at least clear from it.
func within(ring, outline []point, clear float64) bool {
	for i, p := range outline {
		q := outline[(i+1)%len(outline)]
		if !inside(ring, p) {
			return false
		}
		for j, a := range ring {
			if near(p, q, a, ring[(j+1)%len(ring)], clear) {
				return false
			}
		}
	}
	return true
}

// stand adds a building known to be in the parcel when it keeps off the others there.
func (b *builder) stand(f *footing, kind string, levels int, outline []point) bool {
	for _, other := range f.outs {
		if inside(other, outline[0]) || inside(outline, other[0]) {
			return false
		}
		for i, p := range outline {
			for j, a := range other {
				if near(p, outline[(i+1)%len(outline)], a, other[(j+1)%len(other)], 50) {
					return false
				}
			}
		}
	}
	f.outs = append(f.outs, outline)
	b.town.Buildings = append(b.town.Buildings, Building{
		Parcel: b.parcel, Kind: kind, Levels: levels, Geometry: b.place.polygon(outline),
	})
	return true
}

func (b *builder) nameLast(name string) { b.town.Buildings[len(b.town.Buildings)-1].Name = name }

// at is the point of the footing's frame.
func (f *footing) at(x, y float64) point {
	return f.p.add(f.along.scale(x)).add(f.along.left().scale(y))
}

func (f *footing) rectangle(x0, y0, x1, y1 float64) []point {
	return []point{f.at(x0, y0), f.at(x1, y0), f.at(x1, y1), f.at(x0, y1)}
}

// buildRow builds from one side of the parcel to the other, against the street and against
// the neighbours.
func (b *builder) buildRow(f *footing, deep float64, levels int) bool {
	k := len(b.ps)
	if f.n > k-2 || f.length > 30*metre {
		return false
	}
	if f.depth < 1.5*deep {
		deep = .8 * f.depth
	}
	first, last := f.i, (f.i+f.n)%k
	// The rear corners, a centimetre inside the party walls.
	rear := func(corner, beyond point, front vector, inwards float64) (point, bool) {
		wall := corner.to(beyond)
		rise := front.left().dot(wall.unit())
		if rise < .35 {
			return point{}, false
		}
		l := min(deep/rise, wall.length()-300)
		if l < 2.5*metre {
			return point{}, false
		}
		return corner.add(wall.unit().scale(l)).add(wall.unit().left().scale(inwards)), true
	}
	_, _, alongFirst := b.onFront(f.i, f.n, 0)
	_, _, alongLast := b.onFront(f.i, f.n, f.length)
	c, ok1 := rear(b.ps[last], b.ps[(last+1)%k], alongLast, 10)
	d, ok2 := rear(b.ps[first], b.ps[(first+k-1)%k], alongFirst, -10)
	if !ok1 || !ok2 || !inside(b.ps, c) || !inside(b.ps, d) {
		return false
	}
	outline := make([]point, 0, f.n+3)
	for j := range f.n + 1 {
		outline = append(outline, b.ps[(f.i+j)%k])
	}
	outline = append(outline, c, d)
	if squareMetres(outline) < 18 || !simple(outline) {
		return false
	}
	clash := func(p, q point, except ...int) bool {
		for j, a := range b.ps {
			skip := false
			for _, x := range except {
				skip = skip || j == x || (j+1)%k == x
			}
			if !skip && crosses(p, q, a, b.ps[(j+1)%k]) {
				return true
			}
		}
		return false
	}
	if clash(b.ps[last], c, last) || clash(c, d) || clash(d, b.ps[first], first) {
		return false
	}
	return b.stand(f, Hard, levels, outline)
}

// buildHouse builds a detached house, a rectangle or an L.
func (b *builder) buildHouse(f *footing, setback, side float64, levels int) bool {
	r := b.rand
	wide := min(f.length-2*side, (9+5*r.Float64())*metre)
	deep := (7.5 + 3*r.Float64()) * metre
	for range 5 {
		x := (f.length - wide - 2*side) / 2 * spread(r)
		if wide < 4.5*metre || deep < 4.5*metre {
			return false
		}
		w := wide / 2
		if r.Float64() < .4 {
			h := deep + (2.5+2*r.Float64())*metre
			k := w * .1 * spread(r)
			l := []point{f.at(x-w, setback), f.at(x+w, setback), f.at(x+w, setback+deep), f.at(x+k, setback+deep), f.at(x+k, setback+h), f.at(x-w, setback+h)}
			if b.raise(f, Hard, levels, min(side, 900), l) {
				return true
			}
		}
		if b.raise(f, Hard, levels, min(side, 900), f.rectangle(x-w, setback, x+w, setback+deep)) {
			return true
		}
		wide, deep, setback = wide*.86, deep*.9, setback*.85+300
	}
	return false
}

// buildShed builds a shed, a garage or a pool house towards the back of the parcel.
func (b *builder) buildShed(f *footing) bool {
	r := b.rand
	w, d := (2.5+3*r.Float64())*metre, (2.5+3.5*r.Float64())*metre
	for range 4 {
		x := (f.length/2 - w/2 - 600) * spread(r)
		y := f.depth*(.55+.35*r.Float64()) - d/2
		if y > 1*metre && b.raise(f, Light, 1, 400, f.rectangle(x-w/2, y, x+w/2, y+d)) {
			return true
		}
	}
	return false
}

// buildBar builds blocks of flats, one to three.
func (b *builder) buildBar(f *footing) bool {
	r := b.rand
	levels := 3 + r.IntN(6)
	any := false
	y := (6 + 6*r.Float64()) * metre
	for range 3 {
		wide, deep := min(f.length-10*metre, (35+30*r.Float64())*metre), (11+2*r.Float64())*metre
		if wide < 14*metre || y+deep > f.depth {
			break
		}
		for range 4 {
			if b.raise(f, Hard, levels, 2*metre, f.rectangle(-wide/2, y, wide/2, y+deep)) {
				any = true
				break
			}
			wide *= .75
		}
		y += deep + (22+10*r.Float64())*metre
	}
	return any
}

// buildHall builds a workshop or a shop with its parking in front.
func (b *builder) buildHall(f *footing) bool {
	r := b.rand
	wide, deep := (f.length-8*metre)*(.5+.4*r.Float64()), f.depth*(.35+.3*r.Float64())
	y := (8 + 10*r.Float64()) * metre
	for range 6 {
		if wide > 8*metre && deep > 8*metre && b.raise(f, Hard, 1, 2.5*metre, f.rectangle(-wide/2, y, wide/2, y+deep)) {
			return true
		}
		wide, deep, y = wide*.82, deep*.82, y*.9
	}
	return false
}

// buildFarm builds a farmhouse, its barn and a hangar around a yard.
func (b *builder) buildFarm(f *footing) bool {
	r := b.rand
	x := f.length * .25 * spread(r)
	y := (8 + 8*r.Float64()) * metre
	if !b.raise(f, Hard, 2, 2*metre, f.rectangle(x-8*metre, y, x+8*metre, y+8*metre)) {
		return false
	}
	b.raise(f, Hard, 1, 2*metre, f.rectangle(x+12*metre, y+4*metre, x+21*metre, y+30*metre))
	b.raise(f, Light, 1, 2*metre, f.rectangle(x-22*metre, y+20*metre, x+2*metre, y+36*metre))
	return true
}

// buildChurch builds a church as large as the square can take.
func (b *builder) buildChurch() {
	if size := b.churchSize(b.ps); size > 0 && b.stand(&footing{}, Hard, 1, b.church(b.ps, size)) {
		b.nameLast("Église " + b.names.saint(b.rand))
	}
}

// church draws a church in the middle of the ring, the choir to the east, 46 m long when
// its size is 1.
func (g *generator) church(ring []point, size float64) []point {
	east := heading(.15 * math.Sin(g.plan.tilt))
	at := func(x, y float64) point {
		return middle(ring).add(east.scale(x * size * metre)).add(east.left().scale(y * size * metre))
	}
	return []point{
		at(-24, -6), at(4, -6), at(4, -12), at(12, -12), at(12, -6), at(18, -6), at(22, -3),
		at(22, 3), at(18, 6), at(12, 6), at(12, 12), at(4, 12), at(4, 6), at(-24, 6),
	}
}

// churchSize is the size of the largest church that fits in the ring, 0 when none does.
func (g *generator) churchSize(ring []point) float64 {
	for size := 1.0; size > .3; size *= .88 {
		if within(ring, g.church(ring, size), 1.5*metre) {
			return size
		}
	}
	return 0
}

// raiseTownHall makes a large house near the church the town hall.
func (g *generator) raiseTownHall() {
	centre := g.place.point(point{})
	best, score := 0, math.Inf(-1)
	for i, b := range g.town.Buildings {
		if b.Name != "" || b.Kind != Hard {
			continue
		}
		far := planar.Distance(b.Geometry[0][0], centre)
		if s := min(300, planar.Area(b.Geometry)) - 4*far; s > score {
			best, score = i, s
		}
	}
	if len(g.town.Buildings) > 0 {
		hall := &g.town.Buildings[best]
		hall.Name, hall.Levels = "Mairie", 3
		g.front[hall.Parcel].homes = 0
	}
}
