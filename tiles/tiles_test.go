package tiles

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"github.com/twpayne/go-geom"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles/tiletest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

const (
	parcelsFile = `
id: land.parcels
title: Parcelles
public: true
source: {table: land.parcels, collectivity: collectivity}
fields: [{name: section}, {name: number}, {name: notes, private: true}]
tiles: {minzoom: 10, maxzoom: 20}
`
	streetsFile = `
id: land.streets
title: Voies
public: true
source: {table: land.streets, collectivity: collectivity}
fields: [{name: name}]
`
	blocksFile = `
id: land.blocks
title: Îlots
source: {table: land.blocks, collectivity: collectivity}
fields: [{name: number}]
`
)

var (
	ctx   = context.Background()
	clerk = layers.Viewer{Admin: true}
	// home is 574015 6279015 in Lambert-93.
	home = orb.Point{1.44011, 43.59899}
)

// town is a service over an empty town, which hears of every change.
type town struct {
	*Service
	pool *pgxpool.Pool
	feed *postgis.Feed
}

func newTown(t testing.TB) town {
	t.Helper()
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, `create view public.places as select id, name, geom from land.place_names`); err != nil {
		t.Fatal(err)
	}
	return newTownOf(t, pool, parcelsFile, streetsFile, blocksFile,
		"id: places\ntitle: Lieux-dits\npublic: true\nsource: {table: public.places, id: id}\nfields: [{name: name}]\n")
}

// newTownOf is a town whose layers are those of some files.
func newTownOf(t testing.TB, pool *pgxpool.Pool, files ...string) town {
	t.Helper()
	w := serve(t, pool, files...)
	if err := w.feed.Start(ctx); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"00001", "00002"} {
		if err := w.store.PutCollectivity(ctx, code, code, 2154); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// serve makes a service of the layers over a database, whose feed waits to be
// started.
func serve(t testing.TB, pool *pgxpool.Pool, files ...string) town {
	t.Helper()
	var all []*layers.Layer
	for i, file := range files {
		l, err := layers.ReadFile(fmt.Sprintf("%d.yaml", i), []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	store, feed := postgis.NewStore(pool), postgis.NewFeed(pool, slog.New(slog.DiscardHandler))
	catalog, err := store.Load(ctx, all)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewService(layers.NewService(catalog, store, feed.Sync), store)
	if err != nil {
		t.Fatal(err)
	}
	feed.Handle(s.Forget)
	return town{s, pool, feed}
}

func square(x, y, side float64) geom.T {
	return geom.NewPolygonFlat(geom.XY, []float64{x, y, x + side, y, x + side, y + side, x, y + side, x, y}, []int{10}).SetSRID(2154)
}

func parcel(op layers.Op, number int, g geom.T) layers.Edit {
	return layers.Edit{Op: op, Layer: "land.parcels", ID: fmt.Sprintf("00001000AB%04d", number), Collectivity: "00001", Geometry: g,
		Properties: map[string]any{"section": "AB", "number": number}}
}

func (w town) edit(t testing.TB, edits ...layers.Edit) {
	t.Helper()
	if _, err := w.layers.Transact(ctx, clerk, layers.Transaction{Edits: edits}); err != nil {
		t.Fatal(err)
	}
}

func (w town) tile(t testing.TB, v layers.Viewer, at maptile.Tile, ids ...string) *Tile {
	t.Helper()
	tile, err := w.Tile(ctx, v, ids, int(at.Z), int(at.X), int(at.Y))
	if err != nil {
		t.Fatal(err)
	}
	return tile
}

func TestTileIsKeptUntilAChangeTouchesIt(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)), parcel(layers.Create, 2, square(575000, 6279000, 30)))
		here, there := maptile.At(home, 18), maptile.At(orb.Point{1.45249, 43.59917}, 18)
		first, far := w.tile(t, layers.Viewer{}, here, "land.parcels"), w.tile(t, layers.Viewer{}, there, "land.parcels")
		if first.Empty() || far.Empty() {
			t.Fatal("the parcels are not in the tiles where they should be")
		}
		if w.tile(t, layers.Viewer{}, here, "land.parcels") != first {
			t.Error("the tile was encoded twice")
		}
		w.edit(t, parcel(layers.Replace, 1, square(574000, 6279000, 31)))
		if got := w.tile(t, layers.Viewer{}, here, "land.parcels"); got.ETag == first.ETag {
			t.Error("the tile is stale")
		}
		if w.tile(t, layers.Viewer{}, there, "land.parcels") != far {
			t.Error("a tile that the change did not touch was forgotten")
		}
		w.edit(t, parcel(layers.Replace, 1, square(574000, 6279000, 30)))
		if got := w.tile(t, layers.Viewer{}, here, "land.parcels"); got.ETag != first.ETag {
			t.Error("the same content has another ETag")
		}
		if _, err := w.pool.Exec(ctx, `delete from land.parcels where number = 1`); err != nil { // not through the server
			t.Fatal(err)
		}
		w.edit(t, parcel(layers.Replace, 2, square(575000, 6279000, 31))) // hears of both
		if !w.tile(t, layers.Viewer{}, here, "land.parcels").Empty() {
			t.Error("the tile shows a parcel that was deleted in SQL")
		}
	})
}

