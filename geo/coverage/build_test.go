package coverage_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"arpent/geo/coverage"
)

func TestTownAndCommuneAreCoverages(t *testing.T) {
	for name, features := range map[string][]coverage.Feature{"town": invented(t, 3000), "25354": real(t)} {
		c, faults := build(t, features)
		if len(faults) > 0 || c.Len() != len(features) {
			t.Errorf("%s: %d of %d polygons, faults %v", name, c.Len(), len(features), faults)
		}
		for _, f := range features {
			if was, now := planar.Area(f.Shape), c.Shape(f.ID).Area(); math.Abs(math.Abs(was)-now) > 0.01 {
				t.Errorf("%s %s: %.3f m² became %.3f", name, f.ID, was, now)
			}
		}
	}
}

func TestBuildReportsWhatIsWrong(t *testing.T) {
	around := rectangle(0, 0, 30, 30)
	around[0] = append(around[0], orb.Ring{{10, 10}, {10, 20}, {20, 20}, {20, 10}, {10, 10}})
	for name, test := range map[string]struct {
		features []coverage.Feature
		want     map[coverage.Kind]int
		area     float64 // of the first fault
	}{
		"nothing":  {[]coverage.Feature{feature("a", square(0, 0, 10)), feature("b", square(10, 0, 10))}, nil, 0},
		"an islet": {[]coverage.Feature{feature("a", around), feature("b", square(10, 10, 10))}, nil, 0},
		"a gap":    {[]coverage.Feature{feature("a", around)}, map[coverage.Kind]int{coverage.Gap: 1}, 100},
		"an overlap": {
			[]coverage.Feature{feature("a", square(0, 0, 10)), feature("b", square(9, 0, 10))},
			map[coverage.Kind]int{coverage.Overlap: 1}, 10,
		},
		"three at once": {
			[]coverage.Feature{feature("a", square(0, 0, 10)), feature("b", square(5, 0, 10)), feature("c", square(5, 0, 10))},
			map[coverage.Kind]int{coverage.Overlap: 2}, 50,
		},
		"a strip between": {
			[]coverage.Feature{feature("a", around), feature("b", rectangle(10, 10, 20, 19.95))},
			map[coverage.Kind]int{coverage.Gap: 1}, 0.5,
		},
		"a border beside": {
			[]coverage.Feature{feature("a", square(0, 0, 10)), feature("b", rectangle(10.004, 0, 20, 10))},
			map[coverage.Kind]int{coverage.Mismatch: 2}, 0,
		},
		"a vertex twice": {
			[]coverage.Feature{feature("a", orb.MultiPolygon{{{{0, 0}, {10, 0}, {10, 0}, {10, 10}, {0, 0}}}})},
			map[coverage.Kind]int{coverage.DuplicateVertex: 1}, 0,
		},
		"a bow tie": {
			[]coverage.Feature{feature("a", orb.MultiPolygon{{{{0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}}}})},
			map[coverage.Kind]int{coverage.Crossed: 1}, 0,
		},
		"a line": {
			[]coverage.Feature{feature("a", orb.MultiPolygon{{{{0, 0}, {10, 0}, {0, 0}, {0, 0}}}})},
			map[coverage.Kind]int{coverage.Collapsed: 1, coverage.DuplicateVertex: 1}, 0,
		},
		"a sliver": {
			[]coverage.Feature{feature("a", rectangle(0, 0, 100, 0.05))},
			map[coverage.Kind]int{coverage.Narrow: 1}, 5,
		},
	} {
		_, faults := build(t, test.features)
		got := map[coverage.Kind]int{}
		for _, f := range faults {
			got[f.Kind]++
			if f.Area > 0 && math.Abs(f.Area-test.area) > 0.01 {
				t.Errorf("%s: %v of %g m², not %g", name, f.Kind, f.Area, test.area)
			}
		}
		for kind, n := range test.want {
			if got[kind] != n {
				t.Errorf("%s: %v, want %v", name, got, test.want)
			}
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestBuildRefusesWhatCannotBeComputed(t *testing.T) {
	for name, test := range map[string]struct {
		features []coverage.Feature
		want     coverage.Kind
	}{
		"a name twice": {[]coverage.Feature{feature("a", square(0, 0, 10)), feature("a", square(10, 0, 10))}, coverage.Taken},
		"not a number": {[]coverage.Feature{feature("a", square(math.NaN(), 0, 10))}, coverage.NotFinite},
		"endless":      {[]coverage.Feature{feature("a", square(math.Inf(1), 0, 10))}, coverage.NotFinite},
		"too far":      {[]coverage.Feature{feature("a", square(0, 0, 10)), feature("b", square(6e5, 0, 10))}, coverage.TooFar},
	} {
		_, _, err := coverage.Build(test.features, coverage.Options{})
		expect(t, name, err, test.want)
	}
}

func TestCoordinatesBesideTheGridStayAsTheyCame(t *testing.T) {
	m := orb.MultiPolygon{{{{0.00012, 0.1}, {10.1234567, 0}, {10, 10.5}, {0.00012, 0.1}}}}
	c, _ := build(t, []coverage.Feature{feature("a", m)})
	if got := c.Geometry(c.Shape("a")); !got.Equal(m) {
		t.Errorf("%v became %v", m, got)
	}
}
