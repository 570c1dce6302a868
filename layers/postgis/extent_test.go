package postgis_test

import (
	"math"
	"testing"

	"arpent/layers"
)

func TestTheExtentOfALargePublicLayerIsThatOfItsStatistics(t *testing.T) {
	w := newTown(t)
	sql(t, w.pool, `insert into land.streets (collectivity, name, geom)
		select '00001', 'Rue ' || i, ST_Multi(ST_MakeLine(ST_Point(900000 + i, 6690000, 2154), ST_Point(900001 + i, 6690100, 2154))) from generate_series(1, 60000) i`)
	exact, err := w.Extent(ctx, layers.Viewer{}, "land.streets", 2154)
	if err != nil {
		t.Fatal(err)
	}
	sql(t, w.pool, `analyze land.streets`)
	estimate, err := w.Extent(ctx, layers.Viewer{}, "land.streets", 2154)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(exact.MinX-estimate.MinX) > 1000 || math.Abs(exact.MaxX-estimate.MaxX) > 1000 || math.Abs(exact.MaxY-estimate.MaxY) > 10 {
		t.Errorf("the extent is %v, by the statistics %v", exact, estimate)
	}
}
