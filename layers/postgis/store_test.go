package postgis_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkt"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

const parcelsFile = `
id: land.parcels
title: {fr: Parcelles, en: Parcels}
public: true
source: {table: land.parcels, collectivity: collectivity}
geometry: {model: coverage}
label: "{section} {number}"
fields:
  - {name: id, label: {fr: Identifiant, en: Identifier}}
  - {name: section, label: {fr: Section, en: Section}, required: true}
  - {name: number, label: {fr: Numéro, en: Number}, required: true, minimum: 1, maximum: 9999}
  - {name: registered_area, label: {fr: Contenance, en: Registered area}, unit: m²}
  - {name: urban, label: {fr: Bâtie, en: Urban}}
  - {name: updated_on, label: {fr: Mise à jour, en: Updated}}
  - {name: notes, label: {fr: Notes, en: Notes}, private: true}
search: [id, section, number]
`

const blocksFile = `
id: land.blocks
title: {fr: Îlots, en: Blocks}
source: {table: land.blocks, collectivity: collectivity}
label: "{number}"
fields:
  - {name: number, label: {fr: Numéro, en: Number}, required: true}
`

const streetsFile = `
id: land.streets
title: {fr: Voies, en: Streets}
public: true
source: {table: land.streets, collectivity: collectivity}
label: "{name}"
fields:
  - {name: name, label: {fr: Nom, en: Name}, required: true}
search: [name]
`

// town is a database with two collectivities and three layers.
type town struct {
	*layers.Service
	store *postgis.Store
	feed  *postgis.Feed
	pool  *pgxpool.Pool
}

var (
	clerk = layers.Viewer{Admin: true, Login: "test"} // the command line
	ctx   = context.Background()
)

