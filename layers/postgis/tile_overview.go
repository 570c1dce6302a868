package postgis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// GroupRows calls fn with the rows, as the viewer may see them, of all groups of
// which one meets a tile or its buffer: those of a collectivity with the same
// values of some fields, which are their values.
func (s *Store) GroupRows(ctx context.Context, v layers.Viewer, l *layers.Layer, z, x, y int, q layers.Query, fields []*layers.Field, fn func(TileRows) error) error {
	return s.readTile(ctx, v, l, z, x, y, q, func(tx pgx.Tx, st *statement, at tileAt) error {
		where, err := st.conditions(ctx, tx, v, l, q, part{})
		if err != nil {
			return err
		}
		from := st.rows(v, l, q.At)
		v.Purpose = ""
		rows := scopeOf(st, v, l, q.At)
		values := []string{ownerOf(l)}
		for _, f := range fields {
			values = append(values, rows.readable(f))
		}
		st.writef(`select %s, %s, t.%s::text, %s from %s%s`, inWorld(at.mercator(l), ""), featureID(l), column(l.Source.ID), strings.Join(values, ", "), from, where)
		if at.near {
			var same []string // nothing is the same as nothing here, which it is not for in
			for _, value := range values {
				same = append(same, value+" is null", fmt.Sprintf("coalesce((%s)::text, '')", value))
			}
			key := strings.Join(same, ", ")
			st.writef(" %s (%s) in (select %s from %s%s %s %s)", following(where), key, key, from, where, following(where), st.inTile(l, st.envelope(at), TileMargin))
		}
		return fn(tileRows(ctx, tx, st, true))
	})
}

// ownerOf is the code of the collectivity that owns a row.
func ownerOf(l *layers.Layer) string {
	if l.Source.Collectivity == "" {
		return "null::text"
	}
	return "t." + column(l.Source.Collectivity) + "::text"
}

// following is the word before a further condition.
func following(where string) string {
	if where == "" {
		return "where"
	}
	return "and"
}

// SeesWholly reports whether the viewer, who gives no reason for reading personal
// data, sees fields in all rows of the layer that it sees: features that have
// their values in common can be drawn as one, and ranked by them.
func SeesWholly(v layers.Viewer, l *layers.Layer, fields []*layers.Field) bool {
	v.Purpose = ""
	rows := scopeOf(&statement{}, v, l, layers.Query{}.At)
	return !slices.ContainsFunc(fields, func(f *layers.Field) bool {
		_, all := rows.sees(f)
		return !all || !slices.Contains(openColumns(l), f.Column)
	})
}
