package memory

import (
	"encoding/binary"
	"slices"
	"sync"

	"arpent/tiles/mvt"
)

// MaxUnionFields is by how many fields features are united at most.
const MaxUnionFields = 4

// union is a layer of the features of another, those of an owner that have the
// same values in some fields as one. Their values are those, and their number.
// It follows the other lazily: changes only note whose shape is another.
type union struct {
	fields []int // places among the values

	reading sync.Mutex // held by who brings it up to date
	groups  *Layer

	// Guarded by the mutex of the other layer:
	stale map[string]struct{} // identifiers of groups
}

// group is what the features of a group have in common: the place of the owner
// and the handles of the values.
type group struct {
	owner  uint16
	values [MaxUnionFields]uint32
}

func (u *union) groupOf(s *store, i uint32) group {
	g := group{owner: s.owners[i]}
	for k, f := range u.fields {
		g.values[k] = s.values[f][i]
	}
	return g
}

// id is the identifier of a group, whatever the handles of a store are.
func (u *union) id(t *tables, g group) []byte {
	id := appendCounted(nil, []byte(t.owners[g.owner]))
	for k := range u.fields {
		if g.values[k] == 0 {
			id = append(id, 0)
			continue
		}
		id = appendCounted(append(id, 1), t.value(g.values[k]))
	}
	return id
}

func appendCounted(to, text []byte) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

// find is the group of an identifier; false when the store has nothing of it.
func (u *union) find(t *tables, id []byte) (g group, ok bool) {
	counted := func() []byte {
		n, size := binary.Uvarint(id)
		text := id[size : size+int(n)]
		id = id[size+int(n):]
		return text
	}
	if g.owner, ok = t.ownerIndex[string(counted())]; !ok {
		return g, false
	}
	for k := range u.fields {
		given := id[0] == 1
		if id = id[1:]; given {
			handle, ok := t.valueIndex.find(&t.values, counted())
			if !ok {
				return g, false
			}
			g.values[k] = handle + 1
		}
	}
	return g, true
}

// note remembers that a feature comes or goes.
func (l *Layer) note(i uint32) {
	for _, u := range l.unions {
		u.stale[string(u.id(l.store.tables, u.groupOf(l.store, i)))] = struct{}{}
	}
}

// makeUnions unites all features, while nobody else knows the layer.
func (l *Layer) makeUnions() error {
	for _, fields := range l.options.Unions {
		u := &union{fields: fields, stale: map[string]struct{}{}}
		all := map[group]struct{}{}
		for i := range uint32(l.store.len()) {
			all[u.groupOf(l.store, i)] = struct{}{}
		}
		var err error
		u.groups, err = Load(Options{Fields: len(fields) + 1, MaxZoom: l.options.MaxZoom, exact: true}, u.rows(l.store, all))
		if err != nil {
			return err
		}
		l.unions = append(l.unions, u)
	}
	return nil
}

// United is the layer in which features are united by the fields of the union of
// that number, as it is at least since the call. It is not for others to change.
func (l *Layer) United(n int) (*Layer, error) {
	u := l.unions[n]
	u.reading.Lock()
	defer u.reading.Unlock()
	l.mu.Lock()
	stale := u.stale
	u.stale = map[string]struct{}{}
	l.mu.Unlock()
	if len(stale) == 0 {
		return u.groups, nil
	}
	l.mu.RLock()
	ids := make([]string, 0, len(stale))
	some := map[group]struct{}{}
	for id := range stale {
		ids = append(ids, id)
		if g, ok := u.find(l.store.tables, []byte(id)); ok {
			some[g] = struct{}{}
		}
	}
	err := u.groups.Apply(ids, u.rows(l.store, some))
	l.mu.RUnlock()
	if err != nil {
		l.mu.Lock()
		for id := range stale {
			u.stale[id] = struct{}{}
		}
		l.mu.Unlock()
		return nil, err
	}
	if u.groups.Worn() {
		u.groups.Pack()
	}
	return u.groups, nil
}

// rows are some groups of a store.
func (u *union) rows(s *store, some map[group]struct{}) Rows {
	return func(yield func(*Row, error) bool) {
		members := u.members(s, some)
		d := newDissolver()
		row := Row{Values: make([]mvt.Value, len(u.fields)+1)}
		var shape mvt.Shape
		for len(members) > 0 {
			g := members[0].group
			n := slices.IndexFunc(members, func(m member) bool { return m.group != g })
			if n < 0 {
				n = len(members)
			}
			d.begin()
			for _, m := range members[:n] {
				s.shape(m.feature, &shape)
				d.add(&shape)
			}
			members = members[n:]
			row.ID, row.Owner, row.Drawn = u.id(s.tables, g), []byte(s.tables.owners[g.owner]), d.shape()
			for k := range u.fields {
				row.Values[k] = nil
				if g.values[k] != 0 {
					row.Values[k] = s.tables.value(g.values[k])
				}
			}
			row.Values[len(u.fields)] = mvt.AppendInt(nil, int64(n))
			if !yield(&row, nil) {
				return
			}
		}
	}
}

// member is a feature of a group.
type member struct {
	group   group
	feature uint32
}

// members are the features of some groups, group by group.
func (u *union) members(s *store, some map[group]struct{}) []member {
	var found []member
	var first []uint32 // values of the first field, while they are few: most rows are told by it
	for g := range some {
		if !slices.Contains(first, g.values[0]) {
			first = append(first, g.values[0])
		}
		if len(first) > 8 {
			first = nil
			break
		}
	}
	for i, value := range s.values[u.fields[0]] {
		if i := uint32(i); (first == nil || slices.Contains(first, value)) && !s.isGone(i) {
			g := u.groupOf(s, i)
			if _, ok := some[g]; ok {
				found = append(found, member{g, i})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b member) int { return compareGroups(a.group, b.group) })
	return found
}

func compareGroups(a, b group) int {
	if a.owner != b.owner {
		return int(a.owner) - int(b.owner)
	}
	return slices.Compare(a.values[:], b.values[:])
}
