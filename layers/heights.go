package layers

import (
	"context"
	"math"
)

// Height is the height at a place of the map, as a feature there has it.
type Height struct {
	Z         float64
	Layer, ID string
	Label     string
	Distance  float64 // from the place, in metres
}

// Bounds of a question for heights.
const (
	maxHeights      = 500
	maxHeightMetres = 50
)

// Heights finds the heights at places in EPSG:3857 by the points and lines of
// the layers that have any: of the feature next to each place, no further than
// some metres; along lines between their vertices. nil where there is none.
// A coordinate of 0 is what shapes have whose height nobody knows, and tells
// nothing.
func (s *Service) Heights(ctx context.Context, v Viewer, places [][2]float64, within float64) ([]*Height, error) {
	if len(places) > maxHeights {
		return nil, Errorf(Invalid, "places: ask for the heights of at most %d places at once", maxHeights)
	}
	if !(within > 0 && within <= maxHeightMetres) {
		return nil, Errorf(Invalid, "within: a height is read no further than %d m away", maxHeightMetres)
	}
	for i, p := range places {
		if math.Abs(p[0]) > 20037509 || math.Abs(p[1]) > 20037509 {
			return nil, Errorf(Invalid, "places[%d] is no place of the map, in EPSG:3857", i)
		}
	}
	nearest := make([]*Height, len(places))
	for _, l := range s.Catalog().Readable(v) {
		if l.Source.Geometry == "" || !l.Geometry.Z {
			continue
		}
		found, err := s.store.Heights(ctx, v, l, places, within)
		if err != nil {
			return nil, err
		}
		for i, h := range found {
			if h != nil && (nearest[i] == nil || h.Distance < nearest[i].Distance) {
				nearest[i] = h
			}
		}
	}
	return nearest, nil
}
