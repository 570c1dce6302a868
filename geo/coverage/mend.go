package coverage

// Mend answers the land that rings enclose by the even-odd rule, however they
// cross, touch or run back over themselves: valid polygons, whose new vertices
// are rounded to whole steps (snap rounding). Coordinates are steps of any
// size, within grid.Reach of each other. It fails with TooDense where lines are
// too tangled to cut.
func Mend(rings []Ring) (Shape, error) {
	count := 0
	for _, ring := range rings {
		count += len(ring)
	}
	n := newNoder(count)
	for _, ring := range rings {
		for i, b := range ring {
			n.add(ring[(i+len(ring)-1)%len(ring)], b, 0)
		}
	}
	a, err := n.arrange()
	if err != nil {
		return nil, err
	}
	odd := a.odd()
	faces := make([]int32, len(a.faces))
	for i := range faces {
		faces[i] = int32(i)
	}
	return a.shape(faces, func(face int32) bool { return odd[face] }), nil
}

// odd tells of which faces an odd number of edges separates the outside, edges
// that lie on each other counted as many.
func (a *arrangement) odd() []bool {
	odd, known := make([]bool, len(a.faces)), make([]bool, len(a.faces))
	known[unbounded] = true
	a.roam(unbounded, func(at, over, half int32) bool {
		if known[over] {
			return false
		}
		known[over] = true
		odd[over] = odd[at]
		for _, u := range a.edges[half/2].uses {
			odd[over] = odd[over] != (u.n%2 != 0)
		}
		return true
	})
	return odd
}
