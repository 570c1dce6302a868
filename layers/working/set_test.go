package working_test

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"arpent/layers"
	"arpent/layers/postgis/postgistest"
	"arpent/layers/working"
)

func TestStepsAreTakenBackAndDoneAgainWithoutLimit(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	before := o.table()
	const steps = 60
	states := []string{shapes(p.open())}
	ids := o.largest(steps)
	for _, id := range ids {
		states = append(states, shapes(p.do(split(id, o.across(id)))))
	}
	for n := steps - 1; n >= 0; n-- {
		if shapes(p.undo(1)) != states[n] {
			t.Fatalf("taken back to step %d the shapes are not what they were", n)
		}
	}
	for n := 1; n <= steps; n++ {
		if shapes(p.undo(-1)) != states[n] {
			t.Fatalf("done again, step %d gives other shapes", n)
		}
	}
	if set := p.undo(steps + 5); set.Done != 0 || len(set.Steps) != steps {
		t.Errorf("%d of %d steps are done after more were taken back than there are", set.Done, len(set.Steps))
	}
	if set := p.undo(-steps - 5); set.Done != steps {
		t.Errorf("%d steps are done after more were done again than there are", set.Done)
	}
	p.undo(10)
	if set := p.do(split(ids[steps-1], o.upright(ids[steps-1]))); len(set.Steps) != steps-9 {
		t.Errorf("%d steps: what was taken back is not forgotten with the next operation", len(set.Steps))
	}
	if o.table() != before {
		t.Error("something was stored before it was saved")
	}
}

func TestASetSurvivesARestartOfTheServer(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	was := p.do(split(id, o.across(id)))
	p.working = working.New(o.service, o.pool)
	now := p.open()
	if shapes(now) != shapes(was) || now.Revision != was.Revision || !now.Since.Equal(was.Since) {
		t.Errorf("the set is another one after a restart")
	}
	if o.sound(func() { p.save() }); p.open().Revision != 0 {
		t.Error("the set is still there after it was saved")
	}
}

func TestTwoWindowsDoNotGoOverEachOther(t *testing.T) {
	o := newVillage(t)
	one := o.planner("anne")
	two := *one
	ids := o.largest(2)
	one.do(split(ids[0], o.across(ids[0])))
	_, err := two.try(split(ids[1], o.across(ids[1])))
	o.fails(layers.Conflict, err)
	_, err = o.working.Undo(t.Context(), two.viewer, parcels, two.revision, 1)
	o.fails(layers.Conflict, err)
	_, err = o.working.Save(t.Context(), two.viewer, parcels, two.revision)
	o.fails(layers.Conflict, err)
	o.fails(layers.Conflict, o.working.Discard(t.Context(), two.viewer, parcels, two.revision))
	two.revision = two.open().Revision
	two.do(split(ids[1], o.across(ids[1])))
	_, err = one.try(split(ids[1], o.upright(ids[1])))
	o.fails(layers.Conflict, err)
	if n := len(one.open().Steps); n != 2 {
		t.Errorf("%d steps, want those of both windows", n)
	}
}

func TestWhatIsSavedTwiceAtOnceIsSavedOnce(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	var at orb.Point
	o.ask(`select ST_X(c), ST_Y(c) from land.parcels, ST_PointOnSurface(geom) c where id = $1`, []any{o.largest(1)[0]}, &at[0], &at[1])
	p.do(working.Operation{Kind: working.Draw, Region: rectangle(at[0]-2, at[1]-2, at[0]+2, at[1]+2), Over: true})
	set := p.open()
	var count int
	o.ask(`select count(*) from land.parcels`, nil, &count)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { _, _ = o.working.Save(context.Background(), p.viewer, parcels, set.Revision) })
	}
	all.Wait()
	var now int
	o.ask(`select count(*) from land.parcels`, nil, &now)
	if now != count+1 {
		t.Errorf("%d parcels were made, want one", now-count)
	}
}

