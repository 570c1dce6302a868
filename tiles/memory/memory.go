// Package memory holds the features of a layer in memory and encodes its vector
// tiles from there.
//
// What was loaded at once lies along a Hilbert curve, in a few large slices,
// under a packed R-tree; what changed since is appended, under an R-tree that
// can be changed, until a layer that is worn is packed anew. Vertices know from
// which zoom on they are drawn; those of neighbours agree.
package memory

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/tidwall/rtree"

	"arpent/tiles/mvt"
)

// Row is a feature as it is read. Its slices are copied.
type Row struct {
	ID       []byte // the identifier as text
	Number   uint64 // of the feature in tiles
	Numbered bool
	Owner    []byte      // code of the collectivity that owns it
	Shape    []byte      // WKB or EWKB in EPSG:3857; nil for none
	Drawn    *mvt.Shape  // the shape where it is in world units; else nil
	Values   []mvt.Value // by field; nil for none
}

// Rows are read one after another; a row is only good until the next.
type Rows = iter.Seq2[*Row, error]

// Options say what a layer is.
type Options struct {
	Fields  int // how many values each row has
	MaxZoom int // from which on clients enlarge tiles: nothing is left out there
	Limit   int // bytes that the layer may take; 0 for any
	// Once says that the layer is made for one tile and not changed: nothing is
	// left out of shapes.
	Once bool
	// Unions are the fields, by place among the values and at most MaxUnionFields,
	// by which features can be seen united.
	Unions [][]int

	exact bool // however much a change touches, it is weighed anew
}

// ErrTooLarge says that a layer takes more memory than it may.
var ErrTooLarge = errors.New("memory: the layer takes more memory than it may")

// Layer is the features of a layer. Any number of goroutines may encode tiles
// while another applies changes.
type Layer struct {
	options Options
	writing sync.Mutex // held by who changes the layer

	mu         sync.RWMutex // guards what follows: readers see all of a change or nothing
	store      *store
	packed     uint32 // features before it are in tree, those from it on in fresh
	tree       tree
	fresh      rtree.RTreeGN[int32, uint32]
	byID       index
	live       int
	pinned     bool // vertices that changed are drawn at all zooms until the layer is packed
	unreadable map[string]error

	unions []*union
}

// Load reads all features of a layer. Rows without a shape are left out, and so
// are shapes that cannot be read, which Unreadable tells of.
func Load(o Options, rows Rows) (*Layer, error) {
	l := &Layer{options: o, unreadable: map[string]error{}}
	s := newStore(o.Fields, newTables())
	var shape mvt.Shape
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		if err := l.read(s, row, &shape); err != nil {
			return nil, err
		}
		if s.len()%1024 == 0 && l.over(s) {
			return nil, ErrTooLarge
		}
	}
	s.tables.trim()
	l.pack(s, s.tables)
	if l.over(l.store) {
		return nil, ErrTooLarge
	}
	if err := l.makeUnions(); err != nil {
		return nil, err
	}
	if o.Limit > 0 && len(l.unions) > 0 && l.Size() > o.Limit {
		return nil, ErrTooLarge
	}
	return l, nil
}

func (l *Layer) over(s *store) bool {
	return l.options.Limit > 0 && s.size()+s.tables.size()+16*s.len() > l.options.Limit
}

// read appends a row to a store, if it has a shape.
func (l *Layer) read(s *store, row *Row, shape *mvt.Shape) error {
	switch {
	case row.Drawn != nil:
		shape = row.Drawn
	case row.Shape == nil:
		return nil
	default:
		if err := shape.ReadWKB(row.Shape, 3857); err != nil {
			l.unreadable[string(row.ID)] = err
			return nil
		}
	}
	if shape.Empty() {
		return nil
	}
	owner, ok := s.tables.owner(row.Owner)
	if !ok {
		return fmt.Errorf("memory: rows belong to more than %d collectivities", maxOwners)
	}
	s.add(row, owner, shape)
	return nil
}

// pack puts the features of a store that are there in order, their values into
// tables, and finds what of them is drawn at which zoom.
func (l *Layer) pack(s *store, into *tables) {
	type place struct{ order, at uint32 }
	order := make([]place, 0, s.len())
	points, ids := 0, 0
	for i := range uint32(s.len()) {
		if !s.isGone(i) {
			order = append(order, place{s.box(i).Order(), i})
			a, b := s.span(i)
			points, ids = points+int(b-a), ids+len(s.ids.at(i))
		}
	}
	slices.SortFunc(order, func(a, b place) int {
		if a.order != b.order {
			return cmp.Compare(a.order, b.order)
		}
		return bytes.Compare(s.ids.at(a.at), s.ids.at(b.at))
	})
	to := s.sized(len(order), points, ids, into)
	boxes := make([]mvt.Box, 0, len(order))
	var byID index
	for _, p := range order {
		to.move(s, p.at)
		i := uint32(to.len() - 1)
		boxes = append(boxes, to.box(i))
		if !l.options.Once {
			byID.put(&to.ids, i)
		}
	}
	if !l.options.Once {
		to.generalise(l.options.MaxZoom, to.all, to.all)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.store, l.packed, l.tree, l.fresh, l.byID, l.live, l.pinned = to, uint32(to.len()), newTree(boxes), rtree.RTreeGN[int32, uint32]{}, byID, to.len(), false
}

// Len is how many features there are.
func (l *Layer) Len() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.live
}

// Size is about how many bytes the layer takes.
func (l *Layer) Size() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	fresh := l.store.len() - int(l.packed)
	size := l.store.size() + l.store.tables.size() + l.tree.size() + 4*cap(l.byID.slots) + 64*fresh
	for _, u := range l.unions {
		size += u.groups.Size()
	}
	return size
}

// Unreadable are features that no tile shows, with the reason, by identifier.
func (l *Layer) Unreadable() map[string]error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	all := make(map[string]error, len(l.unreadable))
	for id, err := range l.unreadable {
		all[id] = err
	}
	return all
}
