package working_test

import (
	"context"
	"math"
	"testing"

	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
	"arpent/layers/working"
)

const buildings = "land.buildings"

// square is an area of some metres at a place.
func square(x, y, side float64) geom.T {
	return geom.NewPolygonFlat(geom.XY, []float64{x, y, x + side, y, x + side, y + side, x, y + side, x, y}, []int{10}).SetSRID(lambert)
}

// builder makes an account that may edit buildings, and answers an empty place
// in the middle of the town.
func (o *office) builder(login string) (p *planner, x, y float64) {
	o.Helper()
	p = o.planner(login)
	p.layer = buildings
	o.ask(`select round(ST_X(ST_Centroid(ST_Extent(geom)))), round(ST_Y(ST_Centroid(ST_Extent(geom)))) from land.parcels`, nil, &x, &y)
	return p, x, y
}

// put draws an area, and answers what the new feature is called.
func (p *planner) put(shape geom.T, properties map[string]any) string {
	p.Helper()
	set := p.do(working.Operation{Kind: working.Put, Shapes: []geom.T{shape}, Properties: properties})
	for _, ref := range set.Steps[set.Done-1].Features() {
		return ref.ID
	}
	return ""
}

// area is that of a feature of the set in the plane, all its parts together.
func (p *planner) area(id string) float64 {
	p.Helper()
	shape := p.open().Present()[working.Ref{Layer: p.layer, ID: id}]
	switch shape := shape.(type) {
	case *geom.MultiPolygon:
		return math.Abs(shape.Area())
	case *geom.Polygon:
		return math.Abs(shape.Area())
	}
	p.Fatalf("%s is %v", id, shape)
	return 0
}

// covers checks the area of a feature of the set.
func (p *planner) covers(id string, want float64, what string) {
	p.Helper()
	if got := p.area(id); math.Abs(got-want) > 0.3 {
		p.Errorf("%s: %s covers %.3f m², want %.3f", what, id, got, want)
	}
}

