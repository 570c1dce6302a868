package coverage

import (
	"cmp"
	"math"
	"math/bits"

	"github.com/paulmach/orb"
)

// PerMetre is how many steps of the grid make a metre.
const PerMetre = 1000

// reach is the largest extent of a coverage in steps (536 km): products of
// differences of coordinates stay exact in 64 bits.
const reach = 1 << 29

// Point is a place on the grid, in millimetres east and north of the origin of
// the CRS.
type Point struct{ X, Y int64 }

// Snap answers the place of the grid nearest to p, which is in metres.
func Snap(p orb.Point) Point {
	return Point{int64(math.Round(p[0] * PerMetre)), int64(math.Round(p[1] * PerMetre))}
}

// Orb answers the place in metres.
func (p Point) Orb() orb.Point {
	return orb.Point{float64(p.X) / PerMetre, float64(p.Y) / PerMetre}
}

func (p Point) compare(q Point) int {
	return cmp.Or(cmp.Compare(p.X, q.X), cmp.Compare(p.Y, q.Y))
}

func (p Point) less(q Point) bool { return p.compare(q) < 0 }

// orientation is positive when c is to the left of the way from a to b,
// negative to the right and zero on its line: twice the area of the triangle.
func orientation(a, b, c Point) int64 {
	return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X)
}

func distance(a, b Point) float64 {
	return math.Hypot(float64(b.X-a.X), float64(b.Y-a.Y))
}

// hot tells whether the way from a to b passes through the open square of one
// step around p.
func hot(a, b, p Point) bool {
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

// crossing answers where the inner parts of ab and cd cross, on the grid.
func crossing(a, b, c, d Point) (Point, bool) {
	s, t := orientation(a, b, c), orientation(a, b, d)
	if s == 0 || t == 0 || s > 0 == (t > 0) {
		return Point{}, false
	}
	u, v := orientation(c, d, a), orientation(c, d, b)
	if u == 0 || v == 0 || u > 0 == (v > 0) {
		return Point{}, false
	}
	// a + (b-a)·u/(u-v), rounded to the nearest step.
	return Point{a.X + share(b.X-a.X, u, u-v), a.Y + share(b.Y-a.Y, u, u-v)}, true
}

// share answers n·p/q rounded, halves away from zero, for 0 ≤ p/q ≤ 1.
func share(n, p, q int64) int64 {
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
