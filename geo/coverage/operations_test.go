package coverage_test

import (
	"errors"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"arpent/geo/coverage"
)

func expect(t *testing.T, name string, err error, want coverage.Kind) {
	t.Helper()
	var f *coverage.Fault
	if !errors.As(err, &f) || f.Kind != want {
		t.Errorf("%s: %v, want %s", name, err, want)
	}
}

// blocks are two squares of 10 m side by side under a rectangle as wide as both:
//
//	┌───────┐
//	│   c   │
//	├───┬───┤
//	│ a │ b │
//	└───┴───┘
func blocks(t testing.TB) *coverage.Coverage {
	c, faults := build(t, []coverage.Feature{
		feature("a", square(0, 0, 10)), feature("b", square(10, 0, 10)), feature("c", rectangle(0, 10, 20, 20)),
	})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return c
}

type step struct {
	do   func(c *coverage.Coverage) (coverage.Change, error)
	want map[coverage.ID]float64 // areas of what changes, 0 of what goes
	kind coverage.Kind           // of the fault
}

func line(points ...orb.Point) orb.LineString { return points }

func split(ids []coverage.ID, points ...orb.Point) func(*coverage.Coverage) (coverage.Change, error) {
	return func(c *coverage.Coverage) (coverage.Change, error) { return c.Split(ids, points) }
}

func reshape(id coverage.ID, points ...orb.Point) func(*coverage.Coverage) (coverage.Change, error) {
	return func(c *coverage.Coverage) (coverage.Change, error) { return c.Reshape(id, points) }
}

func move(from, to orb.Point) func(*coverage.Coverage) (coverage.Change, error) {
	return func(c *coverage.Coverage) (coverage.Change, error) {
		return c.Move([]coverage.Displacement{{From: from, To: to}})
	}
}

func merge(ids ...coverage.ID) func(*coverage.Coverage) (coverage.Change, error) {
	return func(c *coverage.Coverage) (coverage.Change, error) { return c.Merge(ids) }
}

func lay(region orb.MultiPolygon, into coverage.ID, on coverage.Laying) func(*coverage.Coverage) (coverage.Change, error) {
	return func(c *coverage.Coverage) (coverage.Change, error) { return c.Lay(region, into, on) }
}

