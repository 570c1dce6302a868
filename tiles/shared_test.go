package tiles

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-spatial/tegola/cache"
	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/tiles/memory"
	"arpent/tiles/tiletest"
)

// caches are the addresses of one cache of each kind.
func caches(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{"files": "file://" + t.TempDir(), "redis": tiletest.Redis(t)}
}

// other is one more server over the database of a town, with a cache.
func (w town) other(t testing.TB, address string) town {
	t.Helper()
	o := serve(t, w.pool, parcelsFile, streetsFile, blocksFile)
	shared, err := OpenShared(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.feed.Rewind(ctx, shared.Since(time.Now())); err != nil {
		t.Fatal(err)
	}
	if err := o.feed.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	o.Share(shared, "test")
	return o
}

func TestServersShareTilesAndNoneServesWhatAChangeOvertook(t *testing.T) {
	for kind, address := range caches(t) {
		t.Run(kind, func(t *testing.T) {
			w := newTown(t)
			w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)), parcel(layers.Create, 2, square(575000, 6279000, 30)))
			at := maptile.At(home, 16)
			one := w.other(t, address)
			two := w.other(t, address)
			first := one.tile(t, layers.Viewer{}, at, "land.parcels")
			if first.Made != FromRows || first.Empty() {
				t.Fatalf("the first is made from %q", first.Made)
			}
			second := two.tile(t, layers.Viewer{}, at, "land.parcels")
			if second.Made != FromShared || second.ETag != first.ETag || !bytes.Equal(second.In(Gzip), first.In(Gzip)) || !bytes.Equal(second.Data, first.Data) {
				t.Errorf("the second is made from %q", second.Made)
			}
			if member := two.tile(t, clerk, at, "land.parcels"); member.Made == FromShared {
				t.Error("who may see more is served what anybody sees")
			}
			one.edit(t, parcel(layers.Replace, 1, square(574000, 6279000, 31)))
			if got := one.tile(t, layers.Viewer{}, at, "land.parcels"); got.Made != FromRows || got.ETag == first.ETag {
				t.Error("who wrote reads what was before")
			}
			if err := two.feed.Sync(ctx); err != nil {
				t.Fatal(err)
			}
			if got := two.tile(t, layers.Viewer{}, at, "land.parcels"); got.Made != FromShared || got.ETag == first.ETag {
				t.Errorf("after the change the other has a tile from %q, the same: %t", got.Made, got.ETag == first.ETag)
			}
			if _, err := w.pool.Exec(ctx, `delete from land.parcels where number = 1`); err != nil { // while no server hears
				t.Fatal(err)
			}
			late := w.other(t, address)
			if got := late.tile(t, layers.Viewer{}, at, "land.parcels"); !got.Empty() {
				t.Error("a server that was started later serves what was deleted before")
			}
			later := w.other(t, address)
			if got := later.tile(t, layers.Viewer{}, maptile.At([2]float64{1.45249, 43.59917}, 16), "land.parcels"); got.Empty() {
				t.Error("the other parcel is lost")
			}
		})
	}
}

// A table of the same name is another one: its tiles are its own.
// What is left out of a tile is told by those too who have it from others.
func TestASharedTileSaysHowMuchOfItIsThere(t *testing.T) {
	packed := tileOf([]byte("tile"), FromRows, memory.Share{})
	for _, share := range []memory.Share{{}, {Kept: 0, Of: 3}, {Kept: 1234, Of: 5678}} {
		for _, tile := range []*Tile{packed, tileOf(nil, "", memory.Share{})} {
			tile.Share = share
			got, err := openTile(sealTile(tile))
			if err != nil || got.Share != share || got.ETag != tile.ETag {
				t.Errorf("of %+v comes %+v, %v", share, got, err)
			}
		}
	}
	if _, err := openTile(sealTile(packed)[:sealSize]); err == nil {
		t.Error("a tile of nothing is opened")
	}
}

func TestATableMadeAnewDoesNotShowTheTilesOfTheOldOne(t *testing.T) {
	w := newTown(t)
	address := "file://" + t.TempDir()
	w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
	at := maptile.At(home, 16)
	one := w.other(t, address)
	if one.tile(t, layers.Viewer{}, at, "land.parcels").Empty() {
		t.Fatal("the parcel is in no tile")
	}
	if _, err := w.pool.Exec(ctx, `
		create table land.parcels_new (like land.parcels including all);
		drop table land.parcels cascade;
		alter table land.parcels_new rename to parcels;
		delete from arpent.change`); err != nil {
		t.Fatal(err)
	}
	two := w.other(t, address)
	if !two.tile(t, layers.Viewer{}, at, "land.parcels").Empty() {
		t.Error("the new table shows a parcel of the old one")
	}
}

