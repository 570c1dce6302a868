package town_test

import (
	"reflect"
	"testing"

	"github.com/paulmach/orb/planar"

	"arpent/geo/town"
)

func TestACemeteryHasPlotsInRowsThatDoNotOverlap(t *testing.T) {
	const inhabitants = 20_000
	w, err := town.Generate(town.Options{Seed: 1, Inhabitants: inhabitants})
	if err != nil {
		t.Fatal(err)
	}
	c := town.NewCemetery(w, inhabitants)
	if c == nil || len(c.Sections) != 4 || len(c.Plots) < inhabitants/15 {
		t.Fatalf("the cemetery is %+v", c)
	}
	ground := c.Geometry.Bound()
	type place struct{ path, number int }
	seen := map[place]bool{}
	for i, p := range c.Plots {
		if area := planar.Area(p.Geometry); area < 2.49 || area > 2.51 {
			t.Fatalf("plot %d has %v m²", i, area)
		}
		section := c.Sections[c.Paths[p.Path].Section].Geometry.Bound()
		b := p.Geometry.Bound()
		if !section.Contains(b.Min) || !section.Contains(b.Max) || !ground.Contains(b.Min) {
			t.Fatalf("plot %d lies outside its section", i)
		}
		if at := (place{p.Path, p.Number}); seen[at] {
			t.Fatalf("two plots have number %d on path %d", p.Number, p.Path)
		} else {
			seen[at] = true
		}
		for _, other := range c.Plots[max(0, i-40):i] {
			o := other.Geometry.Bound()
			if b.Min[0] < o.Max[0] && o.Min[0] < b.Max[0] && b.Min[1] < o.Max[1] && o.Min[1] < b.Max[1] {
				t.Fatalf("plot %d overlaps another", i)
			}
		}
	}
	if again := town.NewCemetery(w, inhabitants); !reflect.DeepEqual(c, again) {
		t.Error("the same town got another cemetery")
	}
	t.Logf("%d plots along %d paths", len(c.Plots), len(c.Paths))
}