func TestOperations(t *testing.T) {
	a := []coverage.ID{"a"}
	for name, s := range map[string]step{
		"split one, its neighbours get the vertex": {do: split(a, orb.Point{-1, 6}, orb.Point{11, 6}), want: map[coverage.ID]float64{"a": 60, "a/2": 40, "b": 100}},
		"split all that the line crosses":          {do: split(nil, orb.Point{-1, 6}, orb.Point{21, 6}), want: map[coverage.ID]float64{"a": 60, "a/2": 40, "b": 60, "b/2": 40}},
		"split through vertices":                   {do: split(a, orb.Point{0, 0}, orb.Point{10, 10}), want: map[coverage.ID]float64{"a": 50, "a/2": 50}},
		"split near vertices goes through them":    {do: split(a, orb.Point{0.004, -0.003}, orb.Point{10.003, 10}), want: map[coverage.ID]float64{"a": 50, "a/2": 50}},
		"split by a line that crosses twice":       {do: split(a, orb.Point{-1, 2}, orb.Point{12, 5}, orb.Point{-1, 8}), want: map[coverage.ID]float64{"a": 0, "a/2": 0, "a/3": 0, "b": 100}},
		"split out an inner part":                  {do: split(a, orb.Point{2, 2}, orb.Point{5, 2}, orb.Point{5, 5}, orb.Point{2, 2}), want: map[coverage.ID]float64{"a": 95.5, "a/2": 4.5}},
		"split: the line ends inside":              {do: split(a, orb.Point{-1, 5}, orb.Point{4, 5}), kind: coverage.EndsInside},
		"split: the line is all inside":            {do: split(a, orb.Point{2, 5}, orb.Point{4, 5}), kind: coverage.EndsInside},
		"split: the line misses":                   {do: split(a, orb.Point{-5, 0}, orb.Point{-5, 9}), kind: coverage.Missed},
		"split: the line touches":                  {do: split(a, orb.Point{-5, -5}, orb.Point{0, 0}), kind: coverage.Touches},
		"split: the line runs along":               {do: split(a, orb.Point{-1, 0}, orb.Point{12, 0}), kind: coverage.Touches},
		"split: a sliver":                          {do: split(a, orb.Point{-1, 0.05}, orb.Point{11, 0.05}), kind: coverage.Narrow},
		"split: no such polygon":                   {do: split([]coverage.ID{"z"}, orb.Point{-1, 5}, orb.Point{11, 5}), kind: coverage.Unknown},
		"split: the line is a point":               {do: split(a, orb.Point{1, 1}, orb.Point{1, 1}), kind: coverage.TooFew},
		"split: not a number":                      {do: split(a, orb.Point{1, 1}, orb.Point{1, math.NaN()}), kind: coverage.NotFinite},
		"split: far outside":                       {do: split(a, orb.Point{1, 1}, orb.Point{1e9, 1}), kind: coverage.TooFar},

		"areas": {
			do: func(c *coverage.Coverage) (coverage.Change, error) {
				return c.SplitByAreas("c", []float64{50, 30}, [2]orb.Point{{0, 10}, {0, 20}})
			},
			want: map[coverage.ID]float64{"c": 50, "c/2": 30, "c/3": 120, "a": 100},
		},
		"areas that make up all": {
			do: func(c *coverage.Coverage) (coverage.Change, error) {
				return c.SplitByAreas("a", []float64{25, 75}, [2]orb.Point{{0, 0}, {10, 0}})
			},
			want: map[coverage.ID]float64{"a": 25, "a/2": 75, "b": 100},
		},
		"areas of more than there is": {
			do: func(c *coverage.Coverage) (coverage.Change, error) {
				return c.SplitByAreas("a", []float64{25, 95}, [2]orb.Point{{0, 0}, {10, 0}})
			},
			kind: coverage.Exceeds,
		},
		"areas of none": {
			do: func(c *coverage.Coverage) (coverage.Change, error) {
				return c.SplitByAreas("a", []float64{25, -1}, [2]orb.Point{{0, 0}, {10, 0}})
			},
			kind: coverage.TooFew,
		},

		"merge":                     {do: merge("b", "a"), want: map[coverage.ID]float64{"b": 200, "a": 0}},
		"merge all":                 {do: merge("c", "a", "b"), want: map[coverage.ID]float64{"c": 400, "a": 0, "b": 0}},
		"merge: one":                {do: merge("b", "b"), kind: coverage.TooFew},
		"merge: no such polygon":    {do: merge("b", "y"), kind: coverage.Unknown},
		"reshape into a neighbour":  {do: reshape("a", orb.Point{10, 2}, orb.Point{14, 2}, orb.Point{14, 7}, orb.Point{10, 7}), want: map[coverage.ID]float64{"a": 120, "b": 80}},
		"reshape back from it":      {do: reshape("a", orb.Point{10, 2}, orb.Point{6, 2}, orb.Point{6, 7}, orb.Point{10, 7}), want: map[coverage.ID]float64{"a": 80, "b": 120}},
		"reshape to and fro":        {do: reshape("a", orb.Point{10, 0}, orb.Point{12, 2.5}, orb.Point{10, 5}, orb.Point{8, 7.5}, orb.Point{10, 10}), want: map[coverage.ID]float64{"a": 100, "b": 100}},
		"reshape into the free":     {do: reshape("a", orb.Point{0, 2}, orb.Point{-4, 2}, orb.Point{-4, 7}, orb.Point{0, 7}), want: map[coverage.ID]float64{"a": 120}},
		"reshape: not to the end":   {do: reshape("a", orb.Point{10, 2}, orb.Point{14, 2}, orb.Point{14, 7}), kind: coverage.EndsInside},
		"reshape: along the border": {do: reshape("a", orb.Point{10, 2}, orb.Point{10, 7}), kind: coverage.Touches},
		"reshape: to several":       {do: reshape("c", orb.Point{5, 10}, orb.Point{5, 14}, orb.Point{15, 14}, orb.Point{15, 10}), kind: coverage.Ambiguous},
		"reshape: a ring inside":    {do: reshape("a", orb.Point{2, 2}, orb.Point{4, 2}, orb.Point{4, 4}, orb.Point{2, 2}), kind: coverage.EndsInside},
		"reshape: cuts in two":      {do: reshape("a", orb.Point{10, 4}, orb.Point{20, 4}, orb.Point{20, 6}, orb.Point{10, 6}), kind: coverage.CutInTwo},

		"move a shared vertex":  {do: move(orb.Point{10, 10}, orb.Point{11, 9}), want: map[coverage.ID]float64{"a": 100, "b": 90, "c": 210}},
		"move an outer vertex":  {do: move(orb.Point{0, 0}, orb.Point{-2, 0}), want: map[coverage.ID]float64{"a": 110}},
		"move onto a vertex":    {do: move(orb.Point{0, 0}, orb.Point{10, 0}), want: map[coverage.ID]float64{"a": 50}},
		"move: across a border": {do: move(orb.Point{0, 0}, orb.Point{12, 5}), kind: coverage.Crossed},
		"move: across itself":   {do: move(orb.Point{10, 0}, orb.Point{-5, 20}), kind: coverage.Crossed},
		"move: no vertex there": {do: move(orb.Point{5, 5}, orb.Point{6, 6}), kind: coverage.Missed},
		"move: nothing would stay": {do: func(c *coverage.Coverage) (coverage.Change, error) {
			return c.Move([]coverage.Displacement{{From: orb.Point{0, 0}, To: orb.Point{10, 0}}, {From: orb.Point{0, 10}, To: orb.Point{10, 10}}})
		}, kind: coverage.Vanishes},
		"insert a vertex":           {do: func(c *coverage.Coverage) (coverage.Change, error) { return c.InsertVertex(orb.Point{10.2, 5}, 0.5) }, want: map[coverage.ID]float64{"a": 100, "b": 100}},
		"insert: no border there":   {do: func(c *coverage.Coverage) (coverage.Change, error) { return c.InsertVertex(orb.Point{5, 5}, 0.5) }, kind: coverage.Missed},
		"insert: there is a vertex": {do: func(c *coverage.Coverage) (coverage.Change, error) { return c.InsertVertex(orb.Point{10, 10.2}, 0.5) }, kind: coverage.Vertex},
		"remove a vertex":           {do: func(c *coverage.Coverage) (coverage.Change, error) { return c.RemoveVertex(orb.Point{0, 0}) }, want: map[coverage.ID]float64{"a": 50}},
		"remove: a node":            {do: func(c *coverage.Coverage) (coverage.Change, error) { return c.RemoveVertex(orb.Point{10, 10}) }, kind: coverage.Node},

		"cut a road":               {do: lay(rectangle(-1, 4, 21, 6), "road", coverage.Laying{Taken: true}), want: map[coverage.ID]float64{"a": 40, "a/2": 40, "b": 40, "b/2": 40, "road": 40}},
		"draw over what is free":   {do: lay(rectangle(15, 5, 25, 15), "d", coverage.Laying{Free: true}), want: map[coverage.ID]float64{"d": 50, "b": 100, "c": 200}},
		"draw over all":            {do: lay(rectangle(15, 5, 25, 15), "d", coverage.Laying{Free: true, Taken: true}), want: map[coverage.ID]float64{"d": 100, "b": 75, "c": 175}},
		"cut out of one alone":     {do: lay(rectangle(5, 5, 15, 15), "", coverage.Laying{Taken: true, Only: a}), want: map[coverage.ID]float64{"a": 75, "b": 100, "c": 200}},
		"give to a neighbour":      {do: lay(rectangle(8, 2, 12, 4), "a", coverage.Laying{Taken: true}), want: map[coverage.ID]float64{"a": 104, "b": 96}},
		"lay: all of one":          {do: lay(rectangle(-1, -1, 11, 11), "d", coverage.Laying{Taken: true}), kind: coverage.Vanishes},
		"lay: beside":              {do: lay(rectangle(30, 30, 31, 31), "d", coverage.Laying{Taken: true}), kind: coverage.Missed},
		"lay: leaves a sliver":     {do: lay(rectangle(0.05, -1, 11, 11), "d", coverage.Laying{Taken: true, Only: a}), kind: coverage.Narrow},
		"slivers go with the road": {do: lay(rectangle(0.05, -1, 11, 11), "d", coverage.Laying{Taken: true, Only: []coverage.ID{"a", "c"}, Slivers: true}), kind: coverage.Vanishes},
		"a sliver goes with it":    {do: lay(rectangle(-1, 0.05, 21, 3), "d", coverage.Laying{Taken: true, Slivers: true}), want: map[coverage.ID]float64{"a": 70, "b": 70, "d": 60}},
		"lay: no region":           {do: lay(nil, "d", coverage.Laying{Taken: true}), kind: coverage.TooFew},
		"fill: not enclosed":       {do: func(c *coverage.Coverage) (coverage.Change, error) { return c.FillGap(orb.Point{-3, 3}, "a") }, kind: coverage.NotEnclosed},
		"fill: has an owner":       {do: func(c *coverage.Coverage) (coverage.Change, error) { return c.FillGap(orb.Point{3, 3}, "a") }, kind: coverage.Missed},
		"assign: no overlap there": {do: func(c *coverage.Coverage) (coverage.Change, error) { return c.AssignOverlap(orb.Point{3, 3}, "a") }, kind: coverage.Missed},
	} {
		t.Run(name, func(t *testing.T) {
			c := blocks(t)
			ch, err := s.do(c)
			if s.kind != "" {
				expect(t, name, err, s.kind)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := map[coverage.ID]float64{}
			for _, id := range ch.IDs() {
				got[id] = ch.After[id].Area()
			}
			if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(s.want))) {
				t.Fatalf("changes %v, want %v", got, s.want)
			}
			for id, area := range s.want {
				if area > 0 && math.Abs(got[id]-area) > 1e-9 {
					t.Errorf("%s has %g m², want %g", id, got[id], area)
				}
			}
			again(t, c, ch)
		})
	}
}

