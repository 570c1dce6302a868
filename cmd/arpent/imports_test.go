package main

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/imports"
	"arpent/layers/postgis/postgistest"
)

// realData finds a folder of real data, or skips where there is none.
func realData(t *testing.T, path string) string {
	t.Helper()
	path = filepath.Join("../../../shared/data", path)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is missing: put the folder shared beside the project", path)
	}
	return path
}

// clerk imports files into the layers of all applications, as in the page.
type clerk struct {
	*testing.T
	ctx      context.Context
	pool     *pgxpool.Pool
	viewer   layers.Viewer
	importer *imports.Service
}

func newClerk(t *testing.T, collectivity string) clerk {
	t.Helper()
	ctx := context.Background()
	pool := postgistest.New(t)
	all, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	service, store, _ := postgistest.Service(t, pool, all...)
	if err := store.PutCollectivity(ctx, collectivity, collectivity, 2154); err != nil {
		t.Fatal(err)
	}
	v := postgistest.Account(t, pool, "clerk", collectivity, "administrator")
	v.Language = "fr"
	return clerk{t, ctx, pool, v, imports.New(service, pool, t.TempDir())}
}

// send uploads files and shows what the assistant proposes.
func (c clerk) send(layer string, paths ...string) (*imports.Import, imports.Plan) {
	c.Helper()
	in, err := c.importer.Receive(c.viewer, layer)
	if err != nil {
		c.Fatal(err)
	}
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			c.Fatal(err)
		}
		if err := errors.Join(in.Add(filepath.Base(path), f), f.Close()); err != nil {
			c.Fatal(err)
		}
	}
	i, err := in.Keep(c.ctx)
	if err != nil {
		c.Fatal(err)
	}
	found, err := c.importer.Inspect(c.ctx, c.viewer, i.ID, nil, "")
	if err != nil {
		c.Fatal(err)
	}
	return i, *found.Plan
}

// run tries the plan, then does it.
func (c clerk) run(i *imports.Import, p imports.Plan, cause string) *imports.Outcome {
	c.Helper()
	var last *imports.Outcome
	for _, try := range []bool{true, false} {
		out, err := c.importer.Run(c.ctx, c.viewer, i, p, cause, try, func(int64, int64) {})
		if err != nil {
			c.Fatalf("%s, dry run %v: %v", i.File, try, err)
		}
		if last != nil && (out.Created != last.Created || out.Rejected != last.Rejected || out.Updated != last.Updated) {
			c.Errorf("%s: the dry run says %+v, the import %+v", i.File, *last, *out)
		}
		last = out
	}
	for _, r := range last.Rejects[:min(3, len(last.Rejects))] {
		c.Logf("%s: record %d: %s", i.File, r.Row, r.Reason)
	}
	return last
}

// rejects is how many records the file of rejects holds.
func (c clerk) rejects(i *imports.Import) int {
	c.Helper()
	f, err := c.importer.Rejects(i)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = ',', true
	rows, err := r.ReadAll()
	if err != nil {
		c.Fatal(err)
	}
	return len(rows) - 1
}

func (c clerk) count(sql string) (n int) {
	c.Helper()
	if err := c.pool.QueryRow(c.ctx, sql).Scan(&n); err != nil {
		c.Fatal(err)
	}
	return n
}

