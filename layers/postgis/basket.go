package postgis

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/twpayne/go-geom"

	"arpent/layers"
)

// Gather makes one shape of features, in the CRS of srid (0: the layer's own).
// A union is made in the CRS of the layer, where borders are shared to the
// last bit, so that nothing is left of them.
func (s *Store) Gather(ctx context.Context, v layers.Viewer, l *layers.Layer, ids []string, how layers.Gathering, srid int) (geom.T, error) {
	var shape geom.T
	err := s.read(ctx, v, l, func(tx pgx.Tx) error {
		st := &statement{}
		rows := scopeOf(st, v, l, time.Time{})
		g := rows.column(l.Source.Geometry)
		gathered := "ST_Union(" + g + ")"
		if how == layers.Place {
			gathered = "(array_agg(ST_PointOnSurface(" + g + ") order by array_position(" + st.arg(ids) + "::text[], " + rows.column(l.Source.ID) + "::text)))[1]"
		}
		if srid != 0 && srid != l.Source.SRID {
			gathered = "ST_Transform(" + gathered + ", " + st.arg(srid) + "::integer)"
		}
		st.writef("select array_agg(%s::text), ST_AsEWKB(%s) from %s", rows.column(l.Source.ID), gathered, rows.rows())
		if err := st.where(ctx, tx, v, l, layers.Query{IDs: ids}); err != nil {
			return err
		}
		st.writef(" and %s is not null", g)
		var found []string
		var data []byte
		if err := tx.QueryRow(ctx, st.String(), st.args...).Scan(&found, &data); err != nil {
			return err
		}
		if missing := without(ids, found); missing != nil {
			return layers.Errorf(layers.NotFound, "layer %s has no feature %s with a shape: take it out of the basket", l.ID, strings.Join(missing, ", "))
		}
		var err error
		shape, err = decode(data)
		return err
	})
	return shape, err
}

// without are the items of all that are not among some.
func without(all, some []string) []string {
	in := make(map[string]bool, len(some))
	for _, s := range some {
		in[s] = true
	}
	var rest []string
	for _, s := range all {
		if !in[s] {
			rest = append(rest, s)
		}
	}
	return rest
}
