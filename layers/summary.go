package layers

import (
	"context"
	"slices"
)

// Summary is what records amount to together.
type Summary struct {
	Count  int64
	Fields []Aggregate
	// Measures of all shapes together, on the ground; nil where there are too
	// many, or none.
	Measures *Measures
}

// Aggregate is what the values of a field amount to. Those without a value do
// not count.
type Aggregate struct {
	Field                  string
	Filled                 int64
	Sum, Min, Max, Average float64  // all 0 where nothing is filled in
	Median                 *float64 // nil where there are too many
}

// Group is how many records have a value.
type Group struct {
	Value string // as text; "" for none
	Label string // as people read it
	Empty bool   // they have no value
	Count int64
}

// maxMeasured is how many shapes are measured together: each is on the ellipsoid.
const maxMeasured = 20_000

// Summarise adds up the numbers of the records that a query selects, all but
// personal data, and their measures.
func (s *Service) Summarise(ctx context.Context, v Viewer, layer string, q Query) (*Summary, error) {
	l, err := s.counted(ctx, v, layer, &q)
	if err != nil {
		return nil, err
	}
	var fields []*Field
	for i := range l.Fields {
		if f := &l.Fields[i]; f.numeric() && f.Reference == nil && !f.Personal && f.Column != l.Source.ID && v.MaySee(l, f) {
			fields = append(fields, f)
		}
	}
	n, exact, err := s.store.Size(ctx, v, l, q)
	if err != nil {
		return nil, err
	}
	return s.store.Summarise(ctx, v, l, q, fields, exact, exact && n <= maxMeasured)
}

// maxGroups is how many values a chart shows.
const maxGroups = 50

// Group counts the records that a query selects by the value of a field, most
// first.
func (s *Service) Group(ctx context.Context, v Viewer, layer string, q Query, field string) ([]Group, error) {
	l, err := s.counted(ctx, v, layer, &q)
	if err != nil {
		return nil, err
	}
	f := l.Field(field)
	if f == nil || !v.MaySee(l, f) {
		return nil, BadParameter("field", field, "layer %s has no field of this name", l.ID)
	}
	if f.Personal {
		return nil, BadParameter("field", field, "is personal data, which is not counted by value")
	}
	groups, err := s.store.Group(ctx, v, l, q, f, maxGroups)
	for i := range groups {
		if at := slices.IndexFunc(f.Enum, func(c Choice) bool { return c.Value == groups[i].Value }); at >= 0 {
			groups[i].Label = f.Enum[at].Label.In(v.Language)
		}
	}
	return groups, err
}
