package postgis

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"arpent/layers"
)

// part is a part of a list: the records that have a value to sort by, or those
// that have none, which come last. One query for each lets an index answer it.
type part struct {
	field      *layers.Field // nil: sorted by identifier alone
	empty      bool          // those without value
	descending bool
	after      *layers.Cursor
}

// partsOf are the parts of the list that a query asks for, in their order.
func partsOf(l *layers.Layer, q layers.Query) []part {
	name := strings.TrimPrefix(q.Sort, "-")
	descending := (name != q.Sort) != q.Backward
	if name == "" {
		return []part{{descending: descending, after: q.After}}
	}
	f := l.Field(name)
	parts := []part{{f, false, descending, nil}, {f, true, descending, nil}}
	if q.Backward {
		slices.Reverse(parts)
	}
	if q.After != nil {
		i := slices.IndexFunc(parts, func(p part) bool { return p.empty == (q.After.Value == nil) })
		parts = parts[i:]
		parts[0].after = q.After
	}
	return parts
}

// sortValue is what a list is sorted by: texts as people order them, with the
// numbers in them by their size.
func (s scope) sortValue(f *layers.Field) string {
	if sortType(f) == "text" {
		return s.unsorted(f) + " collate arpent.natural"
	}
	return s.unsorted(f)
}

// unsorted is the value of a field, of a reference the title of the record.
func (s scope) unsorted(f *layers.Field) string {
	switch {
	case f.Reference != nil:
		return s.words(f, 0)
	case f.Type == string(layers.TypeText) && f.ColumnType != "text" && f.Compute == nil:
		return s.plain(f) + "::text"
	}
	return s.plain(f)
}

// sortType is the type of the value that a list is sorted by.
func sortType(f *layers.Field) string {
	switch {
	case f.Reference != nil || f.Type == string(layers.TypeText):
		return "text"
	case f.Compute != nil:
		return sqlTypes[layers.Type(f.Type)]
	}
	return f.ColumnType
}

// conditions restrict rows to a part of the list.
func (p part) conditions(s scope) ([]string, error) {
	id := s.column(s.layer.Source.ID)
	var conditions []string
	if p.field != nil {
		conditions = append(conditions, fmt.Sprintf("(%s) is %s", s.unsorted(p.field), map[bool]string{true: "null", false: "not null"}[p.empty]))
	}
	if p.after == nil {
		return conditions, nil
	}
	if !fitsID(s.layer, p.after.ID) {
		return nil, layers.BadParameter("after", p.after.ID, "is no place in this list: follow the next link as it was given")
	}
	beyond := map[bool]string{true: "<", false: ">"}[p.descending]
	after := s.st.arg(p.after.ID) + "::text::" + s.layer.Source.IDType
	if p.field == nil || p.empty {
		return append(conditions, fmt.Sprintf("%s %s %s", id, beyond, after)), nil
	}
	return append(conditions, fmt.Sprintf("(%s, %s) %s (%s::text::%s, %s)", s.sortValue(p.field), id, beyond, s.st.arg(*p.after.Value), sortType(p.field), after)), nil
}

// order is what a part is sorted by.
func (p part) order(s scope) string {
	direction := map[bool]string{true: " desc", false: ""}[p.descending]
	// Qualified, else it would be the text that is selected under this name.
	order := s.column(s.layer.Source.ID) + direction
	if p.field != nil && !p.empty {
		order = s.sortValue(p.field) + direction + ", " + order
	}
	return order
}

// indexSorting makes the indexes that long lists are sorted by; short ones are
// sorted as fast without. It is done when layers are enrolled, so that a table
// that grew gets them at the next start.
func (s *Store) indexSorting(ctx context.Context, l *layers.Layer) error {
	if l.Source.ReadOnly {
		return nil
	}
	var large bool
	if err := s.pool.QueryRow(ctx, `select coalesce((select reltuples > $2 from pg_class where oid = to_regclass($1)), false)`, identifier(l.Source.Table), estimated).Scan(&large); err != nil || !large {
		return err
	}
	schema, _, _ := strings.Cut(l.Source.Table, ".")
	for _, name := range l.List {
		f := l.Field(name)
		if f == nil || f.Compute != nil || f.Reference != nil || f.Column == l.Source.ID || f.Type == string(layers.TypeText) && f.ColumnType != "text" {
			continue
		}
		rows := scope{st: &statement{}, layer: l, viewer: layers.Viewer{Admin: true}}
		expression := rows.sortValue(f)
		name := fmt.Sprintf("arpent_sort_%x", sha256.Sum256([]byte(l.Source.Table+expression)))[:30]
		_, err := s.pool.Exec(ctx, fmt.Sprintf("create index if not exists %s on %s (%s, %s)", column(name), identifier(l.Source.Table), expression, column(l.Source.ID)))
		if e, ok := errors.AsType[*pgconn.PgError](err); ok && (e.Code == "42P07" || e.Code == "23505") {
			continue // another server process made it at this moment
		}
		if err != nil {
			return fmt.Errorf("making the index of %s to sort layer %s by: %w", identifier(schema+"."+f.Column), l.ID, err)
		}
	}
	return nil
}
