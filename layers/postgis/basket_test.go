package postgis_test

import (
	"math"
	"testing"

	"github.com/twpayne/go-geom"

	"arpent/layers"
)

func TestABasketOfParcelsIsJoinedWithoutTheirBorders(t *testing.T) {
	w := newTown(t)
	a, _ := w.parcel(t, "00001", 1, square(t, 900000, 6690000, 20))
	b, _ := w.parcel(t, "00001", 2, square(t, 900020, 6690000, 20))
	far, _ := w.parcel(t, "00002", 3, square(t, 900200, 6690000, 20))
	g, err := w.Gather(ctx, layers.Viewer{}, "land.parcels", []string{a, b}, layers.Union, 0)
	if err != nil {
		t.Fatal(err)
	}
	joined, ok := g.(*geom.Polygon)
	if !ok || joined.NumLinearRings() != 1 || math.Abs(joined.Area()) != 800 || joined.SRID() != 2154 {
		t.Errorf("the union is %T of %v", g, g.FlatCoords())
	}
	if g, err = w.Gather(ctx, layers.Viewer{}, "land.parcels", []string{a, far}, layers.Union, 0); err != nil || g.(*geom.MultiPolygon).NumPolygons() != 2 {
		t.Errorf("two parcels apart are %v (%v)", g, err)
	}
	g, err = w.Gather(ctx, layers.Viewer{}, "land.parcels", []string{b, a}, layers.Place, 0)
	if p, ok := g.(*geom.Point); err != nil || !ok || p.X() <= 900020 || p.X() >= 900040 {
		t.Errorf("the place is %v (%v)", g, err)
	}
	_, err = w.Gather(ctx, layers.Viewer{}, "land.parcels", []string{a, "nothing"}, layers.Union, 0)
	wantKind(t, err, layers.NotFound)
	_, err = w.Gather(ctx, layers.Viewer{}, "land.blocks", []string{"1"}, layers.Union, 0)
	wantKind(t, err, layers.Unauthorized)
	_, err = w.Gather(ctx, clerk, "land.parcels", nil, layers.Union, 0)
	wantKind(t, err, layers.Invalid)
}
