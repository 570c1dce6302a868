package town

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Terrain is the ground of a town: it rises from the river on both sides, falls with the
// river, and rolls a little. It is smooth, and the same for the same town.
type Terrain struct {
	water  orb.Ring
	outlet orb.Point // where the river leaves the commune
	along  orb.Point // unit vector downstream
	centre orb.Point
}

// The shape of the ground, in metres.
const (
	sea       = 112.0  // level of the ground at the outlet
	valley    = 16.0   // the plateau above the river
	halfWay   = 500.0  // from the river, where most of that is climbed
	riverFall = 0.0025 // of the ground along the river
	roll      = 0.6    // of the hills
)

// NewTerrain is the ground of the town.
func NewTerrain(t *Town) *Terrain {
	g := &Terrain{centre: t.Boundary.Bound().Center(), outlet: t.Boundary.Bound().Min, along: orb.Point{1, 0}}
	if len(t.Watercourses) == 0 {
		return g
	}
	g.water = t.Watercourses[0].Geometry[0]
	byNorthEast := func(a, b orb.Point) int { return cmp.Compare(a[0]+a[1], b[0]+b[1]) }
	source := slices.MinFunc(g.water, byNorthEast)
	g.outlet = slices.MaxFunc(g.water, byNorthEast)
	if d := planar.Distance(source, g.outlet); d > 0 {
		g.along = orb.Point{(g.outlet[0] - source[0]) / d, (g.outlet[1] - source[1]) / d}
	}
	return g
}

// Level is the level of the ground at a point, metres above the sea.
func (g *Terrain) Level(p orb.Point) float64 {
	x, y := (p[0]-g.centre[0])/310, (p[1]-g.centre[1])/270
	return sea + valley*(1-math.Exp(-g.fromRiver(p)/halfWay)) - riverFall*g.downstream(p) + roll*math.Sin(x)*math.Cos(y)
}

// fromRiver is the distance to the nearest bank.
func (g *Terrain) fromRiver(p orb.Point) float64 {
	_, d := g.bank(p)
	return d
}

// bank is the nearest point of the river's banks, and how far it is.
func (g *Terrain) bank(p orb.Point) (nearest orb.Point, distance float64) {
	distance = math.Inf(1)
	for i := 1; i < len(g.water); i++ {
		if q := nearestOn(g.water[i-1], g.water[i], p); planar.Distance(p, q) < distance {
			nearest, distance = q, planar.Distance(p, q)
		}
	}
	if len(g.water) == 0 {
		return g.outlet, planar.Distance(p, g.outlet)
	}
	return nearest, distance
}

// downstream is how far down the river a point is, counted from the outlet: negative in the
// commune.
func (g *Terrain) downstream(p orb.Point) float64 {
	return (p[0]-g.outlet[0])*g.along[0] + (p[1]-g.outlet[1])*g.along[1]
}

// nearestOn is the point of the segment ab that is nearest to p.
func nearestOn(a, b, p orb.Point) orb.Point {
	dx, dy := b[0]-a[0], b[1]-a[1]
	l2 := dx*dx + dy*dy
	if l2 == 0 {
		return a
	}
	share := max(0, min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l2))
	return orb.Point{a[0] + share*dx, a[1] + share*dy}
}

func onGrid(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1000) / 1000, math.Round(p[1]*1000) / 1000}
}
