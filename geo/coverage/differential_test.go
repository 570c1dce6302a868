package coverage_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"arpent/geo/coverage"
	"arpent/layers/postgis/postgistest"
)

// TestPostGISAgrees does the same on the real parcels of a commune here and in
// PostGIS: what differs is no wider than the tolerance along the line.
func TestPostGISAgrees(t *testing.T) {
	pool := postgistest.New(t)
	c, _ := build(t, real(t))
	rng := rand.New(rand.NewPCG(3, 3))
	s := sequence{T: t, c: c, rng: rng}
	compared := map[string]int{}
	for range 300 {
		ids := c.IDs()
		id := ids[rng.IntN(len(ids))]
		parcel := c.Geometry(c.Shape(id))
		for kind, test := range differences {
			line, ch, err := test.do(&s, id)
			var f *coverage.Fault
			if errors.As(err, &f) {
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			compared[kind]++
			var got []orb.MultiPolygon
			for _, other := range ch.IDs() {
				if other == id || slices.Contains(ch.Created(), other) {
					got = append(got, c.Geometry(ch.After[other]))
				}
			}
			apart(t, pool, kind, test.sql, id, parcel, line, ch, c, got)
		}
	}
	for kind := range differences {
		if compared[kind] < 50 {
			t.Errorf("%s was compared %d times only", kind, compared[kind])
		}
	}
	t.Log(compared)
}

type difference struct {
	do func(s *sequence, id coverage.ID) (orb.LineString, coverage.Change, error)
	// sql makes the same of the parcel $1 and the line $2 as rows of geom; other
	// parcels are $3.
	sql string
}

var differences = map[string]difference{
	"split": {
		do: func(s *sequence, id coverage.ID) (orb.LineString, coverage.Change, error) {
			b := s.c.Geometry(s.c.Shape(id)).Bound()
			far := b.Max[0] - b.Min[0] + b.Max[1] - b.Min[1]
			turn := s.rng.Float64() * math.Pi
			middle, d := b.Center(), orb.Point{far * math.Cos(turn), far * math.Sin(turn)}
			line := orb.LineString{{middle[0] - d[0], middle[1] - d[1]}, {middle[0] + s.around(1), middle[1] + s.around(1)}, {middle[0] + d[0], middle[1] + d[1]}}
			ch, err := s.c.Split([]coverage.ID{id}, line)
			return line, ch, err
		},
		sql: `select (ST_Dump(ST_Split(ST_GeomFromWKB($1), ST_GeomFromWKB($2)))).geom where $3::bytea[] is not null`,
	},
	"merge": {
		do: func(s *sequence, id coverage.ID) (orb.LineString, coverage.Change, error) {
			ch, err := s.c.Merge([]coverage.ID{id, s.nearTo(id)})
			return orb.LineString{{0, 0}, {1, 0}}, ch, err
		},
		sql: `select ST_Union(geom) as geom from (
			select ST_GeomFromWKB($1) as geom where $2::bytea is not null union all select ST_GeomFromWKB(b) from unnest($3::bytea[]) b) all_parcels`,
	},
	"reshape": {
		do: func(s *sequence, id coverage.ID) (orb.LineString, coverage.Change, error) {
			a, b := s.edge(id)
			from := orb.Point{a[0] + 0.2*(b[0]-a[0]), a[1] + 0.2*(b[1]-a[1])}
			to := orb.Point{a[0] + 0.8*(b[0]-a[0]), a[1] + 0.8*(b[1]-a[1])}
			middle := orb.Point{(from[0]+to[0])/2 + s.around(3), (from[1]+to[1])/2 + s.around(3)}
			// Beyond the border on both ends, so that PostGIS finds where it crosses.
			line := orb.LineString{beyond(middle, from), middle, beyond(middle, to)}
			ch, err := s.c.Reshape(id, line)
			return line, ch, err
		},
		// The largest face of the parcel that the line cuts, and all outside that it encloses.
		sql: `with face as (
			select (ST_Dump(ST_Polygonize(ST_Union(ST_Boundary(ST_GeomFromWKB($1)), ST_GeomFromWKB($2))))).geom where $3::bytea[] is not null
		), hole as (
			select ST_MakePolygon(ST_ExteriorRing(r.geom)) as geom from ST_Dump(ST_GeomFromWKB($1)) p, ST_DumpRings(p.geom) r where r.path[1] > 0
		), sided as (
			select face.geom, ST_Contains(ST_GeomFromWKB($1), ST_PointOnSurface(face.geom)) as inside,
			       exists(select from hole where ST_Contains(hole.geom, ST_PointOnSurface(face.geom))) as enclosed from face
		)
		select ST_Union(geom) as geom from (
			(select geom from sided where inside order by ST_Area(geom) desc limit 1)
			union all select geom from sided where not inside and not enclosed
		) mine`,
	},
}

// beyond answers the place a centimetre and a half past the end of a way.
func beyond(from, to orb.Point) orb.Point {
	d := math.Hypot(to[0]-from[0], to[1]-from[1])
	return orb.Point{to[0] + 0.015*(to[0]-from[0])/d, to[1] + 0.015*(to[1]-from[1])/d}
}

// apart compares what came out with what PostGIS makes, piece by piece.
func apart(t *testing.T, pool *pgxpool.Pool, kind, sql string, id coverage.ID, parcel orb.MultiPolygon, line orb.LineString, ch coverage.Change, c *coverage.Coverage, got []orb.MultiPolygon) {
	t.Helper()
	var gone []orb.MultiPolygon
	for _, other := range ch.IDs() {
		if _, stays := ch.After[other]; !stays {
			gone = append(gone, c.Geometry(ch.Before[other]))
		}
	}
	var here, there int
	var off, length float64
	err := pool.QueryRow(t.Context(), `
		with theirs as (`+sql+`),
		ours as (select ST_GeomFromWKB(b) as geom from unnest($4::bytea[]) b)
		select (select count(*) from ours), (select count(*) from theirs),
		       (select coalesce(sum(least), 0) from (
		           select min(ST_Area(ST_SymDifference(ours.geom, theirs.geom))) as least from ours, theirs group by ours.geom) pairs),
		       ST_Length(ST_GeomFromWKB($2)) + ST_Perimeter(ST_GeomFromWKB($1))`,
		postgistest.WKB(t, parcel), postgistest.WKB(t, line), binaries(t, gone), binaries(t, got)).Scan(&here, &there, &off, &length)
	if err != nil {
		t.Fatal(kind, id, err)
	}
	if here != there || off > 0.011*length {
		t.Errorf("%s of %s along %v: %d pieces, PostGIS makes %d; %g m² differ", kind, id, line, here, there, off)
	}
}
