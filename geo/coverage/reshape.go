package coverage

import (
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// Reshape moves the border of a polygon to a line, in metres, that begins and
// ends on it. Land outside that the line encloses comes to the polygon, from its
// neighbours or from nobody; land that the line cuts off falls to the neighbour
// it lies at. Where the line crosses the border several times each piece is
// taken by itself; the largest part of the polygon stays.
//
// It fails with Missed, Touches or EndsInside when the line makes no new border,
// with Ambiguous when land would fall to several neighbours, and with CutInTwo
// or Vanishes when a neighbour would fall apart or have nothing left.
func (c *Coverage) Reshape(id ID, line orb.LineString) (Change, error) {
	drawn, err := c.lineOnGrid(line)
	if err != nil {
		return Change{}, err
	}
	around, err := c.boxOf([]ID{id})
	if err != nil {
		return Change{}, err
	}
	pieces, err := c.between(id, drawn)
	if err != nil {
		return Change{}, err
	}
	return c.at(around.Union(grid.Around(drawn)), func(near []ID) (Change, error) {
		w := c.work(near)
		for _, p := range pieces {
			w.draw(p[:], none)
		}
		if err := w.arrange(); err != nil {
			return Change{}, err
		}
		r := reshaping{work: w, self: w.number[id], owners: map[int32][]int32{}}
		if err := r.sort(); err != nil {
			return Change{}, err
		}
		if len(r.owners) == 0 {
			return Change{}, fault(Touches, pieces[0][0], id)
		}
		ch := w.change(r.owners)
		return ch, c.whole(ch)
	})
}

// between answers the pieces of a line that lead from border to border of a
// polygon, within it or outside.
func (c *Coverage) between(id ID, line []Point) ([][2]Point, error) {
	w := c.work([]ID{id})
	w.draw(line, none)
	if err := w.arrange(); err != nil {
		return nil, err
	}
	// All land counts as owned, but each side of the border as another's.
	return w.inside(line, func(f int32) []int32 {
		if w.owns(f, 0) {
			return []int32{0}
		}
		return []int32{1}
	})
}

// reshaping sorts out who has the land on both sides of the new border.
type reshaping struct {
	*work
	self   int32
	owners map[int32][]int32
}

func (r *reshaping) sort() error {
	owned := func(f int32) bool { return r.owns(f, r.self) }
	any := func(int32) bool { return true }
	border := func(half int32) bool { return owned(r.faceOf(half)) != owned(r.faceOf(half^1)) }
	// Land on one side of the border, and the pieces into which the line cuts it.
	sides, _ := r.parts(any, func(half int32) bool { return !border(half) })
	cut, count := r.parts(any, func(half int32) bool { return !border(half) && !r.arrangement.edges[half/2].line })
	pieces := make([][]int32, count)
	areas := make([]int64, count)
	largest := map[int32]int32{} // of each side the piece that stays
	for f, number := range cut {
		pieces[number] = append(pieces[number], int32(f))
		areas[number] += r.faces[f].area2
	}
	for number, faces := range pieces {
		side := sides[faces[0]]
		if best, known := largest[side]; !known || areas[number] > areas[best] {
			largest[side] = int32(number)
		}
	}
	for number, faces := range pieces {
		side := sides[faces[0]]
		switch {
		case owned(faces[0]) && largest[side] != int32(number):
			if err := r.release(faces, cut); err != nil {
				return err
			}
		case side == sides[unbounded] && cut[unbounded] != int32(number) && !owned(faces[0]):
			for _, f := range faces {
				r.owners[f] = []int32{r.self}
			}
		}
	}
	return nil
}

// release gives land that is cut off to whom it borders across the old border;
// where it has another owner already, to nobody else.
func (r *reshaping) release(faces []int32, cut []int32) error {
	var free []int32
	for _, f := range faces {
		others := slices.DeleteFunc(slices.Clone(r.faces[f].owners), func(o int32) bool { return o == r.self })
		r.owners[f] = others
		if len(others) == 0 {
			free = append(free, f)
		}
	}
	if len(free) == 0 {
		return nil
	}
	heirs := r.across(faces, cut)
	if len(heirs) == 0 { // a ring drawn inside
		return fault(EndsInside, r.someplace(free[0]), r.ids[r.self])
	}
	if len(heirs) > 1 || len(heirs[0]) > 1 {
		all := slices.Concat(heirs...)
		slices.Sort(all)
		return fault(Ambiguous, r.someplace(free[0]), r.named(slices.Compact(all))...)
	}
	for _, f := range free {
		r.owners[f] = heirs[0]
	}
	return nil
}

// across answers the different owners of land beyond the old border of a piece.
func (r *reshaping) across(faces []int32, cut []int32) [][]int32 {
	var all [][]int32
	for _, f := range faces {
		for _, c := range r.faces[f].cycles {
			for half := range r.walk(r.cycles[c].start) {
				over := r.faceOf(half ^ 1)
				if cut[over] != cut[f] && !r.owns(over, r.self) {
					all = append(all, r.faces[over].owners)
				}
			}
		}
	}
	slices.SortFunc(all, slices.Compare)
	return slices.CompactFunc(all, slices.Equal)
}

// whole checks that no polygon vanishes or falls apart.
func (c *Coverage) whole(ch Change) error {
	for _, id := range ch.IDs() {
		if was, now := ch.Before[id], ch.After[id]; len(was) > 0 && len(now) > len(was) {
			return fault(CutInTwo, now[1][0][0], id)
		}
	}
	return ch.vanishing()
}
