package working_test

import (
	"math/rand/v2"
	"testing"

	"arpent/geo/network"
	"arpent/layers"
	"arpent/layers/postgis/postgistest"
	"arpent/layers/working"
)

func TestEveryOperationOnANetworkIsTakenBackExactly(t *testing.T) {
	o := newWorks(t)
	p := o.sewerman("anne")
	q := o.pipe(long)
	other := o.pipe(long+` and p.id <> $1::bigint and ST_Distance(p.geom, (select geom from sewerage.pipes where id = $1::bigint)) > 50`, q.id)
	at := func(positions ...working.Position) []working.Position { return positions }
	beside := func(q pipe, share, off float64) working.Position {
		dx, dy := q.to[0]-q.from[0], q.to[1]-q.from[1]
		m := q.at(share)
		return working.Position{m[0] - dy/q.length*off, m[1] + dx/q.length*off}
	}
	steps := []working.Operation{
		{Kind: working.InsertVertex, IDs: []string{q.id}, From: at(q.at(0.5)), To: at(beside(q, 0.5, 2))},
		{Kind: working.MoveVertex, IDs: []string{q.id}, From: at(beside(q, 0.5, 2)), To: at(beside(q, 0.5, 3))},
		{Kind: working.Reshape, IDs: []string{q.id}, Line: at(q.from, beside(q, 0.4, 4), beside(q, 0.6, 4), q.to)},
		{Kind: working.RemoveVertex, IDs: []string{q.id}, From: at(beside(q, 0.4, 4))},
		{Kind: working.PutNode, To: at(beside(q, 0.6, 4)), Width: 2},
		{Kind: working.Reverse, IDs: []string{other.id}},
		{Kind: working.Connect, From: at(beside(other, 0.5, 6)), IDs: []string{other.id}, Properties: map[string]any{"branch": true}},
		{Kind: working.Draw, Line: at(q.to, beside(q, 1, 9), beside(q, 1.2, 15)), Properties: map[string]any{"diameter": 200}},
		{Kind: working.MoveNode, From: at(beside(q, 1.2, 15)), To: at(beside(q, 1.2, 18))},
		{Kind: working.DeleteNode, From: at(beside(q, 0.6, 4)), Heal: true},
		{Kind: working.DeleteEdge, IDs: []string{other.id}},
	}
	states := []string{shapes(p.open())}
	for _, op := range steps {
		states = append(states, shapes(p.do(op)))
	}
	for n := len(steps) - 1; n >= 0; n-- {
		if shapes(p.undo(1)) != states[n] {
			t.Fatalf("%s is not taken back to the very same", steps[n].Kind)
		}
	}
	p.undo(-len(steps))
	p.working = working.New(o.service, o.pool)
	if shapes(p.open()) != states[len(steps)] {
		t.Error("the set is another one after a restart")
	}
	p.save()
	o.joined()

	p.refused(network.Missed, working.Operation{Kind: working.MoveNode, From: at(beside(q, 0.5, 30)), To: at(q.from)})
	p.refused(network.Taken, working.Operation{Kind: working.MoveNode, From: at(q.from), To: at(q.to)})
	p.refused(network.Missed, working.Operation{Kind: working.PutNode, To: at(beside(q, 0.5, 30))})
	p.refused(network.Missed, working.Operation{Kind: working.Reshape, IDs: []string{q.id}, Line: at(beside(q, 0.4, 40), beside(q, 0.6, 40))})
	p.refused(network.TooFar, working.Operation{Kind: working.Draw, Line: at(q.from, working.Position{q.from[0] + 50_000, q.from[1]})})
	p.refused(network.TooFew, working.Operation{Kind: working.Draw, Line: at(q.from, q.from)})
	for _, op := range []working.Operation{
		{Kind: working.MoveNode, From: at(q.from)}, {Kind: working.Draw}, {Kind: working.Reverse}, {Kind: working.Put}, {Kind: "nothing"},
		{Kind: working.Draw, Line: []working.Position{{1, 2, 3, 4}, {1, 2}}}, {Kind: working.Describe, IDs: []string{q.id}},
	} {
		_, err := p.try(op)
		o.fails(layers.Invalid, err)
	}
}

