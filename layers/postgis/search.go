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
		if len(l.Search) == 0 {
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
	rows := scopeOf(st, v, l)
	haystack := rows.searchText()
	var conditions, exact []string
	for _, word := range words {
		conditions = append(conditions, fmt.Sprintf("%s like %s", haystack, st.arg("% "+word+"%")))
		exact = append(exact, fmt.Sprintf("(%s || ' ' like %s)::int", haystack, st.arg("% "+word+" %")))
	}
	box := "null::geometry"
	if l.Source.Geometry != "" {
		box = fmt.Sprintf("ST_Envelope(ST_Transform(%s, 3857))", rows.column(l.Source.Geometry))
	}
	st.writef("select id, label, exact, length, ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) from (select %s::text as id, %s as label, %s as exact, length(%s) as length, %s as box from %s as t where %s order by exact desc, length, id limit %s) found",
		rows.column(l.Source.ID), rows.label(0), strings.Join(exact, " + "), haystack, box, identifier(l.Source.Table), strings.Join(conditions, " and "), st.arg(limit))
	answer, err := tx.Query(ctx, st.String(), st.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(answer, func(row pgx.CollectableRow) (ranked, error) {
		r := ranked{Found: layers.Found{Layer: l.ID}}
		var label *string
		var box [4]*float64
		err := row.Scan(&r.ID, &label, &r.exact, &r.length, &box[0], &box[1], &box[2], &box[3])
		r.Label = titleOf(l, r.ID, label)
		if boxes := appendBox(nil, box); boxes != nil {
			r.BBox = &boxes[0]
		}
		if !strings.Contains(r.Label, r.ID) && slices.Contains(l.Search, "id") {
			r.Detail = r.ID
		}
		return r, err
	})
}