func TestEveryOperationOnFreeShapes(t *testing.T) {
	o := newVillage(t)
	p, x, y := o.builder("anne")
	a := p.put(square(x, y, 10), map[string]any{"kind": "01", "name": "Hangar"})
	b := p.put(square(x+20, y, 10), map[string]any{"kind": "02"})
	p.covers(a, 100, "put")
	to := func(id string) []string { return []string{id} }
	pos := func(x, y float64) []working.Position { return []working.Position{{x, y}} }

	p.do(working.Operation{Kind: working.Move, IDs: to(b), From: pos(0+x, y), To: pos(x+1, y+2)})
	p.covers(b, 100, "move")
	p.do(working.Operation{Kind: working.Rotate, IDs: to(b), Angle: 45})
	p.covers(b, 100, "rotate")
	p.do(working.Operation{Kind: working.Rotate, IDs: to(b), Angle: -45, From: pos(x, y)})
	p.do(working.Operation{Kind: working.Scale, IDs: to(b), Factor: 2})
	p.covers(b, 400, "scale")
	p.undo(4)
	p.covers(b, 100, "taken back")
	p.do(working.Operation{Kind: working.Buffer, IDs: to(b), Width: 1, Corners: layers.Mitre})
	p.covers(b, 144, "buffer")
	p.do(working.Operation{Kind: working.Offset, IDs: to(b), Width: -1, Corners: layers.Mitre})
	p.covers(b, 100, "offset")
	set := p.do(working.Operation{Kind: working.Buffer, IDs: to(b), Width: 1, Corners: layers.Mitre, Copy: true})
	if n := len(set.Present()); n != 3 {
		t.Errorf("%d features after one was made beside", n)
	}
	p.undo(1)

	set = p.do(working.Operation{Kind: working.Split, Line: []working.Position{{x - 5, y + 4}, {x + 15, y + 4}}})
	if n := len(set.Present()); n != 3 {
		t.Fatalf("split into %d", n)
	}
	p.covers(a, 60, "split")
	const half = "new/3" // the second was put
	p.covers(half, 40, "split")
	p.do(working.Operation{Kind: working.Reshape, IDs: to(a), Line: []working.Position{{x, y + 10}, {x + 5, y + 14}, {x + 10, y + 10}}})
	p.covers(a, 80, "reshape")
	p.do(working.Operation{Kind: working.Merge, IDs: []string{a, half}})
	p.covers(a, 120, "merge")
	p.do(working.Operation{Kind: working.CutHole, IDs: to(a), Shapes: []geom.T{square(x+2, y+2, 2)}})
	p.do(working.Operation{Kind: working.CutHole, IDs: to(a), Shapes: []geom.T{square(x+6, y+2, 2)}})
	p.covers(a, 112, "holes")
	p.do(working.Operation{Kind: working.FillHole, IDs: to(a), To: pos(x+3, y+3)})
	p.covers(a, 116, "fill one hole")
	p.do(working.Operation{Kind: working.FillHole, IDs: to(a)})
	p.covers(a, 120, "fill all holes")
	p.do(working.Operation{Kind: working.Collect, IDs: []string{a, b}})
	p.covers(a, 220, "collect")
	set = p.do(working.Operation{Kind: working.Explode, IDs: to(a)})
	if n := len(set.Present()); n != 2 {
		t.Errorf("exploded into %d", n)
	}
	states := []string{shapes(set)}
	for range set.Steps {
		states = append(states, shapes(p.undo(1)))
	}
	for i := len(states) - 2; i >= 0; i-- {
		if shapes(p.undo(-1)) != states[i] {
			t.Fatalf("done again, the shapes are not the very same %d steps before the end", i)
		}
	}
	p.working = working.New(o.service, o.pool)
	if shapes(p.open()) != states[0] {
		t.Error("the shapes are others after a restart")
	}
	saved := p.save()
	var stored, invalid, named int
	var area float64
	o.ask(`select count(*), count(*) filter (where not ST_IsValid(geom)), count(*) filter (where name = 'Hangar'), sum(ST_Area(geom)) from land.buildings`, nil, &stored, &invalid, &named, &area)
	if saved.Created != 2 || stored != 2 || invalid > 0 || named == 0 || math.Abs(area-220) > 0.3 {
		t.Errorf("%+v: %d buildings of %.2f m², %d not valid, %d named", saved, stored, area, invalid, named)
	}
	// Of what is stored: replace, remove.
	var ids []string
	o.ask(`select array_agg(id::text order by id) from land.buildings`, nil, &ids)
	p.do(working.Operation{Kind: working.Replace, IDs: ids[:1], Shapes: []geom.T{square(x+40, y, 5)}})
	p.do(working.Operation{Kind: working.Remove, IDs: ids[1:]})
	if saved = p.save(); saved.Changed != 1 || saved.Deleted != 1 {
		t.Errorf("%+v", saved)
	}
	o.ask(`select count(*), sum(ST_Area(geom)) from land.buildings`, nil, &stored, &area)
	if stored != 1 || area != 25 {
		t.Errorf("%d buildings of %v m²", stored, area)
	}
}

func TestShapesThatAreNotValidAreRefusedWithAMend(t *testing.T) {
	o := newVillage(t)
	p, x, y := o.builder("anne")
	bow := geom.NewPolygonFlat(geom.XY, []float64{x, y, x + 10, y + 10, x + 10, y, x, y + 10, x, y}, []int{10}).SetSRID(lambert)
	_, err := p.try(working.Operation{Kind: working.Put, Shapes: []geom.T{bow}, Properties: map[string]any{"kind": "01"}})
	refusal, ok := err.(*working.Refusal)
	if !ok || refusal.Kind != working.Invalid || refusal.Mend == nil || refusal.Detail == "" || math.Hypot(refusal.Where[0]-x-5, refusal.Where[1]-y-5) > 0.01 {
		t.Fatalf("%#v", err)
	}
	id := p.put(refusal.Mend, map[string]any{"kind": "01"})
	p.covers(id, 50, "the mend")

	p.refused(coverage.TooFar, working.Operation{Kind: working.Put, Shapes: []geom.T{square(x+50_000, y, 10)}})
	p.refused(layers.Missed, working.Operation{Kind: working.Split, IDs: []string{id}, Line: []working.Position{{x - 10, y - 10}, {x - 5, y - 5}}})
	p.refused(layers.Missed, working.Operation{Kind: working.Split, Line: []working.Position{{x - 10, y - 10}, {x - 5, y - 5}}})
	p.refused(layers.Missed, working.Operation{Kind: working.FillHole, IDs: []string{id}})
	p.refused(layers.NothingLeft, working.Operation{Kind: working.Buffer, IDs: []string{id}, Width: -20})
	if _, err := p.try(working.Operation{Kind: working.Remove, IDs: []string{"nothing"}}); err == nil {
		t.Error("what is not there was removed")
	}
	p.refused("unfit", working.Operation{Kind: working.Put, Shapes: []geom.T{geom.NewPointFlat(geom.XY, []float64{x, y}).SetSRID(lambert)}})
	for _, op := range []working.Operation{
		{Kind: working.Put}, {Kind: working.Replace, IDs: []string{id}}, {Kind: working.Buffer, IDs: []string{id}}, {Kind: working.Scale, IDs: []string{id}},
		{Kind: working.Rotate, IDs: []string{id}, Angle: 360}, {Kind: working.Merge, IDs: []string{id}}, {Kind: working.Regain, IDs: []string{id}},
		{Kind: working.Rotate, IDs: []string{id}, Angle: math.NaN()}, {Kind: working.CutRoad, Line: []working.Position{{x, y}, {x, y}}, Width: 3},
		{Kind: working.Move, IDs: []string{id}, From: []working.Position{{1}}, To: []working.Position{{1, 2}}},
		{Kind: working.Put, Layer: parcels, Shapes: []geom.T{square(x, y, 1)}},
		{Kind: working.Put, Shapes: []geom.T{square(x, y, 1)}, Properties: map[string]any{"kind": "99"}},
		{Kind: working.Put, Shapes: []geom.T{square(x, y, 1)}, Properties: map[string]any{"colour": "red"}},
	} {
		_, err := p.try(op)
		if layers.KindOf(err) != layers.Invalid {
			t.Errorf("%+v: %v", op, err)
		}
	}
	if n := len(p.open().Steps); n != 1 {
		t.Errorf("%d steps: something refused was kept", n)
	}
}