func TestTwoWhoDivideOnePipeLoseNothing(t *testing.T) {
	o := newWorks(t)
	mine, theirs := o.sewerman("anne"), o.sewerman("bob")
	q := o.pipe(long)
	ref := working.Ref{Layer: pipes, ID: q.id}
	mine.do(working.Operation{Kind: working.PutNode, To: []working.Position{q.at(0.3)}})
	theirs.do(working.Operation{Kind: working.PutNode, To: []working.Position{q.at(0.7)}})
	theirs.save()
	saved, err := mine.working.Save(t.Context(), mine.viewer, pipes, mine.revision)
	if err != nil || len(saved.Conflicts) != 1 || saved.Conflicts[0].Ref != ref {
		t.Fatalf("%+v, %v", saved, err)
	}
	_, given, _, err := mine.settle(map[working.Ref]working.Choice{ref: working.Theirs})
	if err != nil || len(given) != 1 {
		t.Fatalf("%v, %v", given, err)
	}
	mine.do(working.Operation{Kind: working.PutNode, To: []working.Position{q.at(0.3)}})
	mine.save()
	o.joined()
	var parts int
	o.ask(`select count(*) from sewerage.pipes p where ST_DWithin(p.geom, ST_SetSRID(ST_MakeLine(ST_MakePoint($1, $2), ST_MakePoint($3, $4)), 2154), 0.01) and ST_Length(p.geom) < $5
		and ST_Length(ST_Intersection(ST_Buffer(ST_SetSRID(ST_MakeLine(ST_MakePoint($1, $2), ST_MakePoint($3, $4)), 2154), 0.01), p.geom)) > 1`, []any{q.from[0], q.from[1], q.to[0], q.to[1], q.length - 1}, &parts)
	if parts != 3 {
		t.Errorf("%d parts, want three of two cuts", parts)
	}
	// A node that others move while one draws a pipe to it.
	r := o.pipe(long)
	mine.do(working.Operation{Kind: working.MoveNode, From: []working.Position{r.to}, To: []working.Position{{r.to[0] + 1, r.to[1]}}})
	theirs.revision = theirs.open().Revision
	theirs.do(working.Operation{Kind: working.MoveNode, From: []working.Position{r.to}, To: []working.Position{{r.to[0], r.to[1] + 1}}})
	theirs.save()
	for range 10 {
		saved, err := mine.working.Save(t.Context(), mine.viewer, pipes, mine.revision)
		if err != nil {
			t.Fatal(err)
		}
		if len(saved.Conflicts) == 0 {
			break
		}
		if _, _, _, err := mine.settle(all(saved.Conflicts, working.Mine)); err != nil {
			t.Fatal(err)
		}
	}
	o.joined()
	var off float64
	o.ask(`select ST_X(geom) from sewerage.nodes where id = $1::bigint`, []any{r.down}, &off)
	if off != r.to[0]+1 {
		t.Errorf("mine is at %v, want %v", off, r.to[0]+1)
	}
}

