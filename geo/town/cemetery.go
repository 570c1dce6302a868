package town

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Cemetery is a burial ground, laid out in four sections around a cross of ways.
type Cemetery struct {
	Name     string
	Geometry orb.Polygon
	Sections []CemeterySection
	Paths    []CemeteryPath
	Plots    []Plot
}

// CemeterySection (carré) is a quarter of the cemetery.
type CemeterySection struct {
	Name     string // A to D
	Geometry orb.Polygon
}

// CemeteryPath (allée) runs between two rows of plots.
type CemeteryPath struct {
	Section  int
	Name     string
	Geometry orb.LineString
}

// Plot (emplacement) lies along a path, its number counted from its start.
type Plot struct {
	Path     int
	Number   int
	Geometry orb.Polygon
}

// The layout, in metres.
const (
	plotLength, plotWidth = 2.5, 1.0
	plotGap               = 0.4 // between neighbours
	pathWidth             = 1.6
	crossWidth            = 4.0
	edgeWidth             = 3.0 // along the wall
	inhabitantsPerPlot    = 12
)

// twoFrom is how many plots a town needs before it has an old cemetery and a new one.
const twoFrom = 500

// NewCemeteries lays out the cemeteries of a town in parcels without a building: one, or an
// old and a larger new one, or more where no parcel is large enough, with a plot for every 12
// inhabitants. A town without a parcel large enough for any has none.
func NewCemeteries(t *Town, inhabitants int) []*Cemetery {
	wanted := max(20, inhabitants/inhabitantsPerPlot)
	var all []*Cemetery
	taken := map[int]bool{}
	add := func(name string, wanted int) {
		if c := newCemetery(t, wanted, taken); c != nil {
			c.Name = name
			all = append(all, c)
		}
	}
	if wanted < twoFrom {
		add("Cimetière communal", wanted)
		return all
	}
	for _, name := range []string{"Ancien cimetière", "Nouveau cimetière", "Cimetière intercommunal", "Cimetière paysager"} {
		missing := wanted
		for _, c := range all {
			missing -= len(c.Plots)
		}
		if name == "Ancien cimetière" {
			missing /= 3
		}
		if missing > wanted/20 {
			add(name, missing)
		}
	}
	return all
}

// newCemetery lays out a cemetery for so many plots in a parcel that is not taken, and takes
// it. It is nil where there is no such parcel.
func newCemetery(t *Town, wanted int, taken map[int]bool) *Cemetery {
	row := 2*plotLength + pathWidth
	need := float64(wanted)*(plotWidth+plotGap)*row/2*1.35 + 1200 // and the ways and the wall
	ground, ok := burialGround(t, need, taken)
	if !ok {
		return nil
	}
	c := &Cemetery{Geometry: box(ground)}
	x, y := halfway(ground.Min[0], ground.Max[0]), halfway(ground.Min[1], ground.Max[1])
	for i, quarter := range []orb.Bound{
		{Min: orb.Point{ground.Min[0] + edgeWidth, y + crossWidth/2}, Max: orb.Point{x - crossWidth/2, ground.Max[1] - edgeWidth}},
		{Min: orb.Point{x + crossWidth/2, y + crossWidth/2}, Max: orb.Point{ground.Max[0] - edgeWidth, ground.Max[1] - edgeWidth}},
		{Min: orb.Point{ground.Min[0] + edgeWidth, ground.Min[1] + edgeWidth}, Max: orb.Point{x - crossWidth/2, y - crossWidth/2}},
		{Min: orb.Point{x + crossWidth/2, ground.Min[1] + edgeWidth}, Max: orb.Point{ground.Max[0] - edgeWidth, y - crossWidth/2}},
	} {
		c.layOut(string(rune('A'+i)), quarter, (wanted+3)/4)
	}
	return c
}

func halfway(a, b float64) float64 { return math.Round((a+b)/2*1000) / 1000 }