func TestWhatIsDrawnHasItsFormBeforeItIsSaved(t *testing.T) {
	o := newVillage(t)
	o.exec(`alter table land.buildings alter column name set not null`) // as a layer that asks for more
	p, x, y := o.builder("anne")
	id := p.put(square(x, y, 10), nil)
	saved, err := p.working.Save(context.Background(), p.viewer, p.layer, p.revision)
	if err == nil && len(saved.Faults) == 0 {
		t.Fatalf("%+v", saved)
	}
	set := p.do(working.Operation{Kind: working.Describe, IDs: []string{id}, Properties: map[string]any{"name": "Grange", "levels": 2}})
	if given := set.Given(working.Ref{Layer: buildings, ID: id}); given["name"] != "Grange" {
		t.Errorf("%v", given)
	}
	p.undo(1)
	p.undo(-1)
	p.save()
	var name, kind, owner string
	var levels int
	o.ask(`select name, kind, collectivity, levels from land.buildings`, nil, &name, &kind, &owner, &levels)
	if name != "Grange" || kind != "01" || owner != o.code || levels != 2 {
		t.Errorf("%s %s %s %d", name, kind, owner, levels)
	}
	var stored string
	o.ask(`select id::text from land.buildings`, nil, &stored)
	p.refused(coverage.Unknown, working.Operation{Kind: working.Describe, IDs: []string{stored}, Properties: map[string]any{"name": "Autre"}})
}

func TestTwoWhoChangeOneFreeShape(t *testing.T) {
	o := newVillage(t)
	mine, x, y := o.builder("anne")
	theirs, _, _ := o.builder("bob")
	mine.put(square(x, y, 10), map[string]any{"kind": "01"})
	mine.save()
	var id string
	o.ask(`select id::text from land.buildings`, nil, &id)
	ref := working.Ref{Layer: buildings, ID: id}
	mine.do(working.Operation{Kind: working.Move, IDs: []string{id}, From: []working.Position{{x, y}}, To: []working.Position{{x + 3, y}}})
	theirs.do(working.Operation{Kind: working.Move, IDs: []string{id}, From: []working.Position{{x, y}}, To: []working.Position{{x, y + 50}}})
	theirs.save()
	saved, err := mine.working.Save(t.Context(), mine.viewer, buildings, mine.revision)
	if err != nil || len(saved.Conflicts) != 1 || saved.Conflicts[0].Ref != ref || saved.Conflicts[0].Mine == nil || saved.Conflicts[0].Theirs() == nil {
		t.Fatalf("%+v, %v", saved, err)
	}
	set, given, _, err := mine.settle(map[working.Ref]working.Choice{ref: working.Mine})
	if err != nil || len(given) > 0 {
		t.Fatalf("%v, %v", given, err)
	}
	mine.revision = set.Revision
	mine.save()
	var east, north float64
	o.ask(`select ST_XMin(geom), ST_YMin(geom) from land.buildings`, nil, &east, &north)
	if east != x+3 || north != y {
		t.Errorf("it is at %v %v, want %v %v", east, north, x+3, y)
	}
}