func TestRightsHoldForEachLayer(t *testing.T) {
	o := newWorks(t)
	o.exec(`insert into arpent.profile (id, title) values ('pipes', '{"en": "Pipes"}')`)
	o.exec(`insert into arpent.profile_grant values ('pipes', '*', '{read}'), ('pipes', 'sewerage.pipes', '{read,create,update,delete}')`)
	p := o.planner("reader")
	o.exec(`update arpent.membership set profile = 'pipes' where account_id = $1`, p.viewer.UserID)
	p.viewer = postgistest.Viewer(t, o.pool, "reader")
	p.layer = pipes
	q := o.pipe(long)
	before := o.works()
	p.refused(working.Forbidden, working.Operation{Kind: working.MoveNode, From: []working.Position{q.from}, To: []working.Position{{q.from[0] + 1, q.from[1]}}})
	p.refused(working.Forbidden, working.Operation{Kind: working.PutNode, To: []working.Position{q.at(0.5)}})
	p.do(working.Operation{Kind: working.InsertVertex, IDs: []string{q.id}, To: []working.Position{q.at(0.5)}})
	p.do(working.Operation{Kind: working.Reverse, IDs: []string{q.id}})
	if o.works() != before {
		t.Error("something was changed before it was saved")
	}
	p.save()
	o.joined()
	now := o.pipe(`p.id = $1::bigint`, q.id)
	if now.up != q.down || now.down != q.up || *now.invertUp != *q.invertDn {
		t.Errorf("%+v turned round is %+v", q, now)
	}
}

// Random sequences: what is saved always agrees with itself.
func TestRandomSequencesLeaveEveryEndOnTheNodeThatItNames(t *testing.T) {
	o := newWorks(t)
	p := o.sewerman("anne")
	const seed = 11
	r := rand.New(rand.NewPCG(seed, seed))
	kinds := []working.Kind{working.MoveNode, working.PutNode, working.MergeThrough, working.Reverse, working.Connect, working.Draw, working.DeleteNode, working.DeleteEdge, working.MoveVertex, working.InsertVertex}
	near := func(at working.Position, by float64) working.Position {
		return working.Position{at[0] + (r.Float64()*2-1)*by, at[1] + (r.Float64()*2-1)*by}
	}
	done := map[working.Kind]int{}
	for round := range 5 {
		for range 8 {
			var ids []string
			o.ask(`select array_agg(id::text order by id) from sewerage.pipes`, nil, &ids)
			q := o.pipe(`p.id = $1::bigint`, ids[r.IntN(len(ids))])
			op := working.Operation{Kind: kinds[r.IntN(len(kinds))], Heal: r.IntN(2) == 0}
			switch op.Kind {
			case working.MoveNode:
				op.From, op.To = []working.Position{q.from}, []working.Position{near(q.from, 4)}
			case working.PutNode:
				op.To = []working.Position{q.at(r.Float64())}
			case working.MergeThrough, working.DeleteNode:
				op.From = []working.Position{q.to}
			case working.Reverse, working.DeleteEdge:
				op.IDs = []string{q.id}
			case working.Connect:
				op.From = []working.Position{near(q.at(r.Float64()), 12)}
			case working.Draw:
				op.Line = []working.Position{q.from, near(q.at(0.5), 20), near(q.to, 5)}
			case working.MoveVertex:
				op.IDs, op.From, op.To = []string{q.id}, []working.Position{q.to}, []working.Position{near(q.to, 3)}
			case working.InsertVertex:
				op.IDs, op.To = []string{q.id}, []working.Position{q.at(r.Float64())}
			}
			_, err := p.try(op)
			if _, refused := err.(*working.Refusal); err != nil && !refused {
				t.Fatalf("seed %d, round %d: %s: %v", seed, round, op.Kind, err)
			} else if err == nil {
				done[op.Kind]++
			}
		}
		if p.revision == 0 {
			continue
		}
		saved, err := p.working.Save(t.Context(), p.viewer, p.layer, p.revision)
		if err != nil {
			// A record of another layer holds a pipe or a node: it is told, and nothing is lost.
			if layers.KindOf(err) == "" {
				t.Fatalf("seed %d, round %d: %v", seed, round, err)
			}
			t.Logf("round %d: %v", round, err)
			if err := p.working.Discard(t.Context(), p.viewer, p.layer, p.revision); err != nil {
				t.Fatal(err)
			}
		} else if len(saved.Faults) > 0 {
			t.Logf("round %d: %+v", round, saved.Faults[0])
			if err := p.working.Discard(t.Context(), p.viewer, p.layer, p.revision); err != nil {
				t.Fatal(err)
			}
		}
		p.revision = 0
		o.joined()
		if t.Failed() {
			t.Fatalf("seed %d, round %d", seed, round)
		}
	}
	t.Log(done)
}

