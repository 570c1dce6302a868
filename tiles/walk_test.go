package tiles

import (
	"testing"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
)

// What is expected is what is looked at where little is, and something like it
// where much is. All that holds something is met, in order, once.
func TestAWalkMeetsWhatHoldsSomething(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)), parcel(layers.Create, 2, square(575000, 6280000, 0.1)))
		d, err := w.Survey(ctx, layers.Viewer{}, Extent{Layers: []string{"land.parcels"}, MaxZoom: 19})
		if err != nil {
			t.Fatal(err)
		}
		expected, err := w.Expect(ctx, layers.Viewer{}, d)
		if err != nil {
			t.Fatal(err)
		}
		met := map[maptile.Tile]bool{}
		last, looked, told := uint64(0), int64(0), int64(0)
		err = w.Walk(ctx, layers.Viewer{}, d, w.Maker(layers.Viewer{}, d), func(at maptile.Tile, tile *Tile) error {
			if tile.Empty() || met[at] || Order(at) < last {
				t.Errorf("tile %v is empty, met twice or out of order", at)
			}
			met[at], last = true, Order(at)
			return nil
		}, func(n, of int64) { looked, told = n, of })
		if err != nil || looked != told || looked < int64(len(met)) {
			t.Errorf("%d tiles are met, %d of %d looked at: %v", len(met), looked, told, err)
		}
		if d := expected - looked; d < -looked/10 || d > looked/10 {
			t.Errorf("%d tiles are expected, %d looked at", expected, looked)
		}
		for z := maptile.Zoom(10); z <= 19; z++ {
			if !met[maptile.At(home, z)] {
				t.Errorf("zoom %d lacks the tile of a parcel", z)
			}
		}
	})
}

func TestOnlyRowsThatAreSeenAreSomething(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		w.strewn(t, 20)
		if err := w.feed.Sync(ctx); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			v    layers.Viewer
			want bool
		}{"the command line": {clerk, true}, "of no collectivity": {layers.Viewer{UserID: 9, Profiles: map[string]*layers.Profile{"00009": {Grants: map[string][]layers.Action{layers.Everywhere: {layers.Read}}}}}, false}} {
			at := &walk{service: w.Service, viewer: c.v, ids: []string{"land.blocks"}}
			if got, _, err := at.holds(ctx, maptile.At(home, 12)); err != nil || got != c.want {
				t.Errorf("%s sees something: %v, %v", name, got, err)
			}
		}
	})
}

// A layer without anything has the bounds of the world, of which nobody counts
// the tiles.
func TestAWalkThroughNothingEnds(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		d, err := w.Survey(ctx, layers.Viewer{}, Extent{Layers: []string{"land.parcels"}, MinZoom: 20})
		if err != nil || d.Bounds != mercator {
			t.Fatal(d, err)
		}
		looked := int64(-1)
		err = w.Walk(ctx, layers.Viewer{}, d, w.Maker(layers.Viewer{}, d), func(maptile.Tile, *Tile) error { return nil }, func(n, _ int64) { looked = n })
		if err != nil || looked != 0 {
			t.Errorf("%d tiles are looked at, %v", looked, err)
		}
	})
}
