package tiles

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"

	"arpent/layers"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles/tiletest"
)

// Layers whose low zooms are overviews, one anybody may read and one only members.
const (
	unitedParcels = `
id: land.parcels
title: Parcelles
public: true
source: {table: land.parcels, collectivity: collectivity}
geometry: {model: coverage}
fields: [{name: section}, {name: prefix, tileMinZoom: -1}, {name: number}, {name: notes, private: true}]
tiles: {minzoom: 8, maxzoom: 18, rank: number, overviews: [{maxzoom: 11, union: [prefix]}, {maxzoom: 13, union: [section, prefix]}]}
`
	unitedBlocks = `
id: land.blocks
title: Îlots
source: {table: land.blocks, collectivity: collectivity}
geometry: {model: coverage}
fields: [{name: number}, {name: collectivity, tileMinZoom: -1}]
tiles: {minzoom: 8, maxzoom: 18, overviews: [{maxzoom: 13, union: [collectivity]}]}
`
	closeAddresses = `
id: land.addresses
title: Adresses
public: true
source: {table: land.addresses, collectivity: collectivity}
fields: [{name: number}, {name: street}]
tiles: {minzoom: 8, maxzoom: 18, overviews: [{maxzoom: 15, cluster: 40}]}
`
)

// meshed has parcels that tile a square of two towns, side by side, columns in a
// row; blocks and addresses as many.
func (w town) meshed(t testing.TB, columns int) {
	t.Helper()
	_, err := w.pool.Exec(ctx, `
		insert into land.parcels (id, collectivity, prefix, section, number, geom)
		select c || '000' || s || to_char(n, 'FM0000'), c, '00' || i % 2, s, n, ST_Multi(ST_MakeEnvelope(574000 + i * 40, 6279000 + j * 40, 574040 + i * 40, 6279040 + j * 40, 2154))
		from (select i, j, i * $1 + j + 1 as n, '0000' || (1 + i * 2 / $1) as c, chr(65 + i * 5 / $1) || chr(65 + j * 5 / $1) as s from generate_series(0, $1 - 1) i, generate_series(0, $1 - 1) j) g`, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`insert into land.blocks (collectivity, number, geom) select collectivity, number, geom from land.parcels`,
		`insert into land.addresses (collectivity, number, street, geom) select collectivity, number, 'Rue ' || section, ST_Centroid(geom) from land.parcels`,
	} {
		if _, err := w.pool.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.feed.Sync(ctx); err != nil {
		t.Fatal(err)
	}
}

// overviewTiles are those of low zooms about the town.
func overviewTiles() []maptile.Tile {
	all := []maptile.Tile{maptile.At(home, 8), maptile.At(home, 10), maptile.At(home, 11)}
	for _, z := range []maptile.Zoom{12, 13} {
		at := maptile.At(home, z)
		for dx := range uint32(3) {
			for dy := range uint32(3) {
				all = append(all, maptile.New(at.X+dx-1, at.Y+dy-1, z))
			}
		}
	}
	return all
}

// drawnAs are the features of a tile as text, by count and size.
func drawnAs(t *testing.T, tile []byte) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	if len(tile) == 0 {
		return all
	}
	tiletest.Decode(t, tile)
	decoded, err := mvt.Unmarshal(tile)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range decoded[0].Features {
		all[fmt.Sprint(f.Properties)] += planar.Area(f.Geometry)
	}
	return all
}

