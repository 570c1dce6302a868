package working_test

import (
	"testing"

	"arpent/layers/working"
)

func TestBranchesNameThePartOfTheirMainThatTheyTouch(t *testing.T) {
	o := newWorks(t)
	p := o.sewerman("anne")
	q := o.pipe(long)
	branch := func(share float64) (id string) {
		t.Helper()
		at := q.at(share)
		o.ask(`insert into sewerage.pipes (collectivity, network, branch, main_pipe, geom)
			select collectivity, network, true, id, ST_SetSRID(ST_MakeLine(ST_MakePoint($2, $3, 0), ST_MakePoint($2 + 4, $3 + 4, 0)), 2154) from sewerage.pipes where id = $1::bigint returning id::text`,
			[]any{q.id, at[0], at[1]}, &id)
		return id
	}
	near, far := branch(0.2), branch(0.9)
	main := func(id string) (of string) {
		t.Helper()
		o.ask(`select main_pipe::text from sewerage.pipes where id = $1::bigint`, []any{id}, &of)
		return of
	}
	p.do(working.Operation{Kind: working.PutNode, IDs: []string{q.id}, To: []working.Position{q.at(0.6)}})
	var made string
	for ref := range p.open().Present() {
		if ref.Layer == pipes && ref.ID != q.id {
			made = ref.ID
		}
	}
	saved := p.save()
	if len(saved.Faults) > 0 {
		t.Fatalf("%+v", saved.Faults)
	}
	part := saved.IDs[working.Ref{Layer: pipes, ID: made}]
	if main(near) != q.id || main(far) != part {
		t.Errorf("the branches join %s and %s, want %s and %s", main(near), main(far), q.id, part)
	}
	p.do(working.Operation{Kind: working.MergeThrough, From: []working.Position{q.at(0.6)}})
	if saved := p.save(); len(saved.Faults) > 0 {
		t.Fatalf("%+v", saved.Faults)
	}
	if main(near) != main(far) || main(far) != q.id {
		t.Errorf("the branches join %s and %s, want both %s", main(near), main(far), q.id)
	}
}
