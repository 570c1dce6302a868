package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

// A register of people with two layers on one table: one that anybody reads,
// one for the town hall; and a table of letters that nobody outside reads.
var registerFiles = []string{`
id: register.places
title: {fr: Places, en: Places}
public: true
source: {table: register.people, collectivity: collectivity}
label: "{place}"
fields:
  - {name: place, label: {fr: Place, en: Place}}
`, `
id: register.people
title: {fr: Personnes, en: People}
source: {table: register.people, collectivity: collectivity}
label: "{place} {name}"
search: [place, remark]
fields:
  - {name: place, label: {fr: Place, en: Place}}
  - {name: remark, label: {fr: Remarque, en: Remark}}
  - {name: name, label: {fr: Nom, en: Name}, personal: true}
  - {name: born_on, label: {fr: Naissance, en: Born}, personal: true}
  - {name: age, label: {fr: Âge, en: Age}, compute: "2026 - year(born_on)", type: integer}
rules:
  - {check: "born_on == nil || born_on < date('2026-01-01')", message: {fr: Pas encore né, en: Not born yet}, field: born_on}
`, `
id: register.letters
title: {fr: Courriers, en: Letters}
source: {table: register.letters, collectivity: collectivity}
label: "{subject}"
search: [subject]
rights: {instructor: [read]}
fields:
  - {name: subject, label: {fr: Objet, en: Subject}}
  - {name: person, label: {fr: Personne, en: Person}, reference: {layer: register.people}}
`}

type register struct {
	*layers.Service
	store *postgis.Store
	pool  *pgxpool.Pool
	ids   map[string]string // of people, by collectivity
}

