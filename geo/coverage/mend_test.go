package coverage_test

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"arpent/geo/coverage"
	"arpent/layers/postgis/postgistest"
)

// way is a ring through places, x and y in turn.
func way(xy ...int64) coverage.Ring {
	var ring coverage.Ring
	for i := 0; i < len(xy); i += 2 {
		ring = append(ring, coverage.Point{X: xy[i], Y: xy[i+1]})
	}
	return ring
}

func TestMendByTheEvenOddRule(t *testing.T) {
	for _, c := range []struct {
		name  string
		rings []coverage.Ring
		parts int
		area2 int64
	}{
		{"a square stays", []coverage.Ring{way(0, 0, 10, 0, 10, 10, 0, 10)}, 1, 200},
		{"a square the other way around", []coverage.Ring{way(0, 0, 0, 10, 10, 10, 10, 0)}, 1, 200},
		{"a bow-tie is two triangles", []coverage.Ring{way(0, 0, 10, 10, 10, 0, 0, 10)}, 2, 100},
		{"a spike goes", []coverage.Ring{way(0, 0, 10, 0, 20, 0, 10, 0, 10, 10, 0, 10)}, 1, 200},
		{"a bridge along a border goes", []coverage.Ring{way(0, 0, 4, 0, 4, 5, 0, 5, 0, 10, 4, 10, 4, 15, 0, 15)}, 2, 80},
		{"a hole stays", []coverage.Ring{way(0, 0, 10, 0, 10, 10, 0, 10), way(2, 2, 2, 4, 4, 4, 4, 2)}, 1, 192},
		{"what is covered twice is open", []coverage.Ring{way(0, 0, 10, 0, 10, 10, 0, 10), way(5, 0, 15, 0, 15, 10, 5, 10)}, 2, 200},
		{"the same ring twice is nothing", []coverage.Ring{way(0, 0, 10, 0, 10, 10), way(0, 0, 10, 0, 10, 10)}, 0, 0},
		{"a line is nothing", []coverage.Ring{way(0, 0, 10, 0, 20, 0)}, 0, 0},
	} {
		shape, err := coverage.Mend(c.rings)
		if err != nil || len(shape) != c.parts || shape.Area2() != c.area2 {
			t.Errorf("%s: %v, area %d (%v); want %d parts, area %d", c.name, shape, shape.Area2(), err, c.parts, c.area2)
		}
	}
}

func TestMendedIsValid(t *testing.T) {
	const seed = 5
	random := rand.New(rand.NewPCG(seed, 0))
	pool := postgistest.New(t)
	var all [][]byte
	for range 500 {
		var rings []coverage.Ring
		for range 1 + random.IntN(3) {
			ring := make(coverage.Ring, 3+random.IntN(20))
			for i := range ring {
				ring[i] = coverage.Point{X: random.Int64N(40), Y: random.Int64N(40)}
			}
			rings = append(rings, ring)
		}
		shape, err := coverage.Mend(rings)
		if err != nil {
			t.Fatal(seed, err)
		}
		var m orb.MultiPolygon
		for _, polygon := range shape {
			var p orb.Polygon
			for _, ring := range polygon {
				var r orb.Ring
				for _, at := range append(ring, ring[0]) {
					r = append(r, orb.Point{float64(at.X), float64(at.Y)})
				}
				p = append(p, r)
			}
			m = append(m, p)
		}
		all = append(all, postgistest.WKB(t, m))
	}
	var why string
	err := pool.QueryRow(t.Context(), `select coalesce(string_agg(ST_IsValidReason(g), ', '), '') from (select ST_GeomFromWKB(unnest($1::bytea[])) g) s where not ST_IsValid(g)`, all).Scan(&why)
	if err != nil || why != "" {
		t.Errorf("seed %d: %v %v", seed, why, err)
	}
}
