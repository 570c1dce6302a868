package working_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"arpent/layers"
	"arpent/layers/working"
)

// both are two people who have each split the same parcel their way; the second
// has saved.
func both(t *testing.T) (o *office, id string, mine *planner, conflicts []working.Conflict) {
	o = newVillage(t)
	mine = o.planner("anne")
	theirs := o.planner("bob")
	id = o.largest(1)[0]
	mine.do(split(id, o.across(id)))
	theirs.do(split(id, o.upright(id)))
	theirs.save()
	saved, err := o.working.Save(t.Context(), mine.viewer, parcels, mine.revision)
	if err != nil {
		t.Fatal(err)
	}
	if len(saved.Conflicts) == 0 || saved.Changed+saved.Created+saved.Deleted > 0 {
		t.Fatalf("%+v", saved)
	}
	return o, id, mine, saved.Conflicts
}

func TestTwoWhoSplitOneParcelLoseNothing(t *testing.T) {
	o, id, mine, conflicts := both(t)
	after := o.table()
	c := conflicts[0]
	if c.ID != id || c.Mine == nil || c.Theirs() == nil || c.Current == nil {
		t.Fatalf("%+v", c)
	}
	if n := len(mine.open().Steps); n != 1 {
		t.Errorf("%d steps are left of those that were not saved", n)
	}
	set, given, _, err := mine.settle(all(conflicts, working.Theirs))
	if err != nil || len(given) != 1 || len(set.Present()) > 0 {
		t.Fatalf("%v, %v, %v", set, given, err)
	}
	mine.revision = set.Revision
	if o.table() != after {
		t.Error("to take theirs has changed what is stored")
	}
	o.sound(func() {
		mine.do(split(id, o.across(id)))
		mine.save()
	})
}

func TestAConflictWithoutAChoiceIsOfferedAgain(t *testing.T) {
	o := newVillage(t)
	mine, theirs := o.planner("anne"), o.planner("bob")
	ids := o.largest(2)
	for _, id := range ids {
		mine.do(split(id, o.across(id)))
		theirs.do(split(id, o.upright(id)))
	}
	theirs.save()
	set, given, open, err := mine.settle(map[working.Ref]working.Choice{parcel(ids[0]): working.Mine})
	if err != nil || len(open) != 2 || len(given) > 0 || len(set.Steps) != 2 {
		t.Fatalf("%v, %v, %v", given, open, err)
	}
	choices := all(open, working.Theirs)
	choices[parcel(ids[0])] = working.Mine
	o.sound(func() {
		set, given, open, err = mine.settle(choices)
		if err != nil || len(open) > 0 || len(given) != 1 || len(set.Steps) != 2 { // regained and split
			t.Fatalf("%d steps, %v, %v, %v", len(set.Steps), given, open, err)
		}
		mine.save()
	})
}

func TestMineOverTheirsLeavesNoLandTwiceOrBare(t *testing.T) {
	o, _, mine, conflicts := both(t)
	o.sound(func() {
		set, given, _, err := mine.settle(all(conflicts, working.Mine))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d steps given up", len(given))
		mine.revision = set.Revision
		mine.save()
	})
}

func TestWhatOthersChangedBesideTheShapeIsKept(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	p.do(split(id, o.across(id)))
	other := o.planner("bob")
	_, err := o.service.Transact(t.Context(), other.viewer, layers.Transaction{Edits: []layers.Edit{{Op: layers.Update, Layer: parcels, ID: id, Properties: map[string]any{"address": "Rue neuve", "registered_area": 4000}}}})
	if err != nil {
		t.Fatal(err)
	}
	saved := p.save()
	for name := range map[string]bool{id: true, saved.IDs[parcel(id+"/2")]: true} {
		var address string
		o.ask(`select address from land.parcels where id = $1`, []any{name}, &address)
		if address != "Rue neuve" {
			t.Errorf("%s is at %q", name, address)
		}
	}
	var sum int
	o.ask(`select sum(registered_area) from land.parcels where id in ($1, $2)`, []any{id, saved.IDs[parcel(id+"/2")]}, &sum)
	if sum != 4000 {
		t.Errorf("%d m² are registered", sum)
	}
}

func TestAFeatureThatOthersDeletedIsAConflict(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	p.do(split(id, o.across(id)))
	_, err := o.service.Transact(t.Context(), commandLine, layers.Transaction{Edits: []layers.Edit{{Op: layers.Delete, Layer: parcels, ID: id}}})
	if err != nil {
		t.Fatal(err)
	}
	saved, err := o.working.Save(t.Context(), p.viewer, parcels, p.revision)
	if err != nil || len(saved.Conflicts) != 1 || saved.Conflicts[0].Current != nil {
		t.Fatalf("%+v, %v", saved, err)
	}
	_, _, open, err := p.settle(map[working.Ref]working.Choice{parcel("nothing"): working.Mine})
	if err != nil || len(open) != 1 {
		t.Errorf("%v, %v", open, err)
	}
	set, given, _, err := p.settle(map[working.Ref]working.Choice{parcel(id): working.Theirs})
	if err != nil || len(given) != 1 || set.Revision != 0 {
		t.Errorf("%v, %v, %v", set, given, err)
	}
}