func TestADamagedTileIsMadeAnew(t *testing.T) {
	w := newTown(t)
	folder := t.TempDir()
	w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
	at := maptile.At(home, 16)
	one := w.other(t, "file://"+folder)
	first := one.tile(t, layers.Viewer{}, at, "land.parcels")
	files, err := filepath.Glob(filepath.Join(folder, "*", "*", "*", "*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string][]byte{"cut": content[:len(content)-1], "changed": append(bytes.Clone(content[:40]), make([]byte, len(content)-40)...), "empty": nil} {
		if err := os.WriteFile(files[0], damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		two := w.other(t, "file://"+folder)
		if got := two.tile(t, layers.Viewer{}, at, "land.parcels"); got.Made != FromRows || got.ETag != first.ETag {
			t.Errorf("%s: a tile from %q", name, got.Made)
		}
	}
}

func TestTilesAreServedWhenTheCacheIsGone(t *testing.T) {
	w := newTown(t)
	w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
	s := w.other(t, tiletest.Redis(t))
	s.shared.Load().store = broken{}
	if s.tile(t, layers.Viewer{}, maptile.At(home, 16), "land.parcels").Empty() {
		t.Error("there is no tile without the cache")
	}
	if s.shared.Load().rest.Load() < time.Now().UnixNano() {
		t.Error("a cache that fails is asked again at once")
	}
	if _, err := OpenShared("http://example"); err == nil {
		t.Error("an address of no cache is taken")
	}
}

func TestFilesOfPastWeeksAreRemoved(t *testing.T) {
	folder := t.TempDir()
	now := time.Date(2026, 12, 30, 12, 0, 0, 0, time.UTC)
	for _, name := range []string{"2026-w52", "2026-w53", "other"} {
		if err := os.MkdirAll(filepath.Join(folder, name, "x"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	(&Shared{folder: folder}).sweep(now)
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(left) != 2 || filepath.Base(left[0]) != "2026-w53" {
		t.Errorf("left: %v, %v", left, err)
	}
	if since := (&Shared{}).Since(now); since != time.Date(2026, 12, 27, 23, 50, 0, 0, time.UTC) {
		t.Errorf("changes are heard since %v", since)
	}
}

// Two servers, edits through one of them and in SQL, readers at both: nobody
// is served a tile that is not what PostGIS makes of the rows.
func TestNobodyIsServedAStaleTile(t *testing.T) {
	const seed, rounds = 3, 60
	random := rand.New(rand.NewPCG(seed, 0))
	w := newTown(t)
	address := tiletest.Redis(t)
	one := w.other(t, address)
	two := w.other(t, address)
	for n := 1; n <= 20; n++ {
		one.edit(t, parcel(layers.Create, n, square(574000+float64(n)*40, 6279000, 30)))
	}
	from := 0
	for round := range rounds {
		n := 1 + random.IntN(20)
		size := 5 + random.Float64()*30
		if random.IntN(2) == 0 {
			one.edit(t, parcel(layers.Replace, n, square(574000+float64(n)*40, 6279000, size)))
		} else if _, err := w.pool.Exec(ctx, `update land.parcels set geom = ST_Multi(ST_MakeEnvelope($2::float8, 6279000, $2 + $3::float8, 6279000 + $3, 2154)) where number = $1`,
			n, 574000+float64(n)*40, size); err != nil {
			t.Fatal(err)
		}
		for _, s := range []town{one, two} {
			if err := s.feed.Sync(ctx); err != nil {
				t.Fatal(err)
			}
		}
		at := maptile.At([2]float64{home[0] + random.Float64()*0.008, home[1]}, maptile.Zoom(15+random.IntN(3)))
		l, err := two.layers.Catalog().Get(layers.Viewer{}, "land.parcels")
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := two.store.Tile(ctx, layers.Viewer{}, l, int(at.Z), int(at.X), int(at.Y), layers.Query{}, layers.TileExtra{})
		if err != nil {
			t.Fatal(err)
		}
		want := boxesOf(t, fresh)
		for name, s := range map[string]town{"one": one, "two": two} {
			got := s.tile(t, layers.Viewer{}, at, "land.parcels")
			if got.Made == FromShared {
				from++
			}
			if have := boxesOf(t, got.Data); !alike(have, want) {
				t.Fatalf("seed %d, round %d: server %s serves tile %v from %q with\n%v, PostGIS makes\n%v", seed, round, name, at, got.Made, have, want)
			}
		}
	}
	if from == 0 {
		t.Error("nothing was shared")
	}
}

// boxesOf are the boxes of the features of a tile, in its units, by identifier.
func boxesOf(t testing.TB, data []byte) map[any][4]int {
	t.Helper()
	boxes := map[any][4]int{}
	for _, l := range tiletest.Decode(t, data) {
		for _, f := range l.Features {
			b := [4]int{1 << 30, 1 << 30, -1 << 30, -1 << 30}
			for _, part := range f.Parts {
				for _, p := range part {
					b = [4]int{min(b[0], p[0]), min(b[1], p[1]), max(b[2], p[0]), max(b[3], p[1])}
				}
			}
			boxes[f.Properties["id"]] = b
		}
	}
	return boxes
}

// alike compares boxes to a unit, as the encoders round each in its way.
func alike(a, b map[any][4]int) bool {
	return maps.EqualFunc(a, b, func(p, q [4]int) bool {
		for i := range p {
			if p[i]-q[i] > 1 || q[i]-p[i] > 1 {
				return false
			}
		}
		return true
	})
}

// broken is a cache that is gone.
type broken struct{}

func (broken) Get(context.Context, *cache.Key) ([]byte, bool, error) {
	return nil, false, errors.New("gone")
}
func (broken) Set(context.Context, *cache.Key, []byte) error { return errors.New("gone") }
func (broken) Purge(context.Context, *cache.Key) error       { return errors.New("gone") }
