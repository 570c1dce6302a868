package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Summarise adds up the fields, with their medians, and the measures of the
// shapes, if these are wanted.
func (s *Store) Summarise(ctx context.Context, v layers.Viewer, l *layers.Layer, q layers.Query, fields []*layers.Field, medians, measured bool) (*layers.Summary, error) {
	sum := &layers.Summary{Fields: make([]layers.Aggregate, len(fields))}
	measured = measured && l.Source.Geometry != ""
	var area, length float64
	err := s.selecting(ctx, v, l, q, func(tx pgx.Tx, st *statement, rows scope) error {
		targets := []any{&sum.Count}
		st.WriteString("select count(*)")
		for i, f := range fields {
			a := &sum.Fields[i]
			a.Field = f.Name
			value := rows.value(f)
			st.writef(", count(%[1]s), coalesce(sum(%[1]s), 0)::float8, coalesce(min(%[1]s), 0)::float8, coalesce(max(%[1]s), 0)::float8, coalesce(avg(%[1]s), 0)::float8", value)
			targets = append(targets, &a.Filled, &a.Sum, &a.Min, &a.Max, &a.Average)
			if medians {
				st.writef(", percentile_cont(0.5) within group (order by (%s)::float8)", value)
				targets = append(targets, &a.Median)
			}
		}
		if measured {
			g := rows.column(l.Source.Geometry)
			st.writef(", coalesce(sum(%s), 0), coalesce(sum(case ST_Dimension(%s) when 2 then %s else %s end), 0)",
				rows.measure("ST_Area(%s)"), g, rows.measure("ST_Perimeter(%s)"), rows.measure("ST_Length(%s)"))
			targets = append(targets, &area, &length)
		}
		if err := st.from(ctx, tx, v, l, q); err != nil {
			return err
		}
		return tx.QueryRow(ctx, st.String(), st.args...).Scan(targets...)
	})
	if measured {
		sum.Measures = &layers.Measures{Area: area, Length: length}
	}
	return sum, err
}

// Group counts records by the value of a field, most first.
func (s *Store) Group(ctx context.Context, v layers.Viewer, l *layers.Layer, q layers.Query, f *layers.Field, limit int) ([]layers.Group, error) {
	var groups []layers.Group
	err := s.selecting(ctx, v, l, q, func(tx pgx.Tx, st *statement, rows scope) error {
		st.writef("select coalesce(value, ''), coalesce(label, value, ''), value is null, n from (select %s as value, %s as label, count(*) as n",
			rows.readable(f)+"::text", rows.unsorted(f)+"::text")
		if err := st.from(ctx, tx, v, l, q); err != nil {
			return err
		}
		st.writef(" group by 1, 2 order by n desc, 1 limit %s) grouped", st.arg(limit))
		found, err := tx.Query(ctx, st.String(), st.args...)
		if err != nil {
			return err
		}
		groups, err = pgx.CollectRows(found, pgx.RowToStructByPos[layers.Group])
		return err
	})
	return groups, err
}

// selecting lets fn write and run a statement over the rows that q selects,
// whole.
func (s *Store) selecting(ctx context.Context, v layers.Viewer, l *layers.Layer, q layers.Query, fn func(pgx.Tx, *statement, scope) error) error {
	role := queryRole(v, l, q)
	return readingError(s.readAs(ctx, v, role, l, func(tx pgx.Tx) error {
		st := &statement{role: role}
		return fn(tx, st, scopeOf(st, v, l, q.At))
	}))
}

// from writes the rows that q selects, whole.
func (s *statement) from(ctx context.Context, tx pgx.Tx, v layers.Viewer, l *layers.Layer, q layers.Query) error {
	q.After, q.Sort = nil, ""
	s.writef(" from %s", s.rows(v, l, q.At))
	return s.where(ctx, tx, v, l, q)
}
