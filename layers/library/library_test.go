package library_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arpent/layers"
	"arpent/layers/library"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

const builtInFile = `
id: land.streets
title: {fr: Voies, en: Streets}
public: true
source: {table: land.streets, collectivity: collectivity}
fields: [{name: name}]
search: [name]
`

const benchFile = `
id: own.benches
title: {fr: Bancs, en: Benches}
source: {table: public.bench}
fields:
  - {name: street, reference: {layer: land.streets}}
  - {name: colour}
`

const treeFile = `
id: own.trees
title: {fr: Arbres, en: Trees}
source: {table: public.tree}
fields:
  - {name: bench, reference: {layer: own.benches}}
`

func builtIn() ([]*layers.Layer, error) {
	l, err := layers.ReadFile("streets.yaml", []byte(builtInFile))
	return []*layers.Layer{l}, err
}

// shelf is a folder of layer files over a database, watched.
type shelf struct {
	*library.Library
	service *layers.Service
	store   *postgis.Store
	dir     string
}

func newShelf(t *testing.T) shelf {
	t.Helper()
	pool := postgistest.New(t)
	if _, err := pool.Exec(t.Context(), `
		create table public.bench (id bigint generated always as identity primary key, street bigint references land.streets, colour text);
		create table public.tree (id bigint generated always as identity primary key, bench bigint references public.bench)`); err != nil {
		t.Fatal(err)
	}
	s := shelf{store: postgis.NewStore(pool), dir: filepath.Join(t.TempDir(), "layers")}
	s.Library = library.New(s.store, builtIn, s.dir, slog.New(slog.DiscardHandler))
	catalog, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.service = layers.NewService(catalog, s.store, func(context.Context) error { return nil })
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = s.Watch(ctx, s.service)
	}()
	t.Cleanup(func() {
		cancel()
		<-stopped
	})
	return s
}

// until waits until the catalog is one of which ok holds.
func (s shelf) until(t *testing.T, ok func() bool) {
	t.Helper()
	patience := time.After(20 * time.Second)
	for {
		replaced := s.service.Replaced()
		if ok() {
			return
		}
		select {
		case <-replaced:
		case <-patience:
			t.Fatalf("the layer files were not loaded anew; faults %v", s.Faults())
		}
	}
}

// put writes a file of the folder.
func (s shelf) put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (s shelf) has(id string) bool {
	_, err := s.service.Catalog().Get(layers.Viewer{Admin: true}, id)
	return err == nil
}

func TestALayerFileThatIsDroppedInChangedOrTakenAwayIsHeardOf(t *testing.T) {
	s := newShelf(t)
	s.put(t, "benches.yaml", benchFile)
	s.until(t, func() bool { return s.has("own.benches") && s.has("land.streets") })
	streets, err := s.service.Catalog().Get(layers.Viewer{Admin: true}, "land.streets")
	if err != nil || len(streets.Children) != 1 || streets.Children[0].Layer.ID != "own.benches" {
		t.Errorf("children of the streets: %v, error %v", streets.Children, err)
	}
	s.put(t, "benches.yaml", strings.Replace(benchFile, "Benches", "Seats", 1))
	s.until(t, func() bool {
		l, err := s.service.Catalog().Get(layers.Viewer{Admin: true}, "own.benches")
		return err == nil && l.Title.In("en") == "Seats"
	})
	if err := os.Remove(filepath.Join(s.dir, "benches.yaml")); err != nil {
		t.Fatal(err)
	}
	s.until(t, func() bool { return !s.has("own.benches") })
}

func TestALayerThatIsWrongIsLeftOutWithThoseThatNeedItAndComesBackWhenMended(t *testing.T) {
	s := newShelf(t)
	s.put(t, "benches.yaml", strings.Replace(benchFile, "name: colour", "name: color", 1))
	s.put(t, "trees.yaml", treeFile)
	s.until(t, func() bool { return len(s.Faults()) == 2 })
	if s.has("own.benches") || s.has("own.trees") || !s.has("land.streets") {
		t.Error("a layer that is wrong is served")
	}
	var all []string
	for _, f := range s.Faults() {
		all = append(all, f.Message)
	}
	told := strings.Join(all, "\n")
	for _, want := range []string{"benches.yaml: fields.color: table public.bench has no column color", "trees.yaml:6: fields[0].reference.layer: there is no layer own.benches"} {
		if !strings.Contains(told, want) {
			t.Errorf("faults are\n%s\nwant\n%s", told, want)
		}
	}
	s.put(t, "benches.yaml", benchFile)
	s.until(t, func() bool { return s.has("own.benches") && s.has("own.trees") && len(s.Faults()) == 0 })
}

func TestALayerMadeInThePageIsHeardOfByEveryServer(t *testing.T) {
	s := newShelf(t)
	if err := s.store.PutLayerFile(t.Context(), layers.Viewer{Login: "a"}, "own.benches", benchFile); err != nil {
		t.Fatal(err)
	}
	s.until(t, func() bool { return s.has("own.benches") })
	if err := s.store.DeleteLayerFile(t.Context(), "own.benches"); err != nil {
		t.Fatal(err)
	}
	s.until(t, func() bool { return !s.has("own.benches") })
}

