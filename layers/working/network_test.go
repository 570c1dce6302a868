package working_test

import (
	"testing"

	"arpent/apps/land"
	"arpent/apps/sewerage"
	"arpent/geo/town"
	"arpent/layers/postgis/postgistest"
	"arpent/layers/working"
)

const (
	pipes = "sewerage.pipes"
	nodes = "sewerage.nodes"
)

// newWorks is an office with the sewers of a village of the generator.
func newWorks(t testing.TB) *office {
	t.Helper()
	o := newTrade(t)
	village, err := town.Generate(town.Options{Seed: 7, Inhabitants: 300, Name: "Essai"})
	if err != nil {
		t.Fatal(err)
	}
	o.code = village.Code
	if err := o.store.PutCollectivity(t.Context(), village.Code, village.Name, lambert); err != nil {
		t.Fatal(err)
	}
	if err := land.LoadTown(t.Context(), o.service, commandLine, village, 7); err != nil {
		t.Fatal(err)
	}
	if err := sewerage.LoadTown(t.Context(), o.service, commandLine, village, 7); err != nil {
		t.Fatal(err)
	}
	return o
}

// newTrade is an office with the layers of the land and of sewers, without records.
func newTrade(t testing.TB) *office {
	t.Helper()
	all, err := land.Layers()
	if err != nil {
		t.Fatal(err)
	}
	more, err := sewerage.Layers()
	if err != nil {
		t.Fatal(err)
	}
	pool := postgistest.New(t)
	service, store, _ := postgistest.Service(t, pool, append(all, more...)...)
	return &office{TB: t, pool: pool, service: service, store: store, working: working.New(service, pool)}
}

// sewerman makes an account that may edit pipes and nodes.
func (o *office) sewerman(login string) *planner {
	p := o.planner(login)
	p.layer = pipes
	return p
}

// pipe is a stored pipe with its ends.
type pipe struct {
	id, up, down       string
	from, to           working.Position // east and north
	invertUp, invertDn *float64
	length             float64
	reference          *string
	branches           *int
}

// pipe reads a pipe, the first by identifier that meets a condition on p.
func (o *office) pipe(condition string, args ...any) pipe {
	o.Helper()
	var q pipe
	var a, b [2]float64
	o.ask(`select p.id::text, coalesce(p.upstream::text, ''), coalesce(p.downstream::text, ''), ST_X(ST_StartPoint(p.geom)), ST_Y(ST_StartPoint(p.geom)), ST_X(ST_EndPoint(p.geom)), ST_Y(ST_EndPoint(p.geom)),
		p.invert_up, p.invert_down, ST_Length(p.geom), p.reference, p.branches from sewerage.pipes p where `+condition+` order by p.id limit 1`, args,
		&q.id, &q.up, &q.down, &a[0], &a[1], &b[0], &b[1], &q.invertUp, &q.invertDn, &q.length, &q.reference, &q.branches)
	q.from, q.to = a[:], b[:]
	return q
}

// long is a pipe that is long enough to be cut, between nodes of two edges each.
const long = `ST_Length(p.geom) > 20 and not p.reversed and ST_NPoints(p.geom) = 2 and p.invert_up is not null and p.invert_down is not null`

func (q pipe) at(share float64) working.Position {
	return working.Position{q.from[0] + (q.to[0]-q.from[0])*share, q.from[1] + (q.to[1]-q.from[1])*share}
}

// joined checks that every pipe names the nodes that it ends on.
func (o *office) joined() {
	o.Helper()
	var wrong []string
	o.ask(`select coalesce(array_agg(p.id::text), '{}') from sewerage.pipes p
		left join sewerage.nodes u on u.id = p.upstream left join sewerage.nodes d on d.id = p.downstream
		where ST_Distance(u.geom, case when p.reversed then ST_EndPoint(p.geom) else ST_StartPoint(p.geom) end) is distinct from 0
		   or ST_Distance(d.geom, case when p.reversed then ST_StartPoint(p.geom) else ST_EndPoint(p.geom) end) is distinct from 0`, nil, &wrong)
	if len(wrong) > 0 {
		o.Errorf("pipes %v do not end on the nodes that they name", wrong)
	}
}

// works are all of the pipes and nodes, to see whether something changed.
func (o *office) works() (digest string) {
	o.Helper()
	o.ask(`select (select md5(string_agg(p::text, ' ' order by id)) from sewerage.pipes p) || (select md5(string_agg(n::text, ' ' order by id)) from sewerage.nodes n)`, nil, &digest)
	return digest
}

