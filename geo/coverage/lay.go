package coverage

import (
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// Laying says whose land a region is laid on.
type Laying struct {
	Taken bool // land of polygons
	Free  bool // land of nobody
	Only  []ID // of the polygons only these; all when empty
	// Slivers that would be left over go with the region; else they are a fault.
	Slivers bool
}

// Lay gives the land of a region, in metres, to a polygon: to a new one when
// there is none of that name, or to nobody when the name is empty. Of polygons
// that it cuts in pieces the largest keeps the name, and each other becomes a
// polygon of its own. So a road is cut out of parcels, and a polygon is drawn
// that fills what is free between its neighbours.
//
// It fails with Missed when there is no such land within the region, with
// Vanishes when a polygon would have nothing left, and with Narrow when a piece
// would be a sliver that is not to go with the region.
func (c *Coverage) Lay(region orb.MultiPolygon, into ID, on Laying) (Change, error) {
	rings, err := c.ringsOnGrid(region)
	if err != nil {
		return Change{}, err
	}
	if _, err := c.boxOf(on.Only); err != nil {
		return Change{}, err
	}
	around := grid.Nowhere
	for _, ring := range rings {
		around = around.Union(grid.Around(ring))
	}
	return c.at(around, func(near []ID) (Change, error) {
		if _, exists := c.shapes[into]; exists && !slices.Contains(near, into) {
			near = append(near, into)
		}
		w := c.work(near)
		r := w.owner(laid)
		for _, ring := range rings {
			w.draw(append(ring, ring[0]), r)
		}
		if err := w.arrange(); err != nil {
			return Change{}, err
		}
		to := []int32(nil)
		if into != "" {
			to = []int32{w.owner(into)}
		}
		owners := w.under(r, to, on)
		if err := w.loosen(owners, to, on.Slivers); err != nil {
			return Change{}, err
		}
		ch := w.change(owners)
		delete(ch.After, laid)
		for id := range ch.After {
			ch.From[id] = slices.DeleteFunc(ch.From[id], func(p ID) bool { return p == laid })
		}
		if len(ch.IDs()) == 0 || into != "" && len(ch.After[into]) == 0 {
			return Change{}, fault(Missed, rings[0][0])
		}
		return ch, ch.vanishing()
	})
}

// laid is the name under which what is laid is at work.
const laid = ID("\x00laid")

// ringsOnGrid answers the rings of a region with its land to their left.
func (c *Coverage) ringsOnGrid(m orb.MultiPolygon) ([]Ring, error) {
	var rings []Ring
	for _, polygon := range m {
		for _, each := range polygon {
			if _, err := c.onGrid(each); err != nil {
				return nil, err
			}
		}
	}
	for ring := range snapped(m, grid.Snap).rings {
		rings = append(rings, ring)
	}
	if len(rings) == 0 {
		return nil, &Fault{Kind: TooFew}
	}
	return rings, nil
}

// under answers who has the land under what is laid, r, afterwards.
func (w *work) under(r int32, to []int32, on Laying) map[int32][]int32 {
	owners := map[int32][]int32{}
	for f := range int32(len(w.faces)) {
		others := slices.DeleteFunc(slices.Clone(w.faces[f].owners), func(o int32) bool { return o == r })
		if len(others) == len(w.faces[f].owners) {
			continue
		}
		owners[f] = others
		if len(others) == 0 && on.Free || len(others) > 0 && on.Taken && w.all(others, on.Only) {
			owners[f] = to
		}
	}
	return owners
}

// vanishing answers the fault that a polygon would have nothing left.
func (ch Change) vanishing() error {
	for _, id := range ch.IDs() {
		if was := ch.Before[id]; len(was) > 0 && len(ch.After[id]) == 0 {
			return fault(Vanishes, was[0][0][0], id)
		}
	}
	return nil
}

// all tells whether owners are all among the names given; any are when no names are.
func (w *work) all(owners []int32, only []ID) bool {
	for _, o := range owners {
		if len(only) > 0 && !slices.Contains(only, w.ids[o]) {
			return false
		}
	}
	return true
}

// loosen makes pieces that have come apart from their polygon polygons of their
// own; but those of the owners in to, which may have several.
func (w *work) loosen(owners map[int32][]int32, to []int32, slivers bool) error {
	lost := map[int32]bool{}
	for f, now := range owners {
		for _, o := range w.faces[f].owners {
			if !slices.Contains(now, o) {
				lost[o] = true
			}
		}
	}
	for o := range int32(len(w.ids)) {
		if !lost[o] || w.ids[o] == laid || slices.Contains(to, o) {
			continue
		}
		whole, count := w.parts(func(f int32) bool { return w.owns(f, o) }, func(int32) bool { return true })
		still := func(f int32) bool {
			now, changed := owners[f]
			return w.owns(f, o) && (!changed || slices.Contains(now, o))
		}
		cut, _ := w.parts(still, func(int32) bool { return true })
		name := w.fresh(w.ids[o])
		for part := range count {
			pieces := w.pieces(func(f int32) bool { return whole[f] == part && still(f) }, cut, nil)
			for i, p := range pieces {
				err := w.wide(p, w.ids[o])
				switch {
				case err != nil && !slivers:
					return err
				case err != nil:
					for _, f := range p.faces {
						owners[f] = to
					}
				case i > 0:
					w.give(p.faces, o, w.owner(name()), owners)
				}
			}
		}
	}
	return nil
}

// FillGap gives land of nobody, which polygons enclose, to a polygon: the one
// with the longest border to it when no name is given, a new one when there is
// none of that name. The land is that around a place, in metres. It fails with
// Missed when the place has owners, and NotEnclosed when the land has no end.
func (c *Coverage) FillGap(at orb.Point, into ID) (Change, error) {
	points, err := c.onGrid([]orb.Point{at})
	if err != nil {
		return Change{}, err
	}
	w, f, err := c.faceAt(points[0])
	switch {
	case err != nil:
		return Change{}, err
	case len(w.faces[f].owners) > 0:
		return Change{}, fault(Missed, points[0], w.named(w.faces[f].owners)...)
	case f == unbounded:
		return Change{}, fault(NotEnclosed, points[0])
	}
	if into == "" {
		into = w.around(f)[0]
	}
	if _, known := c.shapes[into]; known && !slices.Contains(w.around(f), into) {
		return Change{}, fault(Apart, points[0], into)
	}
	return w.change(map[int32][]int32{f: {w.owner(into)}}), nil
}

// faceAt answers the face of a place with all that lies in it.
func (c *Coverage) faceAt(p Point) (*work, int32, error) {
	around := grid.Around([]Point{p}).Wider(10 * grid.PerMetre)
	all := c.box()
	for {
		ids := c.near(around)
		w := c.work(ids)
		if err := w.arrange(); err != nil {
			return nil, 0, err
		}
		f := w.at(p)
		switch {
		case f == unbounded && len(ids) < c.Len() && around.Union(all) != around:
			size := max(around.Max.X-around.Min.X, around.Max.Y-around.Min.Y)
			around = around.Wider(size)
		case f != unbounded && len(c.near(w.box(f).Union(around))) > len(ids):
			around = around.Union(w.box(f))
		default:
			return w, f, nil
		}
	}
}

// AssignOverlap leaves land of several polygons to one of them: that around a
// place, in metres, with the same owners all over. It fails with Missed when the
// place has not several owners, the one named among them, and with Vanishes when
// another would have nothing left.
func (c *Coverage) AssignOverlap(at orb.Point, to ID) (Change, error) {
	points, err := c.onGrid([]orb.Point{at})
	if err != nil {
		return Change{}, err
	}
	w, f, err := c.faceAt(points[0])
	if err != nil {
		return Change{}, err
	}
	self, known := w.number[to]
	if !known || len(w.faces[f].owners) < 2 || !w.owns(f, self) {
		return Change{}, fault(Missed, points[0], to)
	}
	same := func(g int32) bool { return slices.Equal(w.faces[g].owners, w.faces[f].owners) }
	of, _ := w.parts(same, func(int32) bool { return true })
	owners := map[int32][]int32{}
	for g, part := range of {
		if part >= 0 && part == of[f] {
			owners[int32(g)] = []int32{self}
		}
	}
	ch := w.change(owners)
	return ch, ch.vanishing()
}
