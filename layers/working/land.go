package working

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
)

// claiming are the operations by which a polygon may come to have land that was
// nobody's. Others only pass land on.
var claiming = []Kind{Draw, Move, InsertVertex, RemoveVertex, Reshape, FillGap, Regain}

// least is the land, in m², about which there is no conflict: vertices put on
// the grid bend borders by as much.
const least = 0.01

// landConflicts are about features that the set has not touched and that have
// land which the set has too: they were drawn, or grew, since it was free.
func (s *Service) landConflicts(ctx context.Context, v layers.Viewer, sh *sheet, set *Set) ([]Conflict, error) {
	t := &task{service: s, viewer: v, sheet: sh, set: set, now: set.Present(), stored: map[Ref]Base{}}
	for _, box := range set.claims() {
		if err := t.readWithin(ctx, sh.home, box); err != nil {
			return nil, err
		}
	}
	bases := set.Bases()
	maps.DeleteFunc(t.stored, func(ref Ref, _ Base) bool { _, touched := bases[ref]; return touched })
	if len(t.stored) == 0 {
		return nil, nil
	}
	before := map[Ref]geom.T{}
	for ref, base := range bases {
		before[ref] = base.Shape
	}
	now, err := t.shared(t.now)
	if err != nil || len(now) == 0 {
		return nil, err
	}
	was, err := t.shared(before)
	if err != nil {
		return nil, err
	}
	var all []Conflict
	for _, ref := range ordered(now) {
		if now[ref].area-was[ref].area < least {
			continue
		}
		current := map[Ref]*layers.Feature{}
		if err := s.readInto(ctx, v, ref.Layer, layers.Query{IDs: []string{ref.ID}, Labels: true}, current); err != nil {
			return nil, err
		}
		all = append(all, Conflict{Ref: ref, Mine: t.now[now[ref].with], Current: current[ref], Land: geometryOf(sh.home, now[ref].land)})
	}
	return all, nil
}

// common is land that a stored feature has in common with some of a set.
type common struct {
	area float64 // m²
	land orb.MultiPolygon
	with Ref // the first that has some of it
}

// shared is the land that each stored feature has in common with shapes of a set.
func (t *task) shared(own map[Ref]geom.T) (map[Ref]common, error) {
	all := map[Ref]geom.T{}
	for ref, base := range t.stored {
		all[ref] = base.Shape
	}
	for ref, shape := range own {
		if shape != nil {
			all[ref] = shape
		}
	}
	_, faults, err := coverageOf(all)
	if err != nil {
		return nil, err
	}
	found := map[Ref]common{}
	for _, f := range faults {
		if f.Kind != coverage.Overlap {
			continue
		}
		var strangers []Ref
		var with Ref
		for _, id := range f.IDs {
			ref := Ref{t.sheet.home.ID, string(id)}
			if _, stored := t.stored[ref]; stored {
				strangers = append(strangers, ref)
			} else {
				with = ref
			}
		}
		if with.ID == "" {
			continue
		}
		for _, ref := range strangers {
			c := found[ref]
			c.area, c.land, c.with = c.area+f.Area, append(c.land, f.Shape...), with
			found[ref] = c
		}
	}
	return found, nil
}

// claims are boxes of what the set has made where it may have taken free land,
// none of which meets another.
func (set *Set) claims() []orb.Bound {
	var boxes []orb.Bound
	for _, st := range set.Steps[:set.Done] {
		if !slices.Contains(claiming, st.Operation.Kind) {
			continue
		}
		var box extent
		for _, shape := range st.After {
			box.shape(shape, closeBy)
		}
		if !box.any {
			continue
		}
		b := box.Bound
		for i := 0; i < len(boxes); i++ {
			if boxes[i].Intersects(b) {
				b = b.Union(boxes[i])
				boxes = slices.Delete(boxes, i, i+1)
				i = -1
			}
		}
		boxes = append(boxes, b)
	}
	return boxes
}

// sameLand tells whether two shapes cover the same land, but for what a vertex
// put on the grid bends a border by.
func sameLand(a, b geom.T) bool {
	if a == nil || b == nil {
		return false
	}
	c, faults, err := coverageOf(map[Ref]geom.T{{ID: "a"}: a, {ID: "b"}: b})
	if err != nil {
		return false
	}
	differ := c.Shape("a").Area() + c.Shape("b").Area()
	for _, f := range faults {
		if f.Kind == coverage.Overlap {
			differ -= 2 * f.Area
		}
	}
	return math.Abs(differ) < bent*c.Shape("a").Perimeter()
}

// bent is how far, in metres, vertices on the grid bend a border.
const bent = 0.001
