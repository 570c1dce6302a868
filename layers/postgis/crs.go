package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// CRS is a coordinate reference system as PostGIS knows it.
type CRS struct {
	SRID int
	Name string
	Proj string // its definition for PROJ
}

// CRS are the systems of some EPSG codes, those that PostGIS knows.
func (s *Store) CRS(ctx context.Context, srids []int) ([]CRS, error) {
	rows, err := s.pool.Query(ctx, `select srid, split_part(srtext, '"', 2), trim(proj4text) from spatial_ref_sys
		where srid = any ($1) and proj4text <> '' order by array_position($1, srid)`, srids)
	if err != nil {
		return nil, fmt.Errorf("reading coordinate reference systems: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[CRS])
}
