package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// mitre is how far beyond half the width the corner of a corridor may reach, as
// a multiple of it; sharper corners are cut off.
const mitre = 3

// Corridor answers the land within half a width, in metres, of a line: a road
// along its axis. It ends square at both ends and has mitred corners. It fails
// with TooFew when the line is a point or there is no width.
func Corridor(axis orb.LineString, width float64) (orb.MultiPolygon, error) {
	var line []orb.Point
	for _, p := range axis {
		if !grid.Finite(p) || math.Abs(p[0]) > 1e11 || math.Abs(p[1]) > 1e11 {
			return nil, &Fault{Kind: NotFinite}
		}
		if len(line) == 0 || grid.Snap(line[len(line)-1]) != grid.Snap(p) {
			line = append(line, p)
		}
	}
	if len(line) < 2 || !(width > 0) || width > grid.Reach/grid.PerMetre {
		return nil, &Fault{Kind: TooFew}
	}
	n := newNoder(8 * len(line))
	half := width / 2
	put := func(ring ...orb.Point) {
		for s := range snapped(orb.MultiPolygon{{append(ring, ring[0])}}, grid.Snap).rings {
			for i, b := range s {
				n.add(s[(i+len(s)-1)%len(s)], b, 0)
			}
		}
	}
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		put(off(a, a, b, half), off(b, a, b, half), off(b, a, b, -half), off(a, a, b, -half))
		if i+1 < len(line) {
			put(corner(a, b, line[i+1], half)...)
		}
	}
	all, err := n.arrange()
	if err != nil {
		return nil, err
	}
	var faces []int32
	in := func(f int32) bool { return len(all.faces[f].owners) > 0 }
	for f := range int32(len(all.faces)) {
		if in(f) {
			faces = append(faces, f)
		}
	}
	return (&Coverage{}).Geometry(all.shape(faces, in)), nil
}

// off answers p moved to the left of the way from a to b.
func off(p, a, b orb.Point, by float64) orb.Point {
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := math.Hypot(dx, dy)
	return orb.Point{p[0] - by*dy/length, p[1] + by*dx/length}
}

// corner answers the land on the outer side of a bend at b.
func corner(a, b, c orb.Point, half float64) []orb.Point {
	if cross := (b[0]-a[0])*(c[1]-b[1]) - (b[1]-a[1])*(c[0]-b[0]); cross > 0 {
		half = -half
	}
	from, to := off(b, a, b, half), off(b, b, c, half)
	// The corner lies on the bisector: from + to, seen from b.
	x, y := from[0]+to[0]-2*b[0], from[1]+to[1]-2*b[1]
	if square := x*x + y*y; square > 0 {
		if k := 2 * half * half / square; k*math.Sqrt(square) <= mitre*math.Abs(half) {
			return []orb.Point{b, from, {b[0] + k*x, b[1] + k*y}, to}
		}
	}
	return []orb.Point{b, from, to}
}
