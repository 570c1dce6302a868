package layers

import "context"

// maxPicked is how many features are picked one by one: more is a filter.
const maxPicked = 10_000

// Pick finds the identifiers of the features that a query selects, in order,
// and the envelope of their shapes in the CRS of srid; nil without shapes.
func (s *Service) Pick(ctx context.Context, v Viewer, layer string, q Query, srid int) ([]string, *BBox, error) {
	l, err := s.counted(ctx, v, layer, &q)
	if err != nil {
		return nil, nil, err
	}
	q.Limit = maxPicked + 1
	ids, box, err := s.store.Pick(ctx, v, l, q, srid)
	if err == nil && len(ids) > maxPicked {
		return nil, nil, Errorf(TooLarge, "more than %d records are selected: narrow the selection, or filter the list by it instead", maxPicked)
	}
	return ids, box, err
}
