package tiles

import (
	"runtime"
	"strings"
	"testing"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/tiles/tiletest"
)

// Heights and measures are no part of a tile, and take nothing out of it.
func TestTilesOfShapesWithHeightsAndMeasures(t *testing.T) {
	w := newTown(t)
	at := maptile.New(8257, 5982, 14)
	for name, kind := range map[string]string{"high": "Z", "measured": "M", "both": "ZM"} {
		more := strings.Repeat(" 5", len(kind))
		shapes := strings.ReplaceAll(`
			(1, 'point', 'SRID=3857;POINT KIND(160050 5404050MORE)'),
			(2, 'line', 'SRID=3857;LINESTRING KIND(160000 5404000MORE, 160900 5404300MORE)'),
			(3, 'area', 'SRID=3857;POLYGON KIND((160000 5404000MORE, 160900 5404000MORE, 160900 5404900MORE, 160000 5404000MORE))'),
			(4, 'arc', 'SRID=3857;CIRCULARSTRING KIND(160000 5404000MORE, 160500 5404500MORE, 160900 5404000MORE)')`, "MORE", more)
		if _, err := w.pool.Exec(ctx, `create table public.`+name+` (id bigint primary key, name text, geom geometry(Geometry`+kind+`, 3857));
			insert into public.`+name+` values `+strings.ReplaceAll(shapes, "KIND", kind)); err != nil {
			t.Fatal(err)
		}
		l := w.publish(t, name)
		w.hold(t, 64<<20, name)
		held, _, ok, err := w.encodeHeld(ctx, clerk, l, at, layers.TileExtra{})
		if err != nil || !ok {
			t.Fatalf("%s: not from memory (%v)", name, err)
		}
		rows, _, err := w.encodeRows(ctx, clerk, l, at, layers.Query{}, layers.TileExtra{})
		if err != nil {
			t.Fatal(err)
		}
		for how, data := range map[string][]byte{"memory": held, "rows": rows} {
			dump := tiletest.Dump(tiletest.Decode(t, data))
			for _, shape := range []string{"point", "line", "area", "arc"} {
				if !strings.Contains(dump, `"`+shape+`"`) {
					t.Errorf("%s, %s: the %s is not in the tile:\n%s", name, how, shape, dump)
				}
			}
		}
	}
}

// However many features are in one place, a tile that is made for the eye stays
// within its budget, tells what it left out, and takes memory in proportion to
// what it holds.
func TestAMillionFeaturesInOneTile(t *testing.T) {
	count := 1_000_000
	if testing.Short() {
		count = 50_000
	}
	w := newTown(t)
	if _, err := w.pool.Exec(ctx, `create table public.crowd (id bigint primary key, name text, geom geometry(Point, 3857))`); err != nil {
		t.Fatal(err)
	}
	if _, err := w.pool.Exec(ctx, `insert into public.crowd select n, 'n' || n % 10, ST_SetSRID(ST_Point(160050 + n % 1000 / 1000.0, 5404050 + n / 1000 / 1000.0), 3857) from generate_series(0, $1 - 1) n`, count); err != nil {
		t.Fatal(err)
	}
	l := w.publish(t, "crowd")
	at := maptile.New(8257, 5982, 14)
	check := func(how string, make func() (*Tile, error)) {
		t.Helper()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		tile, err := make()
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Fatal(how, err)
		}
		if tile.Share.Of != count || tile.Share.Kept == 0 || len(tile.Data) > int(l.Tiles.Budget) {
			t.Errorf("%s: %d of %d features in %d bytes", how, tile.Share.Kept, tile.Share.Of, len(tile.Data))
		}
		if asked := after.TotalAlloc - before.TotalAlloc; asked > uint64(1000*count) {
			t.Errorf("%s: %d bytes of memory for each feature", how, asked/uint64(count))
		}
	}
	check("rows", func() (*Tile, error) { return w.encode(ctx, clerk, l, at, layers.Query{}, layers.TileExtra{}) })
	w.hold(t, 1<<30, "crowd")
	check("memory", func() (*Tile, error) { return w.encode(ctx, clerk, l, at, layers.Query{}, layers.TileExtra{}) })
	if held := w.holding.layers["crowd"].features.Size(); held > 150*count {
		t.Errorf("%d bytes are held for each point", held/count)
	}
}
