package postgis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// ranked is an answer with what orders it among the others.
type ranked struct {
	layers.Found
	exact  int // search words that are whole words of the text
	length int
}

// Search finds features whose search text has a word beginning with each word
// of text. Those with most words whole come first, then the shortest.
func (s *Store) Search(ctx context.Context, v layers.Viewer, in []*layers.Layer, text string, limit int) ([]layers.Found, error) {
	var all []ranked
	for _, l := range in {
		if len(l.Search) == 0 || l.Source.Geometry == "" {
			continue
		}
		err := s.read(ctx, v, l, func(tx pgx.Tx) error {
			found, err := searchLayer(ctx, tx, v, l, text, limit)
			all = append(all, found...)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("searching layer %s: %w", l.ID, err)
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(-cmp.Compare(a.exact, b.exact), cmp.Compare(a.length, b.length), strings.Compare(a.Label, b.Label))
	})
	found := make([]layers.Found, 0, limit)
	for _, r := range all[:min(limit, len(all))] {
		found = append(found, r.Found)
	}
	return found, nil
}

func searchLayer(ctx context.Context, tx pgx.Tx, v layers.Viewer, l *layers.Layer, text string, limit int) ([]ranked, error) {
	words, err := fold(ctx, tx, text)
	if err != nil || len(words) == 0 {
		return nil, err
	}
	st := &statement{}
	haystack := searchText(l)
	var conditions, exact []string
	for _, word := range words {
		conditions = append(conditions, fmt.Sprintf("%s like %s", haystack, st.arg("% "+word+"%")))
		exact = append(exact, fmt.Sprintf("(haystack || ' ' like %s)::int", st.arg("% "+word+" %")))
	}
	fields := v.Fields(l)
	st.writef("select %s::text, %s as exact, length(haystack), ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)", column(l.Source.ID), strings.Join(exact, " + "))
	for _, f := range fields {
		st.writef(", %s", readable(f))
	}
	st.writef(" from (select %s, %s as haystack, ST_Envelope(ST_Transform(%s, 3857)) as box from %s where %s is not null and %s) found order by exact desc, length(haystack), haystack, %s limit %s",
		selected(l, fields), haystack, column(l.Source.Geometry), identifier(l.Source.Table), column(l.Source.Geometry), strings.Join(conditions, " and "), column(l.Source.ID), st.arg(limit))
	rows, err := tx.Query(ctx, st.String(), st.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (ranked, error) {
		r := ranked{Found: layers.Found{Layer: l.ID, BBox: layers.BBox{SRID: 3857}}}
		values := make([]any, len(fields))
		targets := []any{&r.ID, &r.exact, &r.length, &r.BBox.MinX, &r.BBox.MinY, &r.BBox.MaxX, &r.BBox.MaxY}
		for i := range values {
			targets = append(targets, &values[i])
		}
		if err := row.Scan(targets...); err != nil {
			return r, err
		}
		properties := map[string]any{}
		for i, f := range fields {
			properties[f.Name] = values[i]
		}
		r.Label = l.LabelOf(r.ID, properties)
		if !strings.Contains(r.Label, r.ID) && slices.Contains(l.Search, "id") {
			r.Detail = r.ID
		}
		return r, nil
	})
}

// selected lists the columns that may be read; the role may not read others.
func selected(l *layers.Layer, fields []layers.Field) string {
	names := []string{column(l.Source.ID)}
	for _, f := range fields {
		if c := column(f.Column); !slices.Contains(names, c) {
			names = append(names, c)
		}
	}
	return strings.Join(names, ", ")
}
