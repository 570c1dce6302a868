package postgis_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

// A cemetery in small: graves along paths, the dead in graves.
const gardenTables = `
create schema garden;
create table garden.kind (
  code text primary key, name text not null, valid_from date, valid_until date);
create table garden.path (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity,
  name text not null, sector text not null);
create table garden.grave (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity,
  path bigint references garden.path, sector text, number integer not null, kind text references garden.kind,
  term text, starts_on date, duration integer, ends_on date, places integer, abandoned boolean not null default false,
  geom geometry(Polygon, 2154), stone geometry(Point, 2154));
create table garden.dead (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity,
  grave bigint not null references garden.grave, name text not null, size double precision not null);
insert into garden.kind values ('old', 'Old kind', '1900-01-01', '1999-12-31'), ('new', 'New kind', '2000-01-01', null), ('ever', 'Ever', null, null);
`

var gardenFiles = []string{`
id: garden.kinds
title: {fr: Genres, en: Kinds}
kind: reference
source: {table: garden.kind}
label: "{name}"
fields: [{name: code}, {name: name}, {name: valid_from}, {name: valid_until}]
validity: {from: valid_from, until: valid_until}
`, `
id: garden.paths
title: {fr: Allées, en: Paths}
source: {table: garden.path, collectivity: collectivity}
label: "Allée {name}"
fields: [{name: name, required: true}, {name: sector}]
search: [name]
`, `
id: garden.graves
title: {fr: Tombes, en: Graves}
source: {table: garden.grave, collectivity: collectivity, geometry: geom}
label: "{path} nº {number}"
fields:
  - {name: path, reference: {layer: garden.paths, where: {sector: sector}, tab: {fr: Tombes, en: Graves}}}
  - {name: sector}
  - {name: number, required: true}
  - {name: kind, reference: {layer: garden.kinds, tab: false}}
  - name: term
    enum: [{value: temporary, label: {fr: Temporaire, en: Temporary}}, {value: perpetual, when: "kind != 'new'"}]
  - {name: starts_on}
  - {name: duration, visibleIf: "term == 'temporary'", required: true}
  - {name: ends_on, initial: "addYears(starts_on, duration)", requiredIf: "term == 'temporary'"}
  - {name: places}
  - {name: abandoned}
  - {name: taken, type: number, compute: "sum('garden.dead', 'grave', 'size')"}
  - {name: left, type: number, compute: "(places ?? 0) - taken"}
  - name: state
    type: text
    compute: "abandoned ? 'abandoned' : ends_on < date('2020-01-01') ? 'expired' : taken > 0 ? 'occupied' : 'free'"
    enum: [{value: abandoned}, {value: expired}, {value: occupied}, {value: free, label: {fr: Libre, en: Free}}]
rules:
  - {check: "ends_on >= starts_on", message: {fr: "La fin précède le début", en: "The end is before the beginning"}, field: ends_on}
  - {unique: [path, number]}
`, `
id: garden.dead
title: {fr: Défunts, en: Dead}
kind: detail
source: {table: garden.dead, collectivity: collectivity}
label: "{name} ({grave})"
fields:
  - {name: grave, reference: {layer: garden.graves}, required: true}
  - {name: name, required: true}
  - {name: size, required: true}
rules:
  - {check: "parent('grave', 'left') >= 0", message: {fr: "Il n'y a plus de place", en: "There is no place left"}, field: size}
`, `
id: garden.stones
title: {fr: Pierres, en: Stones}
source: {table: garden.grave, collectivity: collectivity, geometry: stone}
fields: [{name: number}]
`}

func newGarden(t testing.TB) town {
	t.Helper()
	pool := newGardenTables(t)
	service, store, feed := postgistest.Service(t, pool, read(t, gardenFiles...)...)
	return town{service, store, feed, pool}
}

func newGardenTables(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool := postgistest.New(t)
	sql(t, pool, `insert into arpent.collectivity (code, name) values ('A', 'Town A'), ('B', 'Town B')`)
	sql(t, pool, gardenTables)
	return pool
}

