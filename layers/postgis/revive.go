package postgis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Revive inserts a deleted row as history has it: with its identifier and with
// every column, those that no layer shows included. Columns that the database
// computes are computed anew, those that came since have their default.
func (w *writer) Revive(ctx context.Context, l *layers.Layer, e *layers.Edit) (layers.EditResult, error) {
	r := layers.EditResult{Layer: l.ID, Created: true}
	if !w.viewer.System() { // the row comes back whole, whoever brings it
		if err := w.touchPersonal(ctx); err != nil {
			return r, err
		}
	}
	rows, err := w.tx.Query(ctx, `
		select attname::text
		from arpent.history h
		join pg_attribute a on a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		where h.id = $2 and h.relation = $3 and h.feature = $4 and h.op = 'delete' and (h.old || coalesce(h.old_personal, '{}')) ? a.attname
		order by attnum`, identifier(l.Source.Table), e.Change, l.Source.Table, e.ID)
	if err != nil {
		return r, translate(err, l)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return r, translate(err, l)
	}
	if len(names) == 0 {
		return r, layers.Errorf(layers.NotFound, "there is no deletion %d of feature %q in the history of layer %s", e.Change, e.ID, l.ID)
	}
	var into, from []string
	for _, name := range names {
		into = append(into, column(name))
		from = append(from, "r."+column(name))
	}
	if g := l.Source.TableGeometry; g != "" {
		into = append(into, column(g))
		from = append(from, "h.old_geometry")
	}
	sql := fmt.Sprintf(`
		insert into %[1]s as t (%[2]s) overriding system value
		select %[3]s from arpent.history h, jsonb_populate_record(null::%[1]s, h.old || coalesce(h.old_personal, '{}')) r where h.id = $1
		returning t.%[4]s::text, t.xmin::text`,
		identifier(l.Source.Table), strings.Join(into, ", "), strings.Join(from, ", "), column(l.Source.ID))
	err = w.tx.QueryRow(ctx, sql, e.Change).Scan(&r.ID, &r.Version)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, layers.Errorf(layers.NotFound, "there is no deletion %d of feature %q in the history of layer %s", e.Change, e.ID, l.ID)
	}
	return r, translate(err, l)
}
