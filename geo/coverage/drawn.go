package coverage

import (
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// onGrid puts what was drawn on the grid, without points twice in a row.
func (c *Coverage) onGrid(points []orb.Point) ([]Point, error) {
	var line []Point
	for _, p := range points {
		if !grid.Finite(p) {
			return nil, &Fault{Kind: NotFinite}
		}
		at := grid.Snap(p)
		if all := c.box(); all != grid.Nowhere && !all.Wider(grid.Reach/4).Contains(at) || grid.Far(p) {
			return nil, &Fault{Kind: TooFar, Where: p}
		}
		if len(line) == 0 || line[len(line)-1] != at {
			line = append(line, at)
		}
	}
	return line, nil
}

func (c *Coverage) lineOnGrid(points []orb.Point) ([]Point, error) {
	line, err := c.onGrid(points)
	if err == nil && len(line) < 2 {
		at := orb.Point{}
		if len(points) > 0 {
			at = points[0]
		}
		err = &Fault{Kind: TooFew, Where: at}
	}
	return line, err
}

// box answers the extent of the coverage.
func (c *Coverage) box() grid.Box {
	low, high := c.index.Bounds()
	if c.Len() == 0 {
		return grid.Nowhere
	}
	return grid.Box{Min: Point{X: int64(low[0]), Y: int64(low[1])}, Max: Point{X: int64(high[0]), Y: int64(high[1])}}
}

// draw adds a line that was drawn. It goes through the vertices within the
// tolerance of it, and its ends go to a border that near.
func (w *work) draw(line []Point, owner int32) {
	tolerance := w.c.tolerance
	line = slices.Clone(line)
	if owner < 0 {
		for _, end := range []int{0, len(line) - 1} {
			line[end] = w.nearby(line[end], tolerance)
		}
	}
	drawn := w.drawn
	w.drawn = true
	defer func() { w.drawn = drawn }()
	for i := 1; i < len(line); i++ {
		p, q := line[i-1], line[i]
		var via []Point
		low, high := grid.Around([]Point{p, q}).Wider(tolerance).Corners()
		w.nodes.Search(low, high, func(_, _ [2]float64, node int32) bool {
			if v := w.noder.places[node]; node < w.original && v != p && v != q && grid.Beside(p, q, v, float64(tolerance)) {
				via = append(via, v)
			}
			return true
		})
		grid.SortAlong(p, q, via)
		for _, v := range append(via, q) {
			w.add(p, v, owner)
			p = v
		}
	}
}

// nearby answers the vertex or else the place on a border nearest to p within
// the tolerance; p itself when there is none.
func (w *work) nearby(p Point, tolerance int64) Point {
	nearest, least := p, float64(tolerance)
	low, high := grid.Around([]Point{p}).Wider(tolerance).Corners()
	w.nodes.Search(low, high, func(_, _ [2]float64, node int32) bool {
		if d := grid.Distance(p, w.noder.places[node]); node < w.original && d <= least {
			nearest, least = w.noder.places[node], d
		}
		return true
	})
	if nearest != p {
		return nearest
	}
	w.near.Search(low, high, func(_, _ [2]float64, at int32) bool {
		e := w.noder.edges[at]
		foot := grid.NearestOn(w.noder.places[e.from], w.noder.places[e.to], p)
		if d := grid.Distance(p, foot); len(e.uses) > 0 && d <= least {
			nearest, least = foot, d
		}
		return true
	})
	return nearest
}

// inside answers the pieces of the drawn lines that run within land of owners,
// without those that end there; and the fault when nothing is left.
func (w *work) inside(line []Point, owners func(face int32) []int32) ([][2]Point, error) {
	degree := make([]int, len(w.arrangement.places))
	var inner []edge
	for i, e := range w.arrangement.edges {
		left, right := owners(w.faceOf(int32(2*i))), owners(w.faceOf(int32(2*i+1)))
		border := !slices.Equal(left, right)
		if !border && e.line && len(left) > 0 {
			inner = append(inner, e)
		}
		if border || e.line && len(left) > 0 {
			degree[e.from]++
			degree[e.to]++
		}
	}
	ended := int32(-1)
	for before := -1; before != len(inner); {
		before = len(inner)
		inner = slices.DeleteFunc(inner, func(e edge) bool {
			if degree[e.from] > 1 && degree[e.to] > 1 {
				return false
			}
			if ended < 0 {
				if ended = e.from; degree[e.to] == 1 {
					ended = e.to
				}
			}
			degree[e.from]--
			degree[e.to]--
			return true
		})
	}
	if len(inner) == 0 {
		return nil, w.missed(line, ended)
	}
	pieces := make([][2]Point, len(inner))
	for i, e := range inner {
		pieces[i] = [2]Point{w.arrangement.places[e.from], w.arrangement.places[e.to]}
	}
	return pieces, nil
}

// missed says why nothing of a line runs through land: it ends there, at a node,
// or touches a border alone, or not even that.
func (w *work) missed(line []Point, ended int32) error {
	if ended >= 0 {
		return fault(EndsInside, w.arrangement.places[ended])
	}
	bordering := map[int32]bool{}
	for _, e := range w.arrangement.edges {
		if len(e.uses) > 0 {
			bordering[e.from], bordering[e.to] = true, true
		}
	}
	for _, e := range w.arrangement.edges {
		for _, node := range []int32{e.from, e.to} {
			if e.line && bordering[node] {
				return fault(Touches, w.arrangement.places[node])
			}
		}
	}
	return fault(Missed, line[len(line)/2])
}