func newTown(t testing.TB) town {
	t.Helper()
	pool := postgistest.New(t)
	var all []*layers.Layer
	for i, file := range []string{parcelsFile, blocksFile, streetsFile} {
		l, err := layers.ReadFile(fmt.Sprintf("layer%d.yaml", i), []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	service, store, feed := postgistest.Service(t, pool, all...)
	for code, name := range map[string]string{"00001": "Une", "00002": "Deux"} {
		if err := store.PutCollectivity(ctx, code, name, 2154); err != nil {
			t.Fatal(err)
		}
	}
	return town{service, store, feed, pool}
}

// account makes a user with one profile and returns the viewer it signs in as.
func (w town) account(t *testing.T, login, collectivity, profile string) layers.Viewer {
	t.Helper()
	return postgistest.Account(t, w.pool, login, collectivity, profile)
}

func shape(t *testing.T, text string, srid int) geom.T {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatal(err)
	}
	layers.SetSRID(g, srid)
	return g
}

func square(t *testing.T, x, y, side float64) geom.T {
	t.Helper()
	return shape(t, fmt.Sprintf("POLYGON((%[1]v %[2]v, %[3]v %[2]v, %[3]v %[4]v, %[1]v %[4]v, %[1]v %[2]v))", x, y, x+side, y+side), 2154)
}

// parcel creates a parcel and returns its version.
func (w town) parcel(t *testing.T, code string, number int, g geom.T) (id, version string) {
	t.Helper()
	id = fmt.Sprintf("%s000AB%04d", code, number)
	result, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{
		Op: layers.Create, Layer: "land.parcels", ID: id, Collectivity: code, Geometry: g,
		Properties: map[string]any{"section": "AB", "number": number},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return id, result.Edits[0].Version
}

func (w town) count(t *testing.T, sql string, args ...any) int {
	t.Helper()
	var n int
	if err := w.pool.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func wantKind(t *testing.T, err error, kind layers.Kind) {
	t.Helper()
	if got := layers.KindOf(err); got != kind {
		t.Fatalf("error is %v of kind %q, want kind %q", err, got, kind)
	}
}

func TestAFeatureIsCreatedReadChangedAndDeleted(t *testing.T) {
	w := newTown(t)
	id, version := w.parcel(t, "00001", 12, square(t, 900000, 6690000, 20))

	f, err := w.Feature(ctx, clerk, "land.parcels", id, 0)
	if err != nil {
		t.Fatal(err)
	}
	if f.Version != version || f.Collectivity != "00001" || f.Properties["number"] != int64(12) || math.Abs(f.Measures.Area-400.7) > 0.1 || math.Abs(f.Measures.Length-80.07) > 0.01 {
		t.Errorf("read %+v with measures %+v", f, f.Measures)
	}
	if _, ok := f.Geometry.(*geom.MultiPolygon); !ok || f.Geometry.SRID() != 2154 {
		t.Errorf("geometry is %T in %d", f.Geometry, f.Geometry.SRID())
	}

	result, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{
		Op: layers.Update, Layer: "land.parcels", ID: id, Version: version, Properties: map[string]any{"notes": "vu", "updated_on": "2026-02-28"},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	changed, err := w.Feature(ctx, clerk, "land.parcels", id, 0)
	if err != nil {
		t.Fatal(err)
	}
	if changed.Properties["notes"] != "vu" || changed.Properties["updated_on"] != "2026-02-28" || changed.Properties["section"] != "AB" || *changed.Measures != *f.Measures {
		t.Errorf("after the update: %+v", changed)
	}

	_, err = w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Delete, Layer: "land.parcels", ID: id, Version: result.Edits[0].Version}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Feature(ctx, clerk, "land.parcels", id, 0)
	wantKind(t, err, layers.NotFound)

	entries, err := w.History(ctx, clerk, "land.parcels", id, 3857)
	if err != nil {
		t.Fatal(err)
	}
	var ops []string
	for _, e := range entries {
		ops = append(ops, e.Op+" by "+e.Who)
	}
	if want := []string{"delete by test", "update by test", "insert by test"}; !slices.Equal(ops, want) {
		t.Errorf("history is %v, want %v", ops, want)
	}
	if entries[1].GeometryChanged || !entries[2].GeometryChanged || entries[1].New["notes"] != "vu" {
		t.Errorf("history entries %+v", entries)
	}
}

func TestAStaleVersionIsRefusedWithWhatIsStored(t *testing.T) {
	w := newTown(t)
	id, version := w.parcel(t, "00001", 1, square(t, 900000, 6690000, 20))
	edit := layers.Edit{Op: layers.Update, Layer: "land.parcels", ID: id, Version: version, Properties: map[string]any{"number": 2}}
	if _, err := w.pool.Exec(ctx, `update land.parcels set notes = 'direct'`); err != nil {
		t.Fatal(err)
	}
	_, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{edit}})
	wantKind(t, err, layers.Stale)
	conflict := err.(*layers.Error).Conflicts[0]
	if conflict.Current == nil || conflict.Current.Properties["notes"] != "direct" {
		t.Errorf("conflict tells %+v", conflict)
	}
	if _, err := w.pool.Exec(ctx, `delete from land.parcels`); err != nil {
		t.Fatal(err)
	}
	_, err = w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{edit}})
	wantKind(t, err, layers.Stale)
	if err.(*layers.Error).Conflicts[0].Current != nil {
		t.Error("a deleted feature has a current state")
	}
}

func TestATransactionIsDoneWholeOrNotAtAll(t *testing.T) {
	w := newTown(t)
	id, _ := w.parcel(t, "00001", 1, square(t, 900000, 6690000, 20))
	_, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{
		{Op: layers.Update, Layer: "land.parcels", ID: id, Properties: map[string]any{"number": 7}},
		{Op: layers.Create, Layer: "land.streets", Collectivity: "00001", Properties: map[string]any{"name": "Rue A"}},
		{Op: layers.Create, Layer: "land.parcels", ID: id, Collectivity: "00001", Properties: map[string]any{"section": "AB", "number": 1}},
	}})
	wantKind(t, err, layers.Conflict)
	if n := w.count(t, `select count(*) from land.parcels where number = 7`) + w.count(t, `select count(*) from land.streets`); n != 0 {
		t.Errorf("%d rows of a failed transaction are there", n)
	}
	if n := w.count(t, `select count(*) from arpent.history`); n != 1 {
		t.Errorf("history has %d rows, want 1", n)
	}
}

