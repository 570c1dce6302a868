package network_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"arpent/geo/network"
	"arpent/layers/postgis/postgistest"
)

var (
	sequences = flag.Int("sequences", 200, "how many random sequences of operations each network goes through")
	start     = flag.Uint64("first", 0, "the first of them")
)

// once are sequences that were once wrong: an end moved on through a node left a
// part behind that kept its way, and all that was to be shared out.
var once = map[string][]uint64{"brattleboro": {8331}}

// TestSequences takes networks through random operations: every end stays on a
// node, for PostGIS too, and taken back a network is what it was.
func TestSequences(t *testing.T) {
	pool := postgistest.New(t)
	type source func(testing.TB) ([]network.Node, []network.Edge)
	town := func(t testing.TB) ([]network.Node, []network.Edge) { return sewers(t, 3000) }
	for name, from := range map[string]source{"town": town, "stareau": stareau, "brattleboro": brattleboro, "streets": town} {
		t.Run(name, func(t *testing.T) {
			nodes, edges := from(t)
			options := network.Options{Implicit: name == "streets"}
			if options.Implicit {
				nodes = nil
			}
			n, _, err := network.Build(nodes, edges, options)
			if err != nil {
				t.Fatal(err)
			}
			tally := map[string]map[string]int{}
			faults, before := len((&sequence{n: n}).bad()), (&sequence{n: n}).picture()
			seeds := slices.Clone(once[name])
			for seed := *start; seed < *start+uint64(*sequences); seed++ {
				seeds = append(seeds, seed)
			}
			for _, seed := range seeds {
				s := sequence{T: t, n: n, pool: pool, rng: rand.New(rand.NewPCG(seed, 5)), tally: tally, implicit: options.Implicit, faults: faults, before: before}
				s.run(fmt.Sprintf("%s, sequence %d", name, seed))
				if t.Failed() {
					t.Log(s.said)
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

type sequence struct {
	*testing.T
	n        *network.Network
	pool     *pgxpool.Pool
	rng      *rand.Rand
	tally    map[string]map[string]int
	said     []string
	implicit bool
	faults   int // before
	before   map[part][]network.Position
}

// part is a node or an edge.
type part struct {
	edge bool
	id   network.ID
}

// picture is where each part of a network is, in metres.
func (s *sequence) picture() map[part][]network.Position {
	all := map[part][]network.Position{}
	for _, id := range s.n.Nodes() {
		v, _ := s.n.Node(id)
		all[part{false, id}] = []network.Position{s.n.Position(v)}
	}
	for _, id := range s.n.Edges() {
		all[part{true, id}] = s.n.Positions(s.n.Edge(id))
	}
	return all
}

// identical tells positions apart by every bit.
func identical(a, b network.Position) bool {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return false
		}
	}
	return true
}

func (s *sequence) run(name string) {
	before := s.before
	ids := s.n.Edges()
	around := ids[s.rng.IntN(len(ids))]
	middle := s.n.Positions(s.n.Edge(around))[0].Flat()
	var done []network.Change
	all := network.Change{}
	kinds := slices.Sorted(maps.Keys(operations))
	for range 2 + s.rng.IntN(5) {
		kind := kinds[s.rng.IntN(len(kinds))]
		id := s.near(middle)
		ch, err := operations[kind](s, id)
		if s.tally[kind] == nil {
			s.tally[kind] = map[string]int{}
		}
		var f *network.Fault
		if errors.As(err, &f) {
			s.tally[kind][string(f.Kind)]++
			s.said = append(s.said, fmt.Sprint(kind, " ", id, " ", err))
			continue
		} else if err != nil {
			s.Fatalf("%s: %s of %s: %v", name, kind, id, err)
		}
		s.tally[kind]["done"]++
		s.said = append(s.said, fmt.Sprint(kind, " ", id, " changes ", ch.Nodes.IDs(), ch.Edges.IDs()))
		if err := s.n.Apply(ch); err != nil {
			s.Fatalf("%s: %s of %s: %v", name, kind, id, err)
		}
		s.judge(name+", "+kind, ch)
		done = append(done, ch)
		all = all.Then(ch)
	}
	if now := s.bad(); len(done) > 0 && len(now) > s.faults {
		s.Errorf("%s: %d faults, %d before: %v", name, len(now), s.faults, now)
	}
	s.shares(name, all)
	after := s.picture()
	s.back(name, done)
	s.same(name+" undone", before)
	if !all.Empty() {
		if err := s.n.Apply(all); err != nil {
			s.Fatal(name, " at once: ", err)
		}
		s.same(name+" at once", after)
		if err := s.n.Apply(all.Inverse()); err != nil {
			s.Fatal(name, err)
		}
	}
	s.same(name+" undone at once", before)
}

func (s *sequence) back(name string, done []network.Change) {
	for _, ch := range slices.Backward(done) {
		if err := s.n.Apply(ch.Inverse()); err != nil {
			s.Fatal(name, err)
		}
	}
}

func (s *sequence) same(name string, want map[part][]network.Position) {
	alike := func(a, b []network.Position) bool { return slices.EqualFunc(a, b, identical) }
	if got := s.picture(); !maps.EqualFunc(got, want, alike) {
		s.Fatalf("%s: not the very same", name)
	}
}

// bad are the faults that no operation may add to.
func (s *sequence) bad() []network.Fault {
	return slices.DeleteFunc(s.n.Faults(), func(f network.Fault) bool {
		return !slices.Contains([]network.Kind{network.Loose, network.ZeroLength, network.Crossed, network.Loop, network.Doubled, network.DuplicateNode}, f.Kind)
	})
}

// shares checks that no part of an edge went to two.
func (s *sequence) shares(name string, ch network.Change) {
	sum := map[network.ID]float64{}
	for _, parts := range ch.From {
		for _, p := range parts {
			sum[p.Of] += math.Abs(p.To - p.From)
		}
	}
	for id, share := range sum {
		if share > 1+1e-9 {
			s.Errorf("%s: %g of %s was given away", name, share, id)
		}
	}
}

// judge asks PostGIS about the edges of a change.
func (s *sequence) judge(name string, ch network.Change) {
	var lines, nodes [][]byte
	var simple []bool
	for id, l := range ch.Edges.After {
		line := orb.LineString{}
		for _, p := range s.n.Positions(l) {
			line = append(line, p.Flat())
		}
		lines = append(lines, postgistest.WKB(s.T, line))
		was := ch.Edges.Before[id]
		simple = append(simple, was == nil && len(ch.From[id]) == 0) // others may have come crossed
		for _, end := range []network.Vertex{l[0], l[len(l)-1]} {
			for _, node := range s.n.NodesAt(end) {
				v, _ := s.n.Node(node)
				nodes = append(nodes, postgistest.WKB(s.T, s.n.Position(v).Flat()))
			}
		}
	}
	var loose, crossed, short int
	err := s.pool.QueryRow(s.Context(), `
		with line as (select ST_GeomFromWKB(b) as geom, new from unnest($1::bytea[], $2::boolean[]) as u(b, new)),
		node as (select ST_GeomFromWKB(b) as geom from unnest($3::bytea[]) b)
		select (select count(*) from line, lateral (values (ST_StartPoint(geom)), (ST_EndPoint(geom))) as e(point)
		        where not exists (select from node where ST_Equals(node.geom, e.point))),
		       (select count(*) from line where new and not ST_IsSimple(geom)),
		       (select count(*) from line where ST_Length(geom) = 0)`, lines, simple, nodes).Scan(&loose, &crossed, &short)
	if err != nil {
		s.Fatal(err)
	}
	if loose > 0 && !s.implicit && len(s.loose(ch)) < loose || crossed > 0 || short > 0 {
		s.Errorf("%s: %d ends are loose, %d edges cross themselves, %d have no length", name, loose, crossed, short)
	}
}

// loose are the ends of a change that were on no node before either.
func (s *sequence) loose(ch network.Change) []network.ID {
	var all []network.ID
	for id, l := range ch.Edges.After {
		from, to := s.n.Ends(l)
		for _, node := range []network.ID{from, to} {
			if node == "" {
				all = append(all, id)
			}
		}
	}
	for _, l := range ch.Edges.After {
		for _, end := range []network.Vertex{l[0], l[len(l)-1]} {
			came := false
			for _, was := range ch.Edges.Before {
				came = came || was[0].Point == end.Point || was[len(was)-1].Point == end.Point
			}
			if len(s.n.NodesAt(end)) == 0 && !came {
				return nil
			}
		}
	}
	return all
}

func (s *sequence) around(p orb.Point, size float64) network.Position {
	return network.At(orb.Point{p[0] + (s.rng.Float64()*2-1)*size, p[1] + (s.rng.Float64()*2-1)*size})
}

// near answers an edge near a place.
func (s *sequence) near(p orb.Point) network.ID {
	ids := s.n.Edges()
	var close []network.ID
	for _, id := range ids {
		q := s.n.Positions(s.n.Edge(id))[0]
		if math.Hypot(q[0]-p[0], q[1]-p[1]) < 150 {
			close = append(close, id)
		}
	}
	if len(close) == 0 {
		return ids[s.rng.IntN(len(ids))]
	}
	return close[s.rng.IntN(len(close))]
}

// end and on answer an end of an edge, and a place on it.
func (s *sequence) end(id network.ID) orb.Point {
	l := s.n.Positions(s.n.Edge(id))
	return l[s.rng.IntN(2)*(len(l)-1)].Flat()
}

func (s *sequence) on(id network.ID) orb.Point {
	l := s.n.Positions(s.n.Edge(id))
	if len(l) < 2 {
		return l[0].Flat()
	}
	i, k := 1+s.rng.IntN(len(l)-1), s.rng.Float64()
	return orb.Point{l[i-1][0] + k*(l[i][0]-l[i-1][0]), l[i-1][1] + k*(l[i][1]-l[i-1][1])}
}

var operations = map[string]func(s *sequence, id network.ID) (network.Change, error){
	"move node": func(s *sequence, id network.ID) (network.Change, error) {
		at := s.end(id)
		if s.rng.IntN(3) == 0 {
			return s.n.MoveNode(at, network.At(s.on(s.near(at))))
		}
		return s.n.MoveNode(at, s.around(at, 8))
	},
	"put node": func(s *sequence, id network.ID) (network.Change, error) {
		return s.n.PutNode(s.around(s.on(id), 0.3), 0.5)
	},
	"merge":   func(s *sequence, id network.ID) (network.Change, error) { return s.n.MergeThrough(s.end(id)) },
	"reverse": func(s *sequence, id network.ID) (network.Change, error) { return s.n.Reverse(id) },
	"connect": func(s *sequence, id network.ID) (network.Change, error) {
		return s.n.Connect(s.around(s.on(id), 15), 30, s.rng.Float64())
	},
	"draw": func(s *sequence, id network.ID) (network.Change, error) {
		to := s.near(s.end(id))
		return s.n.Draw([]network.Position{network.At(s.end(id)), s.around(s.on(id), 20), network.At(s.on(to))})
	},
	"delete node": func(s *sequence, id network.ID) (network.Change, error) {
		return s.n.DeleteNode(s.end(id), s.rng.IntN(2) == 0)
	},
	"delete edge": func(s *sequence, id network.ID) (network.Change, error) {
		return s.n.DeleteEdge(id, s.rng.IntN(2) == 0)
	},
	"move vertex": func(s *sequence, id network.ID) (network.Change, error) {
		l := s.n.Positions(s.n.Edge(id))
		at := l[s.rng.IntN(len(l))].Flat()
		return s.n.MoveVertex(id, at, s.around(at, 5))
	},
	"insert": func(s *sequence, id network.ID) (network.Change, error) { return s.n.InsertVertex(id, s.on(id), 0.1) },
	"remove": func(s *sequence, id network.ID) (network.Change, error) {
		if len(s.n.Edge(id)) == 2 { // most pipes are straight: one that a step before has bent, if any
			ids := slices.DeleteFunc(s.n.Edges(), func(id network.ID) bool { return len(s.n.Edge(id)) == 2 })
			if len(ids) > 0 {
				id = ids[s.rng.IntN(len(ids))]
			}
		}
		l := s.n.Positions(s.n.Edge(id))
		return s.n.RemoveVertex(id, l[s.rng.IntN(len(l))].Flat())
	},
}