// After any change, by whatever way, every tile of a low zoom that is served is,
// byte for byte, that of a server that begins then; from rows it has the same
// features; and they are those that the database counts.
func TestOverviewsFollowTheDatabase(t *testing.T) {
	const seed, columns = 12, 24
	files := []string{unitedParcels, closeAddresses}
	eachWay := map[string]bool{"memory": true, "rows": false}
	for name, holds := range eachWay {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			w := newTownOf(t, postgistest.New(t), files...)
			w.meshed(t, columns)
			if holds {
				w.hold(t, 64<<20, "land.parcels", "land.addresses")
			}
			for step := range 24 {
				n := random.IntN(columns * columns)
				sql := []string{
					`delete from land.parcels where number between %[1]d and %[1]d + 2`,
					`update land.parcels set section = 'Z' || %[2]d %% 3 where number = %[1]d`,
					`update land.parcels set prefix = '00' || %[2]d %% 4 where number between %[1]d and %[1]d + 30`,
					`update land.parcels set collectivity = '0000' || 1 + %[1]d %% 2 where number %% 50 = %[1]d %% 50`,
					`update land.parcels set geom = ST_Multi(ST_Translate(geom, 3000, 100 * (%[2]d %% 40))) where number = %[1]d`,
					`update land.parcels set notes = 'step' where number = %[1]d`,
					`update land.addresses set geom = ST_Translate(geom, 30 * (%[2]d %% 9), 500) where number between %[1]d and %[1]d + 5`,
					`delete from land.addresses where number = %[1]d`,
				}[random.IntN(8)]
				sql = fmt.Sprintf(sql, n, step)
				if _, err := w.pool.Exec(ctx, sql); err != nil {
					t.Fatal(sql, err)
				}
				if err := w.feed.Sync(ctx); err != nil {
					t.Fatal(err)
				}
				fresh := serve(t, w.pool, files...)
				if holds {
					fresh.hold(t, 64<<20, "land.parcels", "land.addresses")
				}
				for _, id := range []string{"land.parcels", "land.addresses"} {
					for _, at := range overviewTiles() {
						got, want := w.tile(t, clerk, at, id), fresh.tile(t, clerk, at, id)
						if !bytes.Equal(got.Data, want.Data) {
							t.Fatalf("seed %d, step %d, %s: the tile %v of %s is %v, anew %v", seed, step, sql, at, id, drawnAs(t, got.Data), drawnAs(t, want.Data))
						}
					}
				}
				w.compareGroups(t, fmt.Sprintf("seed %d, step %d, %s", seed, step, sql))
			}
		})
	}
}

