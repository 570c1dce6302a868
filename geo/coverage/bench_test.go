package coverage_test

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"

	"arpent/geo/coverage"
)

func BenchmarkBuild10000(b *testing.B) {
	features := invented(b, 24000)[:10000]
	for b.Loop() {
		build(b, features)
	}
}

// BenchmarkOperations does each operation on a parcel among 10,000.
func BenchmarkOperations(b *testing.B) {
	c, _ := build(b, invented(b, 24000)[:10000])
	id := c.IDs()[5000]
	box := c.Geometry(c.Shape(id)).Bound()
	middle := box.Center()
	across := orb.LineString{{box.Min[0] - 5, middle[1]}, {box.Max[0] + 5, middle[1]}}
	for name, do := range map[string]func() error{
		"split":          func() error { _, err := c.Split([]coverage.ID{id}, across); return err },
		"split by areas": func() error { _, err := c.SplitByAreas(id, []float64{50, 50}, [2]orb.Point(across)); return err },
		"cut a road": func() error {
			road, err := coverage.Corridor(orb.LineString{{middle[0] - 100, middle[1]}, {middle[0] + 100, middle[1]}}, 6)
			if err == nil {
				_, err = c.Lay(road, "road", coverage.Laying{Taken: true, Slivers: true})
			}
			return err
		},
		"simplify all": func() error { _, err := c.Simplify(0.5); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMove checks the move of a vertex at which wedges meet.
func BenchmarkMove(b *testing.B) {
	for _, wedges := range []int{4, 8} {
		var features []coverage.Feature
		// A square of 100 m cut from its middle towards places on its sides.
		rim := []orb.Point{{100, 50}, {100, 100}, {50, 100}, {0, 100}, {0, 50}, {0, 0}, {50, 0}, {100, 0}}
		for i := range wedges {
			ring := orb.Ring{{50, 50}}
			for k := range 8/wedges + 1 {
				ring = append(ring, rim[(i*8/wedges+k)%8])
			}
			features = append(features, feature(coverage.ID(fmt.Sprint(i)), orb.MultiPolygon{{append(ring, ring[0])}}))
		}
		c, _ := build(b, features)
		b.Run(fmt.Sprintf("%d neighbours", wedges), func(b *testing.B) {
			for b.Loop() {
				if _, err := c.Move([]coverage.Displacement{{From: orb.Point{50, 50}, To: orb.Point{53, 48}}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
