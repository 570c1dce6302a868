// Package grid is the fixed precision that coverages and networks are computed
// in: whole steps of one millimetre in a metric CRS, on which every question of
// left or right has an exact answer.
package grid

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"
)

// PerMetre is how many steps of the grid make a metre.
const PerMetre = 1000

// Reach is the largest extent in steps (536 km) of what is computed together:
// products of differences of coordinates stay exact in 64 bits.
const Reach = 1 << 29

// Point is a place on the grid, in millimetres east and north of the origin of
// the CRS.
type Point struct{ X, Y int64 }

// Snap answers the place of the grid nearest to p, which is in metres.
func Snap(p orb.Point) Point {
	return Point{int64(math.Round(p[0] * PerMetre)), int64(math.Round(p[1] * PerMetre))}
}

// Finite tells whether both coordinates are numbers.
func Finite(p orb.Point) bool {
	sum := p[0] + p[1]
	return !math.IsNaN(sum) && !math.IsInf(sum, 0)
}

// Far tells whether a place in metres is beyond what doubles keep a tenth of a
// step of.
func Far(p orb.Point) bool { return math.Abs(p[0]) > 1e11 || math.Abs(p[1]) > 1e11 }

// Orb answers the place in metres.
func (p Point) Orb() orb.Point {
	return orb.Point{float64(p.X) / PerMetre, float64(p.Y) / PerMetre}
}

// Compare orders places from west to east, then from south to north.
func (p Point) Compare(q Point) int {
	return cmp.Or(cmp.Compare(p.X, q.X), cmp.Compare(p.Y, q.Y))
}

// Less tells whether p comes before q in the order of [Point.Compare].
func (p Point) Less(q Point) bool { return p.Compare(q) < 0 }

// Orientation is positive when c is to the left of the way from a to b,
// negative to the right and zero on its line: twice the area of the triangle.
func Orientation(a, b, c Point) int64 {
	return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X)
}

// Distance is in steps.
func Distance(a, b Point) float64 {
	return math.Hypot(float64(b.X-a.X), float64(b.Y-a.Y))
}

// Hot tells whether the way from a to b passes through the open square of one
// step around p.
func Hot(a, b, p Point) bool {
	if max(a.X, b.X) < p.X || min(a.X, b.X) > p.X || max(a.Y, b.Y) < p.Y || min(a.Y, b.Y) > p.Y {
		return false // both ends are on the grid, half a step beyond the square
	}
	// Twice the coordinates, from p: the corners are then at ±1.
	ax, ay, bx, by := 2*(a.X-p.X), 2*(a.Y-p.Y), 2*(b.X-p.X), 2*(b.Y-p.Y)
	dx, dy := bx-ax, by-ay
	side := func(x, y int64) int64 { return dx*(y-ay) - dy*(x-ax) }
	s, t, u, v := side(-1, -1), side(1, -1), side(1, 1), side(-1, 1)
	return !(s >= 0 && t >= 0 && u >= 0 && v >= 0 || s <= 0 && t <= 0 && u <= 0 && v <= 0)
}

// Crossing answers where the inner parts of ab and cd cross, on the grid.
func Crossing(a, b, c, d Point) (Point, bool) {
	s, t := Orientation(a, b, c), Orientation(a, b, d)
	if s == 0 || t == 0 || s > 0 == (t > 0) {
		return Point{}, false
	}
	u, v := Orientation(c, d, a), Orientation(c, d, b)
	if u == 0 || v == 0 || u > 0 == (v > 0) {
		return Point{}, false
	}
	// a + (b-a)·u/(u-v), rounded to the nearest step.
	return Point{a.X + Share(b.X-a.X, u, u-v), a.Y + Share(b.Y-a.Y, u, u-v)}, true
}

// Share answers n·p/q rounded, halves away from zero, for 0 ≤ p/q ≤ 1.
func Share(n, p, q int64) int64 {
	negative := n < 0
	whole, rest := bits.Mul64(size(n), size(p))
	quotient, remainder := bits.Div64(whole, rest, size(q))
	if remainder >= size(q)-remainder {
		quotient++
	}
	if negative {
		return -int64(quotient)
	}
	return int64(quotient)
}

func size(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// NearestOn answers the place of ab nearest to p, on the grid.
func NearestOn(a, b, p Point) Point {
	if a == b {
		return a
	}
	dx, dy := float64(b.X-a.X), float64(b.Y-a.Y)
	t := (dx*float64(p.X-a.X) + dy*float64(p.Y-a.Y)) / (dx*dx + dy*dy)
	t = max(0, min(1, t))
	return Point{a.X + int64(math.Round(t*dx)), a.Y + int64(math.Round(t*dy))}
}

// Beside tells whether v is within a distance of the inner part of pq.
func Beside(p, q, v Point, tolerance float64) bool {
	length := Distance(p, q)
	along := (float64(q.X-p.X)*float64(v.X-p.X) + float64(q.Y-p.Y)*float64(v.Y-p.Y)) / length
	return along > 0 && along < length && math.Abs(float64(Orientation(p, q, v))) <= tolerance*length
}

// SortAlong puts places in the order in which one passes them from p to q.
func SortAlong(p, q Point, points []Point) {
	along := func(v Point) int64 { return (q.X-p.X)*(v.X-p.X) + (q.Y-p.Y)*(v.Y-p.Y) }
	slices.SortFunc(points, func(u, v Point) int { return cmp.Compare(along(u), along(v)) })
}
