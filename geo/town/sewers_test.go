package town_test

import (
	"reflect"
	"testing"

	"github.com/paulmach/orb/planar"

	"arpent/geo/town"
)

func TestSewersDrainToThePlantThroughManholes(t *testing.T) {
	w, err := town.Generate(town.Options{Seed: 7, Inhabitants: 5000})
	if err != nil {
		t.Fatal(err)
	}
	s := town.NewSewers(w, 7)
	if len(s.Pipes) < 200 || len(s.Manholes) != len(s.Pipes)+1 {
		t.Fatalf("%d pipes and %d manholes are no tree", len(s.Pipes), len(s.Manholes))
	}
	down := make(map[int]int, len(s.Pipes))
	faults := 0
	for i, p := range s.Pipes {
		up, low := s.Manholes[p.Upstream], s.Manholes[p.Downstream]
		if p.Geometry[0] != up.Position || p.Geometry[len(p.Geometry)-1] != low.Position {
			t.Fatalf("pipe %d does not end at its manholes", i)
		}
		if length := planar.Length(p.Geometry); length <= 0 || length > 60.01 {
			t.Errorf("pipe %d is %v m long", i, length)
		}
		if _, ok := down[p.Upstream]; ok {
			t.Errorf("two pipes leave manhole %d", p.Upstream)
		}
		down[p.Upstream] = i
		if up.InvertLevel < low.InvertLevel {
			faults++
			if !low.Faulty {
				t.Errorf("pipe %d climbs from %v to %v", i, up.InvertLevel, low.InvertLevel)
			}
		}
	}
	for i, m := range s.Manholes {
		if m.InvertLevel >= m.CoverLevel {
			t.Errorf("the bottom of manhole %d is above the ground", i)
		}
		at, steps := i, 0
		for !s.Manholes[at].Plant {
			p, ok := down[at]
			if !ok || steps > len(s.Pipes) {
				t.Fatalf("manhole %d does not drain to the plant", i)
			}
			if next := s.Pipes[p].Downstream; s.Pipes[p].Diameter > 0 && next != 0 && s.Pipes[down[next]].Diameter < s.Pipes[p].Diameter {
				t.Fatalf("pipe %d is wider than the next one downstream", p)
			}
			at, steps = s.Pipes[p].Downstream, steps+1
		}
	}
	if faults == 0 || faults > len(s.Pipes)/20 {
		t.Errorf("%d of %d pipes climb", faults, len(s.Pipes))
	}
	if again := town.NewSewers(w, 7); !reflect.DeepEqual(s, again) {
		t.Error("the same town got another network")
	}
	streets := 0
	for _, street := range w.Streets {
		streets += len(street.Geometry) - 1
	}
	t.Logf("%d manholes for %d pieces of street", len(s.Manholes), streets)
}