func TestAServerThatStopsBetweenSavingAndForgettingDoesNotSaveAgain(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	p.do(split(id, o.across(id)))
	o.exec(`create table kept as select * from arpent.working_set`)
	p.save()
	after := o.table()
	o.exec(`insert into arpent.working_set overriding system value select * from kept`)
	p.working = working.New(o.service, o.pool)
	if set := p.open(); set.Revision != 0 || len(set.Steps) > 0 {
		t.Errorf("what was saved is shown as if it was not: revision %d", set.Revision)
	}
	p.do(split(id, o.upright(id)))
	if o.table() != after {
		t.Error("something was saved twice")
	}
	if saved := p.save(); saved.Created != 1 {
		t.Errorf("what was done after the stop was lost: %+v", saved)
	}
}

func TestAllIsSavedInOneTransactionWithItsCause(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	ids := o.largest(4)
	for _, id := range ids {
		p.do(split(id, o.across(id)))
	}
	var saved *working.Saved
	o.sound(func() { saved = p.save() })
	if saved.Created != len(ids) || len(saved.IDs) != len(ids) {
		t.Errorf("%+v", saved)
	}
	var causes, transactions, who, rows int
	o.ask(`select count(distinct cause), count(distinct txid), count(distinct who), count(*) from arpent.history where cause like 'session %' and who = 'anne'`, nil, &causes, &transactions, &who, &rows)
	if causes != 1 || transactions != 1 || who != 1 || rows < 2*len(ids) {
		t.Errorf("history has %d causes, %d transactions, %d rows", causes, transactions, rows)
	}
}

func TestNothingIsSavedWhenOneRecordCannotBe(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	ids := o.largest(2)
	for _, id := range ids {
		p.do(split(id, o.across(id)))
	}
	o.exec(`alter table land.parcels add constraint full_up check (number < 9999) not valid`)
	o.exec(`update land.parcels set number = 9998 where id = $1`, ids[1])
	before := o.table()
	_, err := o.working.Save(t.Context(), p.viewer, parcels, p.revision)
	if layers.KindOf(err) == "" {
		t.Fatalf("%v", err)
	}
	if o.table() != before || len(p.open().Steps) != 2 {
		t.Error("a part was stored, or the set is lost")
	}
}

func TestNumbersAndRegisteredAreasOfDividedParcels(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	o.exec(`update land.parcels set registered_area = 10007, created_on = '1950-01-01', address = 'Au bourg' where id = $1`, id)
	var highest int
	o.ask(`select max(q.number) from land.parcels q join land.parcels p using (collectivity, prefix, section) where p.id = $1`, []any{id}, &highest)
	b := o.box(id)
	side := orb.LineString{{b.Min[0], b.Min[1]}, {b.Max[0], b.Min[1]}}
	set := p.do(working.Operation{Kind: working.SplitByAreas, IDs: []string{id}, Areas: []float64{100, 77.7}, Line: working.Positions(side)})
	if got := len(set.Steps[0].After); got < 3 {
		t.Fatalf("%d pieces", got)
	}
	saved := p.save()
	made := []string{id}
	for _, other := range saved.IDs {
		made = append(made, other)
	}
	var sum, least, most, composed, dated, addressed int
	o.ask(`select sum(registered_area), min(number) filter (where id <> $2), max(number) filter (where id <> $2),
		count(*) filter (where id = collectivity || prefix || lpad(section, 2, '0') || lpad(number::text, 4, '0')), count(created_on), count(*) filter (where address = 'Au bourg')
		from land.parcels where id = any($1)`, []any{made, id}, &sum, &least, &most, &composed, &dated, &addressed)
	if sum != 10007 {
		t.Errorf("registered areas make up %d", sum)
	}
	if least != highest+1 || most != highest+len(saved.IDs) || composed != len(made) {
		t.Errorf("numbers %d to %d after %d, %d of %d are composed", least, most, highest, composed, len(made))
	}
	if dated != 1 || addressed != len(made) {
		t.Errorf("%d have the day of creation, %d of %d the address", dated, addressed, len(made))
	}
	ids := slices.Clone(made)
	// One after another: strips are neighbours in their order.
	slices.Sort(ids[1:])
	p.do(working.Operation{Kind: working.Merge, IDs: ids})
	p.save()
	o.ask(`select sum(registered_area), count(*) from land.parcels where id = any($1)`, []any{made}, &sum, &most)
	if sum != 10007 || most != 1 {
		t.Errorf("merged: %d m², %d parcels", sum, most)
	}
}

