package working_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"arpent/geo/coverage"
	"arpent/layers"
	"arpent/layers/working"
)

// rectangle is a region with sides along the axes.
func rectangle(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{orb.Bound{Min: orb.Point{x0, y0}, Max: orb.Point{x1, y1}}.ToPolygon()}
}

func TestLinesThatDoNotCutAreRefusedAtTheirPlace(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	b := o.box(id)
	var inside orb.Point
	o.ask(`select ST_X(c), ST_Y(c) from land.parcels, ST_PointOnSurface(geom) c where id = $1`, []any{id}, &inside[0], &inside[1])
	p.refused(coverage.Missed, split(id, orb.LineString{{b.Min[0], b.Max[1] + 20}, {b.Max[0], b.Max[1] + 20}}))
	p.refused(coverage.EndsInside, split(id, orb.LineString{{b.Min[0] - 5, inside[1]}, inside}))
	p.refused(coverage.Unknown, split("nothing", o.across(id)))
	var corner orb.Point
	o.ask(`select ST_X(p), ST_Y(p) from (select (ST_DumpPoints(ST_ConvexHull(geom))).geom as p from land.parcels where id = $1) c order by ST_X(p) limit 1`, []any{id}, &corner[0], &corner[1])
	touching, err := p.try(split(id, orb.LineString{{corner[0], corner[1] - 30}, {corner[0], corner[1] + 30}}))
	if err == nil {
		t.Errorf("a line that touches a corner has cut: %v", touching.Steps)
	}
	p.refused(coverage.Narrow, split(id, orb.LineString{{b.Min[0] + 0.01, b.Min[1] - 2}, {b.Min[0] + 0.02, b.Max[1] + 2}}))
	p.refused(coverage.TooFew, split(id, orb.LineString{{b.Min[0], b.Min[1]}, {b.Min[0], b.Min[1]}}))
}

func TestALineThatCrossesTwiceMakesThreeOfOne(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	b := o.box(id)
	third := (b.Max[1] - b.Min[1]) / 3
	line := orb.LineString{{b.Min[0] - 2, b.Min[1] + third}, {b.Max[0] + 2, b.Min[1] + third}, {b.Max[0] + 2, b.Max[1] - third}, {b.Min[0] - 2, b.Max[1] - third}}
	set := p.do(split(id, line))
	if n := len(set.Steps[0].From); n < 2 {
		t.Errorf("%d new parcels", n)
	}
	o.sound(func() { p.save() })
}

func TestParcelsThatDoNotTouchAreNotMerged(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	var a, b string
	o.ask(`select a.id, b.id from land.parcels a, land.parcels b where ST_Distance(a.geom, b.geom) > 200 order by 1, 2 limit 1`, nil, &a, &b)
	ids := p.refused(coverage.Apart, working.Operation{Kind: working.Merge, IDs: []string{a, b}})
	if len(ids) != 2 {
		t.Errorf("%v", ids)
	}
	p.refused(coverage.TooFew, working.Operation{Kind: working.Merge, IDs: []string{a, a}})
}

func TestAVertexIsNotDraggedOverAnotherBorder(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	a, b := o.neighbours()
	var from, to orb.Point
	// A vertex of one that the other does not have, into the middle of the other.
	o.ask(`select ST_X(v), ST_Y(v), ST_X(c), ST_Y(c) from land.parcels a, land.parcels b, ST_PointOnSurface(b.geom) c,
		lateral (select geom as v from ST_DumpPoints(a.geom) d where ST_Distance(d.geom, b.geom) > 1 order by ST_Distance(d.geom, b.geom) desc limit 1) far
		where a.id = $1 and b.id = $2`, []any{a, b}, &from[0], &from[1], &to[0], &to[1])
	_, err := p.try(working.Operation{Kind: working.Move, From: []working.Position{working.At(from)}, To: []working.Position{working.At(to)}})
	if err == nil {
		t.Fatal("a vertex was dragged across a border")
	}
	if r, ok := err.(*working.Refusal); !ok || r.Where == (orb.Point{}) {
		t.Errorf("%v", err)
	}
	p.refused(coverage.Missed, working.Operation{Kind: working.Move, From: []working.Position{{from[0] + 0.5, from[1] + 0.5}}, To: []working.Position{working.At(to)}})
}

func TestWhatIsDrawnFarAwayIsRefused(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	b := o.box(o.largest(1)[0])
	for _, away := range []float64{50_000, 500_000} {
		x, y := b.Max[0]+away, b.Max[1]
		p.refused(coverage.TooFar, working.Operation{Kind: working.Draw, Region: rectangle(x, y, x+30, y+30)})
		p.refused(coverage.TooFar, split(o.largest(1)[0], orb.LineString{{x, y}, b.Center()}))
	}
	_, err := p.try(working.Operation{Kind: working.Draw, Region: rectangle(1e9, 1e9, 1e9+1, 1e9+1)})
	if _, refused := err.(*working.Refusal); !refused && layers.KindOf(err) != layers.Invalid {
		t.Errorf("%v", err)
	}
	_, err = p.try(working.Operation{Kind: working.Draw, Region: rectangle(math.NaN(), 0, 1, 1)})
	o.fails(layers.Invalid, err)
	if set := p.open(); len(set.Steps) > 0 {
		t.Error("something far away was kept")
	}
}

