package memory

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sync"

	"arpent/tiles/mvt"
)

// View is what a tile shows of a layer, and to whom.
type View struct {
	Name   string // of the layer in the tile
	IDKey  string // key of the identifier; "" to leave it out
	Fields []ViewField
	// Sees tells whether the viewer sees the rows of a collectivity and, bit by
	// bit, which of Fields in them. It is asked once for each in a tile.
	Sees func(owner string) (rows bool, fields uint64)
	Thin
}

// ViewField is a field under its key; at most MaxViewFields are in a view, or any
// number where the viewer sees All.
type ViewField struct {
	Key   string
	Field int // place among the values of rows
}

// MaxViewFields is how many fields a mask tells of.
const MaxViewFields = 64

// All is a mask of all fields.
const All = ^uint64(0)

// ErrNotEncodable says that a feature cannot be drawn as it should.
var ErrNotEncodable = fmt.Errorf("memory: a feature cannot be encoded")

// Encode appends the layer in a tile of WebMercatorQuad to dst, which stays as
// it is where nothing of the layer is there. It fails with ErrNotEncodable where
// a feature cannot be made valid; the tile must then be encoded otherwise. It
// tells how many of the features are drawn.
func (l *Layer) Encode(dst []byte, z, x, y int, v *View) ([]byte, Share, error) {
	w := works.Get().(*work)
	defer works.Put(w)
	l.mu.RLock()
	defer l.mu.RUnlock()
	w.begin(v, z, x, y)
	box := mvt.TileBox(z, x, y)
	if v.Cluster > 0 {
		return w.clusters(dst, l, box, v)
	}
	w.search(l, box)
	var share Share
	least := v.least(z)
	w.drawn = w.drawn[:0]
	for _, i := range w.found {
		before := w.encoder.Size()
		fate, err := w.draw(l, i, v, least)
		switch {
		case err != nil:
			return dst, Share{}, err
		case fate == tooSmall:
			share.Of++
		case fate == drawn:
			share.Of++
			share.Kept++
			if v.Budget > 0 {
				w.drawn = append(w.drawn, candidate{feature: i, size: w.encoder.Size() - before})
			}
		}
	}
	tile := w.encoder.AppendTo(dst)
	if v.Budget > 0 && len(tile)-len(dst) > v.Budget {
		return w.thin(tile[:len(dst)], l, v, share, func() { w.begin(v, z, x, y) })
	}
	return tile, share, nil
}

// search finds the features whose boxes meet a box, in the order in which they
// are drawn.
func (w *work) search(l *Layer, box mvt.Box) {
	w.found = l.tree.search(box, w.found[:0])
	w.fresh = w.fresh[:0]
	if l.fresh.Len() > 0 {
		l.fresh.Search([2]int32{box.MinX, box.MinY}, [2]int32{box.MaxX, box.MaxY}, w.hear)
		w.merge(l)
	}
}

// works keep memory between tiles.
var works = sync.Pool{New: func() any { return newWork() }}

// work is what encoding a tile needs.
type work struct {
	encoder mvt.Encoder
	shape   mvt.Shape
	keys    []string
	found   []uint32 // features in order
	fresh   []uint32
	hear    func(_, _ [2]int32, i uint32) bool // takes down fresh ones
	sights  []sight                            // by owner
	era     uint32
	drawn   []candidate // for a tile that has a budget
	cells   map[cell]crowd
	crowded []cell
	place   []mvt.Point // of a cluster
	part    []mvt.Part
	value   mvt.Value
	zoom    int
}

// fate is what became of a feature in a tile.
type fate int

const (
	notDrawn fate = iota // not there, not for the viewer, or less than a unit of the tile
	tooSmall             // left out by rule
	drawn
)

// sight is what a viewer sees of an owner's rows, in the tile of an era.
type sight struct {
	fields uint64
	era    uint32
	rows   bool
}

func newWork() *work {
	w := &work{cells: map[cell]crowd{}}
	w.hear = func(_, _ [2]int32, i uint32) bool {
		w.fresh = append(w.fresh, i)
		return true
	}
	return w
}

func (w *work) begin(v *View, z, x, y int) {
	w.zoom = z
	w.keys = append(w.keys[:0], v.IDKey)
	for _, f := range v.Fields {
		w.keys = append(w.keys, f.Key)
	}
	w.keys = append(w.keys, v.CountKey)
	w.encoder.Begin(v.Name, z, x, y, w.keys)
	if w.era++; w.era == 0 {
		clear(w.sights)
		w.era = 1
	}
}

// merge puts fresh features in their places among those that are packed.
func (w *work) merge(l *Layer) {
	slices.SortFunc(w.fresh, func(i, j uint32) int { return l.compare(i, j) })
	for _, i := range w.fresh {
		at, _ := slices.BinarySearchFunc(w.found, i, l.compare)
		w.found = slices.Insert(w.found, at, i)
	}
}

// compare orders features as they are drawn.
func (l *Layer) compare(i, j uint32) int {
	if c := cmp.Compare(l.boxOf(i).Order(), l.boxOf(j).Order()); c != 0 {
		return c
	}
	return bytes.Compare(l.store.ids.at(i), l.store.ids.at(j))
}

func (l *Layer) boxOf(i uint32) mvt.Box {
	if i < l.packed {
		return l.tree.levels[0][i]
	}
	return l.store.box(i)
}

// draw draws a feature that is there, for the viewer, and not smaller than the
// least measure.
func (w *work) draw(l *Layer, i uint32, v *View, least least) (fate, error) {
	s := l.store
	if s.isGone(i) {
		return notDrawn, nil
	}
	sight := w.sightOf(s, s.owners[i], v)
	if !sight.rows {
		return notDrawn, nil
	}
	s.shape(i, &w.shape)
	box := l.boxOf(i)
	if least.excludes(&w.shape, box) {
		return tooSmall, nil
	}
	became, err := w.encoder.Draw(&w.shape, box)
	if err != nil {
		return notDrawn, fmt.Errorf("%w: %s: %w", ErrNotEncodable, s.ids.at(i), err)
	}
	if became != mvt.Drawn {
		return notDrawn, nil
	}
	if v.IDKey != "" {
		w.encoder.TagUnique(0, s.ids.at(i))
	}
	for k, f := range v.Fields {
		handle := s.values[f.Field][i]
		if handle != 0 && (sight.fields == All || sight.fields&(1<<k) != 0) && !w.encoder.TagKnown(k+1, handle) {
			w.encoder.TagNew(k+1, handle, s.tables.value(handle))
		}
	}
	if s.kinds[i]&numbered != 0 {
		w.encoder.End(s.numbers[i])
	} else {
		w.encoder.EndWithoutID()
	}
	return drawn, nil
}

func (w *work) sightOf(s *store, owner uint16, v *View) sight {
	if n := len(s.tables.owners); len(w.sights) < n {
		w.sights = append(w.sights, make([]sight, n-len(w.sights))...)
	}
	at := &w.sights[owner]
	if at.era != w.era {
		at.era = w.era
		at.rows, at.fields = v.Sees(s.tables.owners[owner])
	}
	return *at
}
