package coverage

import "slices"

// Merge makes one polygon of several; the first keeps its name. They must hang
// together along common borders: it fails with Apart and names one that does
// not.
func (c *Coverage) Merge(ids []ID) (Change, error) {
	ids = unique(ids)
	around, err := c.boxOf(ids)
	if err != nil {
		return Change{}, err
	}
	if len(ids) < 2 {
		return Change{}, &Fault{Kind: TooFew, IDs: ids}
	}
	return c.at(around, func(near []ID) (Change, error) {
		w := c.work(near)
		if err := w.arrange(); err != nil {
			return Change{}, err
		}
		merged := make([]bool, len(w.ids))
		for _, id := range ids {
			merged[w.number[id]] = true
		}
		if err := w.connected(ids, merged); err != nil {
			return Change{}, err
		}
		first := w.number[ids[0]]
		owners := map[int32][]int32{}
		for f := range int32(len(w.faces)) {
			rest := slices.DeleteFunc(slices.Clone(w.faces[f].owners), func(o int32) bool { return merged[o] })
			if len(rest) < len(w.faces[f].owners) {
				rest = append(rest, first)
				slices.Sort(rest)
				owners[f] = rest
			}
		}
		return w.change(owners), nil
	})
}

// unique answers each name once, in the order given.
func unique(ids []ID) []ID {
	var all []ID
	for _, id := range ids {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// connected checks that polygons hang together along borders.
func (w *work) connected(ids []ID, merged []bool) error {
	reached := map[int32]bool{w.number[ids[0]]: true}
	for before := 0; before < len(reached); {
		before = len(reached)
		for half := range int32(2 * len(w.arrangement.edges)) {
			left, right := w.faces[w.faceOf(half)].owners, w.faces[w.faceOf(half^1)].owners
			for _, o := range left {
				if !reached[o] {
					continue
				}
				for _, p := range slices.Concat(left, right) {
					if merged[p] {
						reached[p] = true
					}
				}
			}
		}
	}
	for _, id := range ids {
		if !reached[w.number[id]] {
			return fault(Apart, w.c.shapes[id][0][0][0], ids[0], id)
		}
	}
	return nil
}