func TestAHundredThousandVertices(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	var middle orb.Point
	o.ask(`select ST_X(c), ST_Y(c) from land.parcels, ST_PointOnSurface(geom) c where id = $1`, []any{o.largest(1)[0]}, &middle[0], &middle[1])
	const n = 99_999
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / n)
		ring = append(ring, orb.Point{middle[0] + 20*cos, middle[1] + 20*sin})
	}
	ring = append(ring, ring[0])
	p.do(working.Operation{Kind: working.Draw, Region: orb.MultiPolygon{{ring}}, Over: true, Slivers: true})
	saved := p.save()
	var points int
	for _, id := range saved.IDs {
		o.ask(`select ST_NPoints(geom) from land.parcels where id = $1`, []any{id}, &points)
	}
	if points < n/4 {
		t.Errorf("%d points were saved", points)
	}
	p.refused(working.TooMany, working.Operation{Kind: working.Draw, Region: orb.MultiPolygon{{append(ring, ring...)}}})
}

func TestParcelsOfAnotherCollectivityAreNotTouched(t *testing.T) {
	o := newVillage(t)
	if err := o.store.PutCollectivity(t.Context(), "99998", "Voisine", lambert); err != nil {
		t.Fatal(err)
	}
	p := o.planner("anne")
	mine, theirs := o.neighbours()
	o.exec(`update land.parcels set collectivity = '99998' where id = $1`, theirs)
	before := o.table()
	refusals := []working.Operation{
		split(theirs, o.across(theirs)),
		{Kind: working.Merge, IDs: []string{mine, theirs}},
		{Kind: working.Merge, IDs: []string{theirs, mine}},
	}
	var shared, to orb.Point
	o.ask(`select ST_X(v), ST_Y(v), ST_X(c), ST_Y(c) from land.parcels a, land.parcels b, ST_Centroid(a.geom) c,
		lateral (select geom as v from ST_DumpPoints(a.geom) d where ST_Distance(d.geom, b.geom) = 0 limit 1) s
		where a.id = $1 and b.id = $2`, []any{mine, theirs}, &shared[0], &shared[1], &to[0], &to[1])
	near := orb.Point{shared[0] + (to[0]-shared[0])/50, shared[1] + (to[1]-shared[1])/50}
	refusals = append(refusals, working.Operation{Kind: working.Move, From: []working.Position{working.At(shared)}, To: []working.Position{working.At(near)}})
	for _, op := range refusals {
		if ids := p.refused(working.Forbidden, op); len(ids) != 1 || ids[0] != theirs {
			t.Errorf("%s: %v", op.Kind, ids)
		}
	}
	if o.table() != before {
		t.Error("something was changed")
	}
}

func TestABrokenCoverageStaysEditableAndIsNotMadeWorse(t *testing.T) {
	o := newCommune(t)
	p := o.planner("anne")
	_, twice := o.land()
	t.Logf("%.3f m² of commune 25354 are of several parcels as they come", twice)
	a, b := o.neighbours()
	// b now overlaps a by a metre, and leaves a gap on its other side.
	o.exec(`update land.parcels b set geom = ST_Multi(ST_Translate(b.geom, (ST_X(ST_Centroid(a.geom)) - ST_X(ST_Centroid(b.geom))) / 40, (ST_Y(ST_Centroid(a.geom)) - ST_Y(ST_Centroid(b.geom))) / 40))
		from land.parcels a where a.id = $1 and b.id = $2`, a, b)
	o.sound(func() {
		p.do(split(a, o.upright(a)))
		p.do(split(b, o.across(b)))
		p.save()
	})
}

func TestOperationsOnARealCommune(t *testing.T) {
	o := newCommune(t)
	p := o.planner("anne")
	a, b := o.neighbours()
	o.sound(func() {
		p.do(split(a, o.upright(a)))
		p.do(working.Operation{Kind: working.Merge, IDs: []string{a, a + "/2"}})
		p.do(working.Operation{Kind: working.Merge, IDs: []string{a, b}})
		bound := o.box(a)
		center := bound.Center()
		p.do(working.Operation{Kind: working.CutRoad, Line: working.Positions(orb.LineString{{bound.Min[0] - 60, center[1]}, {bound.Max[0] + 60, center[1]}}), Width: 5, Slivers: true})
		p.save()
	})
}
