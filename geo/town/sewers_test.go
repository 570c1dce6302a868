package town

import (
	"math"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

func TestSewersEndAtManholesAndDrainToAPlantOrAnOutfall(t *testing.T) {
	each(t, func(t *testing.T, o Options, town *Town) {
		s := NewSewers(town, o.Seed)
		down := map[int]int{}
		for i, p := range s.Pipes {
			up, low := s.Manholes[p.Upstream], s.Manholes[p.Downstream]
			if p.Geometry[0] != up.Position || p.Geometry[len(p.Geometry)-1] != low.Position {
				t.Fatalf("pipe %d does not end at its manholes", i)
			}
			for _, q := range p.Geometry {
				if onGrid(q) != q {
					t.Fatalf("pipe %d leaves the millimetre grid at %v", i, q)
				}
			}
			if p.Network != up.Network || p.Network != low.Network {
				t.Errorf("pipe %d joins manholes of %s and %s", i, up.Network, low.Network)
			}
			if length := planar.Length(p.Geometry); length <= 0 || length > manholeReach+3 && low.Kind != Outfall {
				t.Errorf("pipe %d is %.1f m long", i, length)
			}
			if _, ok := down[p.Upstream]; ok {
				t.Errorf("two pipes leave manhole %d", p.Upstream)
			}
			down[p.Upstream] = i
		}
		for i, m := range s.Manholes {
			at := i
			for steps := 0; ; steps++ {
				p, ok := down[at]
				if kind := s.Manholes[at].Kind; !ok && (m.Network == Foul && kind != Plant || m.Network == Storm && kind != Outfall) || steps > len(s.Pipes) {
					t.Fatalf("manhole %d of the %s network ends at a manhole of kind %s", i, m.Network, kind)
				}
				if !ok {
					break
				}
				at = s.Pipes[p].Downstream
			}
		}
		for i, p := range s.Pipes {
			if next, ok := down[p.Downstream]; ok && s.Pipes[next].Diameter < p.Diameter {
				t.Errorf("pipe %d is wider than the next one downstream", i)
			}
		}
	})
}

func TestSewersFallButForPumpsAndLabelledFaults(t *testing.T) {
	faults, pipes := 0, 0
	each(t, func(t *testing.T, o Options, town *Town) {
		s := NewSewers(town, o.Seed)
		for i, p := range s.Pipes {
			up, low := s.Manholes[p.Upstream], s.Manholes[p.Downstream]
			if p.Forced != (up.Kind == Pump) {
				t.Errorf("pipe %d is forced: %t, but it leaves a manhole of kind %s", i, p.Forced, up.Kind)
			}
			if !p.Forced && p.InvertUp <= p.InvertDown {
				faults++
				if !low.Faulty {
					t.Errorf("pipe %d climbs from %.2f to %.2f", i, p.InvertUp, p.InvertDown)
				}
			}
			if p.InvertUp < up.InvertLevel || p.InvertDown < low.InvertLevel || p.InvertDown > low.CoverLevel {
				t.Errorf("pipe %d enters the wall of a manhole from below or above", i)
			}
		}
		for i, m := range s.Manholes {
			if depth := m.CoverLevel - m.InvertLevel; depth < .75 || depth > mostDepth+.02 {
				t.Errorf("manhole %d is %.2f m deep", i, depth)
			}
		}
		pipes += len(s.Pipes)
	})
	if faults == 0 || faults > pipes/50 {
		t.Errorf("%d of %d pipes climb", faults, pipes)
	}
}

func TestParcelsAreConnectedOnceToAPipeNearbyAndMostOfATownIs(t *testing.T) {
	each(t, func(t *testing.T, o Options, town *Town) {
		s := NewSewers(town, o.Seed)
		waiting := map[int]bool{}
		for _, a := range town.Addresses {
			waiting[a.Parcel] = true
		}
		all := len(waiting)
		for _, c := range s.Connections {
			if !waiting[c.Parcel] {
				t.Errorf("parcel %d is connected twice or has no address", c.Parcel)
			}
			delete(waiting, c.Parcel)
			if p := s.Pipes[c.Pipe]; p.Network != Foul || planar.DistanceFrom(p.Geometry, c.Position) > connectReach {
				t.Errorf("parcel %d is connected to a %s pipe %.0f m away", c.Parcel, p.Network, planar.DistanceFrom(p.Geometry, c.Position))
			}
		}
		if o.Inhabitants >= 2000 && len(waiting)*20 > all {
			t.Errorf("%d of %d parcels with an address are not connected", len(waiting), all)
		}
	})
}

func TestTheGroundIsSmoothAndRisesFromTheRiver(t *testing.T) {
	each(t, func(t *testing.T, _ Options, town *Town) {
		ground := NewTerrain(town)
		b := town.Boundary.Bound()
		const step = 5.0
		for i := range 400 {
			p := orb.Point{b.Min[0] + float64(i%20)/20*(b.Max[0]-b.Min[0]), b.Min[1] + float64(i/20)/20*(b.Max[1]-b.Min[1])}
			if d := math.Abs(ground.Level(p) - ground.Level(orb.Point{p[0] + step, p[1]})); d > .08*step {
				t.Errorf("the ground steps %.2f m in %.0f m at %v", d, step, p)
			}
			bank, far := ground.bank(p)
			if far > 800 && ground.Level(p) < ground.Level(bank) {
				t.Errorf("%v is below the river", p)
			}
		}
	})
}

func TestEqualTownsGiveEqualSewersAndCemeteries(t *testing.T) {
	for seed := range uint64(3) {
		a, err := Generate(Options{Seed: seed, Inhabitants: 3000})
		if err != nil {
			t.Fatal(err)
		}
		b, _ := Generate(Options{Seed: seed, Inhabitants: 3000})
		if !reflect.DeepEqual(NewSewers(a, seed), NewSewers(b, seed)) {
			t.Errorf("seed %d: the same town got another network", seed)
		}
		if !reflect.DeepEqual(NewCemeteries(a, 9000), NewCemeteries(b, 9000)) {
			t.Errorf("seed %d: the same town got another cemetery", seed)
		}
	}
}

func exactLine(line orb.LineString) (out []point) {
	for _, p := range line {
		out = append(out, exactPoint(p))
	}
	return out
}

func BenchmarkSewersAndCemeteries(b *testing.B) {
	town, err := Generate(Options{Seed: 1, Inhabitants: 20_000})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		NewSewers(town, 1)
		NewCemeteries(town, 20_000)
	}
}
