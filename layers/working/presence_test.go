package working_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"arpent/layers"
	"arpent/layers/working"
)

func (p *planner) others() []working.Other {
	p.Helper()
	others, revision, err := p.working.Others(context.Background(), p.viewer, p.layer)
	if err != nil {
		p.Fatal(err)
	}
	if revision != p.revision {
		p.Errorf("revision %d, want %d", revision, p.revision)
	}
	return others
}

func TestOthersAtWorkAreTold(t *testing.T) {
	o := newVillage(t)
	mine, theirs := o.planner("anne"), o.planner("bob")
	ids := o.largest(2)
	theirs.do(split(ids[0], o.across(ids[0])))
	theirs.do(split(ids[1], o.across(ids[1])))
	others := mine.others()
	if len(others) != 1 || others[0].Who != "bob" || len(others[0].Features) < 2 || others[0].View != nil {
		t.Fatalf("%+v", others)
	}
	b := o.box(ids[0])
	if box := others[0].Around; box.MaxX-box.MinX < b.Max[0]-b.Min[0] {
		t.Errorf("%+v", box)
	}
	theirs.undo(2)
	if others := mine.others(); len(others) > 0 {
		t.Errorf("who has taken all back still holds %+v", others)
	}
}

func TestWhoHasOnlyOpenedALayerIsTold(t *testing.T) {
	o := newVillage(t)
	mine, theirs := o.planner("anne"), o.planner("bob")
	ctx, ending := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = o.store.Listen(ctx, working.Channel, o.working.Knock) }()
	knocks := o.working.Subscribe(ctx)
	<-knocks // it listens
	knocked := func() {
		t.Helper()
		if layer := <-knocks; layer != parcels {
			t.Errorf("knock of %q", layer)
		}
	}
	stream, view := uuid.NewString(), layers.BBox{MinX: 1, MinY: 2, MaxX: 3, MaxY: 4, SRID: 3857}
	if err := o.working.Enter(ctx, theirs.viewer, parcels, stream, nil, view); err != nil {
		t.Fatal(err)
	}
	knocked()
	others := mine.others()
	if len(others) != 1 || others[0].Who != "bob" || *others[0].View != view || others[0].Around != nil || len(others[0].Chosen) > 0 {
		t.Fatalf("%+v", others)
	}
	if len(theirs.others()) > 0 {
		t.Error("one is told of oneself")
	}
	id := string(o.largest(1)[0])
	if err := o.working.Enter(ctx, theirs.viewer, parcels, stream, []string{id}, view); err != nil {
		t.Fatal(err)
	}
	knocked()
	if others = mine.others(); len(others) != 1 || len(others[0].Chosen) != 1 || others[0].Chosen[0] != id {
		t.Errorf("%+v", others)
	}
	// The window of one is not moved or closed by another.
	if err := o.working.Enter(ctx, mine.viewer, parcels, stream, nil, layers.World); err != nil {
		t.Fatal(err)
	}
	if err := o.working.Leave(ctx, mine.viewer, stream); err != nil {
		t.Fatal(err)
	}
	if others = mine.others(); len(others) != 1 || len(others[0].Chosen) != 1 {
		t.Errorf("%+v", others)
	}
	if err := o.working.Stay(ctx, stream); err != nil { // nothing that others need to hear
		t.Fatal(err)
	}
	theirs.do(split(o.largest(1)[0], o.across(o.largest(1)[0])))
	knocked()
	if others = mine.others(); len(others) != 1 || len(others[0].Features) == 0 || others[0].View == nil {
		t.Errorf("%+v", others)
	}
	if err := o.working.Leave(ctx, theirs.viewer, stream); err != nil {
		t.Fatal(err)
	}
	knocked()
	if others = mine.others(); len(others) != 1 || others[0].View != nil {
		t.Errorf("%+v", others)
	}
	ending()
	<-stopped
}

func TestAWindowThatGivesNoSignIsForgotten(t *testing.T) {
	o := newVillage(t)
	mine, theirs := o.planner("anne"), o.planner("bob")
	stream := uuid.NewString()
	if err := o.working.Enter(t.Context(), theirs.viewer, parcels, stream, nil, layers.BBox{}); err != nil {
		t.Fatal(err)
	}
	o.exec(`update arpent.presence set seen_at = now() - interval '1 hour'`)
	if others := mine.others(); len(others) > 0 {
		t.Errorf("%+v", others)
	}
	if err := o.working.Stay(t.Context(), uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	var left int
	if o.ask(`select count(*) from arpent.presence`, nil, &left); left > 0 {
		t.Errorf("%d are left", left)
	}
	o.fails(layers.Unauthorized, o.working.Enter(t.Context(), layers.Viewer{}, parcels, stream, nil, layers.BBox{}))
}