func TestTileDependsOnWhoLooks(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)),
			layers.Edit{Op: layers.Create, Layer: "land.blocks", Collectivity: "00001", Geometry: square(574000, 6279000, 30), Properties: map[string]any{"number": 1}})
		if _, err := w.pool.Exec(ctx, `update land.parcels set notes = 'for us'`); err != nil {
			t.Fatal(err)
		}
		readers := map[string]layers.Viewer{}
		for _, code := range []string{"00001", "00002"} {
			readers[code] = postgistest.Account(t, w.pool, code, code, "reader")
		}
		at := maptile.At(home, 16)
		for range 2 { // encoded, then from memory
			if dump := tiletest.Dump(tiletest.Decode(t, w.tile(t, layers.Viewer{}, at, "land.parcels").Data)); strings.Contains(dump, "for us") {
				t.Errorf("anonymous viewers see a private field:\n%s", dump)
			}
			if dump := tiletest.Dump(tiletest.Decode(t, w.tile(t, readers["00001"], at, "land.parcels").Data)); !strings.Contains(dump, "for us") {
				t.Errorf("a reader does not see the private field:\n%s", dump)
			}
			if dump := tiletest.Dump(tiletest.Decode(t, w.tile(t, readers["00002"], at, "land.parcels").Data)); strings.Contains(dump, "for us") || !strings.Contains(dump, "section") {
				t.Errorf("a reader of another collectivity sees more or less than anybody:\n%s", dump)
			}
			if w.tile(t, readers["00001"], at, "land.blocks").Empty() {
				t.Error("a reader does not see a block of its own collectivity")
			}
			if !w.tile(t, readers["00002"], at, "land.blocks").Empty() {
				t.Error("a reader sees a block of another collectivity")
			}
		}
		if _, err := w.Tile(ctx, layers.Viewer{}, []string{"land.parcels", "land.blocks"}, 16, int(at.X), int(at.Y)); layers.KindOf(err) != layers.Unauthorized {
			t.Errorf("an anonymous viewer asks for blocks: %v, want unauthorized", err)
		}
	})
}

