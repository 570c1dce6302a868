package postgis_test

import (
	"strings"
	"testing"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

// zoo is what tables in the wild look like.
const zoo = `
create type mood as enum ('calm', 'wild');
create table "Odd Names" ("Ident" uuid primary key default gen_random_uuid(), "Été" text, "2nd" integer, geom geometry(PointZ, 4326));
comment on column "Odd Names"."Été" is 'Belle saison';
create table plain (id serial primary key, name varchar(20) not null, kind text check (kind in ('a', 'it''s b')), mood mood default 'calm',
	tags text[], doc jsonb, twice integer generated always as (length(name) * 2) stored, at timestamptz default now(), price numeric(8,2),
	shape geometry(Polygon, 2154), other geometry(Point, 2154));
create table given (code text primary key, geom geometry(Geometry, 3857));
create view seen as select id, name, shape from plain;
create table keyless (name text, geom geometry(Point, 2154));
create table pair (a int, b int, geom geometry(Point, 2154), primary key (a, b));
create table vague (id int primary key, geom geometry);
create table shapeless (id int primary key)`

func TestIntrospectionWritesFilesThatLoadAsTheyAre(t *testing.T) {
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, zoo); err != nil {
		t.Fatal(err)
	}
	store := postgis.NewStore(pool)
	for table, want := range map[string][]string{
		"public.Odd Names": {"id: public.odd_names", "column: Été", "fr: Belle saison", "name: _2nd", "type: Point"},
		"plain":            {"maxLength: 20", "value: it's b", "value: wild", "{name}", "geometry: shape", "model: free"},
		"public.given":     {"type: Geometry"},
		"public.seen":      {"id: public.seen"},
	} {
		t.Run(table, func(t *testing.T) {
			file, err := postgis.Introspect(ctx, pool, table)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range want {
				if !strings.Contains(string(file), line) {
					t.Errorf("the file lacks %q:\n%s", line, file)
				}
			}
			l, err := layers.ReadFile("zoo.yaml", file)
			if err != nil {
				t.Fatalf("%v in\n%s", err, file)
			}
			if err := store.Describe(ctx, l); err != nil {
				t.Fatalf("%v in\n%s", err, file)
			}
			if err := store.Enrol(ctx, l); err != nil {
				t.Fatal(err)
			}
		})
	}
	for table, want := range map[string]string{
		"public.plane":     "there is no table public.plane: do you mean public.plain?",
		"public.keyless":   "has no primary key of one column",
		"public.pair":      "has no primary key of one column",
		"public.vague":     "has no coordinate reference system",
		"public.shapeless": "has no geometry column",
	} {
		if _, err := postgis.Introspect(ctx, pool, table); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %s", table, err, want)
		}
	}
}

func TestAnIntrospectedLayerIsReadAndWritten(t *testing.T) {
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, zoo); err != nil {
		t.Fatal(err)
	}
	var all []*layers.Layer
	for _, table := range []string{"public.plain", "public.Odd Names", "public.seen"} {
		file, err := postgis.Introspect(ctx, pool, table)
		if err != nil {
			t.Fatal(err)
		}
		l, err := layers.ReadFile(table, file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	service, _, _ := postgistest.Service(t, pool, all...)
	result, err := service.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{
		{Op: layers.Create, Layer: "public.plain", Properties: map[string]any{"name": "a", "kind": "it's b", "price": 1.25, "at": "2026-01-02T03:04:05+02:00"}, Geometry: square(t, 900000, 6690000, 10)},
		{Op: layers.Create, Layer: "public.odd_names", Properties: map[string]any{"_2nd": 2}, Geometry: shape(t, "POINT Z(5.6 47.2 312.5)", 4326)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := service.Feature(ctx, clerk, "public.plain", result.Edits[0].ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if plain.Properties["price"] != 1.25 || plain.Properties["twice"] != int64(2) && plain.Properties["twice"] != "2" || plain.Properties["at"] != "2026-01-02T01:04:05.000Z" || plain.Properties["mood"] != "calm" {
		t.Errorf("plain is %v", plain.Properties)
	}
	odd, err := service.Feature(ctx, clerk, "public.odd_names", result.Edits[1].ID, 4326)
	if err != nil {
		t.Fatal(err)
	}
	if z := odd.Geometry.FlatCoords(); len(z) != 3 || z[2] != 312.5 {
		t.Errorf("the height is lost: %v", z)
	}
	if n, err := service.Count(ctx, clerk, "public.seen", layers.Query{}); n != 1 || err != nil {
		t.Errorf("the view counts %d (%v)", n, err)
	}
	_, err = service.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Delete, Layer: "public.seen", ID: "1"}}})
	wantKind(t, err, layers.Forbidden)
}

func TestAFileThatDoesNotFitItsTableIsExplained(t *testing.T) {
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, zoo); err != nil {
		t.Fatal(err)
	}
	l, err := layers.ReadFile("plain.yaml", []byte(`
id: plain
title: Plain
source: {table: public.plain, collectivity: town}
geometry: {type: Point}
fields:
  - {name: nam}
  - {name: price, type: text}
`))
	if err != nil {
		t.Fatal(err)
	}
	err = postgis.NewStore(pool).Describe(ctx, l)
	for _, want := range []string{"has no column town", "geometry.type: is Point, but column shape holds Polygon", "fields.nam: table public.plain has no column nam", "fields.price.type: is text, but column price is number (numeric)"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
}
