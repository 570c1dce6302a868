package main

import (
	"context"
	"maps"
	"testing"

	"github.com/twpayne/go-geom"

	"arpent/geo/town"
	"arpent/layers"
	"arpent/layers/postgis/postgistest"
)

// TestEveryLayerOfEveryTradeCanBeWorkedWith goes through all layers with what
// their files alone say: list, form, a record created, changed, moved, deleted
// and restored, its history read.
func TestEveryLayerOfEveryTradeCanBeWorkedWith(t *testing.T) {
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
	admin := layers.Viewer{Login: "walker", Admin: true, Language: "fr", Purpose: "essai"}
	if err := pool.QueryRow(ctx, `insert into arpent.account (login, admin) values ('walker', true) returning id`).Scan(&admin.UserID); err != nil {
		t.Fatal(err)
	}
	for _, l := range service.Catalog().All() {
		t.Run(l.ID, func(t *testing.T) {
			walker{t, ctx, service, admin, l}.walk()
		})
	}
}

// walker works with one layer.
type walker struct {
	*testing.T
	ctx     context.Context
	service *layers.Service
	viewer  layers.Viewer
	layer   *layers.Layer
}

func (w walker) walk() {
	records := w.records(60)
	if len(records) == 0 {
		w.Logf("the town has no record of layer %s", w.layer.ID)
		return
	}
	if form := w.layer.Schema(w.viewer, "fr"); len(form["properties"].(map[string]any)) == 0 {
		w.Error("the form has no field")
	}
	if _, err := w.service.Evaluate(w.ctx, w.viewer, w.layer.ID, layers.Draft{ID: records[0].ID, Properties: records[0].Properties}); err != nil {
		w.Errorf("evaluating the form: %v", err)
	}
	id := w.copyOf(records)
	if id == "" {
		return
	}
	w.deleteAndRestore(id, w.change(id))
}

func (w walker) records(limit int) []*layers.Feature {
	w.Helper()
	found, err := w.service.Features(w.ctx, w.viewer, w.layer.ID, layers.Query{Limit: limit, Labels: true})
	if err != nil {
		w.Fatalf("the list: %v", err)
	}
	var records []*layers.Feature
	for f, err := range found {
		if err != nil {
			w.Fatalf("the list: %v", err)
		}
		if f.Label == "" {
			w.Errorf("record %s has no title", f.ID)
		}
		records = append(records, f)
	}
	return records
}

func (w walker) transact(e layers.Edit) (string, error) {
	e.Layer = w.layer.ID
	r, err := w.service.Transact(w.ctx, w.viewer, layers.Transaction{Edits: []layers.Edit{e}})
	if err != nil {
		return "", err
	}
	return r.Edits[0].ID, nil
}

// copyOf creates a record like one of those there are; where two such may not
// be, it takes that one away first.
func (w walker) copyOf(records []*layers.Feature) string {
	var last error
	for _, f := range records {
		e := layers.Edit{Op: layers.Create, Collectivity: f.Collectivity, Geometry: f.Geometry, Properties: w.writable(f)}
		if w.layer.Source.IDGiven {
			e.ID = f.ID
		}
		id, err := w.transact(e)
		if err == nil {
			return id
		}
		if layers.KindOf(err) != layers.Conflict && layers.KindOf(err) != layers.Invalid {
			w.Fatalf("creating: %v", err)
		}
		last = err
		if id, err = w.transact(w.renamed(e)); err == nil {
			return id
		}
		if _, err := w.transact(layers.Edit{Op: layers.Delete, ID: f.ID}); err != nil {
			continue // others refer to it
		}
		if id, err = w.transact(e); err != nil {
			w.Fatalf("creating again what was deleted: %v", err)
		}
		return id
	}
	if w.layer.Source.IDGiven { // each has its number, and others refer to it
		w.Logf("none of %d records could be created a second time: %v", len(records), last)
	} else {
		w.Errorf("none of %d records could be created a second time: %v", len(records), last)
	}
	return ""
}

// renamed is a new record with other words in its texts.
func (w walker) renamed(e layers.Edit) layers.Edit {
	e.Properties = maps.Clone(e.Properties)
	for i := range w.layer.Fields {
		if f := &w.layer.Fields[i]; w.free(f) && e.Properties[f.Name] != nil {
			e.Properties[f.Name] = "autre"
		}
	}
	return e
}

// free reports whether a field takes any short text.
func (w walker) free(f *layers.Field) bool {
	return f.Type == "text" && !f.ReadOnly && f.Enum == nil && f.Reference == nil && f.Pattern == "" && f.Widget != "email" && f.Widget != "url" && f.VisibleIf == nil &&
		f.Column != w.layer.Source.ID && f.Column != w.layer.Source.Collectivity && (f.MaxLength == 0 || f.MaxLength > 10)
}

// writable are the properties that a person may give a record.
func (w walker) writable(f *layers.Feature) map[string]any {
	properties := maps.Clone(f.Properties)
	for i := range w.layer.Fields {
		field := &w.layer.Fields[i]
		if field.ReadOnly || field.Column == w.layer.Source.ID && !w.layer.Source.IDGiven {
			delete(properties, field.Name)
		}
	}
	return properties
}

// change gives a text field other words and moves the shape by a metre. It
// reports whether the record has something of the kind.
func (w walker) change(id string) bool {
	w.Helper()
	e := layers.Edit{Op: layers.Update, ID: id, Properties: map[string]any{}}
	for i := range w.layer.Fields {
		if f := &w.layer.Fields[i]; w.free(f) {
			e.Properties[f.Name] = "changé"
			break
		}
	}
	f, err := w.service.Feature(w.ctx, w.viewer, w.layer.ID, id, 0)
	if err != nil {
		w.Fatalf("reading what was created: %v", err)
	}
	if f.Geometry != nil {
		e.Geometry = moved(f.Geometry)
	}
	if _, err := w.transact(e); err != nil {
		w.Errorf("changing: %v", err)
	}
	return len(e.Properties) > 0 || e.Geometry != nil
}

func moved(g geom.T) geom.T {
	g = layers.Clone(g)
	flat := g.FlatCoords()
	for i := 0; i < len(flat); i += g.Stride() {
		flat[i]++
	}
	return g
}

func (w walker) deleteAndRestore(id string, changed bool) {
	w.Helper()
	if _, err := w.transact(layers.Edit{Op: layers.Delete, ID: id}); err != nil {
		w.Fatalf("deleting: %v", err)
	}
	entries, err := w.service.History(w.ctx, w.viewer, w.layer.ID, id, w.layer.Source.SRID)
	want := map[bool]int{true: 3, false: 2}[changed]
	if err != nil || len(entries) < want || entries[0].Op != "delete" {
		w.Fatalf("the history has %d entries, error %v", len(entries), err)
	}
	if _, err := w.service.Restore(w.ctx, w.viewer, w.layer.ID, id, entries[0].ID); err != nil {
		w.Fatalf("restoring: %v", err)
	}
	if _, err := w.service.Feature(w.ctx, w.viewer, w.layer.ID, id, 0); err != nil {
		w.Errorf("what was restored is not there: %v", err)
	}
}