func newRegister(t *testing.T) register {
	t.Helper()
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, `
		create schema register;
		create table register.people (id bigint generated always as identity primary key, collectivity text not null references arpent.collectivity,
			place text, remark text, name text, born_on date, geom geometry(Point, 2154));
		create table register.letters (id bigint generated always as identity primary key, collectivity text not null references arpent.collectivity,
			subject text, person bigint references register.people)`); err != nil {
		t.Fatal(err)
	}
	r := register{pool: pool, ids: map[string]string{}}
	r.Service, r.store = r.load(t)
	for _, code := range []string{"A", "B"} {
		if err := r.store.PutCollectivity(ctx, code, "Town "+code, 2154); err != nil {
			t.Fatal(err)
		}
		result, err := r.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{
			{Op: layers.Create, Layer: "register.people", Collectivity: code, Geometry: shape(t, "POINT(574000 6279000)", 2154),
				Properties: map[string]any{"place": "place of " + code, "remark": "remark of " + code, "name": "name of " + code, "born_on": "1950-01-01"}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		r.ids[code] = result.Edits[0].ID
	}
	return r
}

func (r register) load(t *testing.T) (*layers.Service, *postgis.Store) {
	t.Helper()
	var all []*layers.Layer
	for i, file := range registerFiles {
		l, err := layers.ReadFile(fmt.Sprintf("register%d.yaml", i), []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	service, store, _ := postgistest.Service(t, r.pool, all...)
	return service, store
}

func (r register) layer(t *testing.T, id string) *layers.Layer {
	t.Helper()
	l, err := r.Catalog().Get(clerk, id)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// run does SQL as a role of the database on behalf of a viewer, and tells in
// how many rows, and why not.
func (r register) run(t *testing.T, role string, v layers.Viewer, sql string) (int64, error) {
	t.Helper()
	var n int64
	err := pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select set_config('arpent.viewer', $1, true), set_config('role', $2, true)`, fmt.Sprint(v.UserID), role); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, sql)
		n = tag.RowsAffected()
		return err
	})
	return n, err
}

// texts are all properties and labels that a query answers, in one text.
func (r register) texts(t *testing.T, v layers.Viewer, layer string, q layers.Query) string {
	t.Helper()
	q.Labels = true
	features, err := r.Features(ctx, v, layer, q)
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	for f, err := range features {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&s, f.ID, f.Label, f.Labels, f.Properties)
	}
	return s.String()
}

func TestNobodySeesOrTouchesTheRowsOfAnotherCollectivity(t *testing.T) {
	r := newRegister(t)
	stranger := postgistest.Account(t, r.pool, "stranger", "B", "administrator")
	stranger.Purpose = "curiosity"
	theirs := r.ids["A"]
	none := func(t *testing.T, text string) {
		t.Helper()
		for _, word := range []string{"place of A", "remark of A", "name of A"} {
			if strings.Contains(text, word) {
				t.Errorf("shows %q: %s", word, text)
			}
		}
	}
	t.Run("list", func(t *testing.T) {
		got := r.texts(t, stranger, "register.people", layers.Query{})
		none(t, got)
		if !strings.Contains(got, "name of B") {
			t.Errorf("does not show their own: %s", got)
		}
		if n, err := r.Count(ctx, stranger, "register.people", layers.Query{}); n != 1 || err != nil {
			t.Errorf("counts %d, %v", n, err)
		}
	})
	t.Run("record", func(t *testing.T) {
		_, err := r.Feature(ctx, stranger, "register.people", theirs, 0)
		wantKind(t, err, layers.NotFound)
	})
	t.Run("search", func(t *testing.T) {
		found, err := r.Search(ctx, stranger, "remark", 10)
		if err != nil || len(found) != 1 || found[0].Collectivity != "B" {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("history", func(t *testing.T) {
		entries, err := r.History(ctx, stranger, "register.people", theirs, 2154)
		if err != nil || len(entries) > 0 {
			t.Errorf("history has %v, %v", entries, err)
		}
	})
	t.Run("the past", func(t *testing.T) {
		if _, err := r.pool.Exec(ctx, `update register.people set remark = 'new'`); err != nil {
			t.Fatal(err)
		}
		var before time.Time
		if err := r.pool.QueryRow(ctx, `select max(at) - interval '1 microsecond' from arpent.history where op = 'update'`).Scan(&before); err != nil {
			t.Fatal(err)
		}
		got := r.texts(t, stranger, "register.people", layers.Query{At: before})
		none(t, got)
		if !strings.Contains(got, "remark of B") || !strings.Contains(got, "name of B") {
			t.Errorf("does not show their own: %s", got)
		}
	})
	t.Run("tiles", func(t *testing.T) {
		tile, err := r.store.Tile(ctx, stranger, r.layer(t, "register.people"), 0, 0, 0, layers.Query{}, layers.TileExtra{})
		if err != nil || strings.Contains(string(tile), " of A") || strings.Contains(string(tile), "name of") {
			t.Errorf("tile %q, %v", tile, err)
		}
	})
	t.Run("edits", func(t *testing.T) {
		for _, e := range []layers.Edit{
			{Op: layers.Update, Layer: "register.people", ID: theirs, Properties: map[string]any{"remark": "x"}},
			{Op: layers.Delete, Layer: "register.people", ID: theirs},
			{Op: layers.Create, Layer: "register.people", Collectivity: "A", Properties: map[string]any{"remark": "x"}},
			{Op: layers.Create, Layer: "register.letters", Collectivity: "B", Properties: map[string]any{"person": id(t, theirs)}}, // tells that it is there
		} {
			if _, err := r.Transact(ctx, stranger, layers.Transaction{Edits: []layers.Edit{e}}); layers.KindOf(err) == "" {
				t.Errorf("%s %s: %v, want a refusal", e.Op, e.Layer, err)
			}
		}
	})
	for _, role := range []string{"arpent_app", "arpent_personal"} {
		t.Run("SQL as "+role, func(t *testing.T) {
			for sql, want := range map[string]int64{
				`select id from register.people where collectivity = 'A'`:                                  0,
				`select id from register.people`:                                                           1,
				`update register.people set remark = 'x' where collectivity = 'A'`:                         0,
				`delete from register.people where collectivity = 'A'`:                                     0,
				`select id from arpent.history where collectivity = 'A'`:                                   0,
				`select 1 from arpent_open."register.people" where place like '%A'`:                        1, // as anybody
				`select id from arpent.document`:                                                           0,
				`select id from register.letters`:                                                          0,
				`select 1 from arpent.history where relation = 'register.people' and collectivity is null`: 0,
			} {
				if n, err := r.run(t, role, stranger, sql); n != want || err != nil {
					t.Errorf("%s: %d rows, %v, want %d", sql, n, err, want)
				}
			}
			for _, sql := range []string{
				`insert into register.people (collectivity, place) values ('A', 'x')`,
				`update register.people set collectivity = 'A'`,
				`select remark from arpent_open."register.people"`,
				`select * from arpent.account`, `select * from arpent.membership`, `select * from arpent.personal_read`, `select * from arpent.token`,
				`update arpent.profile_grant set actions = '{}'`,
			} {
				if n, err := r.run(t, role, stranger, sql); err == nil {
					t.Errorf("%s is let through, %d rows", sql, n)
				}
			}
		})
	}
}

func TestTwoLayersOnOneTableEachKeepTheirRights(t *testing.T) {
	r := newRegister(t)
	reader := postgistest.Account(t, r.pool, "reader", "A", "reader")
	nobody := postgistest.Account(t, r.pool, "nobody")
	check := func(t *testing.T) {
		t.Helper()
		for name, v := range map[string]layers.Viewer{"anybody": {}, "without profile": nobody, "reader": reader} {
			if got := r.texts(t, v, "register.places", layers.Query{}); !strings.Contains(got, "place of A") || !strings.Contains(got, "place of B") || strings.Contains(got, "remark") {
				t.Errorf("%s sees of the public layer: %s", name, got)
			}
		}
		_, err := r.Features(ctx, layers.Viewer{}, "register.people", layers.Query{})
		wantKind(t, err, layers.Unauthorized)
		_, err = r.Features(ctx, nobody, "register.people", layers.Query{})
		wantKind(t, err, layers.Forbidden)
		if got := r.texts(t, reader, "register.people", layers.Query{}); !strings.Contains(got, "remark of A") || strings.Contains(got, " of B") {
			t.Errorf("a reader sees of the private layer: %s", got)
		}
		for _, sql := range []string{`select remark from register.people`, `select name from register.people`} {
			if _, err := r.run(t, "arpent_public", layers.Viewer{}, sql); err == nil {
				t.Errorf("anybody may %s", sql)
			}
		}
		if n, err := r.run(t, "arpent_public", layers.Viewer{}, `select place from register.people`); n != 2 || err != nil {
			t.Errorf("anybody sees %d places, %v", n, err)
		}
	}
	t.Run("at the first start", check)
	slices.Reverse(registerFiles) // the other order overwrote the grants of the first
	t.Cleanup(func() { slices.Reverse(registerFiles) })
	r.Service, r.store = r.load(t)
	t.Run("at the second", check)
	t.Run("a layer that is gone takes its grants along", func(t *testing.T) {
		catalog, err := layers.NewCatalog([]*layers.Layer{r.layer(t, "register.people"), r.layer(t, "register.letters")})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.store.Retain(ctx, catalog); err != nil {
			t.Fatal(err)
		}
		if n, err := r.run(t, "arpent_public", layers.Viewer{}, `select place from register.people`); err == nil {
			t.Errorf("anybody still sees %d places", n)
		}
	})
}

func TestALayerOnAViewThatIsGoneTakesItsGrantsAlong(t *testing.T) {
	r := newRegister(t)
	if _, err := r.pool.Exec(ctx, `create view register.view as select id, place from register.people`); err != nil {
		t.Fatal(err)
	}
	l, err := layers.ReadFile("view.yaml", []byte("id: register.view\ntitle: Lieux\npublic: true\nsource: {table: register.view, id: id}\nfields: [{name: place}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.store.Describe(ctx, l), r.store.Enrol(ctx, l)); err != nil {
		t.Fatal(err)
	}
	see := func() error {
		_, err := r.run(t, "arpent_public", layers.Viewer{}, `select place from register.view`)
		return err
	}
	if err := see(); err != nil {
		t.Fatal(err)
	}
	if err := r.store.Retain(ctx, r.Catalog()); err != nil {
		t.Fatal(err)
	}
	if see() == nil {
		t.Error("anybody still sees the view")
	}
}

func TestProfilesDecideByActionApplicationAndLayer(t *testing.T) {
	r := newRegister(t)
	type want struct{ read, create, update, delete bool }
	for profile, w := range map[string]want{
		"administrator": {true, true, true, true},
		"manager":       {true, true, true, true},
		"instructor":    {read: true}, // says the file of the layer
		"reader":        {read: true},
	} {
		t.Run(profile, func(t *testing.T) {
			v := postgistest.Account(t, r.pool, profile, "A", profile)
			may := func(action layers.Action, want bool, e layers.Edit) {
				t.Helper()
				l := r.layer(t, e.Layer)
				if v.May(action, l, "A") != want || v.May(action, l, "B") {
					t.Errorf("may %s: %v in A, %v in B", action, v.May(action, l, "A"), v.May(action, l, "B"))
				}
				_, err := r.Transact(ctx, v, layers.Transaction{Edits: []layers.Edit{e}})
				if kind := layers.KindOf(err); want && err != nil || !want && kind != layers.Forbidden {
					t.Errorf("%s: %v", action, err)
				}
			}
			result, err := r.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Create, Layer: "register.letters", Collectivity: "A", Properties: map[string]any{"subject": "s"}}}})
			if err != nil {
				t.Fatal(err)
			}
			letter := result.Edits[0].ID
			may(layers.CreateRows, w.create, layers.Edit{Op: layers.Create, Layer: "register.letters", Collectivity: "A", Properties: map[string]any{"subject": "x"}})
			may(layers.UpdateRows, w.update, layers.Edit{Op: layers.Update, Layer: "register.letters", ID: letter, Properties: map[string]any{"subject": "y"}})
			may(layers.DeleteRows, w.delete, layers.Edit{Op: layers.Delete, Layer: "register.letters", ID: letter})
			for _, c := range []struct {
				sql     string
				allowed bool
			}{
				{`insert into register.letters (collectivity, subject) values ('A', 'x')`, w.create},
				{`update register.letters set subject = 'z' where collectivity = 'A'`, w.update},
				{`delete from register.letters where collectivity = 'A'`, w.delete},
			} {
				if n, err := r.run(t, "arpent_app", v, c.sql); (n > 0 && err == nil) != c.allowed {
					t.Errorf("%s: %d rows, %v", c.sql, n, err)
				}
			}
		})
	}
	t.Run("the narrowest scope counts, in Go as in SQL", func(t *testing.T) {
		if _, err := r.pool.Exec(ctx, `
			insert into arpent.profile (id, title) values ('clerk', '{"fr": "Agent"}'), ('nothing', '{}');
			insert into arpent.profile_grant values ('clerk', '*', '{read,export}'), ('clerk', 'register', '{read,create}'), ('clerk', 'register.letters', '{delete}'),
				('instructor', 'register.letters', '{read,validate}');
			update arpent.layer set application = 'register'`); err != nil {
			t.Fatal(err)
		}
		for _, l := range r.Catalog().All() {
			l.Application.ID = "register"
		}
		rows, err := r.pool.Query(ctx, `select p.id, l.id, arpent.actions(p.id, l) from arpent.profile p, arpent.layer l`)
		if err != nil {
			t.Fatal(err)
		}
		var profile, layer string
		var actions []layers.Action
		profiles := map[string]*layers.Profile{}
		for _, p := range []string{"administrator", "manager", "instructor", "reader", "clerk", "nothing"} {
			profiles[p] = postgistest.Account(t, r.pool, "with-"+p, "A", p).Profiles["A"]
		}
		if _, err := pgx.ForEachRow(rows, []any{&profile, &layer, &actions}, func() error {
			if profile == "public" {
				return nil
			}
			if got := profiles[profile].Actions(r.layer(t, layer)); !slices.Equal(got, actions) {
				t.Errorf("%s in %s: %v in Go, %v in SQL", profile, layer, got, actions)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		l := r.layer(t, "register.letters")
		if p := profiles["clerk"]; p.May(layers.Read, l) || !p.May(layers.DeleteRows, l) || !p.May(layers.CreateRows, r.layer(t, "register.people")) || p.May(layers.Export, r.layer(t, "register.people")) {
			t.Error("the clerk's scopes are not taken one by one")
		}
	})
}

func TestFieldsAreHiddenAndReadOnlyByProfile(t *testing.T) {
	r := newRegister(t)
	if _, err := r.pool.Exec(ctx, `insert into arpent.profile_field values ('reader', 'register.people', 'remark', 'hidden'), ('manager', 'register.people', 'place', 'read-only')`); err != nil {
		t.Fatal(err)
	}
	// In A the remark is hidden from them, in B the place may not be changed.
	v := postgistest.Account(t, r.pool, "both", "A", "reader", "B", "manager")
	got := r.texts(t, v, "register.people", layers.Query{})
	if strings.Contains(got, "remark of A") || !strings.Contains(got, "place of A") || !strings.Contains(got, "remark of B") {
		t.Errorf("sees %s", got)
	}
	if n, err := r.Count(ctx, v, "register.people", layers.Query{Equal: map[string]string{"remark": "remark of A"}}); n != 0 || err != nil {
		t.Errorf("finds %d records by what is hidden (%v)", n, err)
	}
	if n, err := r.Count(ctx, v, "register.people", layers.Query{Text: "remark"}); n != 1 || err != nil {
		t.Errorf("finds %d records by words of what is hidden (%v)", n, err)
	}
	if found, err := r.Search(ctx, v, "remark", 10); err != nil || len(found) != 1 || found[0].Collectivity != "B" {
		t.Errorf("the search finds %v (%v)", found, err)
	}
	entries, err := r.History(ctx, v, "register.people", r.ids["A"], 2154)
	if err != nil || len(entries) != 1 || entries[0].New["remark"] != nil || entries[0].New["place"] != "place of A" {
		t.Errorf("history shows %v, %v", entries, err)
	}
	reader := postgistest.Account(t, r.pool, "reader", "A", "reader")
	_, err = r.Count(ctx, reader, "register.people", layers.Query{Equal: map[string]string{"remark": "remark of A"}})
	wantKind(t, err, layers.BadRequest)

	update := func(properties map[string]any) error {
		_, err := r.Transact(ctx, v, layers.Transaction{Edits: []layers.Edit{{Op: layers.Update, Layer: "register.people", ID: r.ids["B"], Properties: properties}}})
		return err
	}
	if err := update(map[string]any{"remark": "changed"}); err != nil {
		t.Error(err)
	}
	wantKind(t, update(map[string]any{"place": "changed"}), layers.Invalid)
}

func TestPersonalDataIsReadWithARightAndAReasonAndEachReadIsLogged(t *testing.T) {
	r := newRegister(t)
	manager := postgistest.Account(t, r.pool, "manager", "A", "manager")
	reader := postgistest.Account(t, r.pool, "reader", "A", "reader")
	curious, withReason := reader, manager
	curious.Purpose, withReason.Purpose = "curiosity", "request of the family"
	boss := postgistest.Account(t, r.pool, "boss", "A", "administrator")
	log := func() []layers.PersonalRead {
		t.Helper()
		reads, err := r.PersonalReads(ctx, boss, layers.PersonalReads{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		return reads
	}
	for name, v := range map[string]layers.Viewer{"right without reason": manager, "reason without right": curious, "neither": reader} {
		t.Run(name, func(t *testing.T) {
			if got := r.texts(t, v, "register.people", layers.Query{}); strings.Contains(got, "name of") || strings.Contains(got, "1950") || strings.Contains(got, "age") {
				t.Errorf("sees %s", got)
			}
			entries, err := r.History(ctx, v, "register.people", r.ids["A"], 2154)
			if err != nil || entries[0].New["name"] != nil || entries[0].New["remark"] == nil {
				t.Errorf("history shows %v, %v", entries[0].New, err)
			}
			_, err = r.Count(ctx, v, "register.people", layers.Query{Equal: map[string]string{"name": "name of A"}})
			wantKind(t, err, layers.BadRequest)
		})
	}
	if n := len(log()); n != 0 {
		t.Errorf("%d reads are logged, of what nobody saw", n)
	}
	t.Run("right and reason", func(t *testing.T) {
		got := r.texts(t, withReason, "register.people", layers.Query{})
		if !strings.Contains(got, "name of A") || !strings.Contains(got, "age:76") || strings.Contains(got, "name of B") {
			t.Errorf("sees %s", got)
		}
		reads := log()
		if len(reads) != 1 {
			t.Fatalf("the log has %v", reads)
		}
		e := reads[0]
		if e.Who != "manager" || e.Layer != "register.people" || e.Collectivity != "A" || !slices.Equal(e.Features, []string{r.ids["A"]}) ||
			!slices.Equal(e.Fields, []string{"name", "born_on", "age"}) || e.Purpose != "request of the family" {
			t.Errorf("the log has %+v", e)
		}
		if entries, err := r.History(ctx, withReason, "register.people", r.ids["A"], 2154); err != nil || entries[0].New["name"] != "name of A" || len(log()) != 2 {
			t.Errorf("history shows %v, %v, the log has %d entries", entries, err, len(log()))
		}
		if n, err := r.Count(ctx, withReason, "register.people", layers.Query{Equal: map[string]string{"name": "name of A"}}); n != 1 || err != nil || len(log()) != 2 {
			t.Errorf("counting gives %d, %v", n, err) // logged, but of no collectivity: the server's administrators see it
		}
	})
	t.Run("kept when the answer breaks off", func(t *testing.T) {
		before := len(log())
		broken, cancel := context.WithCancel(ctx)
		defer cancel()
		features, err := r.Features(broken, withReason, "register.people", layers.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range features {
			if err != nil {
				t.Error(err)
			}
			cancel()
			break
		}
		if after := len(log()); after != before+1 {
			t.Errorf("the log grew from %d to %d", before, after)
		}
	})
	t.Run("labels of other records show none", func(t *testing.T) {
		result, err := r.Transact(ctx, manager, layers.Transaction{Edits: []layers.Edit{{Op: layers.Create, Layer: "register.letters", Collectivity: "A",
			Properties: map[string]any{"subject": "s", "person": id(t, r.ids["A"])}}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.texts(t, withReason, "register.letters", layers.Query{IDs: []string{result.Edits[0].ID}}); strings.Contains(got, "name of") || !strings.Contains(got, "place of A") {
			t.Errorf("sees %s", got)
		}
	})
	t.Run("written with the right alone, and the rules hold", func(t *testing.T) {
		write := func(v layers.Viewer, properties map[string]any) error {
			_, err := r.Transact(ctx, v, layers.Transaction{Edits: []layers.Edit{{Op: layers.Update, Layer: "register.people", ID: r.ids["A"], Properties: properties}}})
			return err
		}
		if err := write(manager, map[string]any{"name": "changed"}); err != nil {
			t.Error(err)
		}
		wantKind(t, write(manager, map[string]any{"born_on": "2030-01-01"}), layers.Invalid)
		if _, err := r.pool.Exec(ctx, `update arpent.profile_grant set actions = '{read,update}' where profile = 'instructor'`); err != nil {
			t.Fatal(err)
		}
		instructor := postgistest.Account(t, r.pool, "instructor", "A", "instructor")
		wantKind(t, write(instructor, map[string]any{"name": "x"}), layers.Invalid)
		if err := write(instructor, map[string]any{"remark": "x"}); err != nil {
			t.Error(err)
		}
	})
	t.Run("a deleted record comes back whole", func(t *testing.T) {
		if _, err := r.Transact(ctx, manager, layers.Transaction{Edits: []layers.Edit{
			{Op: layers.Update, Layer: "register.letters", ID: "1", Properties: map[string]any{"person": nil}},
			{Op: layers.Delete, Layer: "register.people", ID: r.ids["A"]}}}); err != nil {
			t.Fatal(err)
		}
		entries, err := r.History(ctx, manager, "register.people", r.ids["A"], 2154)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Undo(ctx, manager, "register.people", r.ids["A"], entries[0].ID); err != nil {
			t.Fatal(err)
		}
		var name string
		if err := r.pool.QueryRow(ctx, `select name from register.people where id = $1`, r.ids["A"]).Scan(&name); err != nil || name != "changed" {
			t.Errorf("came back with the name %q, %v", name, err)
		}
	})
	t.Run("the database holds it back", func(t *testing.T) {
		for _, sql := range []string{`select name from register.people`, `update register.people set name = 'x'`, `select new_personal from arpent.history`, `select * from register.people`} {
			if _, err := r.run(t, "arpent_app", manager, sql); err == nil {
				t.Errorf("%s is let through", sql)
			}
		}
		var leaked int
		if err := r.pool.QueryRow(ctx, `select count(*) from arpent.history where relation = 'register.people' and (old ? 'name' or new ? 'name' or not coalesce(new_personal, old_personal) ? 'name')`).Scan(&leaked); err != nil || leaked > 0 {
			t.Errorf("%d entries of history keep names among the rest (%v)", leaked, err)
		}
	})
	t.Run("only administrators read the log, each of its own", func(t *testing.T) {
		_, err := r.PersonalReads(ctx, manager, layers.PersonalReads{Limit: 1})
		wantKind(t, err, layers.Forbidden)
		_, err = r.PersonalReads(ctx, layers.Viewer{}, layers.PersonalReads{Limit: 1})
		wantKind(t, err, layers.Unauthorized)
		other := postgistest.Account(t, r.pool, "other", "B", "administrator")
		if reads, err := r.PersonalReads(ctx, other, layers.PersonalReads{Limit: 9}); err != nil || len(reads) > 0 {
			t.Errorf("an administrator of B reads %v, %v", reads, err)
		}
		if reads, err := r.PersonalReads(ctx, boss, layers.PersonalReads{Limit: 9, Feature: "no such", Who: "MANA"}); err != nil || len(reads) > 0 {
			t.Errorf("the filter lets through %v, %v", reads, err)
		}
	})
}

func TestWhatBecomesPersonalMovesInHistory(t *testing.T) {
	r := newRegister(t)
	l := r.layer(t, "register.people")
	l.Field("remark").Personal = true
	if err := r.store.Enrol(ctx, l); err != nil {
		t.Fatal(err)
	}
	var plain, personal int
	count := func() {
		t.Helper()
		if err := r.pool.QueryRow(ctx, `select count(*) filter (where new ? 'remark'), count(*) filter (where new_personal ? 'remark') from arpent.history where relation = 'register.people'`).Scan(&plain, &personal); err != nil {
			t.Fatal(err)
		}
	}
	if count(); plain != 0 || personal != 2 {
		t.Errorf("%d among the rest, %d apart", plain, personal)
	}
	l.Field("remark").Personal = false
	if err := r.store.Enrol(ctx, l); err != nil {
		t.Fatal(err)
	}
	if count(); plain != 2 || personal != 0 {
		t.Errorf("back: %d among the rest, %d apart", plain, personal)
	}
}

func TestARightThatIsTakenAwayIsGoneAtOnce(t *testing.T) {
	r := newRegister(t)
	manager := postgistest.Account(t, r.pool, "manager", "A", "manager")
	edit := layers.Transaction{Edits: []layers.Edit{{Op: layers.Update, Layer: "register.people", ID: r.ids["A"], Properties: map[string]any{"remark": "x"}}}}
	if _, err := r.Transact(ctx, manager, edit); err != nil {
		t.Fatal(err)
	}
	if _, err := r.pool.Exec(ctx, `update arpent.membership set profile = 'reader'`); err != nil {
		t.Fatal(err)
	}
	_, err := r.Transact(ctx, postgistest.Viewer(t, r.pool, "manager"), edit)
	wantKind(t, err, layers.Forbidden)
	if !strings.Contains(err.Error(), "no longer the right, to update records of layer register.people") {
		t.Errorf("says %q", err)
	}
	_, err = r.Transact(ctx, manager, edit) // a server that did not hear of it
	if layers.KindOf(err) == "" {
		t.Errorf("the database lets it through: %v", err)
	}
}
