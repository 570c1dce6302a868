package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"
)

const (
	sectionWide = 50 // parcels of 20 m
	sectionHigh = 40
	sectionX    = 950_000
	sectionY    = 6_760_000
)

// newSection is a site with a section of 2,000 parcels more.
func newSection(b *testing.B) *bench {
	b.Helper()
	s := newSite(b)
	if _, err := s.pool.Exec(context.Background(), `
		insert into land.parcels (id, collectivity, prefix, section, number, registered_area, geom)
		select $1 || '000' || 'ZZ' || lpad((i + 1)::text, 4, '0'), $1, '000', 'ZZ', i + 1, 400,
			ST_Multi(ST_MakeEnvelope($4 + i % $2 * 20, $5 + i / $2 * 20, $4 + 20 + i % $2 * 20, $5 + 20 + i / $2 * 20, 2154))
		from generate_series(0, $2::integer * $3::integer - 1) i`, s.town.Code, sectionWide, sectionHigh, sectionX, sectionY); err != nil {
		b.Fatal(err)
	}
	if _, err := s.pool.Exec(context.Background(), `analyze land.parcels`); err != nil {
		b.Fatal(err)
	}
	if err := s.feed.Sync(context.Background()); err != nil {
		b.Fatal(err)
	}
	return &bench{site: s, who: s.admin()}
}

// timed runs fn, which says how long what is measured took, until the benchmark
// ends.
func timed(b *testing.B, fn func() time.Duration) {
	b.Helper()
	fn() // warm
	var took []time.Duration
	for b.Loop() {
		took = append(took, fn())
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.95), "p95-ms")
}

// Opening a section is what the page asks for then: the set, and all shapes.
func BenchmarkOpeningASectionOf2000Parcels(b *testing.B) {
	s := newSection(b)
	var box [4]float64
	if err := s.pool.QueryRow(context.Background(), `select ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)
		from (select ST_Transform(ST_SetSRID(ST_Extent(geom)::geometry, 2154), 4326) as e from land.parcels where section = 'ZZ') s`).Scan(&box[0], &box[1], &box[2], &box[3]); err != nil {
		b.Fatal(err)
	}
	shapes := fmt.Sprintf("/ogc/collections/land.parcels/items?bbox=%.7f,%.7f,%.7f,%.7f&limit=5000&crs=http://www.opengis.net/def/crs/EPSG/0/3857", box[0], box[1], box[2], box[3])
	timed(b, func() time.Duration {
		began := time.Now()
		s.want(s.get(workingPath, s.who), 200)
		a := s.want(s.get(shapes, s.who), 200)
		took := time.Since(began)
		var all struct{ Features []json.RawMessage }
		if err := json.Unmarshal(a.body, &all); err != nil || len(all.Features) < sectionWide*sectionHigh {
			b.Fatalf("%d shapes: %v", len(all.Features), err)
		}
		return took
	})
}

func BenchmarkSaving500ChangedFeatures(b *testing.B) {
	s := newSection(b)
	var from, to [][2]float64 // corners that four parcels each have in common, no two of one parcel
	rows, err := s.pool.Query(context.Background(), `
		select ST_X(a), ST_Y(a), ST_X(b), ST_Y(b) from generate_series(0, 124) i,
			lateral (select $1 + 20.0 + i % 25 * 40 as x, $2 + 20.0 + i / 25 * 40 as y) as p,
			lateral (select ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 2154), 3857) as a, ST_Transform(ST_SetSRID(ST_MakePoint(x + 2, y + 1), 2154), 3857) as b) as q`, sectionX, sectionY)
	if err != nil {
		b.Fatal(err)
	}
	for rows.Next() {
		var c [4]float64
		if err := rows.Scan(&c[0], &c[1], &c[2], &c[3]); err != nil {
			b.Fatal(err)
		}
		from, to = append(from, [2]float64{c[0], c[1]}), append(to, [2]float64{c[2], c[3]})
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	timed(b, func() time.Duration {
		s.revision = 0
		if out := s.do(map[string]any{"kind": "move", "from": from, "to": to}); out["refusal"] != nil {
			b.Fatalf("%v", out["refusal"])
		}
		began := time.Now()
		saved := s.want(s.call(http.DefaultClient, http.MethodPost, workingPath+"/save", map[string]any{"revision": s.revision}, s.who), 200)
		took := time.Since(began)
		if changed := saved.json(b)["changed"].(float64); changed != 500 {
			b.Fatalf("%v changed", changed)
		}
		from, to = to, from
		return took
	})
}
