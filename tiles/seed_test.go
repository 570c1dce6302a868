package tiles

import (
	"context"
	"errors"
	"maps"
	"testing"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis/postgistest"
)

// What was seeded is what a server finds first, whoever looks; edits alone are
// made anew.
func TestWhatIsSeededIsWhatServersFindFirst(t *testing.T) {
	for kind, address := range caches(t) {
		t.Run(kind, func(t *testing.T) {
			w := newTown(t)
			w.strewn(t, 40)
			reader := postgistest.Account(t, w.pool, "reader", "00001", "reader")
			again := postgistest.Account(t, w.pool, "again", "00001", "reader")
			from := w.other(t, address)
			from.hold(t, 64<<20, "land.parcels")
			e := Extent{Layers: []string{"land.parcels"}, MinZoom: 12, MaxZoom: 17}
			looked, expected := int64(0), int64(0)
			done, err := from.Seed(ctx, []layers.Viewer{{}, reader, again}, e, func(n, of int64) { looked, expected = n, of })
			if err != nil || done.Tiles == 0 || done.Made != done.Tiles || looked != expected || looked < done.Tiles {
				t.Fatalf("seeded: %+v, %d of %d looked at, %v", done, looked, expected, err)
			}
			server := w.other(t, address)
			for name, v := range map[string]layers.Viewer{"anybody": {}, "a reader": again} {
				d, err := server.Survey(ctx, v, e)
				if err != nil {
					t.Fatal(err)
				}
				found := map[Made]int{}
				if err := server.Walk(ctx, v, d, server.Maker(v, d), func(_ maptile.Tile, tile *Tile) error {
					found[tile.Made]++
					return nil
				}, func(int64, int64) {}); err != nil {
					t.Fatal(err)
				}
				if len(found) != 1 || int64(found[FromShared]) != done.Tiles/2 {
					t.Errorf("%s is served tiles from %v, %d were seeded", name, maps.Collect(maps.All(found)), done.Tiles)
				}
			}
			server.edit(t, parcel(layers.Create, 99, square(574000, 6279000, 30)))
			if err := from.feed.Sync(ctx); err != nil {
				t.Fatal(err)
			}
			more, err := from.Seed(ctx, []layers.Viewer{{}}, e, func(int64, int64) {})
			if err != nil || more.Made == 0 || more.Made > 12 || more.Tiles < done.Tiles/2 {
				t.Errorf("after an edit: %+v, %v", more, err)
			}
		})
	}
}

func TestASeedThatIsStoppedGoesOn(t *testing.T) {
	w := newTown(t)
	w.strewn(t, 40)
	from := w.other(t, "file://"+t.TempDir())
	e := Extent{Layers: []string{"land.parcels"}, MinZoom: 14, MaxZoom: 19}
	stopped, stop := context.WithCancel(ctx)
	first, err := from.Seed(stopped, []layers.Viewer{{}}, e, func(looked, _ int64) {
		if looked > 100 {
			stop()
		}
	})
	stop()
	if !errors.Is(err, context.Canceled) || first.Made == 0 {
		t.Fatalf("stopped after %+v: %v", first, err)
	}
	second, err := from.Seed(ctx, []layers.Viewer{{}}, e, func(int64, int64) {})
	if err != nil || second.Made != second.Tiles-first.Made {
		t.Errorf("first %+v, then %+v, %v", first, second, err)
	}
}

func TestWhatCannotBeSeededIsSaid(t *testing.T) {
	w := newTown(t)
	w.strewn(t, 4)
	shared := w.other(t, "file://"+t.TempDir())
	e := func(ids ...string) Extent { return Extent{Layers: ids, MinZoom: 14, MaxZoom: 15} }
	for name, c := range map[string]struct {
		w    town
		e    Extent
		kind layers.Kind
	}{
		"no cache":       {w, e("land.parcels"), layers.Invalid},
		"a hidden layer": {shared, e("land.blocks"), layers.Unauthorized},
		"no layer":       {shared, e("land.nothing"), layers.NotFound},
	} {
		if _, err := c.w.Seed(ctx, []layers.Viewer{{}}, c.e, func(int64, int64) {}); layers.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	shared.shared.Load().store = broken{}
	if _, err := shared.Seed(ctx, []layers.Viewer{{}}, e("land.parcels"), func(int64, int64) {}); layers.KindOf(err) != layers.Unavailable {
		t.Errorf("a cache that is gone: %v", err)
	}
}
