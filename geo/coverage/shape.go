package coverage

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// Point is a place on the grid of one millimetre.
type Point = grid.Point

// Ring is a closed line without its last point, which is the first. The land
// lies to its left: outer rings run counter-clockwise, holes clockwise.
type Ring []Point

// Polygon is an outer ring and its holes.
type Polygon []Ring

// Shape is what one feature covers: one polygon, or several apart.
type Shape []Polygon

// area2 is twice the area in square steps, positive when counter-clockwise.
// Sums wrap around, so the result is exact.
func (r Ring) area2() int64 {
	var sum int64
	for i := 2; i < len(r); i++ {
		sum += grid.Orientation(r[0], r[i-1], r[i])
	}
	return sum
}

// Area2 is twice the area in square millimetres: a whole number.
func (s Shape) Area2() int64 {
	var sum int64
	for ring := range s.rings {
		sum += ring.area2()
	}
	return sum
}

// Area is the area in square metres.
func (s Shape) Area() float64 { return metres2(s.Area2()) }

func metres2(area2 int64) float64 { return float64(area2) / (2 * grid.PerMetre * grid.PerMetre) }

// Perimeter is the length of all rings in metres.
func (s Shape) Perimeter() float64 {
	var sum float64
	for a, b := range s.edges {
		sum += grid.Distance(a, b)
	}
	return sum / grid.PerMetre
}

// width is how wide a strip of this area and perimeter is, in metres.
func (s Shape) width() float64 {
	if p := s.Perimeter(); p > 0 {
		return 2 * s.Area() / p
	}
	return 0
}

func (s Shape) rings(yield func(Ring) bool) {
	for _, polygon := range s {
		for _, ring := range polygon {
			if !yield(ring) {
				return
			}
		}
	}
}

// edges yields each edge of each ring, with the land to its left.
func (s Shape) edges(yield func(a, b Point) bool) {
	for ring := range s.rings {
		for i, b := range ring {
			if !yield(ring[(i+len(ring)-1)%len(ring)], b) {
				return
			}
		}
	}
}

func (s Shape) box() grid.Box {
	b := grid.Nowhere
	for ring := range s.rings {
		for _, p := range ring {
			b = b.With(p)
		}
	}
	return b
}

// canonical answers the shape with its rings turned to begin at their least
// point, and rings and parts in order: equal shapes look the same.
func (s Shape) canonical() Shape {
	all := make(Shape, len(s))
	for i, polygon := range s {
		all[i] = make(Polygon, len(polygon))
		for j, ring := range polygon {
			all[i][j] = ring.turned()
		}
		if len(polygon) > 2 {
			slices.SortFunc(all[i][1:], compareRings)
		}
	}
	slices.SortFunc(all, func(a, b Polygon) int { return compareRings(a[0], b[0]) })
	return all
}

func compareRings(a, b Ring) int { return slices.CompareFunc(a, b, Point.Compare) }

func (r Ring) turned() Ring {
	least := 0
	for i, p := range r {
		if p.Less(r[least]) {
			least = i
		}
	}
	return append(slices.Clone(r[least:]), r[:least]...)
}

// equal compares canonical shapes.
func (s Shape) equal(t Shape) bool {
	return slices.EqualFunc(s, t, func(a, b Polygon) bool {
		return slices.EqualFunc(a, b, func(c, d Ring) bool { return slices.Equal(c, d) })
	})
}

// inside tells whether p, in half steps and not on the ring, is within it.
func (r Ring) inside(p Point) bool {
	in := false
	for i, b := range r {
		a := r[(i+len(r)-1)%len(r)]
		a2, b2 := Point{X: 2 * a.X, Y: 2 * a.Y}, Point{X: 2 * b.X, Y: 2 * b.Y}
		if (a2.Y > p.Y) == (b2.Y > p.Y) {
			continue
		}
		if a2.Y > b2.Y {
			a2, b2 = b2, a2
		}
		if grid.Orientation(a2, b2, p) > 0 {
			in = !in
		}
	}
	return in
}

// assemble makes polygons of rings that do not cross: the counter-clockwise
// ones are shells, the others holes of the smallest shell around them.
func assemble(rings []Ring) Shape {
	var shape Shape
	var holes []Ring
	for _, ring := range rings {
		switch area := ring.area2(); {
		case area > 0:
			shape = append(shape, Polygon{ring})
		case area < 0:
			holes = append(holes, ring)
		}
	}
	slices.SortStableFunc(shape, func(a, b Polygon) int { return cmp.Compare(a[0].area2(), b[0].area2()) })
	for _, hole := range holes {
		middle := Point{X: hole[0].X + hole[1].X, Y: hole[0].Y + hole[1].Y}
		for i, polygon := range shape {
			if polygon[0].inside(middle) {
				shape[i] = append(shape[i], hole)
				break
			}
		}
	}
	return shape.canonical()
}

// snapped puts a geometry on the grid: points that fall together are one,
// rings run with the land to their left, rings without area are left out.
func snapped(m orb.MultiPolygon, at func(orb.Point) Point) Shape {
	var shape Shape
	for _, polygon := range m {
		var to Polygon
		for i, ring := range polygon {
			r := make(Ring, 0, len(ring))
			for _, p := range ring {
				if q := at(p); len(r) == 0 || r[len(r)-1] != q {
					r = append(r, q)
				}
			}
			for len(r) > 1 && r[0] == r[len(r)-1] {
				r = r[:len(r)-1]
			}
			if len(r) < 3 {
				if i == 0 {
					break // a shell without area: its holes have none
				}
				continue
			} else if area := r.area2(); area != 0 && area > 0 != (i == 0) {
				slices.Reverse(r)
			}
			to = append(to, r)
		}
		if len(to) > 0 {
			shape = append(shape, to)
		}
	}
	return shape
}
