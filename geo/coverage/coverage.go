package coverage

import (
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"arpent/geo/grid"
)

// Feature is a polygon with its name.
type Feature struct {
	ID    ID
	Shape orb.MultiPolygon // in metres
}

// Options say how closely borders are taken to be the same. Zero values mean
// the defaults.
type Options struct {
	// Tolerance in metres: vertices nearer to another's vertex or border are
	// put on it. 0.01 unless told; at least one step of the grid.
	Tolerance float64
	// Narrow is the mean width in metres under which land is a sliver. 0.1
	// unless told.
	Narrow float64
}

// Coverage is a set of polygons whose common borders have the same vertices on
// both sides. It is not safe for use while [Coverage.Apply] runs.
type Coverage struct {
	shapes    map[ID]Shape
	boxes     map[ID]grid.Box
	index     rtree.RTreeGN[float64, ID]
	exact     map[Point]orb.Point // coordinates as they came, where they were beside the grid
	tolerance int64               // in steps
	narrow    float64             // in metres
}

func (o Options) coverage(size int) *Coverage {
	if o.Tolerance == 0 {
		o.Tolerance = 0.01
	}
	if o.Narrow == 0 {
		o.Narrow = 0.1
	}
	return &Coverage{
		shapes:    make(map[ID]Shape, size),
		boxes:     make(map[ID]grid.Box, size),
		exact:     map[Point]orb.Point{},
		tolerance: max(1, int64(math.Round(o.Tolerance*grid.PerMetre))),
		narrow:    o.Narrow,
	}
}

// IDs answers the names of the polygons, in order.
func (c *Coverage) IDs() []ID { return slices.Sorted(maps.Keys(c.shapes)) }

// Len is how many polygons there are.
func (c *Coverage) Len() int { return len(c.shapes) }

// Shape answers a polygon on the grid; nil when there is none. It is not to be
// changed.
func (c *Coverage) Shape(id ID) Shape { return c.shapes[id] }

// Geometry answers a shape in metres, with the coordinates that its vertices
// came with; closed, outer rings counter-clockwise.
func (c *Coverage) Geometry(s Shape) orb.MultiPolygon {
	m := make(orb.MultiPolygon, len(s))
	for i, polygon := range s {
		m[i] = make(orb.Polygon, len(polygon))
		for j, ring := range polygon {
			r := make(orb.Ring, 0, len(ring)+1)
			for _, p := range ring {
				r = append(r, c.place(p))
			}
			m[i][j] = append(r, r[0])
		}
	}
	return m
}

func (c *Coverage) place(p Point) orb.Point {
	if exact, ok := c.exact[p]; ok {
		return exact
	}
	return p.Orb()
}

// set replaces a polygon; a nil shape takes it away.
func (c *Coverage) set(id ID, s Shape) {
	if old, known := c.boxes[id]; known {
		low, high := old.Corners()
		c.index.Delete(low, high, id)
		delete(c.shapes, id)
		delete(c.boxes, id)
	}
	if s == nil {
		return
	}
	b := s.box()
	low, high := b.Corners()
	c.shapes[id], c.boxes[id] = s, b
	c.index.Insert(low, high, id)
}

// near answers the polygons whose boxes meet a box, in order.
func (c *Coverage) near(b grid.Box) []ID {
	var ids []ID
	low, high := b.Corners()
	c.index.Search(low, high, func(_, _ [2]float64, id ID) bool {
		ids = append(ids, id)
		return true
	})
	slices.Sort(ids)
	return ids
}

// boxOf answers the box around polygons, or the fault that one is unknown.
func (c *Coverage) boxOf(ids []ID) (grid.Box, error) {
	b := grid.Nowhere
	for _, id := range ids {
		own, known := c.boxes[id]
		if !known {
			return b, &Fault{Kind: Unknown, IDs: []ID{id}}
		}
		b = b.Union(own)
	}
	return b, nil
}
