package coverage

import (
	"maps"
	"slices"

	"arpent/geo/grid"
)

// try answers the change that gives polygons other shapes; their neighbours get
// the vertices where borders come together. It fails with Crossed, Overlap,
// CutInTwo, Vanishes or Collapsed when that would make the coverage worse than
// it is.
func (c *Coverage) try(shapes map[ID]Shape) (Change, error) {
	around := grid.Nowhere
	for id, s := range shapes {
		if len(s) == 0 {
			return Change{}, fault(Vanishes, c.shapes[id][0][0][0], id)
		}
		around = around.Union(c.boxes[id]).Union(s.box())
	}
	return c.at(around, func(near []ID) (Change, error) {
		w := c.workOf(near, func(id ID) Shape {
			if s, other := shapes[id]; other {
				return s
			}
			return c.shapes[id]
		})
		if err := w.arrange(); err != nil {
			return Change{}, err
		}
		for f, face := range w.faces {
			if face.wound {
				return Change{}, fault(Crossed, w.someplace(int32(f)), w.named(face.owners)...)
			}
		}
		if err := w.noWorse(); err != nil {
			return Change{}, err
		}
		ch := w.change(nil)
		return ch, c.whole(ch)
	})
}

// noWorse checks that no two polygons overlap more than they did.
func (w *work) noWorse() error {
	now := w.overlaps()
	if len(now) == 0 {
		return nil
	}
	before := w.c.work(w.ids)
	if err := before.arrange(); err != nil {
		return err
	}
	was := before.overlaps()
	for _, pair := range slices.SortedFunc(maps.Keys(now), comparePairs) {
		if now[pair] <= was[pair] {
			continue
		}
		var faces []int32
		both := func(f int32) bool { return w.owns(f, pair[0]) && w.owns(f, pair[1]) }
		for f := range int32(len(w.faces)) {
			if both(f) {
				faces = append(faces, f)
			}
		}
		f := w.narrow(Overlap, w.shape(faces, both), w.named(pair[:])...)
		return &f
	}
	return nil
}

func comparePairs(a, b [2]int32) int { return slices.Compare(a[:], b[:]) }

// overlaps answers twice the area that each two owners have in common.
func (w *work) overlaps() map[[2]int32]int64 {
	all := map[[2]int32]int64{}
	for _, f := range w.faces {
		for i, o := range f.owners {
			for _, p := range f.owners[i+1:] {
				all[[2]int32{o, p}] += f.area2
			}
		}
	}
	return all
}
