package network_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
	"arpent/geo/network"
)

// street is a pipe of 100 m from node a to node b that falls by 2 m, and a
// shorter one from c that was drawn against it.
func street(t *testing.T) *network.Network {
	t.Helper()
	n, faults, err := network.Build(
		[]network.Node{{ID: "a", At: network.Position{0, 0, 12}}, {ID: "b", At: network.Position{100, 0, 10}}, {ID: "c", At: network.Position{150, 0, 9}}},
		[]network.Edge{{ID: "1", Line: []network.Position{{0, 0, 12}, {100, 0, 10}}}, {ID: "2", Line: []network.Position{{150, 0, 9}, {100.004, 0, 10}}}},
		network.Options{})
	if err != nil || len(faults) != 1 || faults[0].Kind != network.Mismatch {
		t.Fatal(faults, err)
	}
	return n
}

func done(t *testing.T, n *network.Network) func(network.Change, error) network.Change {
	return func(ch network.Change, err error) network.Change {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if err := n.Apply(ch); err != nil {
			t.Fatal(err)
		}
		return ch
	}
}

func TestANodePutOnAnEdgeDividesItWithItsLevels(t *testing.T) {
	n := street(t)
	ch := done(t, n)(n.PutNode(network.At(orb.Point{25, 0.2}), 0.5))
	if got := n.Positions(n.Edge("1")); !reflect.DeepEqual(got, []network.Position{{25, 0, 11.5}, {100, 0, 10}}) {
		t.Error(got)
	}
	if got := n.Positions(n.Edge("1/2")); !reflect.DeepEqual(got, []network.Position{{0, 0, 12}, {25, 0, 11.5}}) {
		t.Error(got)
	}
	if got := ch.From["1"]; !reflect.DeepEqual(got, []network.Part{{Of: "1", From: 0.25, To: 1, Start: 0, End: 1}}) {
		t.Error(got)
	}
	if got := ch.On["node/1"]; got != (network.Origin{Of: "1", At: 0.25}) {
		t.Error(got)
	}
	from, to, known := network.Level(ch.From["1"], func(network.ID) (float64, float64, bool) { return 12, 10, true })
	if from != 11.5 || to != 10 || !known {
		t.Error(from, to, known)
	}
}

func TestMergedEdgesRunAsTheLongerOne(t *testing.T) {
	n := street(t)
	ch := done(t, n)(n.MergeThrough(orb.Point{100, 0}))
	if got := n.Positions(n.Edge("1")); !reflect.DeepEqual(got, []network.Position{{0, 0, 12}, {100, 0, 10}, {150, 0, 9}}) {
		t.Error(got)
	}
	want := []network.Part{{Of: "1", From: 0, To: 1, Start: 0, End: 2. / 3}, {Of: "2", From: 1, To: 0, Start: 2. / 3, End: 1}}
	if got := ch.From["1"]; !reflect.DeepEqual(got, want) {
		t.Error(got)
	}
	if _, stands := n.Node("b"); stands || n.Edge("2") != nil {
		t.Error("what was merged still stands")
	}
}

func TestAMovedNodeTakesItsEdgesAlong(t *testing.T) {
	n := street(t)
	done(t, n)(n.MoveNode(orb.Point{100, 0}, network.Position{101, 3, 8}))
	for _, id := range []network.ID{"1", "2"} {
		l := n.Positions(n.Edge(id))
		if got := l[len(l)-1]; got != (network.Position{101, 3, 8}) {
			t.Error(id, got)
		}
	}
}

func TestALateralMeetsThePipeAtItsFoot(t *testing.T) {
	n := street(t)
	ch := done(t, n)(n.Connect(network.Position{40, 8, 11.9}, 20, 1))
	if from, to := n.Ends(n.Edge("edge/2")); from == "" || to == "" || from == to {
		t.Error(from, to)
	}
	if got := n.Positions(n.Edge("edge/2")); !reflect.DeepEqual(got, []network.Position{{40, 8, 11.9}, {40, 0, 11.2}}) {
		t.Error(got)
	}
	if !slices.Equal(ch.Edges.Created(), []network.ID{"1/2", "edge/2"}) {
		t.Error(ch.Edges.Created())
	}
	done(t, n)(n.DeleteEdge("edge/2", true))
	if len(n.Nodes()) != 3 || len(n.Edges()) != 2 || n.Edge("1").Length() != 100 {
		t.Error(n.Nodes(), n.Edges())
	}
}

