package town

import (
	"testing"

	"github.com/paulmach/orb/planar"
)

func TestPlotsLieInRowsInTheirSectionAndDoNotOverlap(t *testing.T) {
	each(t, func(t *testing.T, o Options, town *Town) {
		for _, c := range NewCemeteries(town, o.Inhabitants) {
			type place struct{ path, number int }
			seen := map[place]bool{}
			for i, p := range c.Plots {
				if area := planar.Area(p.Geometry); area < 2.49 || area > 2.51 {
					t.Fatalf("plot %d has %v m²", i, area)
				}
				section := c.Sections[c.Paths[p.Path].Section]
				if outsideOf(exact(t, p.Geometry), exact(t, section.Geometry)) {
					t.Fatalf("plot %d leaves section %s", i, section.Name)
				}
				at := place{p.Path, p.Number}
				if seen[at] {
					t.Fatalf("two plots have number %d on path %d", p.Number, p.Path)
				}
				seen[at] = true
				for j, other := range c.Plots[max(0, i-200):i] {
					if p.Geometry.Bound().Intersects(other.Geometry.Bound()) && meet(exact(t, p.Geometry), exact(t, other.Geometry)) {
						t.Fatalf("plots %d and %d overlap", i, max(0, i-200)+j)
					}
				}
			}
			for i, p := range c.Paths {
				line := exactLine(p.Geometry)
				for _, q := range c.Plots {
					if !q.Geometry.Bound().Intersects(p.Geometry.Bound()) {
						continue
					}
					ring := exact(t, q.Geometry)
					for k, a := range ring {
						if crosses(line[0], line[1], a, ring[(k+1)%len(ring)]) {
							t.Fatalf("path %d runs over a plot", i)
						}
					}
				}
			}
		}
	})
}

func TestCemeteriesLieInAParcelWithoutBuildingsOffTheWater(t *testing.T) {
	each(t, func(t *testing.T, o Options, town *Town) {
		all := NewCemeteries(town, o.Inhabitants)
		plots := 0
		for n, c := range all {
			plots += len(c.Plots)
			ground, bound := exact(t, c.Geometry), c.Geometry.Bound()
			within := false
			for _, p := range town.Parcels {
				within = within || p.Geometry.Bound().Contains(bound.Min) && !outsideOf(ground, exact(t, p.Geometry))
			}
			if !within {
				t.Errorf("cemetery %d leaves its parcel", n)
			}
			for i, b := range town.Buildings {
				if b.Geometry.Bound().Intersects(bound) && meet(ground, exact(t, b.Geometry)) {
					t.Errorf("cemetery %d overlaps building %d", n, i)
				}
			}
			for _, w := range town.Watercourses {
				if meet(ground, exact(t, w.Geometry)) {
					t.Errorf("cemetery %d is in the water", n)
				}
			}
			for _, s := range c.Sections {
				if outsideOf(exact(t, s.Geometry), ground) {
					t.Errorf("section %s leaves cemetery %d", s.Name, n)
				}
			}
			for _, other := range all[:n] {
				if meet(ground, exact(t, other.Geometry)) {
					t.Error("two cemeteries overlap")
				}
			}
		}
		if want := max(20, o.Inhabitants/inhabitantsPerPlot); plots < want*8/10 || plots > want+10 {
			t.Errorf("%d plots in %d cemeteries, want about %d", plots, len(all), want)
		}
	})
}
