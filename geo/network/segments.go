package network

import (
	"github.com/tidwall/rtree"

	"arpent/geo/grid"
)

// segment is a straight piece of an edge.
type segment struct {
	from, to Vertex
	number   int
}

// pairs yields each two segments whose boxes meet, once.
func pairs(segments []segment, yield func(s, t segment) bool) {
	var index rtree.RTreeGN[float64, segment]
	for _, s := range segments {
		low, high := grid.Around([]grid.Point{s.from.Point, s.to.Point}).Corners()
		on := true
		index.Search(low, high, func(_, _ [2]float64, t segment) bool {
			on = yield(t, s)
			return on
		})
		if !on {
			return
		}
		index.Insert(low, high, s)
	}
}

// meet answers a place that two segments have in common.
func meet(s, t segment) (grid.Point, bool) {
	if p, crosses := grid.Crossing(s.from.Point, s.to.Point, t.from.Point, t.to.Point); crosses {
		return p, true
	}
	for _, p := range []grid.Point{t.from.Point, t.to.Point} {
		if on(s, p) {
			return p, true
		}
	}
	for _, p := range []grid.Point{s.from.Point, s.to.Point} {
		if on(t, p) {
			return p, true
		}
	}
	return grid.Point{}, false
}

func on(s segment, p grid.Point) bool {
	return grid.Orientation(s.from.Point, s.to.Point, p) == 0 && grid.Around([]grid.Point{s.from.Point, s.to.Point}).Contains(p)
}
