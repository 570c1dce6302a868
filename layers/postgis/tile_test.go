package postgis_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles/tiletest"
)

// decodeTile reads the one layer of a tile; nil for an empty tile.
func decodeTile(t *testing.T, data []byte) *tiletest.Layer {
	t.Helper()
	if data == nil {
		return nil
	}
	decoded := tiletest.Decode(t, data)
	if len(decoded) != 1 {
		t.Fatalf("the tile has %d layers, want 1", len(decoded))
	}
	return &decoded[0]
}

func (w town) tile(t *testing.T, v layers.Viewer, layer string, at maptile.Tile) []byte {
	t.Helper()
	l, err := w.Catalog().Get(v, layer)
	if err != nil {
		t.Fatal(err)
	}
	data, err := w.store.Tile(ctx, v, l, int(at.Z), int(at.X), int(at.Y), layers.Query{}, layers.TileExtra{})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// toulouse is 574015 6279015 in Lambert-93.
var toulouse = orb.Point{1.44011, 43.59899}

func TestTileShowsWhatTheViewerMaySee(t *testing.T) {
	w := newTown(t)
	id, _ := w.parcel(t, "00001", 7, square(t, 574000, 6279000, 40))
	if _, err := w.pool.Exec(ctx, `update land.parcels set notes = 'for us'`); err != nil {
		t.Fatal(err)
	}
	at := maptile.At(toulouse, 14)

	layer := decodeTile(t, w.tile(t, layers.Viewer{}, "land.parcels", at))
	if layer == nil || layer.Name != "land.parcels" || len(layer.Features) != 1 {
		t.Fatalf("the tile holds %v, want the one parcel", layer)
	}
	f := layer.Features[0]
	if f.Properties["id"] != id || f.Properties["section"] != "AB" || fmt.Sprint(f.Properties["number"]) != "7" {
		t.Errorf("properties %v", f.Properties)
	}
	if _, ok := f.Properties["notes"]; ok {
		t.Error("anonymous viewers see a private field")
	}
	if f.ID == nil {
		t.Error("the feature has no number")
	}
	reader := w.account(t, "reader", "00001", "reader")
	f = decodeTile(t, w.tile(t, reader, "land.parcels", at)).Features[0]
	if f.Properties["notes"] != "for us" {
		t.Errorf("a reader does not see the private field: %v", f.Properties)
	}
	if data := w.tile(t, layers.Viewer{}, "land.streets", at); data != nil {
		t.Errorf("a layer without rows gives %d bytes", len(data))
	}
}

func TestTileOfAnotherCollectivityIsEmpty(t *testing.T) {
	w := newTown(t)
	_, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{
		Op: layers.Create, Layer: "land.blocks", Collectivity: "00001", Geometry: square(t, 574000, 6279000, 40), Properties: map[string]any{"number": 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	at := maptile.At(toulouse, 14)
	for code, want := range map[string]bool{"00001": true, "00002": false} {
		v := w.account(t, "reader"+code, code, "reader")
		if got := w.tile(t, v, "land.blocks", at) != nil; got != want {
			t.Errorf("a reader of %s sees the block of 00001: %v, want %v", code, got, want)
		}
	}
}

// Every feature must be in every tile whose buffer it reaches, whatever the
// zoom and the CRS it is stored in; and no tile may fail, however far it is
// from where the CRS is defined.
func TestTilesMissNothingInAnyCRS(t *testing.T) {
	const seed = 7
	for _, c := range []struct {
		srid   int
		centre orb.Point // where the CRS is at home
	}{
		{2154, toulouse}, {3949, orb.Point{2.35, 48.85}}, {27572, orb.Point{2.35, 46.8}}, {32631, orb.Point{3, 45}},
		{2975, orb.Point{55.5, -21.1}}, {2972, orb.Point{-52.6, 4.2}}, {5490, orb.Point{-61.5, 16.2}}, {3857, toulouse}, {4326, toulouse}, {4326, orb.Point{179.999, -16.5}},
	} {
		t.Run(fmt.Sprint(c.srid, c.centre), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, uint64(c.srid)))
			pool := postgistest.New(t)
			_, err := pool.Exec(ctx, fmt.Sprintf(`create table public.spots (id bigint primary key, box text, geom geometry(Point, %d))`, c.srid))
			if err != nil {
				t.Fatal(err)
			}
			var points []orb.Point
			for i := range 200 {
				p := orb.Point{c.centre[0] + 0.01*(random.Float64()-0.5), c.centre[1] + 0.01*(random.Float64()-0.5)}
				if p[0] > 180 {
					p[0] -= 360
				}
				points = append(points, p)
				if _, err := pool.Exec(ctx, `insert into public.spots values ($1, 'x', ST_Transform(ST_SetSRID(ST_Point($2::float8, $3::float8), 4326), $4::integer))`, i, p[0], p[1], c.srid); err != nil {
					t.Fatal(err)
				}
			}
			l, err := layers.ReadFile("spots.yaml", []byte("id: spots\ntitle: Spots\npublic: true\nsource: {table: public.spots}\nfields: [{name: box}]\ntiles: {minzoom: 0, maxzoom: 22}\n"))
			if err != nil {
				t.Fatal(err)
			}
			_, store, _ := postgistest.Service(t, pool, l)
			for z := maptile.Zoom(0); z <= 22; z++ {
				for _, i := range []int{0, 1, 2} {
					at := maptile.At(points[i], z)
					for _, near := range []maptile.Tile{at, {X: at.X + 1, Y: at.Y, Z: z}, {X: at.X, Y: at.Y + 1, Z: z}} {
						n := uint32(1) << z
						if near.X >= n || near.Y >= n {
							continue
						}
						data, err := store.Tile(ctx, layers.Viewer{}, l, int(z), int(near.X), int(near.Y), layers.Query{}, layers.TileExtra{})
						if err != nil {
							t.Fatal(err)
						}
						compareSpots(t, seed, decodeTile(t, data), points, near)
					}
				}
			}
			// the corners of the world
			for z := 0; z <= 6; z++ {
				n := 1 << z
				for _, at := range [][2]int{{0, 0}, {n - 1, 0}, {0, n - 1}, {n - 1, n - 1}, {n / 2, n / 2}, {n / 2, 0}} {
					if _, err := store.Tile(ctx, layers.Viewer{}, l, z, at[0], at[1], layers.Query{}, layers.TileExtra{}); err != nil {
						t.Errorf("tile %d/%d/%d: %v", z, at[0], at[1], err)
					}
				}
			}
		})
	}
}

