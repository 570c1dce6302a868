package postgis_test

import (
	"testing"
	"time"
)

// BenchmarkLoading compares loading 100,000 parcels with and without the
// triggers that record history and changes, side by side; the ratio is how
// many times slower recording makes it.
//
//	go test ./layers/postgis -run '^$' -bench Loading -benchtime 3x
func BenchmarkLoading(b *testing.B) {
	w := newTown(b)
	run := func(sql string) time.Duration {
		began := time.Now()
		if _, err := w.pool.Exec(ctx, sql); err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	run(`create table rows as select format('00001%s%s%s', lpad((i / 9999)::text, 3, '0'), 'ZZ', lpad((i % 9999 + 1)::text, 4, '0')) as id, '00001' as collectivity, '000' as prefix, 'ZZ' as section,
		i % 9999 + 1 as number, 500 as registered_area, ST_Multi(ST_Segmentize(ST_MakeEnvelope(x, y, x + 20, y + 25, 2154), 13)) as geom
		from (select i, 900000 + (i % 300) * 20.0 as x, 6690000 + (i / 300) * 25.0 as y from generate_series(0, 99999) i) grid`)
	const load = `insert into land.parcels (id, collectivity, prefix, section, number, registered_area, geom) select * from rows`
	var without, with time.Duration
	for b.Loop() {
		run(`alter table land.parcels disable trigger user`)
		without += run(load)
		run(`delete from land.parcels`)
		run(`alter table land.parcels enable trigger user`)
		run(`vacuum land.parcels`)
		with += run(load)
		run(`alter table land.parcels disable trigger user`)
		run(`delete from land.parcels`)
		run(`truncate arpent.history, arpent.change`)
		run(`vacuum land.parcels`)
	}
	b.ReportMetric(float64(with)/float64(without), "ratio")
}