var boss = layers.Viewer{UserID: 1, Admin: true, Login: "boss"}

func TestALayerDesignedInThePageIsServedAtOnce(t *testing.T) {
	s := newShelf(t)
	d := library.Design{
		ID: "own.signs", Title: layers.Text{"fr": "Panneaux", "en": "Signs"}, Geometry: "Point", SRID: 2154, Shared: true,
		Fields: []library.Field{
			{Name: "text", Label: layers.Text{"fr": "Texte", "en": "Text"}, Type: layers.TypeText, Required: true},
			{Name: "state", Label: layers.Text{"fr": "État", "en": "State"}, Type: layers.TypeText, Choices: []layers.Choice{{Value: "new"}, {Value: "old", Label: layers.Text{"fr": "Vieux"}}}},
		},
	}
	if err := s.Create(t.Context(), s.service, boss, d); err != nil {
		t.Fatal(err)
	}
	result, err := s.service.Transact(t.Context(), layers.Viewer{Admin: true}, layers.Transaction{Edits: []layers.Edit{{
		Op: layers.Create, Layer: "own.signs", Properties: map[string]any{"text": "Stop", "state": "old"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddField(t.Context(), s.service, boss, "own.signs", library.Field{Name: "height", Label: layers.Text{"fr": "Hauteur"}, Type: layers.TypeNumber, Required: true}); err != nil {
		t.Fatal(err)
	}
	f, err := s.service.Feature(t.Context(), layers.Viewer{Admin: true}, "own.signs", result.Edits[0].ID, 0)
	if err != nil || f.Label != "Stop" || f.Properties["state"] != "old" {
		t.Errorf("feature %+v, error %v", f, err)
	}
	if _, ok := f.Properties["height"]; !ok {
		t.Errorf("the field that was added is not there: %v", f.Properties)
	}
	entries, err := s.service.History(t.Context(), layers.Viewer{Admin: true}, "own.signs", f.ID, 0)
	if err != nil || len(entries) != 1 {
		t.Errorf("history %v, error %v", entries, err)
	}
	if err := s.Drop(t.Context(), s.service, boss, "own.signs"); err != nil || s.has("own.signs") {
		t.Errorf("taking the layer away: %v", err)
	}
}

func TestADesignThatIsWrongMakesNothing(t *testing.T) {
	s := newShelf(t)
	fine := library.Design{ID: "own.signs", Title: layers.Text{"fr": "Panneaux"}, Fields: []library.Field{{Name: "text", Type: layers.TypeText}}}
	with := func(change func(*library.Design)) library.Design {
		d := fine
		d.Fields = append([]library.Field(nil), fine.Fields...)
		change(&d)
		return d
	}
	for name, c := range map[string]struct {
		design library.Design
		viewer layers.Viewer
		kind   layers.Kind
	}{
		"anonymous":            {fine, layers.Viewer{}, layers.Unauthorized},
		"no administrator":     {fine, layers.Viewer{UserID: 2}, layers.Forbidden},
		"foreign identifier":   {with(func(d *library.Design) { d.ID = "land.signs" }), boss, layers.Invalid},
		"name with quotes":     {with(func(d *library.Design) { d.ID = `own.a"; drop table public.bench; --` }), boss, layers.Invalid},
		"taken identifier":     {with(func(d *library.Design) { d.Fields[0].Name = "geom" }), boss, layers.Invalid},
		"field with quotes":    {with(func(d *library.Design) { d.Fields[0].Name = `a"b` }), boss, layers.Invalid},
		"unknown type":         {with(func(d *library.Design) { d.Fields[0].Type = "money" }), boss, layers.Invalid},
		"two fields of a name": {with(func(d *library.Design) { d.Fields = append(d.Fields, d.Fields[0]) }), boss, layers.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			if err := s.Create(t.Context(), s.service, c.viewer, c.design); layers.KindOf(err) != c.kind {
				t.Errorf("error %v, want one of kind %s", err, c.kind)
			}
		})
	}
	tables, err := s.Tables(t.Context(), boss)
	if err != nil || strings.Contains(strings.Join(tables, " "), "own.") || !strings.Contains(strings.Join(tables, " "), "public.bench") {
		t.Errorf("tables %v, error %v", tables, err)
	}
	if _, err := s.Put(t.Context(), s.service, boss, strings.Replace(benchFile, "colour", "color", 1)); layers.KindOf(err) != layers.Invalid {
		t.Errorf("a file that names no column: %v", err)
	}
	if _, err := s.Put(t.Context(), s.service, boss, strings.Replace(benchFile, "land.streets", "land.street", 1)); layers.KindOf(err) != layers.Invalid || !strings.Contains(err.Error(), "do you mean land.streets?") {
		t.Errorf("a file that names no layer: %v", err)
	}
	if id, err := s.Put(t.Context(), s.service, boss, benchFile); err != nil || id != "own.benches" || !s.has(id) {
		t.Errorf("a file that is right: %q, %v", id, err)
	}
}