func TestAManholePutOnAPipeDividesIt(t *testing.T) {
	o := newWorks(t)
	o.joined()
	p := o.sewerman("anne")
	q := o.pipe(long + ` and p.reference is not null`)
	o.exec(`update sewerage.pipes set branches = 5, diameter = 300 where id = $1::bigint`, q.id)
	before := o.works()
	set := p.do(working.Operation{Kind: working.PutNode, To: []working.Position{q.at(0.25)}})
	if n := len(set.Present()); n != 3 {
		t.Fatalf("%d features differ, want both parts and the node", n)
	}
	if o.works() != before {
		t.Error("something was stored before it was saved")
	}
	p.working = working.New(o.service, o.pool)
	if shapes(p.open()) != shapes(set) {
		t.Error("the set is another one after a restart")
	}
	saved := p.save()
	if saved.Created != 2 || saved.Changed != 1 || len(saved.IDs) != 2 {
		t.Fatalf("%+v", saved)
	}
	o.joined()
	var node, made string
	for ref, id := range saved.IDs {
		if ref.Layer == nodes {
			node = id
		} else {
			made = id
		}
	}
	kept, other := o.pipe(`p.id = $1::bigint`, q.id), o.pipe(`p.id = $1::bigint`, made)
	if kept.up != node || kept.down != q.down || other.up != q.up || other.down != node {
		t.Errorf("%+v and %+v, with the node %s between", kept, other, node)
	}
	middle := *q.invertUp + (*q.invertDn-*q.invertUp)*0.25
	if d := *other.invertDn - middle; d > 0.001 || d < -0.001 || *other.invertDn != *kept.invertUp || *other.invertUp != *q.invertUp || *kept.invertDn != *q.invertDn {
		t.Errorf("levels %v %v, %v %v, want %v between", *other.invertUp, *other.invertDn, *kept.invertUp, *kept.invertDn, middle)
	}
	if *kept.branches+*other.branches != 5 || *other.branches != 1 {
		t.Errorf("%d and %d branches of 5", *kept.branches, *other.branches)
	}
	var alike, named int
	o.ask(`select count(distinct (diameter, material, collectivity, network)), count(distinct reference) from sewerage.pipes where id in ($1::bigint, $2::bigint)`, []any{q.id, made}, &alike, &named)
	if alike != 1 || named != 2 || *kept.reference != *q.reference {
		t.Errorf("what is copied differs, or names are the same: %d, %d, %v", alike, named, other.reference)
	}
	var network, owner string
	var z float64
	o.ask(`select network, collectivity, ST_Z(geom) from sewerage.nodes where id = $1::bigint`, []any{node}, &network, &owner, &z)
	if owner != o.code || network == "" {
		t.Errorf("the node is of %q in network %q", owner, network)
	}
	// And back: the two become one again.
	p.do(working.Operation{Kind: working.MergeThrough, From: []working.Position{q.at(0.25)}})
	saved = p.save()
	if saved.Deleted != 2 || saved.Changed != 1 {
		t.Errorf("%+v", saved)
	}
	o.joined()
	again := o.pipe(`p.id = $1::bigint`, q.id)
	if again.up != q.up || again.down != q.down || *again.invertUp != *q.invertUp || *again.branches != 5 {
		t.Errorf("%+v, want %+v", again, q)
	}
}

func TestANodeMovesItsPipes(t *testing.T) {
	o := newWorks(t)
	p := o.sewerman("anne")
	q := o.pipe(long)
	p.layer = nodes // by the layer of nodes one edits the same set
	set := p.do(working.Operation{Kind: working.MoveNode, From: []working.Position{q.from}, To: []working.Position{{q.from[0] + 1, q.from[1] + 1}}})
	var meet int
	o.ask(`select count(*) from sewerage.pipes where upstream = $1::bigint or downstream = $1::bigint`, []any{q.up}, &meet)
	if len(set.Present()) != meet+1 {
		t.Errorf("%d features move, want the node and %d pipes", len(set.Present()), meet)
	}
	first := shapes(set)
	if p.undo(1); shapes(p.undo(-1)) != first {
		t.Error("done again it is not the very same")
	}
	p.layer = pipes
	p.save()
	o.joined()
}

func TestPipesAreDrawnFromNodeToNode(t *testing.T) {
	o := newWorks(t)
	p := o.sewerman("anne")
	q := o.pipe(long)
	end := working.Position{q.to[0] + 7, q.to[1] + 9}
	set := p.do(working.Operation{Kind: working.Draw, Line: []working.Position{q.to, {q.to[0] + 6, q.to[1] + 2}, end}, Properties: map[string]any{"network": "02", "diameter": 160}})
	if n := len(set.Present()); n != 2 {
		t.Fatalf("%d features, want a pipe and the node at its end", n)
	}
	p.do(working.Operation{Kind: working.Connect, From: []working.Position{{q.at(0.5)[0] + 3, q.at(0.5)[1] + 3}}, IDs: []string{q.id}, Properties: map[string]any{"branch": true, "network": "02"}})
	for ref, shape := range p.open().Present() {
		if ref.Layer == nodes && shape != nil {
			p.do(working.Operation{Kind: working.Describe, Layer: nodes, IDs: []string{ref.ID}, Properties: map[string]any{"kind": "06", "notes": "projet"}})
		}
	}
	saved := p.save()
	if saved.Created < 5 {
		t.Errorf("%+v", saved)
	}
	o.joined()
	var drawn, branches, noted int
	o.ask(`select (select count(*) from sewerage.pipes where diameter = 160 and collectivity = $1), (select count(*) from sewerage.pipes where branch),
		(select count(*) from sewerage.nodes where notes = 'projet' and collectivity = $1)`, []any{o.code}, &drawn, &branches, &noted)
	if drawn == 0 || branches == 0 || noted < 3 {
		t.Errorf("%d drawn, %d branches, %d nodes noted", drawn, branches, noted)
	}
}