func id(t testing.TB, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func read(t testing.TB, files ...string) []*layers.Layer {
	t.Helper()
	var all []*layers.Layer
	for i, file := range files {
		l, err := layers.ReadFile(fmt.Sprintf("layer%d.yaml", i), []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

func sql(t testing.TB, pool *pgxpool.Pool, statements string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(ctx, statements, args...); err != nil {
		t.Fatal(err)
	}
}

// put creates a record and returns its identifier.
func (w town) put(t testing.TB, layer string, properties map[string]any) string {
	t.Helper()
	id, err := w.try(layer, properties)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w town) try(layer string, properties map[string]any) (string, error) {
	r, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Create, Layer: layer, Collectivity: "A", Properties: properties}}})
	if err != nil {
		return "", err
	}
	return r.Edits[0].ID, nil
}

func (w town) change(layer, id string, properties map[string]any) error {
	_, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Update, Layer: layer, ID: id, Properties: properties}}})
	return err
}

func (w town) get(t testing.TB, layer, id string) *layers.Feature {
	t.Helper()
	f, err := w.Feature(ctx, clerk, layer, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestComputedFieldsAreReadFilteredAndSortedLikeOthers(t *testing.T) {
	w := newGarden(t)
	a := w.put(t, "garden.graves", map[string]any{"number": 1, "places": 2})
	b := w.put(t, "garden.graves", map[string]any{"number": 2, "places": 3, "ends_on": "2010-05-06"})
	w.put(t, "garden.dead", map[string]any{"grave": id(t, a), "name": "Anne", "size": 1})
	w.put(t, "garden.dead", map[string]any{"grave": id(t, a), "name": "Paul", "size": 0.5})

	got := w.get(t, "garden.graves", a).Properties
	if got["taken"] != 1.5 || got["left"] != 0.5 || got["state"] != "occupied" {
		t.Errorf("the grave has %v", got)
	}
	if got := w.get(t, "garden.graves", b).Properties["state"]; got != "expired" {
		t.Errorf("a grave whose term ended is %v", got)
	}
	var ids []string
	found, err := w.Features(ctx, clerk, "garden.graves", layers.Query{Equal: map[string]string{"state": "expired"}, Sort: "-left"})
	if err != nil {
		t.Fatal(err)
	}
	for f, err := range found {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.ID)
	}
	if !slices.Equal(ids, []string{b}) {
		t.Errorf("expired graves are %v, want %v", ids, b)
	}
	if err := w.change("garden.graves", a, map[string]any{"state": "free"}); layers.KindOf(err) != layers.Invalid {
		t.Errorf("writing a computed field: %v", err)
	}
}

func TestALabelShowsTheLabelsOfTheRecordsItRefersTo(t *testing.T) {
	w := newGarden(t)
	path := w.put(t, "garden.paths", map[string]any{"name": "des Ifs", "sector": "N"})
	grave := w.put(t, "garden.graves", map[string]any{"number": 7, "path": id(t, path), "sector": "N", "kind": "new"})
	dead := w.put(t, "garden.graves", map[string]any{"number": 8})
	f := w.get(t, "garden.graves", grave)
	if f.Label != "Allée des Ifs nº 7" || f.Labels["path"] != "Allée des Ifs" || f.Labels["kind"] != "New kind" {
		t.Errorf("label %q, labels %v", f.Label, f.Labels)
	}
	if f := w.get(t, "garden.graves", dead); f.Label != "nº 8" {
		t.Errorf("without a path the label is %q", f.Label)
	}
	anne := w.put(t, "garden.dead", map[string]any{"grave": id(t, grave), "name": "Anne", "size": 0})
	if f := w.get(t, "garden.dead", anne); f.Label != "Anne (Allée des Ifs nº 7)" {
		t.Errorf("the label over two references is %q", f.Label)
	}
}

func TestRulesAcrossFieldsAndRecordsRefuseAWrite(t *testing.T) {
	w := newGarden(t)
	path := w.put(t, "garden.paths", map[string]any{"name": "des Ifs", "sector": "N"})
	grave := w.put(t, "garden.graves", map[string]any{"number": 1, "path": id(t, path), "sector": "N", "places": 1})
	w.put(t, "garden.dead", map[string]any{"grave": id(t, grave), "name": "Anne", "size": 1})
	english := clerk
	english.Language = "en"
	for name, c := range map[string]struct {
		layer      string
		properties map[string]any
		location   string
		message    string
	}{
		"dates in disorder":            {"garden.graves", map[string]any{"number": 2, "starts_on": "2020-01-02", "ends_on": "2020-01-01"}, "ends_on", "The end is before the beginning"},
		"a parent that is full":        {"garden.dead", map[string]any{"grave": id(t, grave), "name": "Paul", "size": 0.5}, "size", "There is no place left"},
		"a twin":                       {"garden.graves", map[string]any{"number": 1, "path": id(t, path), "sector": "N"}, "number", "another record has the same values"},
		"required by a condition":      {"garden.graves", map[string]any{"number": 3, "term": "temporary", "duration": 5, "ends_on": nil}, "ends_on", "is required here"},
		"required where it is visible": {"garden.graves", map[string]any{"number": 3, "term": "temporary", "ends_on": "2030-01-01"}, "duration", "is required here"},
		"a choice that depends":        {"garden.graves", map[string]any{"number": 4, "kind": "new", "term": "perpetual"}, "term", "perpetual may not be chosen here"},
		"a reference out of place":     {"garden.graves", map[string]any{"number": 5, "path": id(t, path), "sector": "S"}, "path", "does not belong here"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Transact(ctx, english, layers.Transaction{Edits: []layers.Edit{{Op: layers.Create, Layer: c.layer, Collectivity: "A", Properties: c.properties, At: "changes[0]"}}})
			problem, ok := err.(*layers.Error)
			if !ok || problem.Kind != layers.Invalid || len(problem.Faults) != 1 {
				t.Fatalf("error %v", err)
			}
			if f := problem.Faults[0]; f.Location != "changes[0].properties."+c.location || !strings.Contains(f.Message, c.message) {
				t.Errorf("fault %+v", f)
			}
		})
	}
	if n, err := w.Count(ctx, clerk, "garden.graves", layers.Query{}); n != 1 || err != nil {
		t.Errorf("%d graves are left, error %v", n, err)
	}
	if err := w.change("garden.graves", grave, map[string]any{"places": 5}); err != nil {
		t.Error(err)
	}
}