func TestCompositeHasTheLayersInOrder(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)), layers.Edit{Op: layers.Create, Layer: "land.streets", Collectivity: "00001",
			Properties: map[string]any{"name": "Rue Haute"}, Geometry: geom.NewLineStringFlat(geom.XY, []float64{573990, 6279000, 574050, 6279010}).SetSRID(2154)})
		at := maptile.At(home, 16)
		tile := w.tile(t, layers.Viewer{}, at, "land.streets", "land.parcels")
		all := tiletest.Decode(t, tile.Data)
		if len(all) != 2 || all[0].Name != "land.streets" || all[1].Name != "land.parcels" {
			t.Fatalf("the composite is\n%s", tiletest.Dump(all))
		}
		unpacked, err := gzip.NewReader(bytes.NewReader(tile.In(Gzip)))
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(unpacked); err != nil || !bytes.Equal(data, tile.Data) {
			t.Errorf("the compressed tile is another one (%v)", err)
		}
		if _, err := w.Tile(ctx, layers.Viewer{}, []string{"land.parcels", "land.parcels"}, 16, int(at.X), int(at.Y)); layers.KindOf(err) != layers.BadRequest {
			t.Errorf("one layer twice: %v, want a bad request", err)
		}
		low := maptile.At(home, 9)
		if !w.tile(t, layers.Viewer{}, low, "land.parcels").Empty() {
			t.Error("a tile below the layer's lowest zoom has content")
		}
	})
}

// Nothing tells of changes behind a view, so that its tiles are not kept.
func TestTileOfAViewIsFresh(t *testing.T) {
	w := newTown(t)
	at := maptile.At(home, 16)
	if !w.tile(t, layers.Viewer{}, at, "places").Empty() {
		t.Fatal("an empty view has a tile")
	}
	_, err := w.pool.Exec(ctx, `insert into land.place_names (collectivity, name, geom)
		values ('00001', 'Bellevue', ST_Multi(ST_MakeEnvelope(574000, 6279000, 574100, 6279100, 2154)))`)
	if err != nil {
		t.Fatal(err)
	}
	if w.tile(t, layers.Viewer{}, at, "places").Empty() {
		t.Error("the tile of a view is stale")
	}
}

// A tile that a change overtakes while it is encoded is not served after it.
func TestTileEncodedDuringAChangeIsNotServedAgain(t *testing.T) {
	w := newTown(t)
	w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
	at := maptile.At(home, 16)
	unlock := w.lock(t)
	before := w.key(t, at)
	overtaken := make(chan *Tile)
	go func() { overtaken <- w.tile(t, layers.Viewer{}, at, "land.parcels") }()
	w.waitForLock(t)
	w.Forget([]layers.Change{{Seq: 1 << 40, Relation: "land.parcels", Boxes: []layers.BBox{w.transformed(t, 574000, 6279000, 574030, 6279030)}}})
	unlock()
	first := <-overtaken
	if before == w.key(t, at) {
		t.Error("the change gives the tile no other version")
	}
	second := w.tile(t, layers.Viewer{}, at, "land.parcels")
	if second == first {
		t.Error("the tile that was overtaken is served")
	}
	if w.tile(t, layers.Viewer{}, at, "land.parcels") != second {
		t.Error("a tile encoded after the change was not kept")
	}
}

// key is that under which anybody's tile of parcels is kept now.
func (w town) key(t testing.TB, at maptile.Tile) key {
	t.Helper()
	return key{layer: "land.parcels", tile: at, version: w.versions.of(w.layer(t, "land.parcels"), at), edition: w.renew(w.layers.Catalog())}
}

