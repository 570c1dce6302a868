package memory

import "arpent/tiles/mvt"

// nodeSize is how many boxes a node of the tree holds.
const nodeSize = 16

// tree is a packed Hilbert R-tree (Kamel and Faloutsos 1993) over features in
// the order of a Hilbert curve: the box of feature i is the i-th of the lowest
// level, and each further level has the boxes around sixteen of the one below.
type tree struct {
	levels [][]mvt.Box
}

func newTree(boxes []mvt.Box) tree {
	t := tree{[][]mvt.Box{boxes}}
	for len(boxes) > nodeSize {
		above := make([]mvt.Box, 0, (len(boxes)+nodeSize-1)/nodeSize)
		for i := 0; i < len(boxes); i += nodeSize {
			b := mvt.Nowhere
			for _, each := range boxes[i:min(i+nodeSize, len(boxes))] {
				b = b.With(each)
			}
			above = append(above, b)
		}
		t.levels = append(t.levels, above)
		boxes = above
	}
	return t
}

// search appends the features whose boxes meet b, in their order.
func (t *tree) search(b mvt.Box, found []uint32) []uint32 {
	top := len(t.levels) - 1
	return t.within(top, 0, len(t.levels[top]), b, found)
}

func (t *tree) within(level, from, to int, b mvt.Box, found []uint32) []uint32 {
	boxes := t.levels[level]
	for i := from; i < to; i++ {
		if !boxes[i].Meets(b) {
			continue
		}
		if level == 0 {
			found = append(found, uint32(i))
			continue
		}
		found = t.within(level-1, i*nodeSize, min((i+1)*nodeSize, len(t.levels[level-1])), b, found)
	}
	return found
}

func (t *tree) size() int {
	n := 0
	for _, boxes := range t.levels {
		n += 16 * cap(boxes)
	}
	return n
}
