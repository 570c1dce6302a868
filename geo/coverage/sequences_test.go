package coverage_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"arpent/geo/coverage"
	"arpent/layers/postgis/postgistest"
)

var (
	sequences = flag.Int("sequences", 200, "how many random sequences of operations each coverage goes through")
	first     = flag.Uint64("first", 0, "the first of them")
)

// TestSequences takes coverages through random operations: what comes out is a
// coverage for PostGIS too, and taken back it is what it was.
func TestSequences(t *testing.T) {
	pool := postgistest.New(t)
	for name, features := range map[string][]coverage.Feature{
		"town": invented(t, 3000), "25354": real(t), "broken": broken(invented(t, 1500)),
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := build(t, features)
			tally := map[string]map[string]int{}
			for seed := *first; seed < *first+uint64(*sequences); seed++ {
				s := sequence{T: t, c: c, pool: pool, rng: rand.New(rand.NewPCG(seed, 4)), tally: tally, slack: 1e-5}
				if name == "broken" {
					s.slack, s.torn = 0.5, true
				}
				s.run(fmt.Sprintf("%s, sequence %d", name, seed))
				if t.Failed() {
					return
				}
			}
			for _, op := range slices.Sorted(maps.Keys(operations)) {
				t.Log(op, tally[op])
				if tally[op]["done"] == 0 && *sequences >= 200 {
					t.Errorf("%s was never done", op)
				}
			}
		})
	}
}

// broken moves some polygons over others.
func broken(features []coverage.Feature) []coverage.Feature {
	rng := rand.New(rand.NewPCG(1, 2))
	for i, f := range features {
		if rng.IntN(20) > 0 {
			continue
		}
		dx, dy := rng.Float64()*2-1, rng.Float64()*2-1
		for _, polygon := range f.Shape {
			for _, ring := range polygon {
				for k := range ring {
					ring[k] = orb.Point{ring[k][0] + dx, ring[k][1] + dy}
				}
			}
		}
		features[i] = f
	}
	return features
}

type sequence struct {
	*testing.T
	c     *coverage.Coverage
	pool  *pgxpool.Pool
	rng   *rand.Rand
	tally map[string]map[string]int
	said  []string
	slack float64 // in m², from coordinates beside the grid
	torn  bool    // one that moves may open a gap: borders are apart already, or there is nobody beyond
}

func (s *sequence) run(name string) {
	before := map[coverage.ID]orb.MultiPolygon{}
	for _, id := range s.c.IDs() {
		before[id] = s.c.Geometry(s.c.Shape(id))
	}
	ids := s.c.IDs()
	start := ids[s.rng.IntN(len(ids))]
	var done []coverage.Change
	kinds := slices.Sorted(maps.Keys(operations))
	for range 2 + s.rng.IntN(5) {
		kind := kinds[s.rng.IntN(len(kinds))]
		if kind == "simplify" && s.rng.IntN(20) > 0 {
			continue // it goes over all
		}
		id := s.nearTo(start)
		ch, err := operations[kind](s, id)
		if s.tally[kind] == nil {
			s.tally[kind] = map[string]int{}
		}
		var f *coverage.Fault
		if errors.As(err, &f) {
			s.tally[kind][string(f.Kind)]++
			s.said = append(s.said, fmt.Sprint(kind, " ", id, " ", err))
			continue
		} else if err != nil {
			s.Fatalf("%s: %s of %s: %v", name, kind, id, err)
		}
		s.tally[kind]["done"]++
		s.said = append(s.said, fmt.Sprint(kind, " ", id, " changes ", ch.IDs()))
		s.torn = s.torn || s.recedes(kind, ch)
		if err := s.c.Apply(ch); err != nil {
			s.Fatalf("%s: %s of %s: %v", name, kind, id, err)
		}
		done = append(done, ch)
	}
	s.compare(name, before, done)
	after := map[coverage.ID]orb.MultiPolygon{}
	for _, id := range s.c.IDs() {
		after[id] = s.c.Geometry(s.c.Shape(id))
	}
	for _, ch := range slices.Backward(done) {
		if err := s.c.Apply(ch.Inverse()); err != nil {
			s.Fatal(name, err)
		}
	}
	s.same(name+" undone", before)
	for _, ch := range done {
		if err := s.c.Apply(ch); err != nil {
			s.Fatal(name, err)
		}
	}
	s.same(name+" done again", after)
	for _, ch := range slices.Backward(done) {
		if err := s.c.Apply(ch.Inverse()); err != nil {
			s.Fatal(name, err)
		}
	}
}

