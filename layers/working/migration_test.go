package working_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
)

// Sets that were kept as documents are the same as steps.
func TestSetsOfTheFormerKindAreKept(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	id := o.largest(1)[0]
	want := p.do(split(id, o.across(id)))
	text, err := os.ReadFile("../../migrations/0021_working_steps.sql")
	if err != nil {
		t.Fatal(err)
	}
	up, down, _ := strings.Cut(string(text), "-- +goose Down")
	// What the server wrote before: shapes as lists of coordinates.
	coordinates := func(g geom.T) [][][]geom.Coord { return g.(*geom.MultiPolygon).Coords() }
	base, _ := want.Base(parcel(id))
	shape, first, second := coordinates(base.Shape), coordinates(want.Present()[parcel(id)]), coordinates(want.Present()[parcel(id+"/2")])
	var version, label string
	o.ask(`select details #>> '{0,base,version}', coalesce(details #>> '{0,base,label}', '') from arpent.working_step`, nil, &version, &label)
	set := p.open()
	o.exec(down)
	o.exec(`insert into arpent.working_set (id, account, layer, revision, document, features, around)
		overriding system value values ($1, $2, $3, $4, jsonb_build_object('Done', 1,
			'Base', jsonb_build_object($5::text, jsonb_build_object('Version', $6::text, 'Collectivity', $7::text, 'Label', $8::text, 'Shape', $9::jsonb)),
			'Steps', jsonb_build_array(
				jsonb_build_object('Operation', jsonb_build_object('kind', 'split', 'ids', jsonb_build_array($5::text), 'line', $10::jsonb),
					'Before', jsonb_build_object($5::text, $9::jsonb), 'After', jsonb_build_object($5::text, $11::jsonb, $5 || '/2', $12::jsonb),
					'From', jsonb_build_object($5 || '/2', jsonb_build_array($5::text))),
				jsonb_build_object('Operation', jsonb_build_object('kind', 'merge', 'ids', jsonb_build_array($5::text, $5 || '/2')),
					'Before', jsonb_build_object($5::text, $11::jsonb, $5 || '/2', $12::jsonb), 'After', jsonb_build_object($5::text, $9::jsonb), 'From', null))),
			array[$5::text], null)`,
		set.ID, p.viewer.UserID, parcels, set.Revision, id, version, o.code, label, shape, line(o.across(id)), first, second)
	o.exec(up)
	now := p.open()
	if len(now.Steps) != 2 || now.Done != 1 || len(now.Present()) != 2 {
		t.Fatalf("%d steps, %d done, %d features", len(now.Steps), now.Done, len(now.Present()))
	}
	for ref, shape := range now.Present() {
		if !slices.Equal(shape.FlatCoords(), want.Present()[ref].FlatCoords()) {
			t.Errorf("%v has another shape", ref)
		}
	}
	p.undo(-1)
	if left := p.open().Present(); len(left) != 1 || left[parcel(id)] == nil {
		t.Errorf("done again the merge leaves %v", left)
	}
	p.undo(1)
	if saved := p.save(); saved.Created != 1 || saved.Changed != 1 {
		t.Errorf("%+v", saved)
	}
}

// line writes a line as the operation of a document has it.
func line(l orb.LineString) [][]float64 {
	var all [][]float64
	for _, p := range l {
		all = append(all, []float64{p[0], p[1]})
	}
	return all
}
