package bulk

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"arpent/layers"
	"arpent/layers/jobs"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

const streetsFile = `
id: land.streets
title: Voies
public: true
source: {table: land.streets, collectivity: collectivity}
fields: [{name: name}, {name: class, private: true}]
tiles: {minzoom: 10, maxzoom: 15}
`

// An administrator fills the cache by a job, and does so again, which finds all
// there.
func TestTheCacheIsFilledByAJob(t *testing.T) {
	pool := postgistest.New(t)
	l, err := layers.ReadFile("streets.yaml", []byte(streetsFile))
	if err != nil {
		t.Fatal(err)
	}
	service, store, feed := postgistest.Service(t, pool, l)
	if err := store.PutCollectivity(t.Context(), "00001", "One", 2154); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `
		insert into arpent.account (login, admin) values ('boss', true);
		insert into land.streets (collectivity, name, geom) values
			('00001', 'Grande Rue', ST_Multi(ST_SetSRID(ST_MakeLine(ST_MakePoint(899900, 6689990), ST_MakePoint(900500, 6690300)), 2154)))`); err != nil {
		t.Fatal(err)
	}
	boss := postgistest.Viewer(t, pool, "boss")
	made, err := tiles.NewService(service, store)
	if err != nil {
		t.Fatal(err)
	}
	made.Follow(feed)
	s := New(service, made, t.TempDir(), func(context.Context) ([]layers.Viewer, error) { return []layers.Viewer{boss}, nil })
	queue, err := jobs.New(jobs.Config{
		Pool: pool, Log: slog.New(slog.DiscardHandler), Kinds: map[string]jobs.Work{ExportKind: s.WorkExport, SeedKind: s.WorkSeed},
		Viewer: func(context.Context, int64) (layers.Viewer, error) { return boss, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	order := TilesSeed{Extent: Extent{Layers: []string{"land.streets"}, MaxZoom: 14}}
	if _, err := s.OrderSeed(t.Context(), boss, queue, order); layers.KindOf(err) != layers.Invalid {
		t.Errorf("without a cache: %v", err)
	}
	shared, err := tiles.OpenShared("file://" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := feed.Rewind(t.Context(), shared.Since(time.Now())); err != nil {
		t.Fatal(err)
	}
	if err := feed.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	made.Share(shared, "test")
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = queue.Run(ctx) }()
	t.Cleanup(func() { stop(); <-stopped })
	for _, all := range []bool{false, true} {
		order.Everyone = all
		news := queue.Subscribe(ctx, boss)
		j, err := s.OrderSeed(t.Context(), boss, queue, order)
		if err != nil {
			t.Fatal(err)
		}
		for !j.State.Ended() {
			select {
			case <-news:
			case <-time.After(5 * time.Second): // the queue may have begun before it listened
			}
			if j, err = queue.Get(t.Context(), boss, j.ID); err != nil {
				t.Fatal(err)
			}
		}
		if j.State != jobs.Done || j.Done == 0 || j.Total == nil || *j.Total != j.Done {
			t.Errorf("the job is %s: %d of %v, %s", j.State, j.Done, j.Total, j.Problem)
		}
	}
}

func TestWhatIsTooMuchIsRefusedWithWhatToChange(t *testing.T) {
	many := &TilesExpected{Tiles: MaxTiles + 1, MaxZoom: 20}
	if err := many.check(); layers.KindOf(err) != layers.TooLarge {
		t.Errorf("%d tiles: %v", many.Tiles, err)
	}
	if err := (&TilesExpected{Tiles: MaxTiles}).check(); err != nil {
		t.Error(err)
	}
	err := bounded(t.Context(), func(int64, int64) {}, func(ctx context.Context, report func(done, total int64)) error {
		for n := int64(0); ctx.Err() == nil; n += MaxTiles / 4 {
			report(n, MaxTiles)
		}
		return ctx.Err()
	})
	if layers.KindOf(err) != layers.TooLarge {
		t.Errorf("work that proves to be endless: %v", err)
	}
	gone := errors.New("gone")
	if err := bounded(t.Context(), func(int64, int64) {}, func(context.Context, func(done, total int64)) error { return gone }); err != gone {
		t.Error(err)
	}
}

// What only members see is in the file of who may export it and asked for it.
func TestAFileShowsWhatItsOwnerMayExport(t *testing.T) {
	pool := postgistest.New(t)
	l, err := layers.ReadFile("streets.yaml", []byte(streetsFile))
	if err != nil {
		t.Fatal(err)
	}
	service, store, _ := postgistest.Service(t, pool, l)
	if err := store.PutCollectivity(t.Context(), "00001", "One", 2154); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `
		insert into arpent.profile (id, title) values ('looker', '{}');
		insert into arpent.profile_grant values ('looker', '*', '{read}')`); err != nil {
		t.Fatal(err)
	}
	made, err := tiles.NewService(service, store)
	if err != nil {
		t.Fatal(err)
	}
	s := New(service, made, t.TempDir(), nil)
	if l, err = service.Catalog().Get(layers.Viewer{}, "land.streets"); err != nil {
		t.Fatal(err)
	}
	manager, looker := postgistest.Account(t, pool, "manager", "00001", "manager"), postgistest.Account(t, pool, "looker", "00001", "looker")
	for name, c := range map[string]struct {
		v    layers.Viewer
		own  bool
		want bool
	}{"a manager's own": {manager, true, true}, "anybody's, by a manager": {manager, false, false}, "the own of who may only look": {looker, true, false}} {
		sees, err := s.exporter(c.v, TilesExport{Extent: Extent{Layers: []string{l.ID}}, Format: "pmtiles", Own: c.own})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := sees.MaySee(l, l.Field("class")); got != c.want || !sees.MaySee(l, l.Field("name")) {
			t.Errorf("%s shows what is private: %v", name, got)
		}
	}
}
