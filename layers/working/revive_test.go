package working_test

import (
	"math"
	"testing"

	"arpent/layers"
	"arpent/layers/working"
)

// unsaved is what keeps the set of a planner from being saved.
func (p *planner) unsaved() []working.Conflict {
	p.Helper()
	saved, err := p.working.Save(p.Context(), p.viewer, p.layer, p.revision)
	if err != nil {
		p.Fatal(err)
	}
	if len(saved.Conflicts) == 0 {
		p.Fatalf("it was saved: %+v", saved)
	}
	return saved.Conflicts
}

func TestAMovedNodeAndItsEdgesAreOneQuestion(t *testing.T) {
	o := newWorks(t)
	mine, theirs := o.sewerman("anne"), o.sewerman("bob")
	q := o.pipe(long)
	to := func(dx, dy float64) []working.Position { return []working.Position{{q.to[0] + dx, q.to[1] + dy}} }
	from := []working.Position{q.to}
	mine.do(working.Operation{Kind: working.MoveNode, From: from, To: to(1, 0)})
	theirs.do(working.Operation{Kind: working.MoveNode, From: from, To: to(0, 1)})
	theirs.save()
	conflicts := mine.unsaved()
	if len(conflicts) < 3 {
		t.Fatalf("%d conflicts, want a node and two pipes", len(conflicts))
	}
	leader := conflicts[0].With
	for _, c := range conflicts {
		if c.With != leader || c.With.Layer != nodes {
			t.Errorf("%v is settled with %v, and %v with %v", conflicts[0].Ref, leader, c.Ref, c.With)
		}
	}
	contrary := map[working.Ref]working.Choice{leader: working.Mine, conflicts[len(conflicts)-1].Ref: working.Theirs}
	_, _, _, err := mine.settle(contrary)
	o.fails(layers.Invalid, err)
	_, given, open, err := mine.settle(map[working.Ref]working.Choice{leader: working.Mine})
	if err != nil || len(given) > 0 || len(open) > 0 {
		t.Fatalf("%v, %v, %v", given, open, err)
	}
	mine.save()
	o.joined()
	var x, y float64
	o.ask(`select ST_X(geom), ST_Y(geom) from sewerage.nodes where id = $1::bigint`, []any{leader.ID}, &x, &y)
	if math.Abs(x-q.to[0]-1) > 0.002 || math.Abs(y-q.to[1]) > 0.002 {
		t.Errorf("the node is at %.3f %.3f, not where mine moved it from %v", x, y, q.to)
	}
}

func TestWhatOthersDeletedOfANetworkIsBroughtBack(t *testing.T) {
	o := newWorks(t)
	mine, theirs := o.sewerman("anne"), o.sewerman("bob")
	q := o.pipe(long)
	o.exec(`update sewerage.pipes set diameter = 123, notes = 'sous la place' where id = $1::bigint`, q.id)
	before := o.counted()
	mine.do(working.Operation{Kind: working.MoveNode, From: []working.Position{q.to}, To: []working.Position{{q.to[0] + 1, q.to[1]}}})
	mine.do(working.Operation{Kind: working.PutNode, IDs: []string{q.id}, To: []working.Position{q.at(0.4)}, Width: 2})
	theirs.do(working.Operation{Kind: working.DeleteNode, From: []working.Position{q.to}})
	theirs.save()
	conflicts := mine.unsaved()
	for _, c := range conflicts {
		if c.Current != nil || c.Lost || c.With != conflicts[0].With {
			t.Errorf("%+v", c)
		}
	}
	set, given, open, err := mine.settle(all(conflicts, working.Mine))
	if err != nil || len(given) > 0 || len(open) > 0 {
		t.Fatalf("%v, %v, %v", given, open, err)
	}
	differing, err := o.working.Differing(mine.viewer, set)
	if err != nil {
		t.Fatal(err)
	}
	anew := 0
	for _, d := range differing {
		if d.Anew {
			anew++
		}
	}
	if anew != len(conflicts) {
		t.Errorf("%d features are told to come back, want %d", anew, len(conflicts))
	}
	saved := mine.save()
	if len(saved.Faults) > 0 || saved.Deleted > 0 {
		t.Fatalf("%+v", saved)
	}
	o.joined()
	var diameter int
	var notes string
	var length float64
	o.ask(`select diameter, notes, ST_Length(geom) from sewerage.pipes where id = $1::bigint`, []any{q.id}, &diameter, &notes, &length)
	if diameter != 123 || notes != "sous la place" || length > 0.7*q.length {
		t.Errorf("%d mm, %q, %.2f m of %.2f came back", diameter, notes, length, q.length)
	}
	if now := o.counted(); now != before+2 { // a manhole, and what it divides
		t.Errorf("%d pipes and nodes, %d before", now, before)
	}
}

func TestAParcelThatOthersMergedIsBroughtBackWithItsLand(t *testing.T) {
	o := newVillage(t)
	mine, theirs := o.planner("anne"), o.planner("bob")
	a, b := o.neighbours()
	var area float64
	o.ask(`select ST_Area(geom) from land.parcels where id = $1`, []any{b}, &area)
	mine.do(split(b, o.across(b)))
	theirs.do(working.Operation{Kind: working.Merge, IDs: []string{a, b}})
	o.sound(func() {
		theirs.save()
		conflicts := mine.unsaved()
		_, given, open, err := mine.settle(all(conflicts, working.Mine))
		if err != nil || len(given) > 0 || len(open) > 0 {
			t.Fatalf("%v, %v, %v", given, open, err)
		}
		saved := mine.save()
		var now float64
		o.ask(`select sum(ST_Area(geom)) from land.parcels where id in ($1, $2)`, []any{b, saved.IDs[parcel(b+"/2")]}, &now)
		if math.Abs(now-area) > 0.05 {
			t.Errorf("%.3f m² came back of %.3f", now, area)
		}
	})
}

func TestWhoMayNotCreateIsToldThatWhatWasDeletedIsLost(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	p.do(split(id, o.across(id)))
	_, err := o.service.Transact(t.Context(), commandLine, layers.Transaction{Edits: []layers.Edit{{Op: layers.Delete, Layer: parcels, ID: id}}})
	if err != nil {
		t.Fatal(err)
	}
	o.exec(`delete from arpent.history where feature = $1`, id) // nor could anybody
	conflicts := p.unsaved()
	if !conflicts[0].Lost {
		t.Fatalf("%+v", conflicts)
	}
	_, _, _, err = p.settle(all(conflicts, working.Mine))
	o.fails(layers.Conflict, err)
}

// counted are the pipes and nodes there are.
func (o *office) counted() (n int) {
	o.Helper()
	o.ask(`select (select count(*) from sewerage.pipes) + (select count(*) from sewerage.nodes)`, nil, &n)
	return n
}