// lock has whoever encodes parcels wait until what it returns is called.
func (w town) lock(t testing.TB) (unlock func()) {
	t.Helper()
	tx, err := w.pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, `lock table land.parcels in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := tx.Rollback(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// waitForLock waits until a statement waits for a lock.
func (w town) waitForLock(t testing.TB) {
	t.Helper()
	for waiting := false; !waiting; {
		err := w.pool.QueryRow(ctx, `select exists (select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database()))`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever writes reads what he wrote, however many read and write at once.
func TestWritersReadWhatTheyWrote(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		const writers, rounds = 4, 15
		at := maptile.At(home, 14)
		var busy sync.WaitGroup
		for n := 1; n <= writers; n++ {
			x := 574000 + float64(n)*50
			w.edit(t, parcel(layers.Create, n, square(x, 6279000, 30)))
			busy.Go(func() {
				for round := 1; round <= rounds; round++ {
					e := parcel(layers.Update, n, nil)
					e.Properties = map[string]any{"notes": fmt.Sprintf("round %d of %d", round, n)}
					if _, err := w.layers.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{e}}); err != nil {
						t.Error(err)
						return
					}
					tile, err := w.Tile(ctx, clerk, []string{"land.parcels"}, int(at.Z), int(at.X), int(at.Y))
					if err != nil {
						t.Error(err)
						return
					}
					if !bytes.Contains(tile.Data, []byte(e.Properties["notes"].(string))) {
						t.Errorf("writer %d reads a stale tile in round %d", n, round)
					}
				}
			})
		}
		busy.Wait()
	})
}

// One who gives up does not spoil the tile for the others that wait for it.
func TestOneWhoGivesUpDoesNotSpoilTheTile(t *testing.T) {
	w := newTown(t)
	w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
	at := maptile.At(home, 16)
	unlock := w.lock(t)
	gone, giveUp := context.WithCancel(ctx)
	first := make(chan error)
	go func() {
		_, err := w.Tile(gone, layers.Viewer{}, []string{"land.parcels"}, 16, int(at.X), int(at.Y))
		first <- err
	}()
	second := make(chan *Tile)
	go func() { second <- w.tile(t, layers.Viewer{}, at, "land.parcels") }()
	giveUp()
	if err := <-first; err != context.Canceled {
		t.Errorf("who gave up got %v", err)
	}
	unlock()
	if (<-second).Empty() {
		t.Error("the other got an empty tile")
	}
}

// Each tile whose content a change alters is among those it is said to touch;
// the boxes are those that the change feed tells.
func TestTouchedTilesAreThoseThatChange(t *testing.T) {
	const seed = 11
	random := rand.New(rand.NewPCG(seed, 0))
	w := newTown(t)
	for range 12 {
		side := []float64{0.5, 20, 400, 3000}[random.IntN(4)]
		x, y := 574000+random.Float64()*100, 6279000+random.Float64()*100
		z := maptile.Zoom(12 + random.IntN(9))
		box := w.transformed(t, x, y, x+side, y+side)
		r := touched(box, z)
		// the border of the block of touched tiles and the tiles around it
		var near []maptile.Tile
		for tx := r.minX - 2; tx <= r.maxX+2; tx++ {
			for ty := r.minY - 2; ty <= r.maxY+2; ty++ {
				if tx <= r.minX || ty <= r.minY || tx >= r.maxX || ty >= r.maxY {
					near = append(near, maptile.New(uint32(tx), uint32(ty), z))
				}
			}
		}
		if len(near) > 60 {
			random.Shuffle(len(near), func(i, j int) { near[i], near[j] = near[j], near[i] })
			near = near[:60]
		}
		w.edit(t, parcel(layers.Create, 1, square(x, y, side)))
		for _, at := range near {
			tile, err := w.store.Tile(ctx, clerk, w.layers.Catalog().All()[0], int(z), int(at.X), int(at.Y), layers.Query{}, layers.TileExtra{})
			if err != nil {
				t.Fatal(err)
			}
			if tile != nil && !r.holds(at) {
				t.Errorf("seed %d: tile %v has the square of %.1f m at %.2f %.2f, but is said not to be touched", seed, at, side, x, y)
			}
		}
		w.edit(t, layers.Edit{Op: layers.Delete, Layer: "land.parcels", ID: "00001000AB0001"})
	}
}

// transformed is a box of Lambert-93 as the change feed tells it.
func (w town) transformed(t *testing.T, minX, minY, maxX, maxY float64) layers.BBox {
	t.Helper()
	b := layers.BBox{SRID: 3857}
	err := w.pool.QueryRow(ctx, `select ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) from ST_Transform(ST_MakeEnvelope($1, $2, $3, $4, 2154), 3857) b`, minX, minY, maxX, maxY).
		Scan(&b.MinX, &b.MinY, &b.MaxX, &b.MaxY)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A change wider than anybody would count touches what is in it, and no more.
func TestWideChangeForgetsEverythingInIt(t *testing.T) {
	w := newTown(t)
	in, out := maptile.At(home, 16), maptile.At(orb.Point{7, 48}, 16)
	kept := map[maptile.Tile]*Tile{}
	for _, at := range []maptile.Tile{in, out} {
		kept[at] = w.tile(t, layers.Viewer{}, at, "land.parcels")
	}
	w.Forget([]layers.Change{{Seq: 1, Relation: "land.parcels", Op: "load", Boxes: []layers.BBox{w.transformed(t, 500000, 6200000, 600000, 6300000)}}})
	if w.tile(t, layers.Viewer{}, in, "land.parcels") == kept[in] {
		t.Error("a tile within was kept")
	}
	if w.tile(t, layers.Viewer{}, out, "land.parcels") != kept[out] {
		t.Error("a tile outside was forgotten")
	}
}

// BenchmarkForget hears a batch of 2000 small changes with 100,000 tiles kept.
func BenchmarkForget(b *testing.B) {
	w := newTown(b)
	centre := maptile.At(home, 18)
	for i := range 100_000 {
		w.cache.Set(w.key(b, maptile.New(centre.X+uint32(i%300), centre.Y+uint32(i/300), 18)), &Tile{})
	}
	var changes []layers.Change
	for seq := range int64(2000) {
		x, y := 159795+rand.Float64()*1e4, 5404000+rand.Float64()*1e4
		box := layers.BBox{MinX: x, MinY: y, MaxX: x + 50, MaxY: y + 50}
		changes = append(changes, layers.Change{Seq: seq, Relation: "land.parcels", Boxes: []layers.BBox{box, box}})
	}
	for b.Loop() {
		w.Forget(changes)
	}
}

// BenchmarkTile encodes tiles of a layer of 100,000 parcels of 40 m without
// compressing them: by PostGIS, from rows, from memory; and has them from among
// those that are kept.
func BenchmarkTile(b *testing.B) {
	w := newTown(b)
	_, err := w.pool.Exec(ctx, `
		insert into land.parcels (id, collectivity, section, number, geom)
		select '00001' || to_char(n / 9999, 'FM000') || 'AB' || to_char(n % 9999 + 1, 'FM0000'), '00001', 'AB', n % 9999 + 1,
			ST_Multi(ST_MakeEnvelope(x, y, x + 40, y + 40, 2154))
		from (select n, 567000 + (n % 316) * 42 as x, 6272000 + (n / 316) * 42 as y from generate_series(0, 99999) n) p`)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := w.pool.Exec(ctx, `analyze land.parcels`); err != nil {
		b.Fatal(err)
	}
	l, err := w.layers.Catalog().Get(layers.Viewer{}, "land.parcels")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			w.renew(&layers.Catalog{})
			w.hold(b, 512<<20, "land.parcels")
		}
		b.ReportMetric(float64(w.holding.layers["land.parcels"].features.Size())/1e6, "MB")
	})
	encoders := map[string]func(maptile.Tile) ([]byte, error){
		"asmvt": func(at maptile.Tile) ([]byte, error) {
			return w.store.Tile(ctx, layers.Viewer{}, l, int(at.Z), int(at.X), int(at.Y), layers.Query{}, layers.TileExtra{})
		},
		"rows": func(at maptile.Tile) ([]byte, error) {
			tile, _, err := w.encodeRows(ctx, layers.Viewer{}, l, at, layers.Query{}, layers.TileExtra{})
			return tile, err
		},
		"memory": func(at maptile.Tile) ([]byte, error) {
			tile, _, ok, err := w.encodeHeld(ctx, layers.Viewer{}, l, at, layers.TileExtra{})
			if !ok {
				b.Fatal("the layer is not held")
			}
			return tile, err
		},
	}
	for _, z := range []maptile.Zoom{4, 8, 11, 14, 16, 18} {
		at := maptile.At(home, z)
		for _, by := range []string{"asmvt", "rows", "memory"} {
			b.Run(fmt.Sprintf("encoded/zoom=%d/by=%s", z, by), func(b *testing.B) {
				size := 0
				for b.Loop() {
					tile, err := encoders[by](at)
					if err != nil {
						b.Fatal(err)
					}
					size = len(tile)
				}
				b.ReportMetric(float64(size), "bytes/tile")
			})
		}
	}
	b.Run("kept", func(b *testing.B) {
		at := maptile.At(home, 16)
		w.tile(b, layers.Viewer{}, at, "land.parcels")
		for b.Loop() {
			w.tile(b, layers.Viewer{}, at, "land.parcels")
		}
	})
}

func TestTheMapIsShownAsItWasAtAMoment(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
		here := maptile.At(home, 18)
		then := w.tile(t, clerk, here, "land.parcels")
		var moment time.Time
		if err := w.pool.QueryRow(ctx, `select clock_timestamp()`).Scan(&moment); err != nil {
			t.Fatal(err)
		}
		w.edit(t, parcel(layers.Delete, 1, nil), parcel(layers.Create, 2, square(574000, 6279000, 20)))
		past := func(v layers.Viewer, moment time.Time) (*Tile, error) {
			return w.TileAt(ctx, v, []string{"land.parcels"}, int(here.Z), int(here.X), int(here.Y), moment)
		}
		got, err := past(clerk, moment)
		if err != nil || got.ETag != then.ETag {
			t.Errorf("the tile of the past is another than it was (%v)", err)
		}
		if got, err := past(clerk, moment.Add(-time.Hour)); err != nil || !got.Empty() {
			t.Errorf("before all there is a tile of %d bytes (%v)", len(got.Data), err)
		}
		if now := w.tile(t, clerk, here, "land.parcels"); now.ETag == then.ETag {
			t.Error("the tile of now is that of the past")
		}
		if _, err := past(layers.Viewer{}, moment); layers.KindOf(err) != layers.Unauthorized {
			t.Errorf("anonymous: %v", err)
		}
	})
}

func (w town) with(t testing.TB, v layers.Viewer, at maptile.Tile, text string, fields ...string) *Tile {
	t.Helper()
	tile, err := w.TileWith(ctx, v, "land.parcels", int(at.Z), int(at.X), int(at.Y), layers.Query{}, fields, text)
	if err != nil {
		t.Fatal(err)
	}
	return tile
}

func TestTilesWithMoreAttributesAreKeptApartAndForgottenTogether(t *testing.T) {
	w := newTown(t)
	w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
	at := maptile.At(home, 18)
	word := func(tile *Tile) any {
		t.Helper()
		return tiletest.Decode(t, tile.Data)[0].Features[0].Properties["_text"]
	}
	plain, first := w.tile(t, layers.Viewer{}, at, "land.parcels"), w.with(t, layers.Viewer{}, at, "section + text(number)")
	if word(plain) != nil || word(first) != "AB1" {
		t.Errorf("the words are %v and %v", word(plain), word(first))
	}
	if second := w.with(t, layers.Viewer{}, at, "section + text(number + 1)"); word(second) != "AB2" {
		t.Errorf("another expression gives %v", word(second))
	}
	if w.with(t, layers.Viewer{}, at, "section + text(number)") != first {
		t.Error("the tile was encoded twice")
	}
	w.edit(t, layers.Edit{Op: layers.Update, Layer: "land.parcels", ID: "00001000AB0001", Properties: map[string]any{"section": "CD"}})
	if got := w.with(t, layers.Viewer{}, at, "section + text(number)"); word(got) != "CD1" {
		t.Errorf("a change leaves %v", word(got))
	}
}