func (s *sequence) same(name string, want map[coverage.ID]orb.MultiPolygon) {
	if s.c.Len() != len(want) {
		s.Fatalf("%s: %d polygons, not %d", name, s.c.Len(), len(want))
	}
	for id, m := range want {
		if got := s.c.Geometry(s.c.Shape(id)); !reflect.DeepEqual(got, m) {
			s.Fatalf("%s: %s is not the very same", name, id)
		}
	}
}

// compare asks PostGIS about the polygons around what was changed.
func (s *sequence) compare(name string, before map[coverage.ID]orb.MultiPolygon, done []coverage.Change) {
	around := orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}
	grown := 0.0
	for _, ch := range done {
		for _, id := range ch.IDs() {
			for _, shape := range []coverage.Shape{ch.Before[id], ch.After[id]} {
				if len(shape) > 0 {
					if b := s.c.Geometry(shape).Bound(); around.IsEmpty() {
						around = b
					} else {
						around = around.Union(b)
					}
				}
			}
		}
		grown += float64(ch.Area2()) / 2e6
	}
	if around.IsEmpty() {
		return // nothing was done, or nothing came of it
	}
	var was, now []orb.MultiPolygon
	for _, m := range before {
		if m.Bound().Intersects(around) {
			was = append(was, m)
		}
	}
	for _, id := range s.c.IDs() {
		if m := s.c.Geometry(s.c.Shape(id)); m.Bound().Intersects(around) {
			now = append(now, m)
		}
	}
	w, n := survey(s.T, s.pool, was, was), survey(s.T, s.pool, now, was)
	switch {
	case n.invalid > 0:
		s.Errorf("%s: %d polygons are invalid", name, n.invalid)
	case n.overlap > w.overlap+s.slack:
		s.Errorf("%s: %g m² overlap, %g before", name, n.overlap, w.overlap)
	case n.gaps > 0 && !s.torn:
		s.Errorf("%s: %d gaps: %s", name, n.gaps, n.where)
	case math.Abs(n.sum-w.sum-grown) > s.slack:
		s.Errorf("%s: the area grew by %g m², not %g", name, n.sum-w.sum, grown)
	}
	if s.Failed() {
		s.Log(s.said)
	}
}

