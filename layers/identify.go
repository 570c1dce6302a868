package layers

import (
	"context"
	"slices"
)

// Key is what people know a record by: the values of some fields, written as
// text, and the collectivity that owns it, "" for any.
type Key struct {
	Values       []string
	Collectivity string
}

// Identified is the record that a key fits.
type Identified struct {
	ID      string // "" for none
	Several bool   // the key fits others as well
}

// Identify finds the records of a layer by the values of fields, in the order
// of the keys.
func (s *Service) Identify(ctx context.Context, v Viewer, layer string, fields []string, keys []Key) ([]Identified, error) {
	l, err := s.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	var personal []string
	for _, name := range fields {
		f := l.KeyField(name)
		if f == nil || !v.MaySee(l, f) {
			return nil, BadParameter(name, nil, "layer %s has no field of this name", l.ID)
		}
		if f.Personal {
			personal = append(personal, name)
		}
	}
	found, err := s.store.Identify(ctx, v, l, fields, keys)
	if err != nil || len(personal) == 0 || v.System() {
		return found, err
	}
	var reads []PersonalRead // that a record is there tells of the person
	for collectivity, ids := range foundBy(keys, found) {
		for some := range slices.Chunk(ids, logChunk) {
			reads = append(reads, s.personalRead(v, l, collectivity, some, personal))
		}
	}
	return found, s.note(ctx, reads)
}

func foundBy(keys []Key, found []Identified) map[string][]string {
	by := map[string][]string{}
	for i, f := range found {
		if f.ID != "" {
			by[keys[i].Collectivity] = append(by[keys[i].Collectivity], f.ID)
		}
	}
	return by
}
