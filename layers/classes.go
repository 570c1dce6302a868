package layers

import (
	"context"

	"arpent/geo/classes"
)

// Spread is how the numbers of a field lie.
type Spread struct {
	Values []classes.Value // each number once, in order
	Empty  int64           // records without a number
	// Exact: each number stands for itself. Else neighbouring numbers were taken
	// together, each heap as the highest of them.
	Exact bool
}

// Classes are those that the numbers of a field fall into.
type Classes struct {
	Breaks []float64 // the lowest number and the highest of each class
	Counts []int64   // records in each class
	Empty  int64     // records in none
	Exact  bool      // false: found from heaps of neighbouring numbers, as there are too many
}

// maxNumbers is from how many different numbers classes are found; where there
// are more, neighbouring ones are taken together until there are no more.
const maxNumbers = 100_000

// Classify divides the numbers of a field into at most n classes, over the
// records that a query selects of those that the viewer may read.
func (s *Service) Classify(ctx context.Context, v Viewer, layer string, q Query, field string, method classes.Method, n int) (*Classes, error) {
	l, err := s.counted(ctx, v, layer, &q)
	if err != nil {
		return nil, err
	}
	f := l.Field(field)
	switch {
	case f == nil || !f.Personal && !v.MaySee(l, f):
		return nil, BadParameter("field", field, "layer %s has no field of this name", l.ID)
	case f.Personal:
		return nil, BadParameter("field", field, "is personal data, which is not counted by value")
	case !f.numeric() || f.Reference != nil:
		return nil, BadParameter("field", field, "holds no numbers to divide into classes")
	case n < 1 || n > classes.Most:
		return nil, BadParameter("count", n, "is not between 1 and %d", classes.Most)
	}
	spread, err := s.store.Spread(ctx, v, l, q, f, maxNumbers)
	if err != nil {
		return nil, err
	}
	if len(spread.Values) == 0 {
		return nil, Errorf(Invalid, "field: no record has a value of %s", field)
	}
	breaks, err := classes.Breaks(spread.Values, method, n)
	if err != nil {
		return nil, BadParameter("method", method, "%v", err)
	}
	return &Classes{breaks, classes.Counts(spread.Values, breaks), spread.Empty, spread.Exact}, nil
}
