package postgis

import (
	"context"
	"errors"

	"arpent/layers"
)

// Load completes the layers from the database, enrols their tables and makes
// the catalog. It reports every layer that does not fit the database at once.
func (s *Store) Load(ctx context.Context, all []*layers.Layer) (*layers.Catalog, error) {
	var faults []error
	for _, l := range all {
		err := s.Describe(ctx, l)
		if err == nil {
			err = s.Enrol(ctx, l)
		}
		if err == nil {
			err = s.indexSearch(ctx, l)
		}
		faults = append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return layers.NewCatalog(all)
}