// again applies a change, builds the coverage anew of what comes out, and takes
// the change back.
func again(t *testing.T, c *coverage.Coverage, ch coverage.Change) {
	t.Helper()
	if err := c.Apply(ch); err != nil {
		t.Fatal(err)
	}
	var features []coverage.Feature
	for _, id := range c.IDs() {
		features = append(features, feature(id, c.Geometry(c.Shape(id))))
	}
	d, _, err := coverage.Build(features, coverage.Options{Tolerance: 0.001})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range c.IDs() {
		if got := d.Geometry(d.Shape(id)); !got.Equal(c.Geometry(c.Shape(id))) {
			t.Errorf("%s was not noded: %v becomes %v", id, c.Shape(id), d.Shape(id))
		}
	}
	if err := c.Apply(ch); !errors.Is(err, &coverage.Fault{Kind: coverage.Stale}) {
		t.Errorf("a change was made twice: %v", err)
	}
	if err := c.Apply(ch.Inverse()); err != nil {
		t.Error(err)
	}
}

func TestMergeOfWhatIsApart(t *testing.T) {
	c, _ := build(t, []coverage.Feature{feature("a", square(0, 0, 10)), feature("b", square(10, 10, 10)), feature("c", square(30, 0, 5))})
	_, err := c.Merge([]coverage.ID{"a", "c"})
	expect(t, "far away", err, coverage.Apart)
	_, err = c.Merge([]coverage.ID{"a", "b"})
	expect(t, "at a corner", err, coverage.Apart)
}

