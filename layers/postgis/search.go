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

// hit is a row that answers a search, not yet with its words.
type hit struct {
	layer  *layers.Layer
	id     string
	rank   int
	length int // of the text that was searched: the shorter, the closer
}

// The ranks of hits, best first: a stage of the search each. The next one is
// only asked when the ones before did not fill the answer.
const (
	wholeWords = iota // each is a word of the text, as in a reference
	beginnings        // each begins a word
	resembling        // each resembles a word: typing errors
)

// perLayer is how many rows of a layer a stage looks at before it ranks them.
const perLayer = 200

// Search finds features by their search fields, best first: those with all the
// words, then those with words that begin so, then those with words that
// resemble them; of each, those whose text has the least besides.
//
// Row-level security would keep the text index from answering (DESIGN.md), so
// that candidates are found without it, among the collectivities that the
// viewer may read; what is told of them is read under security again.
func (s *Store) Search(ctx context.Context, v layers.Viewer, in []*layers.Layer, text string, limit int) ([]layers.Found, error) {
	hits, err := s.hits(ctx, v, in, text, limit)
	if err != nil {
		return nil, fmt.Errorf("searching: %w", translate(err, nil))
	}
	byLayer := map[*layers.Layer][]string{}
	for _, h := range hits {
		byLayer[h.layer] = append(byLayer[h.layer], h.id)
	}
	type key struct{ layer, id string }
	told := map[key]layers.Found{}
	for l, ids := range byLayer {
		for f, err := range s.Features(ctx, v, l, layers.Query{IDs: ids, SRID: 3857, WithBBox: true, Labels: true}) {
			if err != nil {
				return nil, fmt.Errorf("reading what the search found in layer %s: %w", l.ID, err)
			}
			told[key{l.ID, f.ID}] = foundOf(l, f)
		}
	}
	found := make([]layers.Found, 0, len(hits))
	for _, h := range hits {
		if f, ok := told[key{h.layer.ID, h.id}]; ok {
			found = append(found, f)
		}
	}
	return found, nil
}

func foundOf(l *layers.Layer, f *layers.Feature) layers.Found {
	found := layers.Found{Layer: l.ID, ID: f.ID, Collectivity: f.Collectivity, Label: f.Label}
	if f.Geometry != nil && !f.Geometry.Empty() {
		b := f.Geometry.Bounds()
		found.BBox = &layers.BBox{MinX: b.Min(0), MinY: b.Min(1), MaxX: b.Max(0), MaxY: b.Max(1), SRID: 3857}
	}
	if !strings.Contains(f.Label, f.ID) && slices.Contains(l.Search, "id") {
		found.Detail = f.ID
	}
	return found
}

// hits are the best rows over all layers.
func (s *Store) hits(ctx context.Context, v layers.Viewer, in []*layers.Layer, text string, limit int) ([]hit, error) {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead})
	if err != nil {
		return nil, err
	}
	defer rollback(tx)
	words, err := fold(ctx, tx, text)
	if err != nil || len(words) == 0 {
		return nil, err
	}
	var found []hit
	seen := map[string]bool{}
	for stage := wholeWords; stage <= resembling && len(found) < limit; stage++ {
		if stage == resembling && (len(found) > 0 || !slices.ContainsFunc(words, mayBeMistyped)) {
			break
		}
		st := &statement{}
		for i, l := range in {
			if len(l.Search) > 0 && v.MaySearch(l) {
				st.stage(v, l, i, words, stage)
			}
		}
		if st.Len() == 0 {
			return nil, nil
		}
		rows, err := tx.Query(ctx, st.String(), st.args...)
		if err != nil {
			return nil, err
		}
		some, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (hit, error) {
			h := hit{rank: stage}
			var layer int
			err := row.Scan(&layer, &h.id, &h.length)
			h.layer = in[layer]
			return h, err
		})
		if err != nil {
			return nil, err
		}
		for _, h := range some {
			if k := h.layer.ID + "\x00" + h.id; !seen[k] {
				seen[k] = true
				found = append(found, h)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.length, b.length), strings.Compare(a.layer.ID, b.layer.ID), strings.Compare(a.id, b.id))
	})
	return found[:min(limit, len(found))], nil
}

// mayBeMistyped reports whether a word is long enough to resemble another, and
// no number, where a digit more or less is another thing.
func mayBeMistyped(word string) bool {
	return len(word) >= 4 && !strings.ContainsAny(word, "0123456789")
}

// stage writes the rows of a layer that a stage of the search finds.
func (s *statement) stage(v layers.Viewer, l *layers.Layer, index int, words []string, stage int) {
	rows := scope{s, v, l, "t", new(int)}
	haystack := rows.searchText()
	var conditions []string
	for _, word := range words {
		switch {
		case stage == resembling && mayBeMistyped(word):
			conditions = append(conditions, fmt.Sprintf("%s <%% %s", s.arg(word), haystack))
		case stage == wholeWords:
			conditions = append(conditions, fmt.Sprintf("%s like %s", haystack, s.arg("% "+word+" %")))
		default:
			conditions = append(conditions, fmt.Sprintf("%s like %s", haystack, s.arg("% "+word+"%")))
		}
	}
	if codes, all := v.SearchesIn(l); !all {
		// || '' keeps the index of collectivities out: the words choose fewer rows.
		conditions = append(conditions, fmt.Sprintf("%s || '' = any (%s::text[])", rows.column(l.Source.Collectivity), s.arg(codes)))
	}
	if s.Len() > 0 {
		s.WriteString(" union all ")
	}
	s.writef("(select %d, %s::text, length(%s) from %s as t where %s limit %d)",
		index, rows.column(l.Source.ID), haystack, identifier(l.Source.Table), strings.Join(conditions, " and "), perLayer)
}
