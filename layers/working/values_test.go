package working_test

import (
	"fmt"
	"testing"

	"arpent/layers/working"
)

func TestWhereValuesComeFromIsTold(t *testing.T) {
	o := newWorks(t)
	p := o.sewerman("anne")
	q := o.pipe(long)
	o.exec(`update sewerage.pipes set branches = 4, diameter = 300, invert_up = 200, invert_down = 198, network = '02', reference = 'P-100', operator = null where id = $1::bigint`, q.id)
	o.exec(`update sewerage.nodes set cover_level = 300`)
	p.do(working.Operation{Kind: working.PutNode, To: []working.Position{q.at(0.75)}})
	set := p.open()
	var made, node string
	for ref := range set.Present() {
		switch {
		case ref.Layer == nodes:
			node = ref.ID
		case ref.ID != q.id:
			made = ref.ID
		}
	}
	told := func() map[string]string {
		t.Helper()
		values, err := o.working.Values(t.Context(), p.viewer, pipes)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, v := range values {
			all[fmt.Sprintf("%s %s", v.ID, v.Field)] = fmt.Sprintf("%s %v", v.How, v.Value)
			if v.How == working.Copied && (v.Of == nil || *v.Of != (working.Ref{Layer: pipes, ID: q.id})) {
				t.Errorf("%s of %s is told to be of %v", v.Field, v.ID, v.Of)
			}
		}
		return all
	}
	now := told()
	for what, want := range map[string]string{
		q.id + " branches":    "divided 3",
		made + " branches":    "divided 1",
		q.id + " invert_down": "interpolated 198.5",
		made + " invert_up":   "interpolated 198.5",
		made + " diameter":    "copied 300",
		node + " network":     "copied 02",
		q.id + " downstream":  "ended " + node,
		made + " upstream":    "ended " + node,
	} {
		if now[what] != want {
			t.Errorf("%s is told as %q, want %q", what, now[what], want)
		}
	}
	for _, same := range []string{q.id + " invert_up", q.id + " diameter", node + " diameter"} {
		if now[same] != "" {
			t.Errorf("%s is told as %q, and does not change", same, now[same])
		}
	}
	number := now[made+" reference"]
	if len(number) < len("numbered ")+1 || number[:9] != "numbered " {
		t.Errorf("the reference is told as %q", number)
	}
	p.do(working.Operation{Kind: working.Describe, Layer: pipes, IDs: []string{made}, Properties: map[string]any{"diameter": 250}})
	if got := told()[made+" diameter"]; got != "typed 250" {
		t.Errorf("the diameter that was given is told as %q", got)
	}
	saved := p.save()
	if len(saved.Faults) > 0 {
		t.Fatalf("%+v", saved.Faults)
	}
	var stored string
	o.ask(`select 'numbered ' || reference from sewerage.pipes where id = $1::bigint`, []any{saved.IDs[working.Ref{Layer: pipes, ID: made}]}, &stored)
	if stored != number {
		t.Errorf("%q is stored, and %q was told", stored, number)
	}
	values, err := o.working.Values(t.Context(), p.viewer, pipes)
	if err != nil || len(values) > 0 {
		t.Errorf("%v, %v of nothing", values, err)
	}
}
