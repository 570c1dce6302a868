package memory

import (
	"maps"
	"math"
	"slices"

	"arpent/tiles/mvt"
)

// store has features in columns: a few large slices, not one thing for each.
type store struct {
	fields int

	points  []mvt.Point
	zooms   []uint8    // by point, the lowest zoom at which it is drawn
	parts   []mvt.Part // of features with more than one, counted from their first point
	pointAt []uint32   // by feature, where its points end
	partAt  []uint32   // by feature, where its parts end
	kinds   []uint8    // mvt.Kind, and numbered
	numbers []uint64
	owners  []uint16
	ids     texts
	values  [][]uint32 // by field and feature: 0 for none, else the handle
	gone    []uint64   // bits, by feature

	tables *tables
}

// numbered marks the kind of a feature that has a number.
const numbered = 0x80

// tables are what features share. They only grow.
type tables struct {
	values     texts // encoded as mvt.Value; the first has handle 1
	valueIndex index
	owners     []string
	ownerIndex map[string]uint16
}

func newTables() *tables { return &tables{ownerIndex: map[string]uint16{}} }

// fresh are tables with the same owners and no values.
func (t *tables) fresh() *tables {
	return &tables{owners: slices.Clone(t.owners), ownerIndex: maps.Clone(t.ownerIndex)}
}

// trim gives back the memory that the values have in reserve.
func (t *tables) trim() {
	t.values.data = append(make([]byte, 0, len(t.values.data)), t.values.data...)
	t.values.ends = append(make([]uint32, 0, len(t.values.ends)), t.values.ends...)
}

func newStore(fields int, shared *tables) *store {
	return &store{fields: fields, values: make([][]uint32, fields), tables: shared}
}

func (s *store) len() int { return len(s.pointAt) }

// maxOwners is how many collectivities the rows of a layer may belong to.
const maxOwners = math.MaxUint16

func (t *tables) owner(name []byte) (uint16, bool) {
	if n, ok := t.ownerIndex[string(name)]; ok {
		return n, true
	}
	if len(t.owners) == maxOwners {
		return 0, false
	}
	n := uint16(len(t.owners))
	t.owners = append(t.owners, string(name))
	t.ownerIndex[t.owners[n]] = n
	return n, true
}

// handle is the number of a value, the same for equal ones.
func (t *tables) handle(v mvt.Value) uint32 {
	if v == nil {
		return 0
	}
	n, ok := t.valueIndex.find(&t.values, v)
	if !ok {
		n = t.values.add(v)
		t.valueIndex.put(&t.values, n)
	}
	return n + 1
}

func (t *tables) value(handle uint32) mvt.Value { return t.values.at(handle - 1) }

// add appends a feature, whose points are all drawn at every zoom.
func (s *store) add(r *Row, owner uint16, shape *mvt.Shape) {
	s.points = append(s.points, shape.Points...)
	s.zooms = append(s.zooms, make([]uint8, len(shape.Points))...)
	if len(shape.Parts) > 1 {
		s.parts = append(s.parts, shape.Parts...)
	}
	kind := uint8(shape.Kind)
	if r.Numbered {
		kind |= numbered
	}
	s.ids.add(r.ID)
	s.close(kind, r.Number, owner)
	for i := range s.values {
		s.values[i] = append(s.values[i], s.tables.handle(r.Values[i]))
	}
}

// close ends the feature whose points and parts were appended.
func (s *store) close(kind uint8, number uint64, owner uint16) {
	s.pointAt = append(s.pointAt, uint32(len(s.points)))
	s.partAt = append(s.partAt, uint32(len(s.parts)))
	s.kinds = append(s.kinds, kind)
	s.numbers = append(s.numbers, number)
	s.owners = append(s.owners, owner)
	if len(s.gone)*64 < len(s.pointAt) {
		s.gone = append(s.gone, 0)
	}
}

// move appends a feature of another store, whose tables have the same owners.
func (s *store) move(from *store, i uint32) {
	a, b := from.span(i)
	s.points = append(s.points, from.points[a:b]...)
	s.zooms = append(s.zooms, from.zooms[a:b]...)
	a, b = ends(from.partAt, i)
	s.parts = append(s.parts, from.parts[a:b]...)
	s.ids.add(from.ids.at(i))
	s.close(from.kinds[i], from.numbers[i], from.owners[i])
	for f := range s.values {
		handle := from.values[f][i]
		if handle != 0 && s.tables != from.tables {
			handle = s.tables.handle(from.tables.value(handle))
		}
		s.values[f] = append(s.values[f], handle)
	}
}

// span is where the points of a feature are.
func (s *store) span(i uint32) (start, end uint32) { return ends(s.pointAt, i) }

func ends(at []uint32, i uint32) (start, end uint32) {
	if i > 0 {
		start = at[i-1]
	}
	return start, at[i]
}

// shape fills in the geometry of a feature, without copying points.
func (s *store) shape(i uint32, to *mvt.Shape) {
	a, b := s.span(i)
	to.Kind, to.Points, to.Zooms = mvt.Kind(s.kinds[i]&^numbered), s.points[a:b:b], s.zooms[a:b:b]
	if a, b := ends(s.partAt, i); a < b {
		to.Parts = append(to.Parts[:0], s.parts[a:b]...)
		return
	}
	to.Parts = append(to.Parts[:0], mvt.NewPart(int(b-a), false))
}

func (s *store) box(i uint32) mvt.Box {
	a, b := s.span(i)
	shape := mvt.Shape{Points: s.points[a:b]}
	return shape.Box()
}

func (s *store) isGone(i uint32) bool { return s.gone[i/64]&(1<<(i%64)) != 0 }
func (s *store) setGone(i uint32)     { s.gone[i/64] |= 1 << (i % 64) }

// size is how many bytes the features take.
func (s *store) size() int {
	n := 8*cap(s.points) + cap(s.zooms) + 4*cap(s.parts) + 4*cap(s.pointAt) + 4*cap(s.partAt) +
		cap(s.kinds) + 8*cap(s.numbers) + 2*cap(s.owners) + s.ids.size() + 8*cap(s.gone)
	for _, column := range s.values {
		n += 4 * cap(column)
	}
	return n
}

func (t *tables) size() int {
	return t.values.size() + 4*cap(t.valueIndex.slots) + 48*len(t.owners)
}

// sized is an empty store with room for features of another, so many.
func (s *store) sized(features, points, ids int, into *tables) *store {
	to := newStore(s.fields, into)
	to.points, to.zooms, to.parts = make([]mvt.Point, 0, points), make([]uint8, 0, points), make([]mvt.Part, 0, len(s.parts))
	to.pointAt, to.partAt = make([]uint32, 0, features), make([]uint32, 0, features)
	to.kinds, to.numbers, to.owners = make([]uint8, 0, features), make([]uint64, 0, features), make([]uint16, 0, features)
	to.ids = texts{make([]byte, 0, ids), make([]uint32, 0, features)}
	to.gone = make([]uint64, 0, (features+63)/64)
	for i := range to.values {
		to.values[i] = make([]uint32, 0, features)
	}
	return to
}