func TestTwoTransactionsAtOnceCannotMakeTwins(t *testing.T) {
	w := newGarden(t)
	path := w.put(t, "garden.paths", map[string]any{"name": "des Ifs", "sector": "N"})
	const tries = 8
	errs := make(chan error, tries)
	for range tries {
		go func() {
			_, err := w.try("garden.graves", map[string]any{"number": 1, "path": id(t, path), "sector": "N"})
			errs <- err
		}()
	}
	stored := 0
	for range tries {
		if <-errs == nil {
			stored++
		}
	}
	if stored != 1 {
		t.Errorf("%d of %d twins were stored", stored, tries)
	}
}

func TestANewRecordStartsWithItsComputedFirstValues(t *testing.T) {
	w := newGarden(t)
	id := w.put(t, "garden.graves", map[string]any{"number": 1, "starts_on": "2001-02-28", "duration": 30, "term": "temporary"})
	if got := w.get(t, "garden.graves", id).Properties["ends_on"]; got != "2031-02-28" {
		t.Errorf("the end is %v", got)
	}
	given := w.put(t, "garden.graves", map[string]any{"number": 2, "starts_on": "2001-02-28", "duration": 30, "ends_on": "2005-01-01"})
	if got := w.get(t, "garden.graves", given).Properties["ends_on"]; got != "2005-01-01" {
		t.Errorf("an end that was given became %v", got)
	}
}

