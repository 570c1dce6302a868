package layers

import (
	"context"

	"github.com/twpayne/go-geom"
)

// Gathering makes one shape of several features.
type Gathering string

// The ways to gather.
const (
	Union Gathering = "union" // the shapes joined, borders between them gone
	Place Gathering = "place" // a point on the first of the shapes
)

// maxBasket is how many features one shape may be gathered from.
const maxBasket = 10_000

// Gather makes one shape of the features of a basket, in the CRS of srid (0:
// the layer's own). The error names those that are not there.
func (s *Service) Gather(ctx context.Context, v Viewer, layer string, ids []string, how Gathering, srid int) (geom.T, error) {
	l, err := s.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	switch {
	case l.Source.Geometry == "":
		return nil, Errorf(Invalid, "the records of layer %s have no shape", l.ID)
	case len(ids) == 0:
		return nil, Errorf(Invalid, "the basket is empty: choose features first")
	case len(ids) > maxBasket:
		return nil, Errorf(Invalid, "the basket holds %d features, more than the %d that one shape is made of", len(ids), maxBasket)
	}
	return s.store.Gather(ctx, v, l, ids, how, srid)
}