func TestALineDrawnOverNodesIsDividedThere(t *testing.T) {
	n := street(t)
	ch, err := n.Draw([]network.Position{network.At(orb.Point{0, 0}), network.At(orb.Point{50, 10}), network.At(orb.Point{100, 0}), network.At(orb.Point{130, 20})})
	if err != nil || len(ch.Edges.Created()) != 2 || len(ch.Nodes.Created()) != 1 {
		t.Error(ch, err)
	}
}

func TestWhatCannotBeDoneIsSaid(t *testing.T) {
	n := street(t)
	far := make([]network.Position, 100_000)
	for i := range far {
		far[i] = network.At(orb.Point{float64(i) / 10, 50 + math.Sin(float64(i))})
	}
	at := func(x, y float64) network.Position { return network.At(orb.Point{x, y}) }
	cases := map[string]struct {
		kind network.Kind
		do   func() (network.Change, error)
	}{
		"a place that is not a number": {network.NotFinite, func() (network.Change, error) { return n.MoveNode(orb.Point{0, 0}, at(math.NaN(), 0)) }},
		"a level without end": {network.NotFinite, func() (network.Change, error) {
			return n.MoveNode(orb.Point{0, 0}, network.Position{1, 1, math.Inf(1)})
		}},
		"a place on another continent":    {network.TooFar, func() (network.Change, error) { return n.MoveNode(orb.Point{0, 0}, at(1e9, 0)) }},
		"a node that is not there":        {network.Missed, func() (network.Change, error) { return n.MoveNode(orb.Point{5, 5}, at(1, 1)) }},
		"a node onto another":             {network.Taken, func() (network.Change, error) { return n.MoveNode(orb.Point{0, 0}, at(150, 0)) }},
		"a node onto the end of its edge": {network.Taken, func() (network.Change, error) { return n.MoveNode(orb.Point{0, 0}, at(100, 0)) }},
		"a line without points":           {network.TooFew, func() (network.Change, error) { return n.Draw(nil) }},
		"a line of one place":             {network.TooFew, func() (network.Change, error) { return n.Draw([]network.Position{at(1, 1), at(1, 1)}) }},
		"an edge there and back":          {network.Loop, func() (network.Change, error) { return n.Draw([]network.Position{at(0, 0), at(0, 9), at(0, 0)}) }},
		"a line through itself": {network.Crossed, func() (network.Change, error) {
			return n.Draw([]network.Position{at(0, 9), at(9, 9), at(5, 12), at(5, 5)})
		}},
		"an edge twice":                    {network.Doubled, func() (network.Change, error) { return n.Draw([]network.Position{at(100, 0), at(0, 0)}) }},
		"a merge at the end of a street":   {network.Degree, func() (network.Change, error) { return n.MergeThrough(orb.Point{0, 0}) }},
		"a node where one is":              {network.Taken, func() (network.Change, error) { return n.PutNode(at(0, 0), 1) }},
		"a node far from edges":            {network.Missed, func() (network.Change, error) { return n.PutNode(at(50, 30), 1) }},
		"a lateral that is too long":       {network.Missed, func() (network.Change, error) { return n.Connect(at(50, 30), 20, 1) }},
		"a lateral from the pipe itself":   {network.ZeroLength, func() (network.Change, error) { return n.Connect(at(50, 0), 20, 0) }},
		"an edge that nobody knows":        {network.Unknown, func() (network.Change, error) { return n.Reverse("9") }},
		"an end taken out":                 {network.TooFew, func() (network.Change, error) { return n.RemoveVertex("1", orb.Point{0, 0}) }},
		"a vertex where one is":            {network.HasVertex, func() (network.Change, error) { return n.InsertVertex("1", orb.Point{0, 0}, 1) }},
		"a node moved to where it is":      {network.Unchanged, func() (network.Change, error) { return n.MoveNode(orb.Point{0, 0}, at(0, 0)) }},
		"a line of 100,000 that is drawn":  {"", func() (network.Change, error) { return n.Draw(far) }},
		"an operation on an empty network": {network.Missed, func() (network.Change, error) { return empty(t).MergeThrough(orb.Point{0, 0}) }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := c.do()
			var f *network.Fault
			if c.kind == "" && err == nil {
				return
			}
			if !errors.As(err, &f) || f.Kind != c.kind {
				t.Errorf("%v, not %s", err, c.kind)
			}
		})
	}
}