// compareGroups compares the tile of the whole town with what the database
// unites: the groups of each town, how many parcels they have, how large they are.
func (w town) compareGroups(t *testing.T, name string) {
	t.Helper()
	at := maptile.At(home, 10)
	got := drawnAs(t, w.tile(t, clerk, at, "land.parcels").Data)
	rows, err := w.pool.Query(context.Background(), `
		select prefix, count(*), ST_Area(ST_Intersection(ST_Union(ST_Transform(geom, 3857)), ST_TileEnvelope(10, $1, $2, margin => 1 / 64.0)))
		from land.parcels group by collectivity, prefix`, int(at.X), int(at.Y))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	want := map[string]float64{}
	unit := 2 * 20037508.342789244 / (1 << 10) / 4096
	for rows.Next() {
		var prefix string
		var count int
		var area float64
		if err := rows.Scan(&prefix, &count, &area); err != nil {
			t.Fatal(err)
		}
		want[fmt.Sprint(map[string]any{"prefix": prefix, "_count": float64(count)})] += area / unit / unit
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for group, area := range want {
		// Pieces of a parcel's width are rounded to units of 9.6 m on all sides.
		if got[group] == 0 || math.Abs(got[group]-area) > 0.12*area+30 {
			t.Fatalf("%s: %s has area %.0f, want %.0f; there are %v", name, group, got[group], area, got)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%s: there are %v, want %v", name, got, want)
	}
}

// Whoever looks sees united what it may see, from memory and from rows alike;
// who does not see by what features are united sees them one by one.
func TestOverviewsShowNoMoreThanTheirViewerMaySee(t *testing.T) {
	const columns = 16
	w := newTownOf(t, postgistest.New(t), unitedParcels, unitedBlocks)
	w.meshed(t, columns)
	if _, err := w.pool.Exec(ctx, `
		insert into arpent.profile (id, title) values ('blind', '{}');
		insert into arpent.profile_grant values ('blind', '*', '{read}');
		insert into arpent.profile_field values ('blind', 'land.parcels', 'section', 'hidden')`); err != nil {
		t.Fatal(err)
	}
	w.hold(t, 64<<20, "land.parcels", "land.blocks")
	at := maptile.At(home, 12)
	for name, c := range map[string]struct {
		viewer          layers.Viewer
		parcels, blocks int // how many are counted; -1 where they are seen one by one
	}{
		"anybody":   {layers.Viewer{}, columns * columns, 0},
		"the clerk": {clerk, columns * columns, columns * columns},
		"of 1":      {postgistest.Account(t, w.pool, "one", "00001", "reader"), columns * columns, columns * columns / 2},
		"of 2":      {postgistest.Account(t, w.pool, "two", "00002", "reader"), columns * columns, columns * columns / 2},
		"of both":   {postgistest.Account(t, w.pool, "both", "00001", "reader", "00002", "reader"), columns * columns, columns * columns},
		"blind":     {postgistest.Account(t, w.pool, "blind", "00001", "blind"), -1, columns * columns / 2},
	} {
		for id, want := range map[string]int{"land.parcels": c.parcels, "land.blocks": c.blocks} {
			l, err := w.layers.Catalog().Get(c.viewer, id)
			if err != nil {
				if want != 0 {
					t.Error(name, id, err)
				}
				continue
			}
			held, _, ok, err := w.encodeHeld(ctx, c.viewer, l, at, layers.TileExtra{})
			if err != nil || !ok {
				t.Fatalf("%s, %s: not from memory (%v)", name, id, err)
			}
			rows, _, err := w.encodeRows(ctx, c.viewer, l, at, layers.Query{}, layers.TileExtra{})
			if err != nil {
				t.Fatal(err)
			}
			a, b := tiletest.Decode(t, held)[0].Features, tiletest.Decode(t, rows)[0].Features
			if len(a) != len(b) {
				t.Errorf("%s, %s: %d features from memory, %d from rows", name, id, len(a), len(b))
			}
			counted := 0
			for _, f := range a {
				if f.Properties["_count"] == nil {
					counted = -1
					break
				}
				n, _ := strconv.Atoi(fmt.Sprint(f.Properties["_count"]))
				counted += n
			}
			if counted != want {
				t.Errorf("%s, %s: %d are counted, want %d", name, id, counted, want)
			}
			if name == "blind" && id == "land.parcels" && bytes.Contains(held, []byte("section")) {
				t.Error("who may not see sections sees them")
			}
			if ga, gb := drawnAs(t, held), drawnAs(t, rows); len(ga) == len(gb) {
				for group := range ga {
					if _, ok := gb[group]; !ok {
						t.Errorf("%s, %s: %s is not drawn from rows", name, id, group)
					}
				}
			}
		}
	}
}

// A tile that is too large says what it leaves out, and a style that asks for
// more than what is united has gets the features themselves.
func TestNothingIsLeftOutSilently(t *testing.T) {
	const columns = 40
	w := newTownOf(t, postgistest.New(t), strings.Replace(unitedParcels, "rank: number", "rank: number, budget: 20KB", 1))
	w.meshed(t, columns)
	counter := func() int64 { return w.Reduced()["land.parcels"] }
	for _, holds := range []bool{false, true} {
		if holds {
			w.hold(t, 64<<20, "land.parcels")
			w.cache.InvalidateAll()
		}
		before := counter()
		at := maptile.At(home, 13)
		whole := w.tile(t, clerk, at, "land.parcels")
		if whole.Share.Reduced() || whole.Share.Of == 0 || len(whole.Data) > 20<<10 {
			t.Errorf("what is united is left out: %+v", whole.Share)
		}
		if counter() != before {
			t.Error("a tile that leaves nothing out is counted")
		}
		each := w.with(t, clerk, at, "", "number")
		if !each.Share.Reduced() || len(each.Data) > 20<<10 || len(each.Data) < 15<<10 {
			t.Errorf("%+v are drawn one by one, in %d bytes", each.Share, len(each.Data))
		}
		if counter() == before {
			t.Error("a tile that leaves something out is not counted")
		}
		least := math.Inf(1)
		for _, f := range tiletest.Decode(t, each.Data)[0].Features {
			n, _ := strconv.Atoi(fmt.Sprint(f.Properties["number"]))
			least = min(least, float64(n))
		}
		if least < 2 { // of the lowest there is no room
			t.Errorf("number %v is drawn, while higher ones are not", least)
		}
		last := w.tile(t, clerk, maptile.At(home, 18), "land.parcels")
		if last.Share.Reduced() {
			t.Error("the last tiles leave something out")
		}
	}
}
