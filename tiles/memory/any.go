package memory

import "arpent/tiles/mvt"

// Any reports whether a feature whose rows are seen has an extent that meets a
// tile or its buffer, be it too small to be drawn there.
func (l *Layer) Any(z, x, y int, sees func(owner string) bool) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	box := mvt.TileBox(z, x, y)
	shown := func(i uint32) bool {
		s := l.store
		return !s.isGone(i) && sees(s.tables.owners[s.owners[i]])
	}
	if l.tree.any(len(l.tree.levels)-1, 0, len(l.tree.levels[len(l.tree.levels)-1]), box, shown) {
		return true
	}
	found := false
	l.fresh.Search([2]int32{box.MinX, box.MinY}, [2]int32{box.MaxX, box.MaxY}, func(_, _ [2]int32, i uint32) bool {
		found = shown(i)
		return !found
	})
	return found
}

// any reports whether there is a feature of a kind whose box meets b.
func (t *tree) any(level, from, to int, b mvt.Box, such func(uint32) bool) bool {
	boxes := t.levels[level]
	for i := from; i < to; i++ {
		switch {
		case !boxes[i].Meets(b):
		case level == 0:
			if such(uint32(i)) {
				return true
			}
		case t.any(level-1, i*nodeSize, min((i+1)*nodeSize, len(t.levels[level-1])), b, such):
			return true
		}
	}
	return false
}
