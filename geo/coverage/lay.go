package coverage

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// Laying says whose land a region is laid on.
type Laying struct {
	Taken bool // land of polygons
	Free  bool // land of nobody
	Only  []ID // of the polygons only these; all when empty
}

// Lay gives the land of a region, in metres, to a polygon: to a new one when
// there is none of that name, or to nobody when the name is empty. Of polygons
// that it cuts in pieces the largest keeps the name, and each other becomes a
// polygon of its own. So a road is cut out of parcels, and a polygon is drawn
// that fills what is free between its neighbours.
//
// It fails with Missed when there is no such land within the region, with
// Vanishes when a polygon would have nothing left, and with Narrow when a piece
// would be a sliver.
func (c *Coverage) Lay(region orb.MultiPolygon, into ID, on Laying) (Change, error) {
	w, r, err := c.laid(region, on.Only)
	if err != nil {
		return Change{}, err
	}
	to := []int32(nil)
	if into != "" {
		to = []int32{w.owner(into)}
	}
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
	if err := w.loosen(owners, to); err != nil {
		return Change{}, err
	}
	ch := w.change(owners)
	delete(ch.After, w.ids[r])
	if len(ch.IDs()) == 0 || into != "" && len(ch.After[into]) == 0 {
		return Change{}, fault(Missed, Snap(region[0][0][0]))
	}
	for id, was := range ch.Before {
		if len(ch.After[id]) == 0 {
			return Change{}, fault(Vanishes, was[0][0][0], id)
		}
	}
	return ch, nil
}

// region is the name under which what is laid is at work.
const region = ID("\x00region")

// laid answers the polygons around a region with the region, which is an owner.
func (c *Coverage) laid(m orb.MultiPolygon, only []ID) (*work, int32, error) {
	for _, id := range only {
		if _, known := c.shapes[id]; !known {
			return nil, 0, &Fault{Kind: Unknown, IDs: []ID{id}}
		}
	}
	var rings [][]Point
	around := nowhere
	for _, polygon := range m {
		for i, each := range polygon {
			ring, err := c.onGrid(each)
			if err != nil {
				return nil, 0, err
			}
			if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
				ring = append(ring, ring[0])
			}
			if Ring(ring).area2() > 0 != (i == 0) {
				slices.Reverse(ring)
			}
			rings = append(rings, ring)
			around = around.union(boxAround(ring))
		}
	}
	if len(rings) == 0 {
		return nil, 0, &Fault{Kind: TooFew}
	}
	w := c.work(around)
	r := w.owner(region)
	for _, ring := range rings {
		w.draw(ring, r)
	}
	return w, r, w.arrange()
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
func (w *work) loosen(owners map[int32][]int32, to []int32) error {
	lost := map[int32]bool{}
	for f, now := range owners {
		for _, o := range w.faces[f].owners {
			if !slices.Contains(now, o) {
				lost[o] = true
			}
		}
	}
	for o := range int32(len(w.ids)) {
		if !lost[o] || w.ids[o] == region || slices.Contains(to, o) {
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
				if err := w.wide(p, w.ids[o]); err != nil {
					return err
				}
				if i > 0 {
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
	around := boxAround([]Point{p}).wider(10 * PerMetre)
	all := c.box()
	for {
		ids := c.near(around)
		w := c.workWith(ids)
		if err := w.arrange(); err != nil {
			return nil, 0, err
		}
		f := w.at(p)
		switch {
		case f == unbounded && len(ids) < c.Len() && around.union(all) != around:
			size := max(around.max.X-around.min.X, around.max.Y-around.min.Y)
			around = around.wider(size)
		case f != unbounded && len(c.near(w.box(f).union(around))) > len(ids):
			around = around.union(w.box(f))
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
	for id, was := range ch.Before {
		if len(ch.After[id]) == 0 {
			return Change{}, fault(Vanishes, was[0][0][0], id)
		}
	}
	return ch, nil
}

// Borders answers how long each two polygons border each other, and each the
// land of nobody, in metres: the dual graph. Of two names the lesser comes first;
// the empty one is nobody.
func (c *Coverage) Borders() map[[2]ID]float64 {
	owner := map[[2]Point][]ID{}
	ids := c.IDs()
	for _, id := range ids {
		for a, b := range c.shapes[id].edges {
			owner[[2]Point{a, b}] = append(owner[[2]Point{a, b}], id)
		}
	}
	lengths := map[[2]ID]float64{}
	for _, id := range ids {
		for a, b := range c.shapes[id].edges {
			others := owner[[2]Point{b, a}]
			if len(others) == 0 {
				lengths[[2]ID{"", id}] += distance(a, b) / PerMetre
			}
			for _, other := range others {
				if cmp.Less(id, other) {
					lengths[[2]ID{id, other}] += distance(a, b) / PerMetre
				}
			}
		}
	}
	return lengths
}
