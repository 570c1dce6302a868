package coverage_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

// surveyed is what PostGIS finds in polygons.
type surveyed struct {
	invalid int
	sum     float64 // of their areas
	overlap float64 // the same without the area of their union
	gaps    int     // in their union, where there was land
	where   string  // the same, as WKT
}

func survey(t testing.TB, pool *pgxpool.Pool, all, was []orb.MultiPolygon) surveyed {
	t.Helper()
	var s surveyed
	err := pool.QueryRow(t.Context(), `
		with polygon as (select ST_GeomFromWKB(b) as geom from unnest($1::bytea[]) b),
		united as (select ST_Union(geom) as geom from polygon),
		was as (select ST_Union(ST_GeomFromWKB(b)) as geom from unnest($2::bytea[]) b),
		hole as (
			select ST_MakePolygon(ST_ExteriorRing(ring.geom)) as geom
			from united, ST_Dump(united.geom) part, ST_DumpRings(part.geom) ring where ring.path[1] > 0
		),
		gap as (select hole.geom from hole, was where ST_Area(ST_Intersection(hole.geom, was.geom)) > ST_Area(hole.geom) / 2)
		select (select count(*) from polygon where not ST_IsValid(geom)),
		       (select sum(ST_Area(geom)) from polygon),
		       (select sum(ST_Area(geom)) from polygon) - ST_Area(geom),
		       (select count(*) from gap), (select coalesce(string_agg(ST_AsText(geom), ' '), '') from gap)
		from united`, binaries(t, all), binaries(t, was)).Scan(&s.invalid, &s.sum, &s.overlap, &s.gaps, &s.where)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func binaries(t testing.TB, all []orb.MultiPolygon) [][]byte {
	t.Helper()
	list := make([][]byte, len(all))
	for i, m := range all {
		list[i] = postgistest.WKB(t, m)
	}
	return list
}
