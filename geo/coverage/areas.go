package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// SplitByAreas cuts a polygon into strips parallel to a side, given by two
// places in metres, with the areas given in square metres. The first strip lies
// at the side and keeps the name. What is left over is a strip of its own, but
// for less than what rounding to the grid makes.
//
// Areas are met to the grid: a strip is off by no more than half a step times
// the length of its cuts. It fails with Exceeds when there is less land than
// asked for, and with TooFew when an area is none or the side is a point.
func (c *Coverage) SplitByAreas(id ID, areas []float64, side [2]orb.Point) (Change, error) {
	s := c.shapes[id]
	ends, err := c.onGrid(side[:])
	switch {
	case s == nil:
		return Change{}, &Fault{Kind: Unknown, IDs: []ID{id}}
	case err != nil:
		return Change{}, err
	case len(ends) < 2 || len(areas) == 0:
		return Change{}, &Fault{Kind: TooFew, Where: side[0], IDs: []ID{id}}
	}
	var asked float64
	for _, a := range areas {
		if !(a > 0) {
			return Change{}, &Fault{Kind: TooFew, Where: side[0], IDs: []ID{id}}
		}
		asked += a
	}
	slack := s.Perimeter() / grid.PerMetre
	if total := s.Area(); asked > total+slack {
		return Change{}, &Fault{Kind: Exceeds, Where: s[0][0][0].Orb(), IDs: []ID{id}, Area: total}
	} else if asked >= total-slack {
		areas = areas[:len(areas)-1] // the last one has what is left
	}
	sweep := newSweep(s, ends[0], ends[1])
	var cuts []float64
	var lines [][]Point
	sum := 0.0
	for _, a := range areas {
		sum += a
		at := sweep.reaching(sum)
		cuts = append(cuts, at)
		lines = append(lines, sweep.line(at))
	}
	if len(lines) == 0 {
		return Change{}, &Fault{Kind: TooFew, Where: side[0], IDs: []ID{id}}
	}
	return c.cut([]ID{id}, lines, func(s Shape) int {
		low, high := sweep.extent(s)
		strip := 0
		for strip < len(cuts) && cuts[strip] < (low+high)/2 {
			strip++
		}
		return strip
	})
}

// sweep goes over a shape from a side, by distance from it, in steps.
type sweep struct {
	shape       Shape
	origin      Point
	east, north float64 // towards the shape, across the side
	low, high   float64
}

func newSweep(s Shape, a, b Point) *sweep {
	length := grid.Distance(a, b)
	w := &sweep{shape: s, origin: a, east: -float64(b.Y-a.Y) / length, north: float64(b.X-a.X) / length}
	w.low, w.high = w.extent(s)
	if math.Abs(w.low) > math.Abs(w.high) {
		w.east, w.north = -w.east, -w.north
		w.low, w.high = w.extent(s)
	}
	return w
}

// off is how far a place lies from the side.
func (w *sweep) off(p Point) float64 {
	return w.east*float64(p.X-w.origin.X) + w.north*float64(p.Y-w.origin.Y)
}

func (w *sweep) extent(s Shape) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for ring := range s.rings {
		for _, p := range ring {
			low, high = min(low, w.off(p)), max(high, w.off(p))
		}
	}
	return low, high
}

// area is how much land lies nearer to the side than a distance, in square
// metres: the sum, over the edges cut off there, of the strips from the cut.
func (w *sweep) area(at float64) float64 {
	var sum float64
	for a, b := range w.shape.edges {
		u, v := w.off(a), w.off(b)
		// How far along the side, against which the strips are counted.
		s := w.north*float64(a.X-w.origin.X) - w.east*float64(a.Y-w.origin.Y)
		t := w.north*float64(b.X-w.origin.X) - w.east*float64(b.Y-w.origin.Y)
		if u > at && v > at {
			continue
		}
		if u > at {
			s += (t - s) * (at - u) / (v - u)
			u = at
		} else if v > at {
			t = s + (t-s)*(at-u)/(v-u)
			v = at
		}
		sum += (t - s) * ((at - u) + (at - v)) / 2
	}
	return math.Abs(sum) / grid.PerMetre / grid.PerMetre
}

// reaching answers the distance at which so much land lies nearer to the side.
func (w *sweep) reaching(area float64) float64 {
	low, high := w.low, w.high
	for range 100 {
		middle := (low + high) / 2
		if w.area(middle) < area {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// line answers the line at a distance from the side, beyond the shape on both
// ends.
func (w *sweep) line(at float64) []Point {
	b := w.shape.box()
	far := grid.Distance(b.Min, b.Max) + grid.Distance(w.origin, b.Min)
	x, y := float64(w.origin.X)+at*w.east, float64(w.origin.Y)+at*w.north
	end := func(sign float64) Point {
		return Point{X: int64(math.Round(x + sign*far*w.north)), Y: int64(math.Round(y - sign*far*w.east))}
	}
	return []Point{end(-1), end(1)}
}