// compareSpots checks that a tile has exactly the points within its buffer,
// those within one unit of its border apart.
func compareSpots(t *testing.T, seed int, layer *tiletest.Layer, points []orb.Point, at maptile.Tile) {
	t.Helper()
	var got []uint64
	if layer != nil {
		for _, f := range layer.Features {
			got = append(got, *f.ID)
		}
	}
	if !slices.IsSorted(got) {
		t.Errorf("seed %d, tile %v: features are not in order of identifiers: %v", seed, at, got)
	}
	for i, p := range points {
		x, y := inTileUnits(p, at)
		distance := max(-x, -y, x-postgis.TileExtent, y-postgis.TileExtent) - postgis.TileBuffer
		if math.Abs(distance) <= 1 {
			continue
		}
		if has := slices.Contains(got, uint64(i)); has != (distance < 0) {
			t.Errorf("seed %d, tile %v: point %d, %.1f units outside the buffer, is in the tile: %v", seed, at, i, distance, has)
		}
	}
}

// inTileUnits is where a point is in a tile, from its upper left corner.
func inTileUnits(p orb.Point, at maptile.Tile) (x, y float64) {
	n := math.Exp2(float64(at.Z))
	sin := math.Sin(p[1] * math.Pi / 180)
	x = (p[0]+180)/360*n - float64(at.X)
	y = (0.5-0.25*math.Log((1+sin)/(1-sin))/math.Pi)*n - float64(at.Y)
	return x * postgis.TileExtent, y * postgis.TileExtent
}

// Fields and columns may have the names that the query of a tile uses itself.
func TestTileKeepsApartItsOwnNames(t *testing.T) {
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, `
		create table public.odd (box bigint primary key, inner_box text, features text, geom_text text, feature_id integer, shape geometry(Point, 2154));
		insert into public.odd values (-5, 'inner', 'features', 'geom', 12, ST_SetSRID(ST_Point(574000, 6279000), 2154))`); err != nil {
		t.Fatal(err)
	}
	l, err := layers.ReadFile("odd.yaml", []byte(`
id: odd
title: Odd
public: true
source: {table: public.odd}
fields: [{name: inner_box}, {name: features}, {name: geom, column: geom_text}, {name: feature_id}]
`))
	if err != nil {
		t.Fatal(err)
	}
	_, store, _ := postgistest.Service(t, pool, l)
	at := maptile.At(toulouse, 12)
	data, err := store.Tile(ctx, layers.Viewer{}, l, int(at.Z), int(at.X), int(at.Y), layers.Query{}, layers.TileExtra{})
	if err != nil {
		t.Fatal(err)
	}
	f := decodeTile(t, data).Features[0]
	want := map[string]any{"id": "-5", "inner_box": "inner", "features": "features", "geom": "geom", "feature_id": 12}
	for name, value := range want {
		if fmt.Sprint(f.Properties[name]) != fmt.Sprint(value) {
			t.Errorf("property %s is %v, want %v", name, f.Properties[name], value)
		}
	}
	if f.ID != nil {
		t.Errorf("a negative identifier became the number %v", f.ID)
	}
}

func TestTileIsTheSameBytesEachTime(t *testing.T) {
	w := newTown(t)
	for i := 1; i <= 50; i++ {
		w.parcel(t, "00001", i, square(t, 574000+float64(i%7)*41, 6279000+float64(i/7)*41, 40))
	}
	at := maptile.At(toulouse, 14)
	first := w.tile(t, layers.Viewer{}, "land.parcels", at)
	if _, err := w.pool.Exec(ctx, `cluster land.parcels using parcels_geom`); err != nil { // rows lie in another order now
		t.Fatal(err)
	}
	if second := w.tile(t, layers.Viewer{}, "land.parcels", at); !bytes.Equal(first, second) {
		t.Error("the same rows gave other bytes")
	}
	var ids []string
	for _, f := range decodeTile(t, first).Features {
		ids = append(ids, f.Properties["id"].(string))
	}
	if len(ids) != 50 || !slices.IsSorted(ids) {
		t.Errorf("%d features in the order %s", len(ids), strings.Join(ids, " "))
	}
}

func TestTileOutsideTheMatrix(t *testing.T) {
	for _, at := range [][3]int{{-1, 0, 0}, {23, 0, 0}, {3, 8, 0}, {3, 0, 8}, {3, -1, 0}} {
		if err := postgis.CheckTile(at[0], at[1], at[2]); layers.KindOf(err) != layers.NotFound {
			t.Errorf("tile %v: %v, want not found", at, err)
		}
	}
	if err := postgis.CheckTile(22, 1<<22-1, 1<<22-1); err != nil {
		t.Error(err)
	}
}
