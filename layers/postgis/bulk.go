package postgis

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Try calls fn within a savepoint. Constraints that may wait until the end of
// the transaction are checked at the end of fn.
func (w *writer) Try(ctx context.Context, fn func() error) error {
	personal := w.personal
	point, err := w.tx.Begin(ctx)
	if err != nil {
		return translate(err, nil)
	}
	err = fn()
	if err == nil {
		_, err = point.Exec(ctx, `set constraints all immediate; set constraints all deferred`)
	}
	if err != nil {
		w.personal = personal // the role goes back with the rest
		if undone := point.Rollback(context.WithoutCancel(ctx)); undone != nil {
			return translate(undone, nil) // the connection is gone, whatever fn complained of
		}
		return translate(err, nil)
	}
	return translate(point.Commit(ctx), nil)
}

// Once waits for other transactions with the same cause and counts what
// history has of it.
func (w *writer) Once(ctx context.Context, cause string) (*layers.Tally, error) {
	if _, err := w.tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('arpent.cause:' || $1, 0))`, cause); err != nil {
		return nil, translate(err, nil)
	}
	var t layers.Tally
	err := w.tx.QueryRow(ctx, `select count(*) filter (where op = 'insert'), count(*) filter (where op = 'update'), count(*) filter (where op = 'delete')
		from arpent.history where cause = $1`, cause).Scan(&t.Created, &t.Updated, &t.Deleted)
	if err != nil || t.Created+t.Updated+t.Deleted == 0 {
		return nil, translate(err, nil)
	}
	return &t, nil
}

// Identify finds records by the values of fields, written as text.
func (s *Store) Identify(ctx context.Context, v layers.Viewer, l *layers.Layer, fields []string, keys []layers.Key) ([]layers.Identified, error) {
	found := make([]layers.Identified, len(keys))
	err := s.read(ctx, v, l, func(tx pgx.Tx) error {
		st := &statement{}
		rows := scopeOf(st, v, l, time.Time{})
		var arrays, aliases, same []string
		add := func(text func(layers.Key) string, condition string) {
			texts := make([]string, len(keys))
			for i, k := range keys {
				texts[i] = text(k)
			}
			alias := fmt.Sprintf("k%d", len(arrays))
			arrays, aliases = append(arrays, st.arg(texts)+"::text[]"), append(aliases, alias)
			same = append(same, strings.ReplaceAll(condition, "?", "u."+alias))
		}
		for i, name := range fields {
			f := l.KeyField(name)
			kind := f.ColumnType
			if f.Compute != nil {
				kind = sqlTypes[layers.Type(f.Type)]
			}
			add(func(k layers.Key) string { return k.Values[i] }, fmt.Sprintf("%s = ?::%s", rows.plain(f), kind))
		}
		if l.Source.Collectivity != "" {
			add(func(k layers.Key) string { return k.Collectivity }, fmt.Sprintf("(? = '' or %s = ?)", rows.column(l.Source.Collectivity)))
		}
		st.writef("select u.position, min(%[1]s::text), count(*) > 1 from unnest(%[2]s) with ordinality as u(%[3]s, position) join %[4]s on %[5]s group by u.position",
			rows.column(l.Source.ID), strings.Join(arrays, ", "), strings.Join(aliases, ", "), rows.rows(), strings.Join(same, " and "))
		answer, err := tx.Query(ctx, st.String(), st.args...)
		if err != nil {
			return err
		}
		defer answer.Close()
		for answer.Next() {
			var position int
			var one layers.Identified
			if err := answer.Scan(&position, &one.ID, &one.Several); err != nil {
				return err
			}
			found[position-1] = one
		}
		return answer.Err()
	})
	return found, readingError(err)
}
