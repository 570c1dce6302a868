package grid

import "math"

// Box is an extent in steps, its borders included.
type Box struct{ Min, Max Point }

// Nowhere is the box without a place in it.
var Nowhere = Box{
	Min: Point{math.MaxInt64 / 4, math.MaxInt64 / 4},
	Max: Point{math.MinInt64 / 4, math.MinInt64 / 4},
}

// Around answers the smallest box that has all points in it.
func Around(points []Point) Box {
	b := Nowhere
	for _, p := range points {
		b = b.With(p)
	}
	return b
}

// With answers the smallest box that has this one and p in it.
func (b Box) With(p Point) Box {
	return Box{
		Point{min(b.Min.X, p.X), min(b.Min.Y, p.Y)},
		Point{max(b.Max.X, p.X), max(b.Max.Y, p.Y)},
	}
}

// Union answers the smallest box that has both in it.
func (b Box) Union(c Box) Box {
	if c == Nowhere {
		return b
	}
	return b.With(c.Min).With(c.Max)
}

// Wider answers the box with its borders further out.
func (b Box) Wider(by int64) Box {
	return Box{Point{b.Min.X - by, b.Min.Y - by}, Point{b.Max.X + by, b.Max.Y + by}}
}

// Contains tells whether p is in the box or on its border.
func (b Box) Contains(p Point) bool {
	return b.Min.X <= p.X && p.X <= b.Max.X && b.Min.Y <= p.Y && p.Y <= b.Max.Y
}

// Corners answers the box as an R-tree takes it.
func (b Box) Corners() (low, high [2]float64) {
	return [2]float64{float64(b.Min.X), float64(b.Min.Y)}, [2]float64{float64(b.Max.X), float64(b.Max.Y)}
}