func TestASumOfWhichAPartIsNotKnownIsNotKnown(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	a, b := o.neighbours()
	o.exec(`update land.parcels set registered_area = nullif($2::integer, 0) where id = $1`, a, 500)
	o.exec(`update land.parcels set registered_area = null where id = $1`, b)
	p.do(working.Operation{Kind: working.Merge, IDs: []string{a, b}})
	p.save()
	var area *int
	o.ask(`select registered_area from land.parcels where id = $1`, []any{a}, &area)
	if area != nil {
		t.Errorf("registered as %d m², though that of a part is not known", *area)
	}
}

func TestTwoWhoNumberInOneSectionAtOnceBothSave(t *testing.T) {
	o := newVillage(t)
	var ids []string
	o.ask(`select array_agg(id) from (select id from land.parcels where section = (select section from land.parcels group by 1 order by count(*) desc limit 1)
		and ST_Area(geom) > 300 order by ST_Area(geom) desc limit 40) p`, nil, &ids)
	people := []*planner{o.planner("anne"), o.planner("bob"), o.planner("chloe"), o.planner("dan")}
	for i, p := range people {
		for k := i * 8; k < i*8+8; k++ {
			if _, err := p.try(split(ids[k], o.across(ids[k]))); err == nil && len(p.open().Steps) == 3 {
				break
			}
		}
	}
	o.sound(func() {
		var all sync.WaitGroup
		for _, p := range people {
			all.Go(func() {
				saved, err := p.working.Save(context.Background(), p.viewer, parcels, p.revision)
				switch {
				case err != nil:
					t.Errorf("%s: %v", p.login, err)
				case len(saved.Conflicts) == 0 && saved.Created == 0:
					t.Errorf("%s saved nothing", p.login)
				}
			})
		}
		all.Wait()
	})
}

func TestARightThatIsTakenAwayEndsTheEditing(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	p.do(split(id, o.across(id)))
	before := o.table()
	o.exec(`update arpent.membership set profile = 'reader' where account_id = $1`, p.viewer.UserID)
	p.viewer = postgistest.Viewer(t, o.pool, "anne")
	_, err := p.try(split(id, o.upright(id)))
	o.fails(layers.Forbidden, err)
	_, err = o.working.Save(t.Context(), p.viewer, parcels, p.revision)
	o.fails(layers.Forbidden, err)
	if o.table() != before {
		t.Error("something was saved without a right")
	}
	o.exec(`update arpent.membership set profile = 'manager' where account_id = $1`, p.viewer.UserID)
	p.viewer = postgistest.Viewer(t, o.pool, "anne")
	o.sound(func() { p.save() }) // nothing was lost
}

func TestAVertexIsDraggedOutOfABorderThatWasGrabbedBesideIt(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	a, b := o.neighbours()
	var on orb.Point
	o.ask(`select ST_X(m), ST_Y(m) from land.parcels a, land.parcels b,
		lateral (select s.geom, ST_LineInterpolatePoint(s.geom, 0.5) as m from ST_DumpSegments(a.geom) s) side
		where a.id = $1 and b.id = $2 and ST_DWithin(m, b.geom, 0.001) order by ST_Length(side.geom) desc limit 1`, []any{a, b}, &on[0], &on[1])
	set := p.do(working.Operation{
		Kind:  working.InsertVertex,
		From:  []working.Position{{on[0] + 0.1, on[1] - 0.1}},
		To:    []working.Position{{on[0] + 0.6, on[1] - 0.4}},
		Width: 0.5,
	})
	for _, id := range []string{a, b} {
		shape := set.Steps[0].After[parcel(id)]
		if shape == nil {
			t.Fatalf("%s does not follow", id)
		}
		least := math.Inf(1)
		for flat, i := shape.FlatCoords(), 0; i < len(flat); i += shape.Stride() {
			least = min(least, math.Hypot(flat[i]-on[0]-0.6, flat[i+1]-on[1]+0.4))
		}
		if least > 0.001 {
			t.Errorf("%s has no vertex where it was dragged to: the nearest is %g m away", id, least)
		}
	}
}
