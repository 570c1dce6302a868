package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"arpent/geo/classes"
	"arpent/layers"
)

// Spread reads the numbers of a field, each once, in order. Where they are more
// than limit, neighbouring ones are taken together; the lowest stays alone.
func (s *Store) Spread(ctx context.Context, v layers.Viewer, l *layers.Layer, q layers.Query, f *layers.Field, limit int) (*layers.Spread, error) {
	spread := &layers.Spread{}
	err := s.selecting(ctx, v, l, q, func(tx pgx.Tx, st *statement, rows scope) error {
		st.writef(`with numbers as materialized (select nullif(nullif(nullif(%s::float8, 'NaN'), 'Infinity'), '-Infinity') as value, count(*) as n`, rows.value(f))
		if err := st.from(ctx, tx, v, l, q); err != nil {
			return err
		}
		st.writef(` group by 1),
			ranked as (select value, n, row_number() over (order by value) as place from numbers where value is not null),
			step as (select greatest(1, ceil((count(*) - 1)::float8 / %s::float8))::bigint as width from ranked)
			select coalesce(max(value), 0), sum(n)::bigint, width = 1, false from ranked, step group by case place when 1 then 0 else 1 + (place - 2) / width end, width
			union all
			select 0, n, true, true from numbers where value is null
			order by 4, 1`, st.arg(float64(limit-1)))
		found, err := tx.Query(ctx, st.String(), st.args...)
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			var value classes.Value
			var exact, empty bool
			if err := found.Scan(&value.Number, &value.Count, &exact, &empty); err != nil {
				return err
			}
			if empty {
				spread.Empty = value.Count
				continue
			}
			spread.Exact = exact
			spread.Values = append(spread.Values, value)
		}
		return found.Err()
	})
	return spread, err
}
