package tiles

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"

	"arpent/layers"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles/tiletest"
)

// eitherWay runs a test on a town whose layers are in the database alone, and on
// one whose layers are held in memory too.
func eitherWay(t *testing.T, test func(*testing.T, town)) {
	t.Run("database", func(t *testing.T) { test(t, newTown(t)) })
	t.Run("memory", func(t *testing.T) {
		w := newTown(t)
		w.hold(t, 64<<20, "land.parcels", "land.streets", "land.blocks")
		test(t, w)
		if w.holding.layers["land.parcels"].features == nil {
			t.Error("the parcels are held no more")
		}
	})
}

func (w town) layer(t testing.TB, id string) *layers.Layer {
	t.Helper()
	l, err := w.layers.Catalog().Get(clerk, id)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// hold loads layers, as Hold does when they are asked for.
func (w town) hold(t testing.TB, bytes int, ids ...string) {
	t.Helper()
	w.renew(w.layers.Catalog())
	w.holding.budget = bytes
	for _, id := range ids {
		w.holding.of(w.layer(t, id))
		l := w.holding.next()
		if l == nil || l.layer.ID != id {
			t.Fatalf("%v is loaded, want %s", l, id)
		}
		if err := w.holding.load(ctx, l); err != nil {
			t.Fatal(id, err)
		}
	}
}

// rested lets layers be loaded again at once.
func (w town) rested() {
	for _, l := range w.holding.layers {
		l.rest = time.Time{}
	}
}

// strewn has parcels of two collectivities all over, some with what is private.
func (w town) strewn(t testing.TB, count int) {
	t.Helper()
	_, err := w.pool.Exec(ctx, `
		insert into land.parcels (id, collectivity, section, number, notes, geom)
		select c || '000AB' || to_char(n, 'FM0000'), c, 'AB', n, case when n % 3 = 0 then 'note ' || n % 5 end,
			ST_Multi(case n % 4 when 0 then ST_Buffer(p, 5 + n % 60) when 1 then ST_Difference(ST_Buffer(p, 40), ST_Buffer(p, 20)) else ST_MakeEnvelope(ST_X(p), ST_Y(p), ST_X(p) + 3 + n % 90, ST_Y(p) + 30, 2154) end)
		from (select n, '0000' || (1 + n % 2) as c, ST_SetSRID(ST_Point(574000 + n * 7919 % 2000, 6279000 + n * 104729 % 2000), 2154) as p from generate_series(1, $1) n) s`, count)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.pool.Exec(ctx, `insert into land.blocks (collectivity, number, geom) select collectivity, number, geom from land.parcels`)
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever looks at whatever zoom sees the same features, with the same
// attributes, as large, as PostGIS would show: from memory and from rows.
func TestTilesAreThoseOfPostGIS(t *testing.T) {
	w := newTown(t)
	w.strewn(t, 600)
	if _, err := w.pool.Exec(ctx, `
		insert into arpent.profile (id, title) values ('blind', '{}');
		insert into arpent.profile_grant values ('blind', '*', '{read}');
		insert into arpent.profile_field values ('blind', 'land.parcels', 'section', 'hidden'), ('blind', 'land.parcels', 'notes', 'hidden')`); err != nil {
		t.Fatal(err)
	}
	if err := w.store.PutCollectivity(ctx, "00003", "00003", 2154); err != nil {
		t.Fatal(err)
	}
	if _, err := w.pool.Exec(ctx, `insert into arpent.account (login, admin) values ('boss', true)`); err != nil {
		t.Fatal(err)
	}
	viewers := map[string]layers.Viewer{
		"anybody": {}, "the command line": clerk,
		"an administrator": postgistest.Viewer(t, w.pool, "boss"),
		"of 1":             postgistest.Account(t, w.pool, "one", "00001", "reader"),
		"of 2":             postgistest.Account(t, w.pool, "two", "00002", "reader"),
		"of both":          postgistest.Account(t, w.pool, "both", "00001", "reader", "00002", "reader"),
		"half blind":       postgistest.Account(t, w.pool, "half", "00001", "blind", "00002", "reader"),
		"blind":            postgistest.Account(t, w.pool, "blind", "00001", "blind"),
		"of another town":  postgistest.Account(t, w.pool, "other", "00003", "reader"),
	}
	w.hold(t, 64<<20, "land.parcels", "land.blocks")
	centre := orb.Point{1.45249, 43.60817}
	for name, v := range viewers {
		for _, id := range []string{"land.parcels", "land.blocks"} {
			l, err := w.layers.Catalog().Get(v, id)
			if err != nil {
				continue // blocks are not for anybody
			}
			for z := max(12, l.Tiles.MinZoom); z <= min(18, l.Tiles.MaxZoom); z++ {
				at := maptile.At(centre, maptile.Zoom(z))
				want, err := w.store.Tile(ctx, v, l, z, int(at.X), int(at.Y), layers.Query{}, layers.TileExtra{})
				if err != nil {
					t.Fatal(err)
				}
				held, _, ok, err := w.encodeHeld(ctx, v, l, at, layers.TileExtra{})
				if err != nil || !ok {
					t.Fatalf("%s, %s, zoom %d: not encoded from memory (%v)", name, id, z, err)
				}
				rows, _, err := w.encodeRows(ctx, v, l, at, layers.Query{}, layers.TileExtra{})
				if err != nil {
					t.Fatal(err)
				}
				compareTiles(t, fmt.Sprintf("%s, %s, zoom %d, memory", name, id, z), want, held)
				compareTiles(t, fmt.Sprintf("%s, %s, zoom %d, rows", name, id, z), want, rows)
				if z == l.Tiles.MaxZoom && !bytes.Equal(held, rows) {
					t.Errorf("%s, %s: the last tiles from memory and from rows are not the same bytes", name, id)
				}
			}
		}
	}
}

// compareTiles compares features, their attributes and their areas, as far as
// rounding allows.
func compareTiles(t *testing.T, name string, want, got []byte) {
	t.Helper()
	type feature struct {
		properties string
		area       float64
		length     float64
	}
	read := func(tile []byte) map[uint64]feature {
		all := map[uint64]feature{}
		if len(tile) == 0 {
			return all
		}
		for _, f := range tiletest.Decode(t, tile)[0].Features {
			all[*f.ID] = feature{properties: fmt.Sprint(f.Properties)}
		}
		decoded, err := mvt.Unmarshal(tile)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, f := range decoded[0].Features {
			id := uint64(f.ID.(float64))
			kept := all[id]
			kept.area, kept.length = planar.Area(f.Geometry), planar.Length(f.Geometry)
			all[id] = kept
		}
		return all
	}
	a, b := read(want), read(got)
	for id, f := range a {
		g, ok := b[id]
		switch {
		case !ok && f.area > 2:
			t.Errorf("%s: feature %d is missing", name, id)
		case ok && g.properties != f.properties:
			t.Errorf("%s: feature %d has %s, want %s", name, id, g.properties, f.properties)
		case ok && math.Abs(g.area-f.area) > 3*f.length+10:
			t.Errorf("%s: feature %d has area %.1f, want %.1f", name, id, g.area, f.area)
		}
	}
	for id, g := range b {
		if _, ok := a[id]; !ok && g.area > 2 {
			t.Errorf("%s: feature %d is too much", name, id)
		}
	}
}

// After any change, by whatever way, the tile from memory is that of the rows.
func TestMemoryFollowsTheDatabase(t *testing.T) {
	const seed = 8
	random := rand.New(rand.NewPCG(seed, 0))
	w := newTown(t)
	w.strewn(t, 300)
	w.hold(t, 64<<20, "land.parcels")
	l := w.layer(t, "land.parcels")
	centre := orb.Point{1.45249, 43.60817}
	for step := range 40 {
		n := 1 + random.IntN(300)
		var sql string
		switch random.IntN(5) {
		case 0:
			sql = fmt.Sprintf(`delete from land.parcels where number between %d and %d`, n, n+2)
		case 1:
			sql = fmt.Sprintf(`update land.parcels set geom = ST_Translate(geom, %d, %d) where number = %d`, random.IntN(500)-250, random.IntN(500)-250, n)
		case 2:
			sql = fmt.Sprintf(`update land.parcels set notes = 'step %d', collectivity = '0000%d' where number %% 50 = %d`, step, 1+n%2, n%50)
		case 3:
			sql = fmt.Sprintf(`insert into land.parcels (id, collectivity, section, number, geom) values ('00001%03dCD0001', '00001', 'CD', 1, ST_Multi(ST_MakeEnvelope(575000, 6280000, 575100, 6280%03d, 2154)))`, step, 100+step)
		case 4:
			sql = fmt.Sprintf(`update land.parcels set id = left(id, 8) || 'EF' || right(id, 4) where number = %d`, n)
		}
		if _, err := w.pool.Exec(ctx, sql); err != nil {
			t.Fatal(sql, err)
		}
		if err := w.feed.Sync(ctx); err != nil {
			t.Fatal(err)
		}
		at := maptile.At(centre, 13) // all of the town
		held, _, ok, err := w.encodeHeld(ctx, clerk, l, at, layers.TileExtra{})
		if err != nil || !ok {
			t.Fatalf("seed %d, step %d: not from memory (%v)", seed, step, err)
		}
		want, err := w.store.Tile(ctx, clerk, l, int(at.Z), int(at.X), int(at.Y), layers.Query{}, layers.TileExtra{})
		if err != nil {
			t.Fatal(err)
		}
		compareTiles(t, fmt.Sprintf("seed %d, step %d, %s", seed, step, sql), want, held)
		if t.Failed() {
			return
		}
	}
}

// A load of many rows, of which the feed says only where, has the layer read anew.
func TestALoadHasTheLayerReadAnew(t *testing.T) {
	w := newTown(t)
	w.strewn(t, 50)
	w.hold(t, 64<<20, "land.parcels")
	at := maptile.At(orb.Point{1.45249, 43.60817}, 12)
	before := w.tile(t, clerk, at, "land.parcels")
	w.strewnMore(t, 2500)
	after := w.tile(t, clerk, at, "land.parcels")
	if after.ETag == before.ETag {
		t.Error("the tile is stale")
	}
	if w.holding.layers["land.parcels"].features != nil {
		t.Error("what was read before the load is still held")
	}
	w.rested()
	w.hold(t, 64<<20, "land.parcels")
	if n := w.holding.layers["land.parcels"].features.Len(); n != 2550 {
		t.Errorf("%d parcels are held", n)
	}
}

func (w town) strewnMore(t testing.TB, count int) {
	t.Helper()
	_, err := w.pool.Exec(ctx, `
		insert into land.parcels (id, collectivity, section, number, geom)
		select '00001001AB' || to_char(n, 'FM0000'), '00001', 'AB', n, ST_Multi(ST_MakeEnvelope(574000 + n % 50 * 40, 6279000 + n / 50 * 40, 574030 + n % 50 * 40, 6279030 + n / 50 * 40, 2154))
		from generate_series(1, $1) n`, count)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.feed.Sync(ctx); err != nil {
		t.Fatal(err)
	}
}

// A change that comes in while the layer is read is not lost.
func TestAChangeWhileTheLayerIsReadIsNotLost(t *testing.T) {
	w := newTown(t)
	w.strewn(t, 50)
	w.renew(w.layers.Catalog())
	h := w.holding
	h.budget = 64 << 20
	h.of(w.layer(t, "land.parcels"))
	l := h.next()
	if _, err := w.pool.Exec(ctx, `update land.parcels set notes = 'late' where number = 7`); err != nil {
		t.Fatal(err)
	}
	// What the feed tells comes after what was read, or before: here both.
	if err := h.load(ctx, l); err != nil {
		t.Fatal(err)
	}
	if _, err := w.pool.Exec(ctx, `update land.parcels set notes = 'later' where number = 7`); err != nil {
		t.Fatal(err)
	}
	if err := w.feed.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	tile := w.tile(t, clerk, maptile.At(orb.Point{1.45249, 43.60817}, 12), "land.parcels")
	if !bytes.Contains(tile.Data, []byte("later")) {
		t.Error("the tile is stale")
	}
}

func TestLayersMostAskedForAreHeld(t *testing.T) {
	w := newTown(t)
	w.strewn(t, 3000)
	w.hold(t, 64<<20, "land.parcels")
	size := w.holding.layers["land.parcels"].features.Size()
	h := w.holding
	h.budget = size + size/2
	blocks, parcels := w.layer(t, "land.blocks"), h.layers["land.parcels"]
	h.of(blocks)
	if l := h.next(); h.load(ctx, l) == nil || parcels.features == nil {
		t.Error("a layer asked for once takes the place of another")
	}
	w.rested()
	if h.next() != nil {
		t.Error("a layer that does not fit is loaded again at once")
	}
	for range 10 {
		h.of(blocks)
	}
	l := h.next()
	if l == nil || h.load(ctx, l) != nil || l.features == nil || parcels.features != nil {
		t.Error("a layer asked for far more does not take the place of another")
	}
	w.renew(&layers.Catalog{})
	if len(h.layers) != 0 {
		t.Error("layers of old files are held")
	}
}

// publish makes a layer of a table public.NAME with a field name, at zooms 0 to 22.
func (w town) publish(t testing.TB, name string) *layers.Layer {
	t.Helper()
	l, err := layers.ReadFile(name+".yaml", []byte(strings.ReplaceAll("id: NAME\ntitle: NAME\npublic: true\nsource: {table: public.NAME}\nfields: [{name: name}]\ntiles: {minzoom: 0, maxzoom: 22}\n", "NAME", name)))
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := w.store.Load(ctx, append(w.layers.Catalog().All(), l))
	if err != nil {
		t.Fatal(err)
	}
	w.layers.SetCatalog(catalog)
	return w.layer(t, name)
}

// Whatever is in a table, its tiles are served, and from memory too.
func TestTilesOfBadGeometries(t *testing.T) {
	w := newTown(t)
	if _, err := w.pool.Exec(ctx, `
		create table public.odd (id bigint primary key, name text, geom geometry(Geometry, 3857));
		insert into public.odd values
			(1, 'null', null),
			(2, 'empty', 'SRID=3857;POLYGON EMPTY'),
			(3, 'bow-tie', 'SRID=3857;POLYGON((160000 5404000, 160100 5404100, 160100 5404000, 160000 5404100, 160000 5404000))'),
			(4, 'circle', 'SRID=3857;CIRCULARSTRING(160000 5404000, 160050 5404050, 160100 5404000)'),
			(5, 'curved', 'SRID=3857;CURVEPOLYGON(CIRCULARSTRING(160000 5404000, 160100 5404100, 160000 5404000))'),
			(6, 'planet', 'SRID=3857;POLYGON((-2e7 -2e7, 2e7 -2e7, 2e7 2e7, -2e7 2e7, -2e7 -2e7))'),
			(7, 'beyond the antimeridian', 'SRID=3857;POLYGON((-3e7 -1e7, 3e7 -1e7, 3e7 1e7, -3e7 1e7, -3e7 -1e7))'),
			(8, 'point', 'SRID=3857;POINT(160050 5404050)'),
			(9, 'one vertex', 'SRID=3857;LINESTRING(160050 5404050, 160050 5404050)'),
			(10, 'a collection', 'SRID=3857;GEOMETRYCOLLECTION(POINT(160000 5404000), LINESTRING(160000 5404000, 160100 5404000))'),
			(11, 'a surface', 'SRID=3857;TIN(((160000 5404000, 160100 5404000, 160100 5404100, 160000 5404000)))'),
			(12, 'no number', ST_SetSRID(ST_Point('NaN', 5404050), 3857)),
			(13, 'infinite', ST_SetSRID(ST_MakeLine(ST_Point(160000, 5404000), ST_Point('Infinity', 5404050)), 3857))`); err != nil {
		t.Fatal(err)
	}
	l := w.publish(t, "odd")
	w.hold(t, 64<<20, "odd")
	for _, z := range []maptile.Zoom{0, 3, 10, 16, 22} {
		n := 1 << z
		x, y := int((160050.0/world+0.5)*float64(n)), int((0.5-5404050.0/world)*float64(n))
		at := maptile.New(uint32(x), uint32(y), z)
		held, _, ok, err := w.encodeHeld(ctx, clerk, l, at, layers.TileExtra{})
		if err != nil || !ok {
			t.Fatalf("zoom %d: not from memory (%v)", z, err)
		}
		tile, err := w.encode(ctx, clerk, l, at, layers.Query{Equal: map[string]string{}}, layers.TileExtra{})
		if err != nil {
			t.Fatal(err)
		}
		for how, data := range map[string][]byte{"memory": held, "rows": tile.Data} {
			dump := tiletest.Dump(tiletest.Decode(t, data))
			for name, want := range map[string]bool{"bow-tie": z == 16, "circle": z == 16, "curved": z == 16, "planet": true, "antimeridian": true, `"point"`: true, "null": false, "empty": false, "one vertex": false, "a collection": z == 16} {
				if has := strings.Contains(dump, name); has != want && (want || z != 10 && z != 22) {
					t.Errorf("%s, zoom %d: %s is in the tile: %v", how, z, name, has)
				}
			}
		}
	}
}

func TestTilesAreServedWhileTheDatabaseIsAway(t *testing.T) {
	w := newTown(t)
	w.strewn(t, 50)
	w.hold(t, 64<<20, "land.parcels")
	w.pool.Close()
	at := maptile.At(orb.Point{1.45249, 43.60817}, 14)
	if w.tile(t, clerk, at, "land.parcels").Empty() {
		t.Error("the tile is empty")
	}
	if _, err := w.Tile(ctx, clerk, []string{"land.blocks"}, 14, int(at.X), int(at.Y)); err == nil {
		t.Error("a tile that only the database knows is served without it")
	}
	w.holding.hear(w.layer(t, "land.parcels"), "00001000AB0001")
	if _, _, ok, err := w.encodeHeld(ctx, clerk, w.layer(t, "land.parcels"), at, layers.TileExtra{}); ok || err == nil {
		t.Error("a tile is served though what changed cannot be read")
	}
	if len(w.holding.layers["land.parcels"].stale) != 1 {
		t.Error("what changed is forgotten")
	}
}

// A table that is changed under our feet is an error, and no stale tile.
func TestAColumnThatGoes(t *testing.T) {
	w := newTown(t)
	w.strewn(t, 50)
	w.hold(t, 64<<20, "land.parcels")
	if _, err := w.pool.Exec(ctx, `alter table land.parcels drop column notes cascade; update land.parcels set number = 7 where number = 8`); err != nil {
		t.Fatal(err)
	}
	if err := w.feed.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	at := maptile.At(orb.Point{1.45249, 43.60817}, 14)
	if tile, err := w.Tile(ctx, clerk, []string{"land.parcels"}, 14, int(at.X), int(at.Y)); err == nil {
		t.Errorf("a tile of %d bytes is served of columns that are gone", len(tile.Data))
	}
}

// A layer of which much has changed is packed, and nobody waits for that.
func TestAWornLayerIsPacked(t *testing.T) {
	w := newTown(t)
	w.strewn(t, 50)
	w.hold(t, 64<<20, "land.parcels")
	h := w.holding
	l := h.layers["land.parcels"]
	at := maptile.At(orb.Point{1.45249, 43.60817}, 12)
	for round := 0; !l.features.Worn(); round++ {
		if round == 200 {
			t.Fatal("the layer is never worn")
		}
		if _, err := w.pool.Exec(ctx, `update land.parcels set notes = $1`, fmt.Sprint("round ", round)); err != nil {
			t.Fatal(err)
		}
		if err := w.feed.Sync(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := h.current(ctx, l); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-h.wake:
	default:
		t.Error("nobody is told that the layer is worn")
	}
	l.packing = true // as while it is packed
	if _, err := w.pool.Exec(ctx, `update land.parcels set notes = 'at last'`); err != nil {
		t.Fatal(err)
	}
	if err := w.feed.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	if features, err := h.current(ctx, l); features != nil || err != nil {
		t.Error("what has changed is awaited while the layer is packed")
	}
	if tile := w.tile(t, clerk, at, "land.parcels"); !bytes.Contains(tile.Data, []byte("at last")) {
		t.Error("the tile is stale")
	}
	h.packWorn()
	if l.features.Worn() || l.packing || l.features.Len() != 50 {
		t.Error("the layer is not packed")
	}
	held, _, ok, err := w.encodeHeld(ctx, clerk, l.layer, at, layers.TileExtra{})
	if err != nil || !ok || !bytes.Contains(held, []byte("at last")) {
		t.Errorf("the packed layer does not know the last change (%v, %v)", ok, err)
	}
}