func TestWhatAnAdministratorDrawsIsOfTheOnlyCollectivity(t *testing.T) {
	o := newWorks(t)
	p := o.sewerman("anne")
	p.viewer.Admin = true
	q := o.pipe(long)
	p.do(working.Operation{Kind: working.Draw, Line: []working.Position{{q.from[0] + 300, q.from[1]}, {q.from[0] + 320, q.from[1]}}})
	saved := p.save()
	if saved.Created != 3 || len(saved.Faults) > 0 {
		t.Fatalf("%+v", saved)
	}
	o.exec(`insert into arpent.collectivity (code, name, srid) values ('99999', 'Ailleurs', 2154)`)
	p.do(working.Operation{Kind: working.Draw, Line: []working.Position{{q.from[0] + 300, q.from[1] + 5}, {q.from[0] + 320, q.from[1] + 5}}})
	saved = p.save()
	if len(saved.Faults) != 3 || saved.Faults[0].Field != "collectivity" {
		t.Errorf("%+v", saved)
	}
}

// Nodes are stored before the pipes that name them: where a pipe is refused the
// nodes are not stored either.
func TestNothingOfTheFirstLayerRemainsWhereTheSecondIsRefused(t *testing.T) {
	o := newWorks(t)
	p := o.sewerman("anne")
	q := o.pipe(long)
	moved := []working.Position{{q.to[0] + 1, q.to[1]}}
	p.do(working.Operation{Kind: working.MoveNode, From: []working.Position{q.to}, To: moved})
	p.do(working.Operation{Kind: working.Draw, Line: []working.Position{moved[0], {q.to[0] + 9, q.to[1] + 7}}, Properties: map[string]any{"main_pipe": 999999999}})
	var made string
	for ref := range p.open().Present() {
		if _, stored := p.open().Base(ref); !stored && ref.Layer == pipes {
			made = ref.ID
		}
	}
	stored := func() (state string) {
		t.Helper()
		o.ask(`select (select md5(string_agg(n::text, '' order by id)) from sewerage.nodes n) || (select md5(string_agg(p::text, '' order by id)) from sewerage.pipes p) || (select count(*) from arpent.history)`, nil, &state)
		return state
	}
	before, steps := stored(), len(p.open().Steps)
	unchanged := func() {
		t.Helper()
		if stored() != before {
			t.Error("something of a save that was refused is stored")
		}
		if n := len(p.open().Steps); n != steps {
			t.Errorf("%d steps are left of %d", n, steps)
		}
	}
	describe := func(properties map[string]any) {
		p.do(working.Operation{Kind: working.Describe, Layer: pipes, IDs: []string{made}, Properties: properties})
		steps++
	}
	// The database refuses the pipe, when its nodes are in.
	saved, err := p.working.Save(t.Context(), p.viewer, pipes, p.revision)
	if layers.KindOf(err) != layers.Invalid && (err != nil || len(saved.Faults) == 0) {
		t.Errorf("%+v, %v", saved, err)
	}
	unchanged()
	// A rule of the layer does, which is told with its place.
	describe(map[string]any{"main_pipe": nil, "laid_from": 2020, "laid_until": 2000})
	if saved, err = p.working.Save(t.Context(), p.viewer, pipes, p.revision); err != nil {
		t.Fatal(err)
	}
	if len(saved.Faults) != 1 || saved.Faults[0].Ref != (working.Ref{Layer: pipes, ID: made}) || saved.Faults[0].Field != "laid_until" {
		t.Errorf("%+v, want one about laid_until of %s", saved, made)
	}
	unchanged()
	describe(map[string]any{"laid_until": 2021})
	if saved := p.save(); len(saved.Faults) > 0 || saved.Created != 2 {
		t.Errorf("%+v once it is mended", saved)
	}
	o.joined()
}
