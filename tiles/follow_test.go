package tiles

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

// follows has the service of a town follow a feed of its own, on a pool, which
// runs until the test ends.
func (w town) follows(t testing.TB, pool *pgxpool.Pool) town {
	t.Helper()
	w.feed = postgis.NewFeed(pool, slog.New(slog.DiscardHandler))
	w.Follow(w.feed)
	if err := w.feed.Start(ctx); err != nil {
		t.Fatal(err)
	}
	run, stop := context.WithCancel(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = w.feed.Run(run)
	}()
	t.Cleanup(func() {
		stop()
		<-stopped
	})
	return w
}

// until waits until something is so.
func until(t testing.TB, what string, so func() bool) {
	t.Helper()
	for began := time.Now(); !so(); {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("it does not come that %s", what)
		}
	}
}

// While nothing is heard of changes no tile is served of those kept, and none of
// what was held in memory; when all are known again, tiles are kept again.
func TestTilesAreMadeForEachRequestWhileTheFeedIsAway(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
		pool, silence := postgistest.Silenced(t, w.pool)
		w = w.follows(t, pool)
		at := maptile.At(home, 18)
		first := w.tile(t, layers.Viewer{}, at, "land.parcels")
		if first.Empty() || w.tile(t, layers.Viewer{}, at, "land.parcels") != first {
			t.Fatal("the tile is not kept")
		}
		version := w.versions.of(w.layer(t, "land.parcels"), at)
		silence.Begin()
		if _, err := w.pool.Exec(ctx, `update land.parcels set geom = ST_Multi(ST_MakeEnvelope(574000, 6279000, 574020, 6279020, 2154))`); err != nil {
			t.Fatal(err)
		}
		until(t, "the feed is away", func() bool { return !w.feed.Current() })
		during := w.tile(t, layers.Viewer{}, at, "land.parcels")
		if during.ETag == first.ETag || during.Made != FromRows {
			t.Errorf("a stale tile is served while the feed is away, from %q", during.Made)
		}
		if w.tile(t, layers.Viewer{}, at, "land.parcels") == during {
			t.Error("a tile is kept while the feed is away")
		}
		if w.versions.of(w.layer(t, "land.parcels"), at) != version {
			t.Error("the change was heard all the same")
		}
		silence.End()
		until(t, "the feed has caught up", func() bool { return w.feed.Current() && w.versions.of(w.layer(t, "land.parcels"), at) != version })
		after := w.tile(t, layers.Viewer{}, at, "land.parcels")
		if after.ETag != during.ETag || w.tile(t, layers.Viewer{}, at, "land.parcels") != after {
			t.Errorf("the tile is another (%t, from %q), or is not kept again: %v", after.ETag != during.ETag, after.Made, w.feed.Check())
		}
	})
}

// After a loss nothing that was kept, held or counted is used.
func TestAfterALossAllIsMadeAnew(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		at := maptile.At(home, 18)
		w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
		first := w.tile(t, layers.Viewer{}, at, "land.parcels")
		if _, err := w.pool.Exec(ctx, `delete from land.parcels`); err != nil { // and nobody tells
			t.Fatal(err)
		}
		if w.tile(t, layers.Viewer{}, at, "land.parcels") != first {
			t.Fatal("the tile was not kept")
		}
		w.lose()
		if !w.tile(t, layers.Viewer{}, at, "land.parcels").Empty() {
			t.Error("the tile is stale")
		}
		if w.holding.layers["land.parcels"] != nil && w.holding.layers["land.parcels"].features != nil {
			t.Error("features are held of which nobody knows what changed")
		}
		w.hold(t, 64<<20, "land.parcels", "land.streets", "land.blocks") // as eitherWay wants it
	})
}
