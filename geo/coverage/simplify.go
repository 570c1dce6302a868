package coverage

import (
	"container/heap"
	"math"

	"github.com/tidwall/rtree"

	"arpent/geo/grid"
)

// Simplify takes vertices out of borders where that changes least (Visvalingam
// and Whyatt 1993), the same on both sides. A vertex goes when the triangle that
// it makes with the two beside it is smaller than the square of the tolerance,
// in metres, as ST_CoverageSimplify counts it. Vertices where borders meet stay,
// and so does any that keeps a border from crossing another.
func (c *Coverage) Simplify(tolerance float64) (Change, error) {
	if !(tolerance > 0) {
		return Change{}, &Fault{Kind: TooFew}
	}
	s := newSimplifier(c, tolerance)
	for before := -1; before < len(s.gone); { // what was in the way may have gone
		before = len(s.gone)
		for p := range s.beside {
			s.consider(p)
		}
		s.run()
	}
	ch := Change{Before: map[ID]Shape{}, After: map[ID]Shape{}}
	for id, shape := range c.shapes {
		now := shape.with(func(p Point) Point { return p })
		changed := false
		for i, polygon := range now {
			for j, ring := range polygon {
				kept := make(Ring, 0, len(ring))
				for _, p := range ring {
					if !s.gone[p] {
						kept = append(kept, p)
					}
				}
				changed = changed || len(kept) < len(ring)
				now[i][j] = kept
			}
		}
		if changed {
			ch.Before[id], ch.After[id] = shape, now.canonical()
		}
	}
	return ch, nil
}

// simplifier has the borders as a graph; its vertices with two edges may go.
type simplifier struct {
	limit  float64 // twice an area, in square steps
	beside map[Point][]Point
	places rtree.RTreeGN[float64, Point]
	gone   map[Point]bool
	queue  candidates
}

func newSimplifier(c *Coverage, tolerance float64) *simplifier {
	s := &simplifier{
		limit:  2 * tolerance * tolerance * grid.PerMetre * grid.PerMetre,
		beside: map[Point][]Point{},
		gone:   map[Point]bool{},
	}
	known := map[[2]Point]bool{}
	for _, id := range c.IDs() {
		for a, b := range c.shapes[id].edges {
			if known[[2]Point{a, b}] || known[[2]Point{b, a}] {
				continue
			}
			known[[2]Point{a, b}] = true
			s.beside[a] = append(s.beside[a], b)
			s.beside[b] = append(s.beside[b], a)
		}
	}
	for p := range s.beside {
		low, high := grid.Around([]Point{p}).Corners()
		s.places.Insert(low, high, p)
	}
	return s
}

// consider queues a vertex if it is small enough to go.
func (s *simplifier) consider(p Point) {
	ends := s.beside[p]
	if s.gone[p] || len(ends) != 2 {
		return
	}
	if area := math.Abs(float64(grid.Orientation(ends[0], p, ends[1]))); area <= s.limit {
		heap.Push(&s.queue, candidate{p, [2]Point{ends[0], ends[1]}, area})
	}
}

func (s *simplifier) run() {
	for s.queue.Len() > 0 {
		next := heap.Pop(&s.queue).(candidate)
		p, ends := next.at, s.beside[next.at]
		if s.gone[p] || len(ends) != 2 || [2]Point{ends[0], ends[1]} != next.ends || !s.free(p, ends[0], ends[1]) {
			continue
		}
		s.gone[p] = true
		low, high := grid.Around([]Point{p}).Corners()
		s.places.Delete(low, high, p)
		s.swap(ends[0], p, ends[1])
		s.swap(ends[1], p, ends[0])
		s.consider(ends[0])
		s.consider(ends[1])
	}
}

func (s *simplifier) swap(at, from, to Point) {
	for i, p := range s.beside[at] {
		if p == from {
			s.beside[at][i] = to
		}
	}
}

// free tells whether a and b may be joined past p: they are not joined already,
// and no vertex lies within the triangle or within half a step of the new edge.
func (s *simplifier) free(p, a, b Point) bool {
	for _, q := range s.beside[a] {
		if q == b {
			return false
		}
	}
	free := true
	low, high := grid.Around([]Point{p, a, b}).Wider(1).Corners()
	s.places.Search(low, high, func(_, _ [2]float64, q Point) bool {
		if q != p && q != a && q != b && (within3(q, a, p, b) || grid.Hot(a, b, q)) {
			free = false
		}
		return free
	})
	return free
}

// within3 tells whether q lies in a triangle or on its border.
func within3(q, a, b, c Point) bool {
	u, v, w := grid.Orientation(a, b, q), grid.Orientation(b, c, q), grid.Orientation(c, a, q)
	if u == 0 && v == 0 && w == 0 {
		return grid.Around([]Point{a, b, c}).Contains(q)
	}
	return u >= 0 && v >= 0 && w >= 0 || u <= 0 && v <= 0 && w <= 0
}

// candidate is a vertex that may go, with what is beside it now.
type candidate struct {
	at   Point
	ends [2]Point
	area float64
}

type candidates []candidate

func (c candidates) Len() int      { return len(c) }
func (c candidates) Swap(i, j int) { c[i], c[j] = c[j], c[i] }
func (c candidates) Less(i, j int) bool {
	if c[i].area != c[j].area {
		return c[i].area < c[j].area
	}
	return c[i].at.Less(c[j].at)
}
func (c *candidates) Push(x any) { *c = append(*c, x.(candidate)) }
func (c *candidates) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}