func TestBadGeometryIsNamedAndNothingIsStored(t *testing.T) {
	w := newTown(t)
	for name, c := range map[string]struct {
		wkt  string
		srid int
		want string
	}{
		"crosses itself":          {"POLYGON((900000 6690000, 900010 6690010, 900010 6690000, 900000 6690010, 900000 6690000))", 2154, "is not valid: Self-intersection at 900005 6690005 (EPSG:2154)"},
		"metres given as degrees": {"POLYGON((900000 6690000, 900010 6690000, 900010 6690010, 900000 6690000))", 4326, "position 0: 900000 is no longitude or latitude in degrees: give positions as longitude, latitude (WGS 84), or name the coordinate reference system they are in"},
		"is a point":              {"POINT(900000 6690000)", 2154, "is a Point, the layer holds MultiPolygon"},
		"is huge":                 {"POLYGON((1e300 0, 1e301 0, 1e301 1, 1e300 0))", 2154, "position 0: 1e+300 is no coordinate"},
		"has a height":            {"POLYGON Z((900000 6690000 1, 900010 6690000 1, 900010 6690010 1, 900000 6690000 1))", 2154, "has a third coordinate, the layer is two-dimensional: leave it out"},
		"collapses on the grid":   {"POLYGON((900000 6690000, 900000.0001 6690000, 900000.0001 6690000.0001, 900000 6690000))", 2154, "is not valid: Too few points in geometry component at 900000 6690000 (EPSG:2154)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{
				Op: layers.Create, Layer: "land.parcels", ID: "00001000AB0001", Collectivity: "00001", At: "changes[0]",
				Properties: map[string]any{"section": "AB", "number": 1}, Geometry: shape(t, c.wkt, c.srid),
			}}})
			wantKind(t, err, layers.Invalid)
			f := err.(*layers.Error).Faults[0]
			if f.Location != "changes[0].geometry" || f.Message != c.want {
				t.Errorf("fault is %q: %q\nwant %q", f.Location, f.Message, c.want)
			}
		})
	}
	if n := w.count(t, `select count(*) from land.parcels`) + w.count(t, `select count(*) from arpent.history`); n != 0 {
		t.Errorf("%d rows are there", n)
	}
}

func TestAShapeThatWentToAnotherCRSComesBackBitForBit(t *testing.T) {
	w := newTown(t)
	id, _ := w.parcel(t, "00001", 1, shape(t, "POLYGON((900000.123 6690000.457, 900013.289 6690001.001, 900010.007 6690010.999, 900000.123 6690000.457))", 2154))
	before := w.count(t, `select count(*) from arpent.history`)
	for _, srid := range []int{3857, 4326} {
		f, err := w.Feature(ctx, clerk, "land.parcels", id, srid)
		if err != nil {
			t.Fatal(err)
		}
		if f.Geometry.SRID() != srid {
			t.Errorf("geometry came in %d, want %d", f.Geometry.SRID(), srid)
		}
		result, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Upsert, Layer: "land.parcels", ID: id, Collectivity: "00001", Properties: f.Properties, Geometry: f.Geometry}}})
		if err != nil {
			t.Fatal(err)
		}
		if !result.Edits[0].Unchanged {
			t.Errorf("the shape changed on its way through EPSG:%d", srid)
		}
	}
	if after := w.count(t, `select count(*) from arpent.history`); after != before {
		t.Errorf("an upsert that changes nothing wrote %d rows of history", after-before)
	}
}

