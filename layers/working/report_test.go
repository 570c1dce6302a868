package working_test

import (
	"context"
	"math"
	"testing"

	"arpent/geo/coverage"
	"arpent/layers"
	"arpent/layers/working"
)

// report is what is wrong around a parcel.
func (p *planner) report(id string) map[coverage.Kind][]working.Wrong {
	p.Helper()
	b := p.box(id)
	r, err := p.working.Report(context.Background(), p.viewer, p.layer, layers.BBox{MinX: b.Min[0], MinY: b.Min[1], MaxX: b.Max[0], MaxY: b.Max[1], SRID: lambert})
	if err != nil {
		p.Fatal(err)
	}
	found := map[coverage.Kind][]working.Wrong{}
	for _, w := range r.Wrong {
		if !b.Contains(w.Where) && len(w.Shape) == 0 {
			p.Errorf("%s lies at %v, beyond what was asked", w.Kind, w.Where)
		}
		for _, id := range w.IDs {
			if r.Labels[id] == "" {
				p.Errorf("%s of %s has no label", w.Kind, id)
			}
		}
		found[w.Kind] = append(found[w.Kind], w)
	}
	return found
}

// about are those that concern a parcel.
func about(all []working.Wrong, id string) (some []working.Wrong) {
	for _, w := range all {
		for _, of := range w.IDs {
			if of == coverage.ID(id) {
				some = append(some, w)
			}
		}
	}
	return some
}

func TestWhatIsWrongIsReportedAndMended(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	a, b := o.neighbours()
	if found := p.report(a); len(found[coverage.Overlap]) > 0 || len(found[coverage.DuplicateVertex]) > 0 {
		t.Fatalf("%v", found)
	}
	// b overlaps a by a strip, and leaves a gap on its other side.
	o.exec(`update land.parcels b set geom = ST_Multi(ST_SnapToGrid(ST_Translate(b.geom, (ST_X(ST_Centroid(a.geom)) - ST_X(ST_Centroid(b.geom))) / 40, (ST_Y(ST_Centroid(a.geom)) - ST_Y(ST_Centroid(b.geom))) / 40), 0.001))
		from land.parcels a where a.id = $1 and b.id = $2`, a, b)
	found := p.report(b)
	overlaps := about(found[coverage.Overlap], a)
	if len(overlaps) != 1 || overlaps[0].Area < 0.1 || len(overlaps[0].Mends) != 2 {
		t.Fatalf("%+v", found)
	}
	for {
		overlaps := p.report(b)[coverage.Overlap]
		if len(overlaps) == 0 {
			break
		}
		p.do(overlaps[0].Mends[0])
	}
	for range 20 {
		mended := false
		for _, gap := range about(p.report(b)[coverage.Gap], b) {
			if gap.Width < 1 {
				p.do(gap.Mends[0])
				mended = true
				break
			}
		}
		if !mended {
			break
		}
	}
	found = p.report(b)
	for _, gap := range about(found[coverage.Gap], b) {
		if gap.Width < 1 {
			t.Errorf("a gap of %.3f m is left", gap.Width)
		}
	}
	p.save()
	if _, twice := o.land(); twice > 0.01 {
		t.Errorf("%.3f m² are covered twice", twice)
	}
}

func TestVerticesTwiceAndBordersBesideAreCleaned(t *testing.T) {
	o := newVillage(t)
	p := o.planner("anne")
	a, b := o.neighbours()
	// A vertex of a twice; one of b that both have 6 mm beside.
	o.exec(`update land.parcels set geom = ST_Multi(ST_MakePolygon(ST_AddPoint(ST_ExteriorRing(ST_GeometryN(geom, 1)), ST_PointN(ST_ExteriorRing(ST_GeometryN(geom, 1)), 2), 1))) where id = $1`, a)
	o.exec(`update land.parcels set geom = ST_Multi(ST_MakePolygon(ST_SetPoint(ST_ExteriorRing(ST_GeometryN(geom, 1)), 1, ST_Translate(ST_PointN(ST_ExteriorRing(ST_GeometryN(geom, 1)), 2), 0.006, 0)))) where id = $1`, b)
	twice := about(p.report(a)[coverage.DuplicateVertex], a)
	if len(twice) != 1 || len(twice[0].Mends) != 1 {
		t.Fatalf("%+v", p.report(a))
	}
	beside := about(p.report(b)[coverage.Mismatch], b)
	if len(beside) != 1 || math.Abs(beside[0].Width-0.006) > 0.001 {
		t.Fatalf("%+v", p.report(b))
	}
	p.do(twice[0].Mends[0])
	p.do(beside[0].Mends[0])
	if left := append(about(p.report(a)[coverage.DuplicateVertex], a), about(p.report(b)[coverage.Mismatch], b)...); len(left) > 0 {
		t.Errorf("%+v are left", left)
	}
	p.save()
	var points int
	o.ask(`select ST_NPoints(geom) - ST_NPoints(ST_RemoveRepeatedPoints(geom)) from land.parcels where id = $1`, []any{a}, &points)
	if points != 0 {
		t.Errorf("%d vertices are twice", points)
	}
}

func TestAReportIsForThoseWhoMayEdit(t *testing.T) {
	o := newVillage(t)
	_, err := o.working.Report(t.Context(), layers.Viewer{}, parcels, layers.BBox{SRID: lambert})
	o.fails(layers.Unauthorized, err)
	p := o.planner("anne")
	if r, err := o.working.Report(t.Context(), p.viewer, parcels, layers.BBox{MinX: 0, MinY: 0, MaxX: 1, MaxY: 1, SRID: lambert}); err != nil || len(r.Wrong) > 0 {
		t.Errorf("%v, %v", r, err)
	}
}