// settle settles conflicts.
func (p *planner) settle(choices map[working.Ref]working.Choice) (*working.Set, []working.Step, []working.Conflict, error) {
	p.Helper()
	set, given, open, err := p.working.Resolve(context.Background(), p.viewer, p.layer, p.revision, choices)
	if err == nil {
		p.revision = set.Revision
	}
	return set, given, open, err
}

// all makes the same choice for all conflicts.
func all(conflicts []working.Conflict, choice working.Choice) map[working.Ref]working.Choice {
	choices := map[working.Ref]working.Choice{}
	for _, c := range conflicts {
		choices[c.Ref] = choice
	}
	return choices
}

// vacant is a square of free land beside the parcels.
func (o *office) vacant() orb.MultiPolygon {
	o.Helper()
	var b orb.Bound
	o.ask(`select ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) from (select ST_Extent(geom) as e from land.parcels) p`, nil, &b.Min[0], &b.Min[1], &b.Max[0], &b.Max[1])
	return rectangle(b.Max[0]+100, b.Max[1]+100, b.Max[0]+140, b.Max[1]+140)
}

// drawn is a parcel on free land with all that it must have.
func (o *office) drawn(region orb.MultiPolygon, number int) working.Operation {
	return working.Operation{Kind: working.Draw, Region: region, Properties: map[string]any{
		"id": fmt.Sprintf("%s000ZZ%04d", o.code, number), "prefix": "000", "section": "ZZ", "number": number,
	}}
}

// bothDraw are two people who have drawn on the same free land; the second has
// saved.
func bothDraw(t *testing.T) (o *office, mine *planner, conflicts []working.Conflict) {
	o = newVillage(t)
	mine = o.planner("anne")
	theirs := o.planner("bob")
	region := o.vacant()
	b := region.Bound()
	mine.do(o.drawn(region, 1))
	theirs.do(o.drawn(rectangle(b.Min[0]+30, b.Min[1], b.Max[0]+30, b.Max[1]), 2))
	theirs.save()
	saved, err := o.working.Save(t.Context(), mine.viewer, parcels, mine.revision)
	if err != nil {
		t.Fatal(err)
	}
	if len(saved.Conflicts) != 1 || saved.Created > 0 {
		t.Fatalf("%+v", saved)
	}
	if c := saved.Conflicts[0]; c.Land == nil || c.Mine == nil || c.Current == nil || c.ID == "" {
		t.Fatalf("%+v", c)
	}
	return o, mine, saved.Conflicts
}

// areaOf is that of the parcel with a number that was drawn.
func (o *office) areaOf(number int) (area float64) {
	o.Helper()
	o.ask(`select coalesce(sum(ST_Area(geom)), 0) from land.parcels where section = 'ZZ' and number = $1`, []any{number}, &area)
	return area
}

func TestTwoWhoDrawOnTheSameFreeLandDoNotOverlap(t *testing.T) {
	for choice, want := range map[working.Choice][2]float64{working.Theirs: {30 * 40, 40 * 40}, working.Mine: {40 * 40, 30 * 40}} {
		t.Run(string(choice), func(t *testing.T) {
			o, mine, conflicts := bothDraw(t)
			_, twice := o.land()
			_, given, open, err := mine.settle(all(conflicts, choice))
			if err != nil || len(given) > 0 || len(open) > 0 {
				t.Fatalf("%v, %v, %v", given, open, err)
			}
			mine.save()
			if _, now := o.land(); now > twice+0.01 {
				t.Errorf("%.3f m² are covered twice, and were %.3f", now, twice)
			}
			for i := range want {
				if got := o.areaOf(i + 1); math.Abs(got-want[i]) > 0.01 {
					t.Errorf("parcel %d has %.3f m², want %.3f", i+1, got, want[i])
				}
			}
		})
	}
}

func TestNeighboursThatOnlyGotAVertexAreNoMatterOfChoice(t *testing.T) {
	o := newVillage(t)
	mine, theirs := o.planner("anne"), o.planner("bob")
	a, b := o.neighbours()
	mine.do(split(a, o.across(a)))
	theirs.do(split(b, o.across(b)))
	o.sound(func() {
		theirs.save()
		mine.save()
	})
}