var operations = map[string]func(s *sequence, id coverage.ID) (coverage.Change, error){
	"split": func(s *sequence, id coverage.ID) (coverage.Change, error) {
		b := s.c.Geometry(s.c.Shape(id)).Bound()
		middle, far := b.Center(), b.Max[0]-b.Min[0]+b.Max[1]-b.Min[1]
		turn := s.rng.Float64() * math.Pi
		d := orb.Point{far * math.Cos(turn), far * math.Sin(turn)}
		line := orb.LineString{
			{middle[0] - d[0], middle[1] - d[1]},
			{middle[0] + s.around(1), middle[1] + s.around(1)},
			{middle[0] + d[0], middle[1] + d[1]},
		}
		if s.rng.IntN(4) == 0 {
			return s.c.Split(nil, line)
		}
		return s.c.Split([]coverage.ID{id}, line)
	},
	"split by areas": func(s *sequence, id coverage.ID) (coverage.Change, error) {
		shape := s.c.Shape(id)
		a, b := s.edge(id)
		var areas []float64
		for range 1 + s.rng.IntN(3) {
			areas = append(areas, shape.Area()*(0.1+s.rng.Float64()*0.2))
		}
		return s.c.SplitByAreas(id, areas, [2]orb.Point{a, b})
	},
	"merge": func(s *sequence, id coverage.ID) (coverage.Change, error) {
		return s.c.Merge([]coverage.ID{id, s.nearTo(id)})
	},
	"move": func(s *sequence, id coverage.ID) (coverage.Change, error) {
		p, _ := s.edge(id)
		return s.c.Move([]coverage.Displacement{{From: p, To: orb.Point{p[0] + s.around(3), p[1] + s.around(3)}}})
	},
	"insert": func(s *sequence, id coverage.ID) (coverage.Change, error) {
		a, b := s.edge(id)
		k := s.rng.Float64()
		return s.c.InsertVertex(orb.Point{a[0] + k*(b[0]-a[0]) + s.around(0.3), a[1] + k*(b[1]-a[1]) + s.around(0.3)}, 0.5)
	},
	"remove": func(s *sequence, id coverage.ID) (coverage.Change, error) {
		p, _ := s.edge(id)
		return s.c.RemoveVertex(p)
	},
	"reshape": func(s *sequence, id coverage.ID) (coverage.Change, error) {
		a, b := s.edge(id)
		c, d := a, b // a bulge in one side
		if s.rng.IntN(4) == 0 {
			c, d = s.edge(id)
		}
		k, l := s.rng.Float64(), s.rng.Float64()
		from := orb.Point{a[0] + k*(b[0]-a[0]), a[1] + k*(b[1]-a[1])}
		to := orb.Point{c[0] + l*(d[0]-c[0]), c[1] + l*(d[1]-c[1])}
		return s.c.Reshape(id, orb.LineString{from, {(from[0]+to[0])/2 + s.around(8), (from[1]+to[1])/2 + s.around(8)}, to})
	},
	"cut a road": func(s *sequence, id coverage.ID) (coverage.Change, error) {
		b := s.c.Geometry(s.c.Shape(id)).Bound()
		line := orb.LineString{}
		for range 2 + s.rng.IntN(3) {
			line = append(line, orb.Point{b.Center()[0] + s.around(60), b.Center()[1] + s.around(60)})
		}
		road, err := coverage.Corridor(line, 2+s.rng.Float64()*6)
		if err != nil {
			return coverage.Change{}, err
		}
		return s.c.Lay(road, "road", coverage.Laying{Taken: true})
	},
	"open and fill": func(s *sequence, id coverage.ID) (coverage.Change, error) {
		b := s.c.Geometry(s.c.Shape(id)).Bound()
		x, y, size := b.Center()[0], b.Center()[1], 0.5+s.rng.Float64()*2
		hole, err := s.c.Lay(rectangle(x, y, x+size, y+size), "", coverage.Laying{Taken: true, Only: []coverage.ID{id}})
		if err != nil {
			return hole, err
		}
		if err := s.c.Apply(hole); err != nil {
			return hole, err
		}
		fill, err := s.c.FillGap(orb.Point{x + size/2, y + size/2}, "")
		if err := s.c.Apply(hole.Inverse()); err != nil {
			return hole, err
		}
		if err != nil {
			return hole, err
		}
		fill = hole.Then(fill)
		if fill.Area2() != 0 {
			return fill, &coverage.Fault{Kind: "in several parts"} // of which one was filled
		}
		return fill, nil
	},
	"simplify": func(s *sequence, _ coverage.ID) (coverage.Change, error) {
		return s.c.Simplify(0.2 + s.rng.Float64())
	},
}

// recedes tells whether a border to nobody moves inwards; where others meet
// outside, that opens a gap.
func (s *sequence) recedes(kind string, ch coverage.Change) bool {
	if ch.Area2() >= 0 && kind != "reshape" || !slices.Contains([]string{"reshape", "move", "insert", "remove", "simplify"}, kind) {
		return false
	}
	borders := s.c.Borders()
	return slices.ContainsFunc(ch.IDs(), func(id coverage.ID) bool { return borders[[2]coverage.ID{"", id}] > 0 })
}

func (s *sequence) around(size float64) float64 { return (s.rng.Float64()*2 - 1) * size }

// edge answers a side of a polygon.
func (s *sequence) edge(id coverage.ID) (a, b orb.Point) {
	m := s.c.Geometry(s.c.Shape(id))
	ring := m[s.rng.IntN(len(m))][0]
	i := s.rng.IntN(len(ring) - 1)
	return ring[i], ring[i+1]
}

// nearTo answers a polygon near another, or one near where it was.
func (s *sequence) nearTo(id coverage.ID) coverage.ID {
	ids := s.c.IDs()
	shape := s.c.Shape(id)
	if shape == nil {
		return ids[s.rng.IntN(len(ids))]
	}
	b := s.c.Geometry(shape).Bound().Pad(1)
	ids = slices.DeleteFunc(ids, func(other coverage.ID) bool {
		return !s.c.Geometry(s.c.Shape(other)).Bound().Intersects(b)
	})
	return ids[s.rng.IntN(len(ids))]
}
