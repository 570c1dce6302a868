package working_test

import (
	"testing"

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
	set, given, err := o.working.Resolve(t.Context(), mine.viewer, parcels, mine.revision, parcel(id), working.Theirs)
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

func TestMineOverTheirsLeavesNoLandTwiceOrBare(t *testing.T) {
	o, id, mine, _ := both(t)
	o.sound(func() {
		set, given, err := o.working.Resolve(t.Context(), mine.viewer, parcels, mine.revision, parcel(id), working.Mine)
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
	_, _, err = o.working.Resolve(t.Context(), p.viewer, parcels, p.revision, parcel(id), working.Mine)
	o.fails(layers.Conflict, err)
	_, _, err = o.working.Resolve(t.Context(), p.viewer, parcels, p.revision, parcel("nothing"), working.Mine)
	o.fails(layers.NotFound, err)
	set, given, err := o.working.Resolve(t.Context(), p.viewer, parcels, p.revision, parcel(id), working.Theirs)
	if err != nil || len(given) != 1 || set.Revision != 0 {
		t.Errorf("%v, %v, %v", set, given, err)
	}
}
