package working_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"arpent/layers/working"
)

func TestAreasOnTheGroundAreMetToTheGrid(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	b := o.vacant().Bound()
	const side = 1500.0 // m: the scale of the plane is not the same at both ends
	p.do(o.drawn(rectangle(b.Min[0], b.Min[1], b.Min[0]+side, b.Min[1]+side), 1))
	var id string
	for ref := range p.open().Present() {
		id = ref.ID
	}
	asked := []float64{400_000, 300_000.5, 1_234_567.89}
	set := p.do(working.Operation{Kind: working.SplitByAreas, IDs: []string{id}, Areas: asked, Line: working.Positions([]orb.Point{b.Min, {b.Min[0] + side, b.Min[1]}})})
	saved := p.save()
	if len(saved.Faults) > 0 || saved.Created != 4 {
		t.Fatalf("%+v of %d features", saved, len(set.Present()))
	}
	for i, want := range asked {
		var off, flat float64
		o.ask(`select ST_Area(ST_Transform(geom, 4326)::geography) - $1, ST_Area(geom) - $1 from land.parcels where section = 'ZZ' order by ST_YMin(geom) offset $2::integer limit 1`, []any{want, i}, &off, &flat)
		t.Logf("%.3f m² on the ground, %.3f in the plane, beside %.2f", off, flat, want)
		if math.Abs(off) > side*0.001 {
			t.Errorf("strip %d has %.4f m² more than %.2f", i, off, want)
		}
	}
}
