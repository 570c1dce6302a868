package main

import (
	"context"
	"path/filepath"
	"testing"

	"arpent/geo/town"
	"arpent/layers"
	"arpent/layers/exports"
	"arpent/layers/imports"
	"arpent/layers/postgis/postgistest"
)

// TestEveryLayerOfEveryTradeIsExported writes each layer in formats that show
// how types go, and imports them again, known by their identifier: nothing is
// changed.
func TestEveryLayerOfEveryTradeIsExported(t *testing.T) {
	ctx := context.Background()
	pool := postgistest.New(t)
	all, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	service, store, _ := postgistest.Service(t, pool, all...)
	w, err := town.Generate(town.Options{Seed: 5, Inhabitants: 1500})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.PutCollectivity(ctx, w.Code, w.Name, 2154); err != nil {
		t.Fatal(err)
	}
	if err := loadTown(ctx, service, w, 5); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	exporter, importer := exports.New(service, folder), imports.New(service, pool, filepath.Join(folder, "uploads"))
	for _, l := range service.Catalog().All() {
		t.Run(l.ID, func(t *testing.T) {
			total, err := service.Count(ctx, commandLine, l.ID, layers.Query{})
			if err != nil {
				t.Fatal(err)
			}
			for name, format := range map[string]exports.Format{"a.csv": exports.CSV, "a.gpkg": exports.GeoPackage, "a.xlsx": exports.XLSX, "a.zip": exports.Shapefile} {
				path := filepath.Join(folder, name)
				done, err := exporter.WriteTo(ctx, commandLine, l.ID, exports.Options{Format: format, Shape: true}, path, func(int64, int64) {})
				if format == exports.Shapefile && layers.KindOf(err) == layers.Invalid && l.Geometry.Type == "Geometry" {
					continue
				}
				if err != nil || done.Records != total {
					t.Errorf("%s: %v of %d records: %v", format, done, total, err)
					continue
				}
				if total > 0 && format != exports.Shapefile {
					again(t, importer, l, path, int(total), w.Code)
				}
			}
		})
	}
}

func again(t *testing.T, importer *imports.Service, l *layers.Layer, path string, total int, collectivity string) {
	t.Helper()
	if l.Source.ReadOnly {
		return
	}
	key := layers.HiddenID
	if f := l.IDField(); f != nil {
		key = f.Name
	}
	local, err := importer.OpenLocal(t.Context(), commandLine, l.ID, path)
	if err != nil {
		t.Fatal(err)
	}
	local.Plan.Key, local.Plan.Columns[key], local.Plan.Collectivity = []string{key}, key, collectivity
	done, err := local.Run(t.Context(), "again "+path+l.ID, true)
	if err != nil {
		t.Fatalf("importing %s: %v", path, err)
	}
	if done.Unchanged != total {
		t.Errorf("%s: of %d records %d are unchanged, %d updated, %d rejected: %.600v", filepath.Ext(path), total, done.Unchanged, done.Updated, done.Rejected, done.Rejects)
	}
	if err := local.Close(); err != nil {
		t.Error(err)
	}
}