func empty(t *testing.T) *network.Network {
	n, faults, err := network.Build(nil, nil, network.Options{})
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	return n
}

func TestAChangeOfWhatHasChangedIsRefused(t *testing.T) {
	n := street(t)
	late, err := n.MoveNode(orb.Point{0, 0}, network.At(orb.Point{-5, 0}))
	if err != nil {
		t.Fatal(err)
	}
	done(t, n)(n.Reverse("1"))
	if err := n.Apply(late); !errors.Is(err, &network.Fault{Kind: network.Stale}) {
		t.Error(err)
	}
}

func TestPositionsKeepTheirLevelsInJSON(t *testing.T) {
	for _, p := range []network.Position{{1, 2, 3}, network.At(orb.Point{1.25, -2})} {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q network.Position
		if err := json.Unmarshal(text, &q); err != nil || !p.Equal(q) {
			t.Errorf("%s: %v %v", text, q, err)
		}
	}
}

func TestWhatIsWrongWithANetworkIsReported(t *testing.T) {
	at := func(x, y float64) network.Position { return network.At(orb.Point{x, y}) }
	_, faults, err := network.Build(
		[]network.Node{{ID: "a", At: at(0, 0)}, {ID: "b", At: at(10, 0)}, {ID: "b'", At: at(10, 0.005)}, {ID: "m", At: at(5, 0)}},
		[]network.Edge{
			{ID: "through", Line: []network.Position{at(0, 0), at(10, 0)}},
			{ID: "short", Line: []network.Position{at(0, 0), at(0, 0)}},
			{ID: "loose", Line: []network.Position{at(3, -5), at(3, 5)}},
		}, network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	count := map[network.Kind]int{}
	for _, f := range faults {
		count[f.Kind]++
	}
	want := map[network.Kind]int{network.DuplicateNode: 1, network.Lonely: 2, network.Unsplit: 1, network.ZeroLength: 1, network.Loose: 2, network.Crossing: 1}
	if !reflect.DeepEqual(count, want) {
		t.Error(count)
	}
}

func TestAnEdgeThatGoesOnThroughANodeIsDividedThere(t *testing.T) {
	at := func(x, y float64) network.Position { return network.At(orb.Point{x, y}) }
	n, faults, err := network.Build(
		[]network.Node{{ID: "a", At: at(0, 0)}, {ID: "b", At: at(10, 0)}, {ID: "m", At: at(5, 0.004)}},
		[]network.Edge{{ID: "through", Line: []network.Position{at(0, 0), at(10, 0)}}, {ID: "up", Line: []network.Position{at(5, 0.004), at(5, 9)}}},
		network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		if f.Kind != network.Unsplit {
			continue
		}
		ch := done(t, n)(n.PutNode(network.At(f.Where), 0.5, f.Edges...))
		if len(ch.Nodes.Created()) > 0 || len(ch.Edges.Created()) != 1 {
			t.Errorf("%v", ch)
		}
	}
	if left := n.Faults(); len(left) != 1 || left[0].Kind != network.Loose { // up ends on nothing
		t.Errorf("%v", left)
	}
	if got := n.EdgesAt(grid.Snap(orb.Point{5, 0.004})); len(got) != 3 {
		t.Errorf("%v meet at the node", got)
	}
}
