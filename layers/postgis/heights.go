package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Heights finds for each place in EPSG:3857 the point or line of the layer that
// is next to it, no further than some metres, with its height there.
func (s *Store) Heights(ctx context.Context, v layers.Viewer, l *layers.Layer, places [][2]float64, within float64) ([]*layers.Height, error) {
	found := make([]*layers.Height, len(places))
	var xs, ys []float64
	for _, p := range places {
		xs, ys = append(xs, p[0]), append(ys, p[1])
	}
	err := s.read(ctx, v, l, func(tx pgx.Tx) error {
		st := &statement{}
		rows := scopeOf(st, v, l, time.Time{})
		metres := st.arg(within) + "::float8"
		st.writef(`select p.n, h.z, h.id, h.label, h.distance
			from unnest(%s::float8[], %s::float8[]) with ordinality as p (x, y, n),
			lateral arpent.transform(ST_SetSRID(ST_Point(p.x, p.y), 3857), %s::integer) as place,
			lateral (
				select case when ST_Dimension(part.geom) = 0 then ST_Z(part.geom) else ST_Z(ST_LineInterpolatePoint(part.geom, ST_LineLocatePoint(part.geom, place))) end as z,
					%s::text as id, %s as label, ST_Distance(ST_Transform(ST_Force2D(part.geom), 4326)::geography, ST_Transform(place, 4326)::geography) as distance
				from %s, lateral ST_Dump(%s) as part
				where %s && arpent.around(place, %s) and ST_Dimension(part.geom) < 2 and (ST_ZMin(part.geom) > 0 or ST_ZMax(part.geom) < 0)
				order by distance limit 1
			) as h where h.distance <= %s`,
			st.arg(xs), st.arg(ys), st.arg(l.Source.SRID), rows.column(l.Source.ID), rows.label(0), rows.rows(), rows.column(l.Source.Geometry), rows.column(l.Source.Geometry), metres, metres)
		answer, err := tx.Query(ctx, st.String(), st.args...)
		if err != nil {
			return err
		}
		var n int
		var label *string
		var h layers.Height
		_, err = pgx.ForEachRow(answer, []any{&n, &h.Z, &h.ID, &label, &h.Distance}, func() error {
			found[n-1] = &layers.Height{Z: h.Z, Layer: l.ID, ID: h.ID, Label: titleOf(l, h.ID, label), Distance: h.Distance}
			return nil
		})
		return err
	})
	return found, err
}