func TestARegisterOfAddressesIsImportedIntoPolling(t *testing.T) {
	path := filepath.Join(realData(t, "polling-94"), "champigny-sur-marne.csv")
	c := newClerk(t, "94017")

	i, plan := c.send("polling.stations", path)
	plan.Shape, plan.Repeated = imports.ShapePlan{}, "first" // each station comes once for each of its addresses
	if plan.Columns["code"] != "bureau" || len(plan.Key) != 1 || plan.Key[0] != "code" {
		t.Fatalf("the plan for stations is %+v", plan)
	}
	if out := c.run(i, plan, "import 1"); out.Created != 43 || out.Rejected != 0 {
		t.Errorf("stations: %+v", *out)
	}

	i, plan = c.send("polling.addresses", path)
	for field, column := range map[string]string{"label": "adresse", "street": "result_name", "station": "bureau", "postcode": "cp", "city": "ville", "score": "result_score", "precision": "result_type"} {
		if plan.Columns[field] != column {
			t.Errorf("the assistant fills %s by %q, want %q", field, plan.Columns[field], column)
		}
	}
	if plan.Shape.From != "columns" || plan.Shape.SRID != 4326 {
		t.Errorf("places come from %+v", plan.Shape)
	}
	plan.Key, plan.Create = nil, []string{"street"}

	// House numbers such as 34 TER are no numbers: these records are listed.
	strict := plan
	strict.Columns = maps.Clone(plan.Columns)
	strict.Columns["number"] = "result_housenumber"
	tried, err := c.importer.Run(c.ctx, c.viewer, i, strict, "", true, func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	odd := oddNumbers(t, path)
	if odd == 0 || tried.Rejected != odd || tried.Created != 9690-odd || c.rejects(i) != odd || c.count(`select count(*) from polling.addresses`) != 0 {
		t.Errorf("%d house numbers are none: %d created, %d rejected, %d of them in the file", odd, tried.Created, tried.Rejected, c.rejects(i))
	}
	for _, r := range tried.Rejects {
		if r.Row < 1 || r.Row > 9690 || !strings.Contains(r.Reason, "nombre entier") {
			t.Errorf("a reject says %+v", r)
		}
	}

	out := c.run(i, plan, "import 2")
	if out.Created != 9690 || out.Rejected != 0 || !out.Written {
		t.Errorf("addresses: %+v", *out)
	}
	for want, sql := range map[int]string{
		out.Created: `select count(*) from polling.addresses`,
		43:          `select count(distinct station) from polling.addresses`,
		512:         `select count(distinct street) from polling.addresses where precision = 'housenumber'`,
		106:         `select count(*) from (select street from polling.addresses where precision = 'housenumber' group by street having count(distinct station) > 1) shared`,
		228:         `select count(*) from polling.addresses where precision <> 'housenumber'`, // only a street's place
		44:          `select count(*) from polling.addresses where score <= 0.7`,               // to be placed by hand
	} {
		if n := c.count(sql); n != want {
			t.Errorf("%s: %d, want %d", sql, n, want)
		}
	}
	t.Logf("%d addresses, %d streets made; with house numbers as numbers %d are rejected", out.Created, out.References, odd)

	again := plan
	again.Key, again.Create, again.Repeated = []string{"label", "station"}, nil, "first"
	if out := c.run(i, again, "import 3"); out.Created != 0 || out.Updated != 0 || out.Rejected != 0 || out.Unchanged == 0 || out.Unchanged+out.Skipped != 9690 {
		t.Errorf("imported again: %+v", *out)
	}
}

// oddNumbers counts the house numbers of the register that are no whole number.
func oddNumbers(t *testing.T, path string) int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at, n := slices.Index(rows[0], "result_housenumber"), 0
	for _, row := range rows[1:] {
		if _, err := strconv.Atoi(row[at]); err != nil && row[at] != "" {
			n++
		}
	}
	return n
}

func TestALocalPlanInTheCNIGStandardIsImportedIntoPlanning(t *testing.T) {
	folder := realData(t, "plu-30014")
	c := newClerk(t, "30014")
	for _, part := range []struct {
		name, layer string
		records     int // as ogrinfo counts them
	}{
		{"DOC_URBA", "planning.documents", 2},
		{"ZONE_URBA", "planning.zones", 90},
		{"PRESCRIPTION_SURF", "planning.prescriptions_surf", 77},
		{"PRESCRIPTION_LIN", "planning.prescriptions_lin", 15},
		{"PRESCRIPTION_PCT", "planning.prescriptions_pct", 93},
		{"INFO_SURF", "planning.information_surf", 18},
		{"INFO_PCT", "planning.information_pct", 6},
	} {
		paths, err := filepath.Glob(filepath.Join(folder, "30014_"+part.name+"_2017*"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no file of %s (%v)", part.name, err)
		}
		i, plan := c.send(part.layer, paths...)
		out := c.run(i, plan, "import "+part.name)
		columns := map[string]bool{}
		for _, name := range out.Columns {
			columns[name] = true
		}
		if out.Created+out.Rejected != part.records || !out.Written {
			t.Errorf("%s: %+v", part.name, *out)
		}
		if out.Rejected > 0 && c.rejects(i) != out.Rejected {
			t.Errorf("%s: %d rejected, %d in the file of rejects", part.name, out.Rejected, c.rejects(i))
		}
		t.Logf("%s: %d of %d, %d rejected", part.name, out.Created, part.records, out.Rejected)
		if n := c.count("select count(*) from " + part.layer); n != out.Created {
			t.Errorf("%s has %d records", part.layer, n)
		}
		for column := range maps.Values(plan.Columns) {
			delete(columns, column)
		}
		if len(columns) > 0 {
			t.Errorf("%s: the assistant leaves out the columns %v", part.name, columns)
		}
	}
}