func TestMoveIntoAnother(t *testing.T) {
	c, _ := build(t, []coverage.Feature{feature("a", square(0, 0, 10)), feature("b", square(12, 0, 10))})
	_, err := c.Move([]coverage.Displacement{{From: orb.Point{10, 10}, To: orb.Point{14, 5}}})
	var f *coverage.Fault
	if !errors.As(err, &f) || f.Kind != coverage.Overlap || !slices.Equal(f.IDs, []coverage.ID{"a", "b"}) || len(f.Shape) != 1 || f.Area <= 0 {
		t.Errorf("%v", err)
	}
	ch, err := c.Move([]coverage.Displacement{{From: orb.Point{10, 10}, To: orb.Point{12, 5}}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(ch.IDs(), []coverage.ID{"a", "b"}) || len(ch.After["b"][0][0]) != 5 {
		t.Errorf("a vertex put on a border does not join it: %v", ch.After)
	}
	again(t, c, ch)
}

func TestFillGapAndAssignOverlap(t *testing.T) {
	around := rectangle(0, 0, 30, 30)
	around[0] = append(around[0], orb.Ring{{10, 10}, {10, 20}, {20, 20}, {20, 10}, {10, 10}})
	c, _ := build(t, []coverage.Feature{feature("a", around), feature("b", rectangle(10, 10, 20, 15)), feature("c", rectangle(25, 5, 40, 10))})
	for into, area := range map[coverage.ID]float64{"": 850, "a": 850, "b": 100, "new": 50} {
		ch, err := c.FillGap(orb.Point{15, 18}, into)
		if err != nil {
			t.Fatal(err)
		}
		if into == "" {
			into = "a" // the longest border
		}
		if got := ch.After[into].Area(); got != area {
			t.Errorf("%s has %g m², want %g", into, got, area)
		}
		again(t, c, ch)
	}
	_, err := c.FillGap(orb.Point{15, 18}, "c")
	expect(t, "a polygon elsewhere", err, coverage.Apart)
	for to, areas := range map[coverage.ID][2]float64{"a": {800, 50}, "c": {775, 75}} {
		ch, err := c.AssignOverlap(orb.Point{27, 7}, to)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(ch); err != nil {
			t.Fatal(err)
		}
		if a, other := c.Shape("a").Area(), c.Shape("c").Area(); a != areas[0] || other != areas[1] {
			t.Errorf("to %s: %g and %g m², want %v", to, a, other, areas)
		}
		if err := c.Apply(ch.Inverse()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHolesPartsAndIsletsAreSplit(t *testing.T) {
	with := rectangle(0, 0, 30, 30)
	with[0] = append(with[0], orb.Ring{{10, 10}, {10, 20}, {20, 20}, {20, 10}, {10, 10}})
	parts := append(rectangle(0, 40, 10, 50), rectangle(20, 40, 30, 50)...)
	c, _ := build(t, []coverage.Feature{feature("ring", with), feature("islet", square(10, 10, 10)), feature("parts", parts)})
	ch, err := c.Split([]coverage.ID{"ring"}, line(orb.Point{-1, 15}, orb.Point{31, 15}))
	if err != nil {
		t.Fatal(err)
	}
	if ch.After["ring"].Area() != 400 || ch.After["ring/2"].Area() != 400 || ch.After["islet"].Area() != 100 {
		t.Errorf("ring: %v", ch.After)
	}
	again(t, c, ch)
	ch, err = c.Split([]coverage.ID{"parts"}, line(orb.Point{-1, 44}, orb.Point{11, 44}))
	if err != nil {
		t.Fatal(err)
	}
	if ch.After["parts"].Area() != 160 || ch.After["parts/2"].Area() != 40 {
		t.Errorf("parts: %v", ch.After)
	}
	again(t, c, ch)
}

func TestCorridor(t *testing.T) {
	for name, test := range map[string]struct {
		axis orb.LineString
		area float64
	}{
		"straight":        {line(orb.Point{0, 0}, orb.Point{10, 0}), 40},
		"at right angles": {line(orb.Point{0, 0}, orb.Point{10, 0}, orb.Point{10, 10}), 80},
		"there and back":  {line(orb.Point{0, 0}, orb.Point{10, 0}, orb.Point{5, 0}), 40},
		"across itself":   {line(orb.Point{0, 0}, orb.Point{20, 0}, orb.Point{20, 20}, orb.Point{10, 20}, orb.Point{10, -10}), 80 + 80 + 40 + 120 - 16},
	} {
		m, err := coverage.Corridor(test.axis, 4)
		if err != nil {
			t.Fatal(name, err)
		}
		c, faults := build(t, []coverage.Feature{feature("road", m)})
		if got := c.Shape("road").Area(); math.Abs(got-test.area) > 0.01 {
			t.Errorf("%s: %g m², want %g", name, got, test.area)
		}
		for _, f := range faults {
			if f.Kind != coverage.Gap { // it may run around land
				t.Errorf("%s: %v", name, &f)
			}
		}
	}
	_, err := coverage.Corridor(line(orb.Point{0, 0}, orb.Point{0, 0}), 4)
	expect(t, "a point", err, coverage.TooFew)
	_, err = coverage.Corridor(line(orb.Point{0, 0}, orb.Point{1, 0}), 0)
	expect(t, "no width", err, coverage.TooFew)
	_, err = coverage.Corridor(line(orb.Point{0, 0}, orb.Point{math.Inf(1), 0}), 4)
	expect(t, "endless", err, coverage.NotFinite)
}

func TestSimplifyKeepsBordersTogether(t *testing.T) {
	c, _ := build(t, []coverage.Feature{
		feature("a", orb.MultiPolygon{{{{0, 0}, {10, 0}, {10.1, 5}, {10, 10}, {0, 10}, {0, 0}}}}),
		feature("b", orb.MultiPolygon{{{{10, 0}, {20, 0}, {20, 10}, {10, 10}, {10.1, 5}, {10, 0}}}}),
	})
	ch, err := c.Simplify(1)
	if err != nil {
		t.Fatal(err)
	}
	if len(ch.After["a"][0][0]) != 4 || ch.After["a"].Area() != 100 || ch.After["b"].Area() != 100 {
		t.Errorf("%v", ch.After)
	}
	again(t, c, ch)
	ch, err = c.Simplify(1000)
	if err != nil {
		t.Fatal(err)
	}
	if len(ch.After["a"]) != 1 || len(ch.After["b"]) != 1 {
		t.Errorf("nothing is left: %v", ch.After)
	}
	again(t, c, ch)
	_, err = c.Simplify(0)
	expect(t, "no tolerance", err, coverage.TooFew)
}

func TestBorders(t *testing.T) {
	got := blocks(t).Borders()
	want := map[[2]coverage.ID]float64{
		{"a", "b"}: 10, {"a", "c"}: 10, {"b", "c"}: 10, {"", "a"}: 20, {"", "b"}: 20, {"", "c"}: 40,
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
