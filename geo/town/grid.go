package town

import (
	"math"

	"github.com/paulmach/orb"
)

// point is a place on the grid: whole millimetres from the town's centre. A town is less
// than 100 km across, so that products of differences fit in an int64 with room to spare.
type point struct{ x, y int64 }

// vector is a direction or a displacement in millimetres.
type vector struct{ x, y float64 }

const metre = 1000.0

func (a point) add(v vector) point {
	return point{a.x + int64(math.Round(v.x)), a.y + int64(math.Round(v.y))}
}
func (a point) to(b point) vector        { return vector{float64(b.x - a.x), float64(b.y - a.y)} }
func (a point) distance(b point) float64 { return a.to(b).length() }

func (v vector) length() float64        { return math.Hypot(v.x, v.y) }
func (v vector) scale(k float64) vector { return vector{v.x * k, v.y * k} }
func (v vector) plus(w vector) vector   { return vector{v.x + w.x, v.y + w.y} }
func (v vector) dot(w vector) float64   { return v.x*w.x + v.y*w.y }
func (v vector) cross(w vector) float64 { return v.x*w.y - v.y*w.x }
func (v vector) left() vector           { return vector{-v.y, v.x} }
func (v vector) angle() float64         { return math.Atan2(v.y, v.x) }
func heading(angle float64) vector      { s, c := math.Sincos(angle); return vector{c, s} }
func (v vector) turned(by float64) vector {
	s, c := math.Sincos(by)
	return vector{v.x*c - v.y*s, v.x*s + v.y*c}
}

func (v vector) unit() vector {
	l := v.length()
	if l == 0 {
		return vector{1, 0}
	}
	return vector{v.x / l, v.y / l}
}

// angleTo returns the counter-clockwise angle from v to w, in [0, 2π).
func (v vector) angleTo(w vector) float64 {
	a := math.Atan2(v.cross(w), v.dot(w))
	if a < 0 {
		a += 2 * math.Pi
	}
	return a
}

// orient is positive when c lies to the left of a→b, negative to the right, zero on the line.
func orient(a, b, c point) int64 {
	return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
}

// doubledArea is twice the area of the open ring in mm², positive when counter-clockwise.
func doubledArea(ring []point) int64 {
	var sum int64
	for i := 1; i+1 < len(ring); i++ {
		sum += orient(ring[0], ring[i], ring[i+1])
	}
	return sum
}

// squareMetres is the area of the open ring.
func squareMetres(ring []point) float64 { return float64(doubledArea(ring)) / 2e6 }

// middle is the mean of the vertices, weighted by the edges that meet there.
func middle(ring []point) point {
	var sum vector
	var total float64
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		l := a.distance(b)
		sum = sum.plus(vector{float64(a.x + b.x), float64(a.y + b.y)}.scale(l / 2))
		total += l
	}
	if total == 0 {
		return ring[0]
	}
	return point{}.add(sum.scale(1 / total))
}

// crosses tells whether the segments ab and cd share any point.
func crosses(a, b, c, d point) bool {
	o1, o2 := orient(a, b, c), orient(a, b, d)
	o3, o4 := orient(c, d, a), orient(c, d, b)
	if (o1 > 0 && o2 < 0 || o1 < 0 && o2 > 0) && (o3 > 0 && o4 < 0 || o3 < 0 && o4 > 0) {
		return true
	}
	return o1 == 0 && between(a, b, c) || o2 == 0 && between(a, b, d) ||
		o3 == 0 && between(c, d, a) || o4 == 0 && between(c, d, b)
}

// between tells whether p, known to be on the line ab, is within the segment.
func between(a, b, p point) bool {
	return min(a.x, b.x) <= p.x && p.x <= max(a.x, b.x) && min(a.y, b.y) <= p.y && p.y <= max(a.y, b.y)
}

// apart is the distance from p to the segment ab.
func apart(p, a, b point) float64 {
	ab, ap := a.to(b), a.to(p)
	l2 := ab.dot(ab)
	if l2 == 0 {
		return ap.length()
	}
	t := max(0, min(1, ap.dot(ab)/l2))
	return ap.plus(ab.scale(-t)).length()
}

// near tells whether the segments ab and cd come within reach of each other.
func near(a, b, c, d point, reach float64) bool {
	r := int64(reach) + 1
	if max(a.x, b.x)+r < min(c.x, d.x) || max(c.x, d.x)+r < min(a.x, b.x) ||
		max(a.y, b.y)+r < min(c.y, d.y) || max(c.y, d.y)+r < min(a.y, b.y) {
		return false
	}
	return crosses(a, b, c, d) || apart(a, c, d) < reach || apart(b, c, d) < reach ||
		apart(c, a, b) < reach || apart(d, a, b) < reach
}

// bounds are the least and the greatest ordinates of the points.
func bounds(ps ...point) (lo, hi vector) {
	lo, hi = vector{math.Inf(1), math.Inf(1)}, vector{math.Inf(-1), math.Inf(-1)}
	for _, p := range ps {
		x, y := float64(p.x), float64(p.y)
		lo, hi = vector{min(lo.x, x), min(lo.y, y)}, vector{max(hi.x, x), max(hi.y, y)}
	}
	return lo, hi
}

// inside tells whether p is strictly inside the open ring.
func inside(ring []point, p point) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		o := orient(a, b, p)
		if o == 0 && between(a, b, p) {
			return false
		}
		if (a.y > p.y) != (b.y > p.y) && (o > 0) == (b.y > a.y) {
			in = !in
		}
	}
	return in
}

// simple tells whether no two edges of the open ring meet but neighbours at their vertex.
func simple(ring []point) bool {
	n := len(ring)
	if n < 3 {
		return false
	}
	for i := range n {
		a, b := ring[i], ring[(i+1)%n]
		if a == b {
			return false
		}
		c := ring[(i+2)%n]
		if orient(a, b, c) == 0 && b.to(a).dot(b.to(c)) > 0 {
			return false
		}
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			if near(a, b, ring[j], ring[(j+1)%n], 0) {
				return false
			}
		}
	}
	return true
}

// origin places the grid in EPSG:2154: the centre in whole millimetres.
type origin point

func (o origin) point(p point) orb.Point {
	return orb.Point{float64(o.x+p.x) / 1000, float64(o.y+p.y) / 1000}
}

func (o origin) line(ps []point) orb.LineString {
	l := make(orb.LineString, len(ps))
	for i, p := range ps {
		l[i] = o.point(p)
	}
	return l
}

func (o origin) polygon(ring []point) orb.Polygon {
	r := make(orb.Ring, 0, len(ring)+1)
	for _, p := range ring {
		r = append(r, o.point(p))
	}
	return orb.Polygon{append(r, r[0])}
}
