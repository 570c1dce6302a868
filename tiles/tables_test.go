package tiles

import (
	"strings"
	"testing"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
)

// A table that is changed under our feet takes the tiles of its layer with it, which
// say so, until it is as it was; those of others go on.
func TestATableChangedUnderOurFeet(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)), layers.Edit{Op: layers.Create, Layer: "land.blocks", Collectivity: "00001", Geometry: square(574000, 6279000, 30), Properties: map[string]any{"number": 1}})
		at := maptile.At(home, 16)
		first := w.tile(t, clerk, at, "land.parcels")
		change := func(sql string) {
			t.Helper()
			if _, err := w.pool.Exec(ctx, sql); err != nil {
				t.Fatal(err)
			}
			if err := w.feed.Sync(ctx); err != nil {
				t.Fatal(err)
			}
		}
		refused := func(what string) {
			t.Helper()
			for range 3 {
				_, err := w.Tile(ctx, clerk, []string{"land.parcels"}, int(at.Z), int(at.X), int(at.Y))
				if layers.KindOf(err) != layers.Unavailable || !strings.Contains(err.Error(), "the table of layer land.parcels was changed") || strings.Contains(err.Error(), "notes") {
					t.Errorf("%s: the tile says %v", what, err)
				}
			}
			if w.tile(t, clerk, at, "land.blocks").Empty() {
				t.Errorf("%s: another layer has lost its tiles", what)
			}
		}
		change(`alter table land.parcels rename column notes to remarks; update land.parcels set number = 2`)
		refused("a column is gone")
		change(`alter table land.parcels rename column remarks to notes; update land.parcels set number = 1`)
		if got := w.tile(t, clerk, at, "land.parcels"); got.ETag != first.ETag {
			t.Error("the tile of the table that is mended is another")
		}
		change(`alter table land.parcels rename to plots`)
		change(`update land.plots set number = 3`)
		w.Forget([]layers.Change{{Seq: 1 << 40, Relation: "land.parcels", Feature: "00001000AB0001", Op: "update", Boxes: []layers.BBox{w.transformed(t, 574000, 6279000, 574030, 6279030)}}})
		refused("the table is gone")
	})
}