// layOut fills a quarter with pairs of rows, each pair along a path.
func (c *Cemetery) layOut(name string, quarter orb.Bound, wanted int) {
	c.Sections = append(c.Sections, CemeterySection{Name: name, Geometry: box(quarter)})
	section := len(c.Sections) - 1
	last := len(c.Plots) + wanted
	perRow := int((quarter.Max[0] - quarter.Min[0] + plotGap) / (plotWidth + plotGap))
	for n, y := 1, quarter.Min[1]; y+2*plotLength+pathWidth <= quarter.Max[1]+1e-9 && len(c.Plots) < last; n, y = n+1, y+2*plotLength+pathWidth {
		way := y + plotLength + pathWidth/2
		c.Paths = append(c.Paths, CemeteryPath{Section: section, Name: fmt.Sprintf("%s%d", name, n),
			Geometry: orb.LineString{onGrid(orb.Point{quarter.Min[0], way}), onGrid(orb.Point{quarter.Max[0], way})}})
		path := len(c.Paths) - 1
		for i := 0; i < 2*perRow && len(c.Plots) < last; i++ {
			x := quarter.Min[0] + float64(i/2)*(plotWidth+plotGap)
			bottom := y
			if i%2 == 1 { // across the path
				bottom = y + plotLength + pathWidth
			}
			c.Plots = append(c.Plots, Plot{Path: path, Number: i + 1, Geometry: box(orb.Bound{Min: orb.Point{x, bottom}, Max: orb.Point{x + plotWidth, bottom + plotLength}})})
		}
	}
}

func box(b orb.Bound) orb.Polygon {
	a, z := onGrid(b.Min), onGrid(b.Max)
	return orb.Polygon{{a, {z[0], a[1]}, z, {a[0], z[1]}, a}}
}

// burialGround is an upright rectangle in a parcel without a building that is
// not taken: the nearest to the centre of those that have the area, else the
// largest. The parcel is taken.
func burialGround(t *Town, area float64, taken map[int]bool) (orb.Bound, bool) {
	built := map[int]bool{}
	for _, b := range t.Buildings {
		built[b.Parcel] = true
	}
	centre := t.Boundary.Bound().Center()
	type place struct {
		parcel   int
		ground   orb.Bound
		area     float64
		distance float64
	}
	var places []place
	for i, p := range t.Parcels {
		if built[i] || taken[i] || planar.Area(p.Geometry) < 300 {
			continue
		}
		if ground, size := inscribed(p.Geometry, area); size > 200 {
			places = append(places, place{i, ground, size, planar.Distance(ground.Center(), centre)})
		}
	}
	if len(places) == 0 {
		return orb.Bound{}, false
	}
	best := slices.MinFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(max(0, area-a.area), max(0, area-b.area)), cmp.Compare(a.distance, b.distance))
	})
	taken[best.parcel] = true
	return best.ground, true
}

// inscribed is an upright rectangle of at most the area around the middle of a
// polygon, half as long again as wide, and its area; 0 where there is none.
func inscribed(p orb.Polygon, most float64) (orb.Bound, float64) {
	centre, _ := planar.CentroidArea(p)
	centre = onGrid(centre)
	for half := math.Sqrt(most/1.5) / 2; half > 5; half *= 0.9 {
		w, h := half*1.5, half
		if holdsBox(p, orb.Bound{Min: orb.Point{centre[0] - w, centre[1] - h}, Max: orb.Point{centre[0] + w, centre[1] + h}}) {
			return orb.Bound{Min: onGrid(orb.Point{centre[0] - w, centre[1] - h}), Max: onGrid(orb.Point{centre[0] + w, centre[1] + h})}, 4 * w * h
		}
	}
	return orb.Bound{}, 0
}

// holdsBox reports whether the sides of a rectangle lie in a polygon, looked at
// every few metres.
func holdsBox(p orb.Polygon, b orb.Bound) bool {
	const steps = 24
	for i := range steps + 1 {
		s := float64(i) / steps
		x, y := b.Min[0]+s*(b.Max[0]-b.Min[0]), b.Min[1]+s*(b.Max[1]-b.Min[1])
		for _, at := range []orb.Point{{x, b.Min[1]}, {x, b.Max[1]}, {b.Min[0], y}, {b.Max[0], y}} {
			if !planar.PolygonContains(p, at) {
				return false
			}
		}
	}
	return true
}
