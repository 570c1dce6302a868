package memory

import (
	"iter"
	"maps"
	"slices"

	"arpent/tiles/mvt"
)

// Apply brings features to what they are now: those that the rows give are as
// they say, the others of these identifiers are gone. Readers see all of it at
// once. Where it fails nothing has changed.
//
// What may be left out at which zoom is found anew for what changed and for the
// neighbours that share a vertex with it or with what was there before.
func (l *Layer) Apply(ids []string, rows Rows) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	// What is read first is not yet seen by anybody.
	news := newStore(l.options.Fields, newTables())
	var shape mvt.Shape
	incoming := &Layer{options: l.options, unreadable: map[string]error{}}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := incoming.read(news, row, &shape); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	c := change{places: map[mvt.Point]struct{}{}}
	for _, id := range ids {
		l.drop([]byte(id), &c)
	}
	row := Row{Values: make([]mvt.Value, l.options.Fields)}
	for i := range uint32(news.len()) {
		row.ID, row.Number, row.Numbered = news.ids.at(i), news.numbers[i], news.kinds[i]&numbered != 0
		row.Owner = []byte(news.tables.owners[news.owners[i]])
		for f := range row.Values {
			row.Values[f] = nil
			if handle := news.values[f][i]; handle != 0 {
				row.Values[f] = news.tables.value(handle)
			}
		}
		owner, ok := l.store.tables.owner(row.Owner)
		if !ok {
			return ErrTooLarge
		}
		l.drop(row.ID, &c)
		news.shape(i, &shape)
		l.insert(&row, owner, &shape, &c)
	}
	for id, err := range incoming.unreadable {
		l.drop([]byte(id), &c)
		l.unreadable[id] = err
	}
	l.generaliseAnew(&c)
	return nil
}

// change is where shapes changed: the vertices that they have or had.
type change struct {
	places map[mvt.Point]struct{}
	boxes  []mvt.Box
}

func (c *change) add(shape *mvt.Shape, box mvt.Box) {
	if shape.Kind == mvt.Points {
		return
	}
	for _, p := range shape.Points {
		c.places[p] = struct{}{}
	}
	c.boxes = append(c.boxes, box)
}

// drop takes a feature out.
func (l *Layer) drop(id []byte, c *change) {
	delete(l.unreadable, string(id))
	s := l.store
	i, ok := l.byID.find(&s.ids, id)
	if !ok {
		return
	}
	l.note(i)
	l.byID.remove(&s.ids, i)
	s.setGone(i)
	l.live--
	var shape mvt.Shape
	s.shape(i, &shape)
	box := shape.Box()
	if i >= l.packed {
		l.fresh.Delete([2]int32{box.MinX, box.MinY}, [2]int32{box.MaxX, box.MaxY}, i)
	}
	c.add(&shape, box)
}

// insert appends a feature.
func (l *Layer) insert(row *Row, owner uint16, shape *mvt.Shape, c *change) {
	s := l.store
	box := shape.Box()
	c.add(shape, box)
	s.add(row, owner, shape)
	i := uint32(s.len() - 1)
	l.fresh.Insert([2]int32{box.MinX, box.MinY}, [2]int32{box.MaxX, box.MaxY}, i)
	l.byID.put(&s.ids, i)
	l.live++
	l.note(i)
}

// How much is looked at for a change: beyond, as where a road through the town
// changes, the vertices that changed are pinned: all features that have them draw
// them at all zooms, so that neighbours still meet, until the layer is packed.
const (
	maxNeighbours = 1000   // features that share a vertex with what changed
	maxAround     = 50_000 // vertices of features that may touch those
)

func (l *Layer) generaliseAnew(c *change) {
	if len(c.boxes) == 0 {
		return
	}
	some := map[uint32]struct{}{}
	for _, box := range c.boxes {
		for i := range l.meet(box) {
			if _, known := some[i]; !known && l.has(i, c.places) {
				some[i] = struct{}{}
			}
		}
	}
	around, vertices := map[uint32]struct{}{}, 0
	if l.pinned = l.pinned || len(some) > maxNeighbours && !l.options.exact; !l.pinned {
		for i := range some {
			for j := range l.meet(l.boxOf(i)) {
				if _, known := around[j]; !known {
					around[j] = struct{}{}
					a, b := l.store.span(j)
					vertices += int(b - a)
				}
			}
			if l.pinned = vertices > maxAround && !l.options.exact; l.pinned {
				break
			}
		}
	}
	if !l.pinned {
		l.store.generalise(l.options.MaxZoom, maps.Keys(some), maps.Keys(around))
		return
	}
	for i := range some {
		a, b := l.store.span(i)
		for k := a; k < b; k++ {
			if _, changed := c.places[l.store.points[k]]; changed {
				l.store.zooms[k] = 0
			}
		}
	}
}

// meet yields the features with lines or rings whose boxes meet a box.
func (l *Layer) meet(box mvt.Box) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		s := l.store
		there := func(i uint32) bool { return !s.isGone(i) && mvt.Kind(s.kinds[i]&^numbered) != mvt.Points }
		for _, i := range l.tree.search(box, nil) {
			if there(i) && !yield(i) {
				return
			}
		}
		l.fresh.Search([2]int32{box.MinX, box.MinY}, [2]int32{box.MaxX, box.MaxY}, func(_, _ [2]int32, i uint32) bool {
			return !there(i) || yield(i)
		})
	}
}

// has tells whether a feature has one of the vertices.
func (l *Layer) has(i uint32, places map[mvt.Point]struct{}) bool {
	a, b := l.store.span(i)
	return slices.ContainsFunc(l.store.points[a:b], func(p mvt.Point) bool {
		_, ok := places[p]
		return ok
	})
}

// Worn reports whether so much has changed since the layer was packed that it
// is worth doing again.
func (l *Layer) Worn() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.store.len()-int(l.packed) > max(4096, int(l.packed)/8)
}

// Pack puts the features in order anew and forgets what is gone. Tiles are
// encoded meanwhile; changes wait.
func (l *Layer) Pack() {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.pack(l.store, l.store.tables.fresh())
}
