package postgis_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"arpent/layers"
	"arpent/layers/cql2"
	"arpent/layers/postgis/postgistest"
)

// million is how many parcels the benchmarks of reading have.
const million = 1_000_000

// newMillion is a town with a million parcels of 20 m, in sections of 500 and
// in two collectivities, made past the triggers of history.
func newMillion(b *testing.B) town {
	b.Helper()
	w := newTown(b)
	sql(b, w.pool, fmt.Sprintf(`
		alter table land.parcels disable trigger user;
		insert into land.parcels (id, collectivity, prefix, section, number, registered_area, address, geom)
		select lpad((1 + i %% 2)::text, 5, '0') || lpad((i / 500 / 676)::text, 3, '0') || chr(65 + i / 500 %% 26) || chr(65 + i / 500 / 26 %% 26) || lpad((i %% 500 + 1)::text, 4, '0'),
			lpad((1 + i %% 2)::text, 5, '0'), lpad((i / 500 / 676)::text, 3, '0'), chr(65 + i / 500 %% 26) || chr(65 + i / 500 / 26 %% 26), i %% 500 + 1, 400, (i %% 120) || ' rue ' || md5((i / 120)::text),
			ST_Multi(ST_MakeEnvelope(900000 + i %% 1000 * 20, 6690000 + i / 1000 * 20, 900020 + i %% 1000 * 20, 6690020 + i / 1000 * 20, 2154))
		from generate_series(0, %d) i;
		alter table land.parcels enable trigger user`, million-1))
	sql(b, w.pool, `vacuum analyze land.parcels`)
	for _, l := range w.Catalog().All() { // as at the next start: a table of this size is indexed to be sorted
		if err := w.store.Prepare(ctx, l); err != nil {
			b.Fatal(err)
		}
	}
	return w
}

// percentiles runs fn until the benchmark ends and reports how long it took.
func percentiles(b *testing.B, fn func(i int) error) {
	b.Helper()
	if err := fn(0); err != nil { // warm
		b.Fatal(err)
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if err := fn(i); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.95), "p95-ms")
}

// BenchmarkMillion reads among a million parcels: lists, the search box and a
// record, as anybody and as a member of one collectivity, and the form of a
// record, which wants an account.
func BenchmarkMillion(b *testing.B) {
	w := newMillion(b)
	member := postgistest.Account(b, w.pool, "m", "00001", "reader")
	b.Run("form/member", func(b *testing.B) {
		l, err := w.Catalog().Get(member, "land.parcels")
		if err != nil {
			b.Fatal(err)
		}
		percentiles(b, func(i int) error { // what the page asks for when a record is opened
			f, err := w.Feature(ctx, member, "land.parcels", fmt.Sprintf("00001000AA%04d", i%249*2+1), 3857)
			if err != nil || len(l.Schema(member, "fr")) == 0 {
				return err
			}
			_, err = w.Evaluate(ctx, member, "land.parcels", layers.Draft{ID: f.ID, Properties: f.Properties})
			return err
		})
	})
	for name, v := range map[string]layers.Viewer{"anybody": {}, "member": member} {
		for _, text := range []string{"AB 12", "00001000AA0011", "A", "12", "BC"} {
			b.Run(fmt.Sprintf("search/%s/%s", name, text), func(b *testing.B) {
				percentiles(b, func(int) error {
					_, err := w.Search(ctx, v, text, 20)
					return err
				})
			})
		}
		b.Run("record/"+name, func(b *testing.B) {
			percentiles(b, func(i int) error {
				_, err := w.Feature(ctx, v, "land.parcels", fmt.Sprintf("00001000AA%04d", i%249*2+1), 3857)
				return err
			})
		})
		for what, q := range map[string]layers.Query{
			"open":     {},
			"last":     {Backward: true},
			"sorted":   {Sort: "number"},
			"deep":     {Sort: "number", After: &layers.Cursor{ID: "00001000AA0011", Value: new("250")}},
			"filtered": {Filter: &cql2.Expr{Op: "=", Args: []cql2.Expr{{Property: "number"}, {Literal: 7.0}}}},
			"words":    {Text: "AB 12"},
		} {
			b.Run("list/"+name+"/"+what, func(b *testing.B) {
				q.Limit, q.SRID, q.WithBBox, q.Labels = 51, 3857, true, true
				percentiles(b, func(int) error {
					if _, _, err := w.Size(ctx, v, "land.parcels", q); err != nil {
						return err
					}
					page, err := w.Features(ctx, v, "land.parcels", q)
					if err != nil {
						return err
					}
					for _, err := range page {
						if err != nil {
							return err
						}
					}
					return nil
				})
			})
		}
	}
}
