package coverage

import (
	"cmp"
	"fmt"
	"slices"

	"arpent/geo/grid"
)

// none is the owner of lines, which bound nobody's land.
const none = -1

// work is the part of a coverage at which an operation is done: polygons, lines
// and the land between them.
type work struct {
	c      *Coverage
	ids    []ID // by owner
	number map[ID]int32
	*noder
	*arrangement
	original int32 // nodes before this one are vertices of polygons
}

// at does an operation among the polygons near a box; again, with more of them,
// when a border that it bends comes near others.
func (c *Coverage) at(b grid.Box, do func(near []ID) (Change, error)) (Change, error) {
	for near := c.near(b); ; {
		ch, err := do(near)
		if err != nil {
			return Change{}, err
		}
		more := c.beyond(ch, near)
		if len(more) == 0 {
			return ch, nil
		}
		near = append(near, more...)
	}
}

// beyond answers the polygons that were not near, though edges that are new
// pass by them.
func (c *Coverage) beyond(ch Change, near []ID) []ID {
	known := make(map[ID]bool, len(near))
	for _, id := range near {
		known[id] = true
	}
	var more []ID
	for id, now := range ch.After {
		was := map[[2]Point]bool{}
		for a, b := range ch.Before[id].edges {
			was[[2]Point{a, b}] = true
		}
		for a, b := range now.edges {
			if was[[2]Point{a, b}] {
				continue
			}
			for _, other := range c.near(grid.Around([]Point{a, b})) {
				if !known[other] {
					known[other] = true
					more = append(more, other)
				}
			}
		}
	}
	slices.Sort(more)
	return more
}

// work has polygons at hand.
func (c *Coverage) work(ids []ID) *work {
	return c.workOf(ids, func(id ID) Shape { return c.shapes[id] })
}

// workOf has polygons at hand with shapes that may be others.
func (c *Coverage) workOf(ids []ID, shape func(ID) Shape) *work {
	w := &work{c: c, ids: slices.Clone(ids), number: make(map[ID]int32, len(ids)), noder: newNoder(64)}
	for i, id := range ids {
		w.number[id] = int32(i)
		w.put(int32(i), shape(id))
	}
	w.original = int32(len(w.noder.places))
	return w
}

// put adds the borders of a shape.
func (w *work) put(owner int32, s Shape) {
	for a, b := range s.edges {
		w.add(a, b, owner)
	}
}

// owner makes a name an owner, and answers its number.
func (w *work) owner(id ID) int32 {
	at, known := w.number[id]
	if !known {
		at = int32(len(w.ids))
		w.ids = append(w.ids, id)
		w.number[id] = at
	}
	return at
}

// arrange finds the faces; polygons and lines must have been added.
func (w *work) arrange() (err error) {
	w.arrangement, err = w.noder.arrange()
	return err
}

// owns tells whether a face belongs to an owner.
func (w *work) owns(face, owner int32) bool {
	return slices.Contains(w.faces[face].owners, owner)
}

// named answers the names of owners.
func (w *work) named(owners []int32) []ID {
	ids := make([]ID, len(owners))
	for i, o := range owners {
		ids[i] = w.ids[o]
	}
	return ids
}

// change answers what the polygons become when faces have the owners given;
// faces that are not in the map keep theirs.
func (w *work) change(owners map[int32][]int32) Change {
	of := func(f int32) []int32 {
		if now, changed := owners[f]; changed {
			return now
		}
		return w.faces[f].owners
	}
	land := make([][]int32, len(w.ids))
	from := make([]map[int32]int64, len(w.ids))
	for f := range int32(len(w.faces)) {
		for _, o := range of(f) {
			land[o] = append(land[o], f)
			if _, was := w.c.shapes[w.ids[o]]; !was {
				if from[o] == nil {
					from[o] = map[int32]int64{}
				}
				for _, p := range w.faces[f].owners {
					from[o][p] += w.faces[f].area2
				}
			}
		}
	}
	ch := Change{Before: map[ID]Shape{}, After: map[ID]Shape{}, From: map[ID][]ID{}}
	needless := w.needless(of)
	for o, faces := range land {
		id := w.ids[o]
		was, existed := w.c.shapes[id]
		if len(faces) == 0 {
			if existed {
				ch.Before[id] = was
			}
			continue
		}
		now := w.without(needless, w.shape(faces, func(f int32) bool { return slices.Contains(of(f), int32(o)) }))
		if existed && now.equal(was) {
			continue
		}
		ch.After[id] = now
		if existed {
			ch.Before[id] = was
			continue
		}
		for p := range from[o] {
			ch.From[id] = append(ch.From[id], w.ids[p])
		}
		slices.SortFunc(ch.From[id], func(p, q ID) int {
			return cmp.Or(cmp.Compare(from[o][w.number[q]], from[o][w.number[p]]), cmp.Compare(p, q))
		})
	}
	return ch
}

// needless answers the places where a line that was drawn crosses a border and
// leaves nothing behind: there the border stays as it was.
func (w *work) needless(of func(face int32) []int32) map[Point]bool {
	places := map[Point]bool{}
	if len(w.arrangement.places) == int(w.original) {
		return places
	}
	kept := map[int32]bool{}
	for i, e := range w.arrangement.edges {
		if e.drawn && !slices.Equal(of(w.faceOf(int32(2*i))), of(w.faceOf(int32(2*i+1)))) {
			kept[e.from], kept[e.to] = true, true
		}
	}
	for node := w.original; node < int32(len(w.arrangement.places)); node++ {
		if !kept[node] {
			places[w.arrangement.places[node]] = true
		}
	}
	return places
}

// without leaves places out of the rings of a shape.
func (w *work) without(places map[Point]bool, s Shape) Shape {
	if len(places) == 0 {
		return s
	}
	for _, polygon := range s {
		for i, ring := range polygon {
			polygon[i] = slices.DeleteFunc(ring, func(p Point) bool { return places[p] })
		}
	}
	return s.canonical()
}

// fresh answers names for new polygons made of one: "12/2", "12/3".
func (w *work) fresh(of ID) func() ID {
	n := 1
	return func() ID {
		for {
			n++
			id := ID(fmt.Sprintf("%s/%d", of, n))
			if _, taken := w.c.shapes[id]; !taken {
				if _, taken := w.number[id]; !taken {
					return id
				}
			}
		}
	}
}