func TestAFormIsEvaluatedWhileItIsFilledIn(t *testing.T) {
	w := newGarden(t)
	editor := w.account(t, "e", "A", "manager")
	editor.Language = "en"
	e, err := w.Evaluate(ctx, editor, "garden.graves", layers.Draft{Properties: map[string]any{
		"kind": "new", "starts_on": "2020-01-01", "duration": 10, "ends_on": nil, "term": "temporary", "places": 4, "number": "nine",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if e.Values["left"] != 4.0 || e.Values["state"] != "free" {
		t.Errorf("computed values %v", e.Values)
	}
	if want := map[string]any{"ends_on": "2030-01-01"}; !maps.Equal(e.Initial, want) {
		t.Errorf("first values %v", e.Initial)
	}
	if len(e.Hidden) != 0 || !slices.Equal(e.Required, []string{"ends_on"}) || !slices.Equal(e.Choices["term"], []string{"temporary"}) {
		t.Errorf("hidden %v, required %v, choices %v", e.Hidden, e.Required, e.Choices)
	}
	if len(e.Faults) != 1 || e.Faults[0].Location != "properties.number" {
		t.Errorf("faults %v", e.Faults)
	}
	e, err = w.Evaluate(ctx, editor, "garden.graves", layers.Draft{Properties: map[string]any{"starts_on": "2020-01-02", "ends_on": "2020-01-01"}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(e.Hidden, []string{"duration"}) || len(e.Faults) != 1 || e.Faults[0].Message != "The end is before the beginning" {
		t.Errorf("hidden %v, faults %v", e.Hidden, e.Faults)
	}
	if _, err := w.Evaluate(ctx, layers.Viewer{}, "garden.graves", layers.Draft{}); layers.KindOf(err) != layers.Unauthorized {
		t.Errorf("anonymous: %v", err)
	}
}

func TestRecordsOutOfValidityAreLeftOutOnRequest(t *testing.T) {
	w := newGarden(t)
	for day, want := range map[string]int64{"": 3, "1950-01-01": 2, "2024-01-01": 2, "1850-01-01": 1} {
		if n, err := w.Count(ctx, clerk, "garden.kinds", layers.Query{ValidOn: day}); n != want || err != nil {
			t.Errorf("on %q there are %d, want %d (%v)", day, n, want, err)
		}
	}
}

func TestAReferenceTellsNothingOfRecordsOfOtherCollectivities(t *testing.T) {
	w := newGarden(t)
	foreign := w.account(t, "e", "B", "manager")
	path := w.put(t, "garden.paths", map[string]any{"name": "des Ifs", "sector": "N"})
	_, err := w.Transact(ctx, foreign, layers.Transaction{Edits: []layers.Edit{{Op: layers.Create, Layer: "garden.graves", Collectivity: "B", Properties: map[string]any{"number": 1, "path": id(t, path), "sector": "N"}}}})
	if layers.KindOf(err) != layers.Invalid || !strings.Contains(err.Error(), "refers to a record that does not exist") {
		t.Errorf("a path of another town: %v", err)
	}
}

func TestALayerIsReadAsItWasAtAMoment(t *testing.T) {
	w := newGarden(t)
	moment := func() time.Time {
		t.Helper()
		var at time.Time
		if err := w.pool.QueryRow(ctx, `select clock_timestamp()`).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	none := moment()
	a := w.put(t, "garden.graves", map[string]any{"number": 1, "places": 2})
	b := w.put(t, "garden.graves", map[string]any{"number": 2})
	two := moment()
	if err := w.change("garden.graves", a, map[string]any{"number": 11, "abandoned": true}); err != nil {
		t.Fatal(err)
	}
	sql(t, w.pool, `update garden.grave set geom = ST_MakeEnvelope(0, 0, 1, 1, 2154), stone = ST_Point(3, 4, 2154) where id = $1`, id(t, a))
	if _, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Delete, Layer: "garden.graves", ID: b}}}); err != nil {
		t.Fatal(err)
	}
	changed := moment()
	sql(t, w.pool, `update garden.grave set geom = null, stone = ST_Point(5, 6, 2154) where id = $1`, id(t, a))

	at := func(layer string, at time.Time) map[string]*layers.Feature {
		t.Helper()
		found, err := w.Features(ctx, clerk, layer, layers.Query{At: at, Labels: true})
		if err != nil {
			t.Fatal(err)
		}
		byID := map[string]*layers.Feature{}
		for f, err := range found {
			if err != nil {
				t.Fatal(err)
			}
			byID[f.ID] = f
		}
		return byID
	}
	if got := at("garden.graves", none); len(got) != 0 {
		t.Errorf("before all there were %v", got)
	}
	then := at("garden.graves", two)
	if len(then) != 2 || then[a].Properties["number"] != int64(1) || then[a].Properties["state"] != "free" || then[a].Label != "nº 1" || then[a].Geometry != nil {
		t.Errorf("then the graves were %+v", then[a])
	}
	later := at("garden.graves", changed)
	if len(later) != 1 || later[a].Properties["state"] != "abandoned" || later[a].Geometry == nil {
		t.Errorf("later they were %+v", later)
	}
	if got := at("garden.stones", changed)[a].Geometry; got == nil || !reflect.DeepEqual(got.FlatCoords(), []float64{3, 4}) {
		t.Errorf("the stone was at %v", got)
	}
	if n, err := w.Count(ctx, clerk, "garden.graves", layers.Query{At: two}); n != 2 || err != nil {
		t.Errorf("then there were %d (%v)", n, err)
	}
	if _, err := w.Features(ctx, layers.Viewer{}, "garden.graves", layers.Query{At: two}); layers.KindOf(err) != layers.Unauthorized {
		t.Errorf("anonymous: %v", err)
	}
}

func TestHistorySaysWhatCausedAChange(t *testing.T) {
	w := newGarden(t)
	r, err := w.Transact(ctx, clerk, layers.Transaction{Cause: "import 7", Edits: []layers.Edit{{Op: layers.Create, Layer: "garden.graves", Collectivity: "A", Properties: map[string]any{"number": 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := w.History(ctx, clerk, "garden.graves", r.Edits[0].ID, 0)
	if err != nil || len(entries) != 1 || entries[0].Cause != "import 7" {
		t.Errorf("history %+v, error %v", entries, err)
	}
}

func TestALayerFileThatDoesNotFitItsNeighboursSaysSoWithItsLine(t *testing.T) {
	replace := func(from, to string) []string {
		files := slices.Clone(gardenFiles)
		found := false
		for i := range files {
			found = found || strings.Contains(files[i], from)
			files[i] = strings.Replace(files[i], from, to, 1)
		}
		if !found {
			t.Fatalf("%q is in no file", from)
		}
		return files
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown layer":            {"reference: {layer: garden.graves}", "reference: {layer: garden.grave}", "layer3.yaml:8: fields[0].reference.layer: there is no layer garden.grave: do you mean garden.graves?"},
		"unknown field":            {"abandoned ? 'abandoned'", "abandonned ? 'abandoned'", `layer garden.graves has no field abandonned: do you mean abandoned?`},
		"field of another layer":   {"parent('grave', 'left')", "parent('grave', 'lefd')", "layer garden.graves has no field lefd: do you mean left?"},
		"types that do not match":  {"ends_on >= starts_on", "ends_on >= number", "a value of type date cannot be compared with one of type integer"},
		"a rule that is no rule":   {"ends_on >= starts_on", "ends_on", "the expression must be of type boolean and is of type date"},
		"unknown function":         {"addYears(starts_on", "addYear(starts_on", "there is no function addYear: do you mean addYears?"},
		"a loop":                   {"(places ?? 0) - taken", "state == 'free' ? 1 : 0 - taken", ""},
		"syntax":                   {"(places ?? 0) - taken", "(places ?? 0 - taken", "fields[11].compute"},
		"a field that is no child": {"sum('garden.dead', 'grave', 'size')", "sum('garden.dead', 'name', 'size')", "field name of layer garden.dead does not refer to layer garden.graves"},
		"where without a field":    {"where: {sector: sector}", "where: {sektor: sector}", "layer garden.paths has no field sektor"},
	} {
		t.Run(name, func(t *testing.T) {
			var all []*layers.Layer
			var err error
			for i, file := range replace(c.from, c.to) {
				l, fault := layers.ReadFile(fmt.Sprintf("layer%d.yaml", i), []byte(file))
				if fault != nil {
					err = fault
					break
				}
				all = append(all, l)
			}
			if err == nil {
				_, err = postgis.NewStore(newGardenTables(t)).Load(ctx, all)
			}
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error is\n%v\nwant\n%s", err, c.want)
			}
		})
	}
	files := replace("(places ?? 0) - taken", "state == 'free' ? 1 : 0")
	files[2] = strings.Replace(files[2], "taken > 0 ?", "left > 0 ?", 1)
	_, err := postgis.NewStore(newGardenTables(t)).Load(ctx, read(t, files...))
	if err == nil || !strings.Contains(err.Error(), "is computed from itself: garden.graves.left → garden.graves.state → garden.graves.left") {
		t.Errorf("a loop: %v", err)
	}
}

func TestARecordIsCreatedTogetherWithWhatBelongsToIt(t *testing.T) {
	w := newGarden(t)
	grave := layers.Edit{Op: layers.Create, Layer: "garden.graves", Collectivity: "A", Properties: map[string]any{"number": 1, "places": 2}}
	dead := func(name string, refer int) layers.Edit {
		return layers.Edit{Op: layers.Create, Layer: "garden.dead", Collectivity: "A", Properties: map[string]any{"name": name, "size": 1}, Refer: map[string]int{"grave": refer}}
	}
	r, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{grave, dead("Anne", 0), dead("Paul", 0)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.get(t, "garden.graves", r.Edits[0].ID).Properties["taken"]; got != 2.0 {
		t.Errorf("the grave has %v taken", got)
	}
	for name, edits := range map[string][]layers.Edit{
		"a later edit":              {dead("Anne", 1), grave},
		"no such edit":              {grave, dead("Anne", 7)},
		"a feature of other layers": {{Op: layers.Create, Layer: "garden.paths", Collectivity: "A", Properties: map[string]any{"name": "x", "sector": "N"}}, dead("Anne", 0)},
		"a field that refers not":   {grave, {Op: layers.Create, Layer: "garden.dead", Collectivity: "A", Properties: map[string]any{"name": "x", "size": 1}, Refer: map[string]int{"name": 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Transact(ctx, clerk, layers.Transaction{Edits: edits})
			wantKind(t, err, layers.Invalid)
		})
	}
	if n := w.count(t, `select count(*) from garden.grave`); n != 1 {
		t.Errorf("%d graves are left", n)
	}
}

func TestTilesCarryTitlesThatFieldsAloneDoNotGive(t *testing.T) {
	w := newGarden(t)
	path := w.put(t, "garden.paths", map[string]any{"name": "des Ifs", "sector": "N"})
	grave := w.put(t, "garden.graves", map[string]any{"number": 7, "path": id(t, path), "sector": "N"})
	sql(t, w.pool, `update garden.grave set geom = ST_Expand(ST_SetSRID(ST_Point(574015, 6279015), 2154), 5) where id = $1`, id(t, grave))
	l, err := w.Catalog().Get(clerk, "garden.graves")
	if err != nil {
		t.Fatal(err)
	}
	at := maptile.At(orb.Point{1.44011, 43.59899}, 18)
	data, err := w.store.Tile(ctx, clerk, l, int(at.Z), int(at.X), int(at.Y), layers.Query{}, layers.TileExtra{})
	if err != nil {
		t.Fatal(err)
	}
	tile := decodeTile(t, data)
	if tile == nil || len(tile.Features) != 1 || tile.Features[0].Properties["_label"] != "Allée des Ifs nº 7" || tile.Features[0].Properties["state"] != "free" {
		t.Errorf("the tile holds %+v", tile)
	}
}

func TestAllThatACauseDidIsUndoneAtOnce(t *testing.T) {
	w := newGarden(t)
	kept := w.put(t, "garden.graves", map[string]any{"number": 1, "places": 2})
	gone := w.put(t, "garden.graves", map[string]any{"number": 2})
	r, err := w.Transact(ctx, clerk, layers.Transaction{Cause: "import 7", Edits: []layers.Edit{
		{Op: layers.Create, Layer: "garden.graves", Collectivity: "A", Properties: map[string]any{"number": 3}},
		{Op: layers.Create, Layer: "garden.dead", Collectivity: "A", Properties: map[string]any{"name": "Anne", "size": 0}, Refer: map[string]int{"grave": 0}},
		{Op: layers.Update, Layer: "garden.graves", ID: kept, Properties: map[string]any{"places": 5}},
		{Op: layers.Delete, Layer: "garden.graves", ID: gone},
	}})
	if err != nil {
		t.Fatal(err)
	}
	sql(t, w.pool, `update garden.dead set name = 'Anna'`)
	_, err = w.UndoCause(ctx, clerk, "import 7")
	wantKind(t, err, layers.Conflict)
	if !strings.Contains(err.Error(), "garden.dead/"+r.Edits[1].ID) || w.count(t, `select count(*) from garden.grave`) != 2 {
		t.Errorf("a record that was changed since: %v", err)
	}
	if err := w.change("garden.dead", r.Edits[1].ID, map[string]any{"name": "Anne"}); err != nil {
		t.Fatal(err)
	}
	sql(t, w.pool, `delete from arpent.history where relation = 'garden.dead' and op = 'update'`)
	if _, err := w.UndoCause(ctx, clerk, "import 7"); err != nil {
		t.Fatal(err)
	}
	if n := w.count(t, `select count(*) from garden.dead`); n != 0 {
		t.Errorf("%d of the dead are left", n)
	}
	if got := w.get(t, "garden.graves", kept).Properties["places"]; got != int64(2) {
		t.Errorf("places are %v", got)
	}
	if got := w.get(t, "garden.graves", gone).Properties["number"]; got != int64(2) {
		t.Errorf("the deleted grave has number %v", got)
	}
	entries, err := w.History(ctx, clerk, "garden.graves", kept, 0)
	if err != nil || entries[0].Cause != "undo import 7" {
		t.Errorf("history %+v, error %v", entries, err)
	}
	_, err = w.UndoCause(ctx, clerk, "import 8")
	wantKind(t, err, layers.NotFound)
	_, err = w.UndoCause(ctx, layers.Viewer{}, "import 7")
	wantKind(t, err, layers.Unauthorized)
}
