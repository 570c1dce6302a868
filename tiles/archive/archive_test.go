package archive_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles"
	"arpent/tiles/archive"
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
tiles: {minzoom: 12, maxzoom: 17}
`
	streetsFile = `
id: land.streets
title: Voies
public: true
source: {table: land.streets, collectivity: collectivity}
fields: [{name: name}]
tiles: {minzoom: 10, maxzoom: 17}
`
)

var ctx = context.Background()

// newVillage has 60 parcels of 30 m in six rows, a street from one end to the
// other, and a parcel of 10 cm far from all.
func newVillage(t testing.TB) *tiles.Service {
	t.Helper()
	return village(t)()
}

// village makes services over the same new village.
func village(t testing.TB) func() *tiles.Service {
	t.Helper()
	pool := postgistest.New(t)
	var all []*layers.Layer
	for _, file := range []string{parcelsFile, streetsFile} {
		l, err := layers.ReadFile("test.yaml", []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	service, store, _ := postgistest.Service(t, pool, all...)
	if err := store.PutCollectivity(ctx, "00001", "Village", 2154); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(ctx, `
		insert into land.parcels (id, collectivity, section, number, notes, geom)
		select '00001000AB' || lpad(i::text, 4, '0'), '00001', 'AB', i, 'secret', ST_Multi(ST_MakeEnvelope(x, y, x + 30, y + 30, 2154))
		from generate_series(1, 60) i, lateral (select 900000 + i % 10 * 30 as x, 6690000 + i / 10 * 30 as y) at
		union all
		select '00001000AC0001', '00001', 'AC', 1, 'secret', ST_Multi(ST_MakeEnvelope(903000, 6693000, 903000.1, 6693000.1, 2154))`); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(ctx, `insert into land.streets (collectivity, name, geom)
		values ('00001', 'Grande Rue', ST_Multi(ST_SetSRID(ST_MakeLine(ST_MakePoint(899900, 6689990), ST_MakePoint(900500, 6690300)), 2154)))`); err != nil {
		t.Fatal(err)
	}
	return func() *tiles.Service {
		s, err := tiles.NewService(service, store)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

var ids = []string{"land.parcels", "land.streets"}

// all are the tiles of a place that the service has, gzipped, by brute force.
func all(t testing.TB, s *tiles.Service, d *tiles.Description) map[maptile.Tile][]byte {
	t.Helper()
	found := map[maptile.Tile][]byte{}
	for z := maptile.Zoom(d.MinZoom); int(z) <= d.MaxZoom; z++ {
		first, last := maptile.At(orb.Point{d.Bounds[0], d.Bounds[3]}, z), maptile.At(orb.Point{d.Bounds[2], d.Bounds[1]}, z)
		for x := first.X - 1; x <= last.X+1; x++ {
			for y := first.Y - 1; y <= last.Y+1; y++ {
				tile, err := s.Tile(ctx, layers.Viewer{}, ids, int(z), int(x), int(y))
				if err != nil {
					t.Fatal(err)
				}
				if !tile.Empty() {
					found[maptile.New(x, y, z)] = tile.In(tiles.Gzip)
				}
			}
		}
	}
	return found
}

func TestAFileHoldsEveryTileThatIsNotEmpty(t *testing.T) {
	s := newVillage(t)
	d, err := s.Describe(ctx, layers.Viewer{}, ids, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	want := all(t, s, d)
	tiny := maptile.At(orb.Point{d.Bounds[2] - 1e-7, d.Bounds[3] - 1e-7}, 17)
	if _, ok := want[tiny]; !ok {
		t.Fatal("the parcel of 10 cm is in no tile of zoom 17")
	}
	for kind, read := range map[string]func(testing.TB, string) map[maptile.Tile][]byte{".pmtiles": pmtiles, ".mbtiles": mbtiles} {
		t.Run(kind, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "village"+kind)
			looked := int64(0)
			done, err := archive.Write(ctx, s, layers.Viewer{}, tiles.Extent{Layers: ids}, path, func(n, _ int64) { looked = n })
			if err != nil {
				t.Fatal(err)
			}
			got := read(t, path)
			if len(got) != len(want) || done.Tiles != len(want) || done.MinZoom != 10 || done.MaxZoom != 17 || looked < int64(len(want)) {
				t.Errorf("%d tiles read, %d looked at, said to be written: %+v; %d are not empty", len(got), looked, done, len(want))
			}
			for at, tile := range want {
				if !bytes.Equal(got[at], tile) {
					t.Errorf("tile %v is another than what is served", at)
				}
			}
			for _, l := range tiletest.Decode(t, unpacked(t, got[maptile.At(orb.Point{d.Bounds[0] + .002, d.Bounds[1] + .001}, 14)])) {
				for _, f := range l.Features {
					if _, there := f.Properties["notes"]; there {
						t.Error("what only members see is in a file for anybody")
					}
				}
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// What is written from memory is what the database would have given: the same
// tiles with the same features, to the byte where nothing is left out of shapes.
func TestAFileFromMemoryHoldsWhatTheDatabaseShows(t *testing.T) {
	open := village(t)
	folder := t.TempDir()
	write := func(s *tiles.Service, name string) map[maptile.Tile][]byte {
		path := filepath.Join(folder, name)
		if _, err := archive.Write(ctx, s, layers.Viewer{}, tiles.Extent{Layers: ids}, path, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		return pmtiles(t, path)
	}
	want := write(open(), "rows.pmtiles")
	s := open()
	if err := s.Preload(ctx, layers.Viewer{}, ids, 64<<20); err != nil {
		t.Fatal(err)
	}
	d, err := s.Describe(ctx, layers.Viewer{}, ids, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	at := maptile.At(orb.Point{d.Bounds[0] + .002, d.Bounds[1] + .001}, 14)
	if one, err := s.Tile(ctx, layers.Viewer{}, ids[:1], 14, int(at.X), int(at.Y)); err != nil || one.Made != tiles.FromMemory {
		t.Fatalf("a tile is made from %q, %v", one.Made, err)
	}
	got := write(s, "memory.pmtiles")
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%d tiles, by the database %d", len(got), len(want))
	}
	features := func(tile []byte) (all []string) {
		for _, l := range tiletest.Decode(t, unpacked(t, tile)) {
			for _, f := range l.Features {
				all = append(all, fmt.Sprint(l.Name, *f.ID, f.Type, f.Properties))
			}
		}
		return all
	}
	for at, tile := range want {
		if !slices.Equal(features(got[at]), features(tile)) {
			t.Errorf("tile %v has other features", at)
		}
		if at.Z == 17 && !bytes.Equal(got[at], tile) {
			t.Errorf("tile %v has other bytes", at)
		}
	}
	if len(features(want[at])) < 10 {
		t.Errorf("tile %v has %d features", at, len(features(want[at])))
	}
}

func TestGDALReadsMBTiles(t *testing.T) {
	s := newVillage(t)
	path := filepath.Join(t.TempDir(), "village.mbtiles")
	if _, err := archive.Write(ctx, s, layers.Viewer{}, tiles.Extent{Layers: ids}, path, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ogrinfo", "-ro", "-so", path, "land.parcels").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "number: ") || !strings.Contains(string(out), "Feature Count: ") || strings.Contains(string(out), "Feature Count: 0") {
		t.Errorf("GDAL reads: %v: %s", err, out)
	}
}

func TestBoundsAndZoomsNarrowWhatIsWritten(t *testing.T) {
	s := newVillage(t)
	path := filepath.Join(t.TempDir(), "part.pmtiles")
	d, err := s.Describe(ctx, layers.Viewer{}, ids, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	corner := &orb.Bound{Min: orb.Point{d.Bounds[0], d.Bounds[1]}, Max: orb.Point{d.Bounds[0] + .004, d.Bounds[1] + .004}}
	done, err := archive.Write(ctx, s, layers.Viewer{}, tiles.Extent{Layers: ids, MinZoom: 14, MaxZoom: 16, Bounds: corner}, path, func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	got := pmtiles(t, path)
	if len(got) == 0 || done.MinZoom != 14 || done.MaxZoom != 16 {
		t.Errorf("written: %+v", done)
	}
	for at := range got {
		if at.Z < 14 || at.Z > 16 || !at.Bound(64.0/4096).Intersects(*corner) {
			t.Errorf("tile %v was not asked for", at)
		}
	}
}

func TestWhatCannotBeWrittenIsSaidAndLeavesTheFileAsItWas(t *testing.T) {
	s := newVillage(t)
	path := filepath.Join(t.TempDir(), "old.pmtiles")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		o    tiles.Extent
		kind layers.Kind
	}{
		"another ending":           {filepath.Join(filepath.Dir(path), "tiles.zip"), tiles.Extent{Layers: ids}, layers.BadRequest},
		"an unknown layer":         {path, tiles.Extent{Layers: []string{"land.nothing"}}, layers.NotFound},
		"a layer twice":            {path, tiles.Extent{Layers: []string{ids[0], ids[0]}}, layers.BadRequest},
		"zooms without tiles":      {path, tiles.Extent{Layers: ids, MinZoom: 18}, layers.BadRequest},
		"bounds that hold nothing": {path, tiles.Extent{Layers: ids, Bounds: &orb.Bound{Min: orb.Point{10, 10}, Max: orb.Point{11, 11}}}, layers.BadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := archive.Write(ctx, s, layers.Viewer{}, c.o, c.path, func(int64, int64) {})
			if e := (*layers.Error)(nil); !errors.As(err, &e) || e.Kind != c.kind {
				t.Errorf("answered %v", err)
			}
		})
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := archive.Write(stopped, s, layers.Viewer{}, tiles.Extent{Layers: ids}, path, func(int64, int64) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped, it answers %v", err)
	}
	if kept, err := os.ReadFile(path); err != nil || string(kept) != "old" {
		t.Errorf("the file that was there is now %q, %v", kept, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// mbtiles are the tiles of a file, by its view.
func mbtiles(t testing.TB, path string) map[maptile.Tile][]byte {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.Query(`select zoom_level, tile_column, tile_row, tile_data from tiles`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	found := map[maptile.Tile][]byte{}
	for rows.Next() {
		var z, x, y uint32
		var data []byte
		if err := rows.Scan(&z, &x, &y, &data); err != nil {
			t.Fatal(err)
		}
		found[maptile.New(x, 1<<z-1-y, maptile.Zoom(z))] = data
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

func unpacked(t testing.TB, data []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(fmt.Errorf("what should be gzip is not: %w", err))
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