func TestRightsHoldInTheServiceAndInTheDatabase(t *testing.T) {
	w := newTown(t)
	id, _ := w.parcel(t, "00001", 1, square(t, 900000, 6690000, 20))
	if _, err := w.pool.Exec(ctx, `insert into land.blocks (collectivity, number) values ('00001', 1), ('00002', 2)`); err != nil {
		t.Fatal(err)
	}
	editor := w.account(t, "editor", "00001", "manager")
	reader := w.account(t, "reader", "00001", "reader")
	stranger := w.account(t, "stranger", "00002", "manager")
	edit := layers.Transaction{Edits: []layers.Edit{{Op: layers.Update, Layer: "land.parcels", ID: id, Properties: map[string]any{"number": 3}}}}

	for name, c := range map[string]struct {
		viewer layers.Viewer
		want   layers.Kind
	}{"anonymous": {layers.Viewer{}, layers.Unauthorized}, "reader": {reader, layers.Forbidden}, "stranger": {stranger, layers.Forbidden}, "editor": {editor, ""}} {
		t.Run(name+" edits", func(t *testing.T) {
			_, err := w.Transact(ctx, c.viewer, edit)
			wantKind(t, err, c.want)
		})
	}

	t.Run("anonymous sees no private field and no private layer", func(t *testing.T) {
		f, err := w.Feature(ctx, layers.Viewer{}, "land.parcels", id, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := f.Properties["notes"]; ok {
			t.Error("notes are shown")
		}
		_, err = w.Features(ctx, layers.Viewer{}, "land.blocks", layers.Query{})
		wantKind(t, err, layers.Unauthorized)
		_, err = w.History(ctx, layers.Viewer{}, "land.parcels", id, 0)
		wantKind(t, err, layers.Unauthorized)
	})
	t.Run("each sees the rows of its own collectivity", func(t *testing.T) {
		for _, v := range []layers.Viewer{reader, stranger} {
			if n, err := w.Count(ctx, v, "land.blocks", layers.Query{}); n != 1 || err != nil {
				t.Errorf("%s counts %d (%v), want 1", v.Login, n, err)
			}
		}
	})
	t.Run("the database refuses what the service would let through", func(t *testing.T) {
		lying := stranger
		lying.Profiles = map[string]*layers.Profile{"00001": stranger.Profiles["00002"]}
		_, err := w.Transact(ctx, lying, edit)
		wantKind(t, err, layers.NotFound)
		_, err = w.Transact(ctx, lying, layers.Transaction{Edits: []layers.Edit{{Op: layers.Create, Layer: "land.streets", Collectivity: "00001", Properties: map[string]any{"name": "Rue"}}}})
		wantKind(t, err, layers.Forbidden)
	})
	t.Run("the roles of requests are no superusers and may not read accounts", func(t *testing.T) {
		for _, role := range []string{"arpent_app", "arpent_public"} {
			var super, login, reads bool
			err := w.pool.QueryRow(ctx, `select rolsuper, rolcanlogin, has_table_privilege(rolname, 'arpent.account', 'select') from pg_roles where rolname = $1`, role).Scan(&super, &login, &reads)
			if err != nil || super || login || reads {
				t.Errorf("%s: superuser %v, may sign in %v, reads accounts %v, error %v", role, super, login, reads, err)
			}
		}
	})
}

func TestAnyClientsChangesReachHistoryAndFeedOnce(t *testing.T) {
	w := newTown(t)
	id, _ := w.parcel(t, "00001", 1, square(t, 900000, 6690000, 20))
	heard := w.feed.Subscribe(t.Context())
	for _, sql := range []string{
		`update land.parcels set notes = 'a'`,
		`update land.parcels set notes = 'a'`, // changes nothing
		`update land.parcels set geom = ST_Translate(geom, 5, 0), id = '00001000AB0002'`,
		`truncate land.parcels cascade`,
	} {
		if _, err := w.pool.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
		if err := w.feed.Sync(ctx); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for len(got) < 4 {
		for _, c := range <-heard {
			got = append(got, fmt.Sprintf("%s %s %d", c.Op, c.Feature, len(c.Boxes)))
		}
	}
	slices.Sort(got[1:3])
	want := []string{"update " + id + " 2", "delete " + id + " 1", "insert 00001000AB0002 1", "delete 00001000AB0002 1"}
	if !slices.Equal(got, want) {
		t.Errorf("heard %q, want %q", got, want)
	}
	if n := w.count(t, `select count(*) from arpent.history where who = 'arpent'`); n != 4 {
		t.Errorf("history has %d rows by psql, want 4", n)
	}
}

func TestFeedTellsTransactionsThatCommitOutOfOrder(t *testing.T) {
	w := newTown(t)
	slow, err := w.pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Rollback(ctx) }()
	if _, err := slow.Exec(ctx, `insert into land.streets (collectivity, name) values ('00001', 'slow')`); err != nil {
		t.Fatal(err)
	}
	heard := w.feed.Subscribe(t.Context())
	if _, err := w.pool.Exec(ctx, `insert into land.streets (collectivity, name) values ('00001', 'fast')`); err != nil {
		t.Fatal(err)
	}
	first := <-heard // without waiting for the slow one, which began earlier
	if err := slow.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	second := <-heard
	if len(first) != 1 || len(second) != 1 || first[0].Seq < second[0].Seq {
		t.Errorf("heard %+v, then %+v", first, second)
	}
}

func TestManyRowsAreToldAsOneLoad(t *testing.T) {
	w := newTown(t)
	heard := w.feed.Subscribe(t.Context())
	_, err := w.pool.Exec(ctx, `insert into land.blocks (collectivity, number, geom)
		select '00001', i, ST_Multi(ST_Expand(ST_SetSRID(ST_Point(900000 + i, 6690000), 2154), 1)) from generate_series(1, 5000) i`)
	if err != nil {
		t.Fatal(err)
	}
	changes := <-heard
	if len(changes) != 1 || changes[0].Op != "load" || changes[0].Collectivity != "00001" || len(changes[0].Boxes) != 1 {
		t.Errorf("heard %+v", changes)
	}
}

func TestBoxesInAnyCRSFindWhatMeetsThem(t *testing.T) {
	w := newTown(t)
	w.parcel(t, "00001", 1, square(t, 900000, 6690000, 20))
	w.parcel(t, "00001", 2, square(t, 900100, 6690000, 20))
	for name, c := range map[string]struct {
		box  layers.BBox
		want int64
	}{
		"the layer's own":             {layers.BBox{MinX: 899990, MinY: 6689990, MaxX: 900010, MaxY: 6690010, SRID: 2154}, 1},
		"touching at a corner":        {layers.BBox{MinX: 900020, MinY: 6690020, MaxX: 900030, MaxY: 6690030, SRID: 2154}, 1},
		"the world in degrees":        {layers.BBox{MinX: -180, MinY: -90, MaxX: 180, MaxY: 90, SRID: 4326}, 2},
		"France in degrees":           {layers.BBox{MinX: -5, MinY: 41, MaxX: 10, MaxY: 52, SRID: 4326}, 2},
		"the neighbourhood":           {layers.BBox{MinX: 5.6, MinY: 47.2, MaxX: 5.8, MaxY: 47.4, SRID: 4326}, 2},
		"elsewhere":                   {layers.BBox{MinX: 5.6, MinY: 48.2, MaxX: 5.8, MaxY: 48.4, SRID: 4326}, 0},
		"the world in Mercator":       {layers.BBox{MinX: -20037508, MinY: -20037508, MaxX: 20037508, MaxY: 20037508, SRID: 3857}, 2},
		"a point in the first parcel": {layers.BBox{MinX: 900010, MinY: 6690010, MaxX: 900010, MaxY: 6690010, SRID: 2154}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if n, err := w.Count(ctx, clerk, "land.parcels", layers.Query{BBox: &c.box}); n != c.want || err != nil {
				t.Errorf("counts %d (%v), want %d", n, err, c.want)
			}
		})
	}
}

