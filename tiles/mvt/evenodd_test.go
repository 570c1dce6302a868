package mvt_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// evenOdd is the area that rings, not closed, enclose within a frame by the
// even-odd rule, the length of what of them is in it, and how often they cross, by a
// rule that knows nothing of clipping, noding or orientation: between
// two heights at which something begins, ends or crosses, every edge is straight
// and none crosses another.
func evenOdd(rings []orb.Ring, frame orb.Bound) (area, along float64, crosses int) {
	type edge struct{ a, b orb.Point } // a is higher up: its Y is less
	var edges []edge
	heights := []float64{frame.Min[1], frame.Max[1]}
	for _, r := range rings {
		for i, b := range r {
			a := r[(i+len(r)-1)%len(r)]
			along += inside(a, b, frame)
			if a[1] > b[1] {
				a, b = b, a
			}
			if a[1] < b[1] && b[1] > frame.Min[1] && a[1] < frame.Max[1] {
				edges = append(edges, edge{a, b})
				heights = append(heights, a[1], b[1])
			}
		}
	}
	at := func(e edge, y float64) float64 { return e.a[0] + (e.b[0]-e.a[0])*(y-e.a[1])/(e.b[1]-e.a[1]) }
	for i, e := range edges {
		for _, x := range []float64{frame.Min[0], frame.Max[0]} {
			if e.a[0] != e.b[0] {
				heights = append(heights, e.a[1]+(e.b[1]-e.a[1])*(x-e.a[0])/(e.b[0]-e.a[0]))
			}
		}
		for _, f := range edges[:i] {
			top, bottom := max(e.a[1], f.a[1]), min(e.b[1], f.b[1])
			if top >= bottom {
				continue
			}
			above, below := at(e, top)-at(f, top), at(e, bottom)-at(f, bottom)
			if above*below < 0 {
				heights = append(heights, top+(bottom-top)*above/(above-below))
				crosses++
			}
		}
	}
	slices.Sort(heights)
	var crossings []float64
	for i := range len(heights) - 1 {
		low, high := max(heights[i], frame.Min[1]), min(heights[i+1], frame.Max[1])
		if high <= low {
			continue
		}
		middle := (low + high) / 2
		crossings = crossings[:0]
		for _, e := range edges {
			if e.a[1] <= middle && middle < e.b[1] {
				crossings = append(crossings, min(max(at(e, middle), frame.Min[0]), frame.Max[0]))
			}
		}
		slices.Sort(crossings)
		for j := 0; j+1 < len(crossings); j += 2 {
			area += (crossings[j+1] - crossings[j]) * (high - low)
		}
	}
	return area, along, crosses
}

// inside is the length of a way within a frame (Liang and Barsky 1984).
func inside(a, b orb.Point, frame orb.Bound) float64 {
	from, to := 0.0, 1.0
	for axis := range 2 {
		d := b[axis] - a[axis]
		if d == 0 {
			if a[axis] < frame.Min[axis] || a[axis] > frame.Max[axis] {
				return 0
			}
			continue
		}
		s, t := (frame.Min[axis]-a[axis])/d, (frame.Max[axis]-a[axis])/d
		from, to = max(from, min(s, t)), min(to, max(s, t))
	}
	return max(0, to-from) * math.Hypot(b[0]-a[0], b[1]-a[1])
}

func TestEvenOdd(t *testing.T) {
	frame := orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{10, 10}}
	for name, c := range map[string]struct {
		rings       []orb.Ring
		area, along float64
	}{
		"a square":             {[]orb.Ring{{{1, 1}, {3, 1}, {3, 3}, {1, 3}}}, 4, 8},
		"a hole":               {[]orb.Ring{{{1, 1}, {9, 1}, {9, 9}, {1, 9}}, {{2, 2}, {4, 2}, {4, 4}, {2, 4}}}, 60, 40},
		"a bow-tie":            {[]orb.Ring{{{0, 0}, {4, 4}, {4, 0}, {0, 4}}}, 8, 8 + 8*1.4142135623730951},
		"two that overlap":     {[]orb.Ring{{{0, 0}, {4, 0}, {4, 4}, {0, 4}}, {{2, 2}, {6, 2}, {6, 6}, {2, 6}}}, 24, 32},
		"partly out of frame":  {[]orb.Ring{{{8, 8}, {12, 8}, {12, 12}, {8, 12}}}, 4, 4},
		"all around the frame": {[]orb.Ring{{{-5, -5}, {15, -5}, {15, 15}, {-5, 15}}}, 100, 0},
		"a triangle cut":       {[]orb.Ring{{{5, 5}, {15, 5}, {5, 15}}}, 25, 10},
		"there and back":       {[]orb.Ring{{{1, 1}, {5, 5}}}, 0, 8 * 1.4142135623730951},
		"nothing":              {nil, 0, 0},
	} {
		if area, along, _ := evenOdd(c.rings, frame); area < c.area-1e-9 || area > c.area+1e-9 || along < c.along-1e-9 || along > c.along+1e-9 {
			t.Errorf("%s: area %v, want %v; length %v, want %v", name, area, c.area, along, c.along)
		}
	}
}
