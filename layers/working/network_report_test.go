package working_test

import (
	"testing"

	"github.com/twpayne/go-geom"

	"arpent/layers"
	"arpent/layers/working"
)

func TestFaultsOfANetworkAreToldNearby(t *testing.T) {
	o := newWorks(t)
	p := o.sewerman("anne")
	q := o.pipe(long)
	box := layers.BBox{MinX: q.from[0] - 10, MinY: q.from[1] - 10, MaxX: q.from[0] + 10, MaxY: q.from[1] + 10, SRID: lambert}
	faults := func() []working.Broken {
		t.Helper()
		all, _, err := o.working.Faults(t.Context(), p.viewer, pipes, box)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := len(faults())
	o.exec(`insert into sewerage.nodes (collectivity, kind, geom) values ($1, '06', ST_SetSRID(ST_MakePoint($2, $3, 0), 2154))`, o.code, q.from[0]+5, q.from[1]+5)
	now := faults()
	if len(now) != before+1 {
		t.Fatalf("%d faults, %d before a lonely node came", len(now), before)
	}
	for _, f := range now {
		if f.Kind == "lonely" && f.By != nil {
			p.do(*f.By)
		}
	}
	if n := len(faults()); n != before {
		t.Errorf("%d faults after the mend", n)
	}
	p.save()
	_, _, err := o.working.Faults(t.Context(), p.viewer, parcels, box)
	o.fails(layers.Invalid, err)
}

// Streets are a network without nodes of their own, some of several lines.
func TestStreetsMeetWhereTheyEnd(t *testing.T) {
	o := newWorks(t)
	p := o.planner("anne")
	p.layer = "land.streets"
	var id string
	var at [4]float64
	o.ask(`select id::text, ST_X(ST_StartPoint(line)), ST_Y(ST_StartPoint(line)), ST_X(place), ST_Y(place)
		from (select id, ST_GeometryN(geom, 1) as line from land.streets order by ST_Length(geom) desc, id limit 1) s, ST_LineInterpolatePoint(line, 0.5) as place`, nil, &id, &at[0], &at[1], &at[2], &at[3])
	var parts, length float64
	o.ask(`select ST_NumGeometries(geom), ST_Length(geom) from land.streets where id = $1::bigint`, []any{id}, &parts, &length)
	set := p.do(working.Operation{Kind: working.PutNode, IDs: []string{id}, To: []working.Position{{at[2], at[3]}}})
	if n := len(set.Present()); n != 2 {
		t.Fatalf("%d streets differ", n)
	}
	p.do(working.Operation{Kind: working.MoveNode, From: []working.Position{{at[2], at[3]}}, To: []working.Position{{at[2] + 0.5, at[3]}}})
	saved := p.save()
	if saved.Created != 1 {
		t.Fatalf("%+v", saved)
	}
	var made, kept string
	for _, id := range saved.IDs {
		made = id
	}
	kept = id
	var sum float64
	var still int
	o.ask(`select sum(ST_Length(geom)), count(*) from land.streets where id in ($1::bigint, $2::bigint)`, []any{kept, made}, &sum, &still)
	if sum < length-0.01 || sum > length+2 || still != 2 {
		t.Errorf("%.3f m became %.3f in %d streets", length, sum, still)
	}
	// And one feature of two lines.
	o.exec(`update land.streets a set geom = ST_Multi(ST_Collect(array(select (d).geom from (select ST_Dump(geom) as d from land.streets where id in ($1::bigint, $2::bigint)) as x))) where id = $1::bigint`, kept, made)
	o.exec(`delete from land.streets where id = $1::bigint`, made)
	set = p.do(working.Operation{Kind: working.MoveNode, From: []working.Position{{at[2] + 0.5, at[3]}}, To: []working.Position{{at[2], at[3]}}})
	shape := set.Present()[working.Ref{Layer: "land.streets", ID: kept}]
	if m, ok := shape.(*geom.MultiLineString); !ok || m.NumLineStrings() < 2 {
		t.Errorf("a street of several lines became %v", shape)
	}
	p.save()
}