func TestPagesNeitherSkipNorRepeat(t *testing.T) {
	w := newTown(t)
	for i := range 7 {
		w.parcel(t, "00001", i+1, square(t, 900000+30*float64(i), 6690000, 20))
	}
	var ids []string
	var after *layers.Cursor
	for {
		page, err := w.Features(ctx, layers.Viewer{}, "land.parcels", layers.Query{Limit: 3, After: after})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for f, err := range page {
			if err != nil {
				t.Fatal(err)
			}
			ids, after = append(ids, f.ID), &f.Cursor
			n++
		}
		if n < 3 {
			break
		}
	}
	if len(ids) != 7 || !slices.IsSorted(ids) {
		t.Errorf("pages gave %v", ids)
	}
}

func TestNumbersAsIdentifiersAreOrderedAsNumbers(t *testing.T) {
	w := newTown(t)
	if _, err := w.pool.Exec(ctx, `insert into land.streets (collectivity, name) select '00001', i::text from generate_series(1, 12) i`); err != nil {
		t.Fatal(err)
	}
	page, err := w.Features(ctx, clerk, "land.streets", layers.Query{After: &layers.Cursor{ID: "8"}, Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for f, err := range page {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.ID)
	}
	if want := []string{"9", "10", "11"}; !slices.Equal(ids, want) {
		t.Errorf("after 8 come %v, want %v", ids, want)
	}
}

func TestQueriesThatDoNotFitAreRefused(t *testing.T) {
	w := newTown(t)
	for name, q := range map[string]layers.Query{
		"unknown field":         {Equal: map[string]string{"colour": "red"}},
		"private field":         {Equal: map[string]string{"notes": "x"}},
		"no number":             {Equal: map[string]string{"number": "twelve"}},
		"no date":               {Equal: map[string]string{"updated_on": "2026-02-30"}},
		"no field to sort by":   {Sort: "-colour"},
		"box upside down":       {BBox: &layers.BBox{MinY: 1, MaxY: 0, SRID: 4326}},
		"injection in a number": {Equal: map[string]string{"number": "1; drop table land.parcels"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Count(ctx, layers.Viewer{}, "land.parcels", q)
			wantKind(t, err, layers.BadRequest)
		})
	}
}

func TestSearchIgnoresCaseAndAccentsAndPutsWholeWordsFirst(t *testing.T) {
	w := newTown(t)
	w.parcel(t, "00001", 120, square(t, 900000, 6690000, 20))
	w.parcel(t, "00001", 12, square(t, 900100, 6690000, 20))
	if _, err := w.pool.Exec(ctx, `insert into land.streets (collectivity, name, geom) values
		('00001', 'Rue de l’Église', 'SRID=2154;MULTILINESTRING((900000 6690000, 900010 6690000))'),
		('00001', 'Rue des Églantiers', 'SRID=2154;MULTILINESTRING((900000 6690000, 900010 6690000))')`); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"ab 12":          {"AB 12", "AB 120"},
		"00001000AB0012": {"AB 12"},
		"EGLISE":         {"Rue de l’Église"},
		"rue egl":        {"Rue de l’Église", "Rue des Églantiers"},
		"% _":            nil,
	} {
		found, err := w.Search(ctx, layers.Viewer{}, text, 10)
		if err != nil {
			t.Fatal(err)
		}
		var labels []string
		for _, f := range found {
			labels = append(labels, f.Label)
		}
		if !slices.Equal(labels, want) {
			t.Errorf("%q finds %q, want %q", text, labels, want)
		}
	}
}

func TestALevelLineIsHeardOf(t *testing.T) {
	w := newTown(t)
	heard := w.feed.Subscribe(t.Context())
	_, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{
		Op: layers.Create, Layer: "land.streets", Collectivity: "00001", Properties: map[string]any{"name": "Rue droite"},
		Geometry: shape(t, "MULTILINESTRING((900000 6690000, 900100 6690000))", 2154),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	changes := <-heard
	if len(changes) != 1 || len(changes[0].Boxes) != 1 || changes[0].Boxes[0].MaxX <= changes[0].Boxes[0].MinX {
		t.Errorf("heard %+v", changes)
	}
}
