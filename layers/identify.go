package layers

import "context"

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
	for _, name := range fields {
		if f := l.Field(name); f == nil || !v.MaySee(f) {
			return nil, BadParameter(name, nil, "layer %s has no field of this name", l.ID)
		}
	}
	return s.store.Identify(ctx, v, l, fields, keys)
}
