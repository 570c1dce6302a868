package coverage_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"arpent/geo/coverage"
)

func TestTownAndCommuneAreCoverages(t *testing.T) {
	for name, features := range map[string][]coverage.Feature{"town": invented(t, 3000), "25354": real(t)} {
		began := time.Now()
		c, faults := build(t, features)
		t.Log(name, len(features), c.Len(), time.Since(began))
		kinds := map[coverage.Kind]int{}
		for _, f := range faults {
			kinds[f.Kind]++
		}
		t.Log(kinds)
		var was, now float64
		for _, f := range features {
			was += area(f.Shape)
			now += c.Shape(f.ID).Area()
		}
		t.Log(was, now)
	}
}

func area(m orb.MultiPolygon) float64 {
	var sum float64
	for _, p := range m {
		for i, r := range p {
			var a float64
			for k := 1; k < len(r); k++ {
				a += (r[k-1][0]-r[0][0])*(r[k][1]-r[0][1]) - (r[k][0]-r[0][0])*(r[k-1][1]-r[0][1])
			}
			if a = math.Abs(a) / 2; i > 0 {
				a = -a
			}
			sum += a
		}
	}
	return sum
}

func BenchmarkBuild10000(b *testing.B) {
	features := invented(b, 12000)
	if len(features) > 10000 {
		features = features[:10000]
	}
	b.Log(len(features))
	for b.Loop() {
		build(b, features)
	}
}

var _ = errors.Is
