package coverage

import (
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// Displacement moves a vertex, in metres.
type Displacement struct{ From, To orb.Point }

// Move moves vertices, in all polygons that have them. A vertex is the one
// nearest to where it is said to be, within the tolerance; moved onto another
// vertex it becomes one with it, and moved onto a border it joins that border.
//
// It fails with Missed when there is no vertex, and with Overlap, Crossed,
// CutInTwo or Vanishes when polygons would run into each other or into
// themselves, fall apart or have nothing left.
func (c *Coverage) Move(all []Displacement) (Change, error) {
	to := make(map[Point]Point, len(all))
	touched := map[ID]bool{}
	for _, d := range all {
		ends, err := c.onGrid([]orb.Point{d.To})
		if err != nil {
			return Change{}, err
		}
		from, ids, err := c.vertex(d.From)
		if err != nil {
			return Change{}, err
		}
		to[from] = ends[0]
		for _, id := range ids {
			touched[id] = true
		}
	}
	if len(to) == 0 {
		return Change{}, &Fault{Kind: TooFew}
	}
	shapes := make(map[ID]Shape, len(touched))
	for id := range touched {
		shapes[id] = c.shapes[id].with(func(p Point) Point {
			if q, moved := to[p]; moved {
				return q
			}
			return p
		})
	}
	return c.try(shapes)
}

// with answers the shape with its vertices elsewhere; those that fall together
// are one, and rings that have fewer than three are left out.
func (s Shape) with(at func(Point) Point) Shape {
	var all Shape
	for _, polygon := range s {
		var to Polygon
		for i, ring := range polygon {
			r := make(Ring, 0, len(ring))
			for _, p := range ring {
				r = append(r, at(p))
			}
			r = slices.Compact(r)
			for len(r) > 1 && r[0] == r[len(r)-1] {
				r = r[:len(r)-1]
			}
			if len(r) >= 3 {
				to = append(to, r)
			} else if i == 0 {
				break
			}
		}
		if len(to) > 0 {
			all = append(all, to)
		}
	}
	return all
}

// vertex answers the vertex nearest to a place, within the tolerance, and the
// polygons that have it.
func (c *Coverage) vertex(at orb.Point) (Point, []ID, error) {
	points, err := c.onGrid([]orb.Point{at})
	if err != nil {
		return Point{}, nil, err
	}
	var nearest Point
	var ids []ID
	least := float64(c.tolerance)
	for _, id := range c.near(grid.Around(points).Wider(c.tolerance)) {
		for ring := range c.shapes[id].rings {
			for _, p := range ring {
				switch d := grid.Distance(points[0], p); {
				case len(ids) > 0 && p == nearest:
					if ids[len(ids)-1] != id {
						ids = append(ids, id)
					}
				case d < least, d == least && len(ids) == 0:
					nearest, least, ids = p, d, []ID{id}
				}
			}
		}
	}
	if len(ids) == 0 {
		return Point{}, nil, fault(Missed, points[0])
	}
	// One that was met before the nearest was known may have it too.
	ids = slices.DeleteFunc(c.near(grid.Around([]Point{nearest})), func(id ID) bool { return !c.shapes[id].has(nearest) })
	return nearest, ids, nil
}

func (s Shape) has(p Point) bool {
	for ring := range s.rings {
		if slices.Contains(ring, p) {
			return true
		}
	}
	return false
}

// InsertVertex puts a vertex on the border nearest to a place, in metres, in
// all polygons that have that border. It fails with Missed when none is within
// the reach given, in metres, and with Vertex when there is a vertex already.
func (c *Coverage) InsertVertex(at orb.Point, within float64) (Change, error) {
	points, err := c.onGrid([]orb.Point{at})
	if err != nil {
		return Change{}, err
	}
	p := points[0]
	least := max(1, within*grid.PerMetre)
	var from, to, foot Point
	found := false
	near := c.near(grid.Around(points).Wider(int64(least) + 1))
	for _, id := range near {
		for a, b := range c.shapes[id].edges {
			on := grid.NearestOn(a, b, p)
			if d := grid.Distance(p, on); d < least || d == least && !found {
				least, from, to, foot, found = d, a, b, on, true
			}
		}
	}
	switch {
	case !found:
		return Change{}, fault(Missed, p)
	case foot == from || foot == to:
		return Change{}, fault(Vertex, foot)
	}
	shapes := map[ID]Shape{}
	for _, id := range c.near(grid.Around([]Point{from, to})) {
		if s, had := c.shapes[id].via(from, to, foot); had {
			shapes[id] = s
		}
	}
	return c.try(shapes)
}

// via answers the shape with a vertex on the edge ab, whichever way it runs,
// and whether it has that edge.
func (s Shape) via(a, b, p Point) (Shape, bool) {
	all, had := make(Shape, len(s)), false
	for i, polygon := range s {
		all[i] = make(Polygon, len(polygon))
		for j, ring := range polygon {
			all[i][j] = ring
			for k, to := range ring {
				if from := ring[(k+len(ring)-1)%len(ring)]; from == a && to == b || from == b && to == a {
					all[i][j] = slices.Insert(slices.Clone(ring), k, p)
					had = true
					break // no ring has an edge twice
				}
			}
		}
	}
	return all, had
}

// RemoveVertex takes the vertex nearest to a place, in metres, out of all
// polygons that have it. It fails with Missed when none is within the tolerance,
// with Node when three borders meet there, with TooFew when a ring would have
// fewer than three vertices, and as [Coverage.Move] does when polygons would
// run into each other.
func (c *Coverage) RemoveVertex(at orb.Point) (Change, error) {
	p, ids, err := c.vertex(at)
	if err != nil {
		return Change{}, err
	}
	ends := map[Point]bool{}
	shapes := map[ID]Shape{}
	for _, id := range ids {
		all := make(Shape, len(c.shapes[id]))
		for i, polygon := range c.shapes[id] {
			all[i] = make(Polygon, len(polygon))
			for j, ring := range polygon {
				all[i][j] = ring
				k := slices.Index(ring, p)
				if k < 0 {
					continue
				}
				if len(ring) == 3 {
					return Change{}, fault(TooFew, p, id)
				}
				ends[ring[(k+1)%len(ring)]] = true
				ends[ring[(k+len(ring)-1)%len(ring)]] = true
				all[i][j] = slices.Delete(slices.Clone(ring), k, k+1)
			}
		}
		shapes[id] = all
	}
	if len(ends) > 2 {
		return Change{}, fault(Node, p, ids...)
	}
	return c.try(shapes)
}
