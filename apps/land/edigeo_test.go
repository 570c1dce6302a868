package land_test

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/apps/land"
	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

// commandLine is who imports.
var commandLine = layers.Viewer{Admin: true, Login: "arpent"}

// sheets are the archives of the plan of a real commune.
func sheets(t *testing.T) []string {
	t.Helper()
	const folder = "../../../shared/data/cadastre-25354"
	all, err := filepath.Glob(folder + "/*.tar.bz2")
	if err != nil || len(all) == 0 {
		t.Skipf("%s is missing", folder)
	}
	return all
}

// office is a database with the layers of the application.
type office struct {
	*testing.T
	pool    *pgxpool.Pool
	service *layers.Service
	store   *postgis.Store
}

func newOffice(t *testing.T) office {
	t.Helper()
	all, err := land.Layers()
	if err != nil {
		t.Fatal(err)
	}
	pool := postgistest.New(t)
	service, store, _ := postgistest.Service(t, pool, all...)
	return office{t, pool, service, store}
}

func (o office) load(archives ...string) ([]land.Imported, error) {
	return land.ImportEDIGEO(o.Context(), o.service, o.store, commandLine, "25354", archives)
}

// answer is the one value that a query gives.
func (o office) answer(sql string) string {
	o.Helper()
	var value string
	if err := o.pool.QueryRow(context.Background(), sql).Scan(&value); err != nil {
		o.Fatal(err)
	}
	return value
}

// rows counts all rows that an import could write, its history too.
func (o office) rows() string {
	return o.answer(`select concat_ws(' ', (select count(*) from arpent.collectivity), (select count(*) from land.communes), (select count(*) from land.sections),
		(select count(*) from land.parcels), (select count(*) from land.buildings), (select count(*) from land.place_names), (select count(*) from land.streets),
		(select count(*) from land.watercourses), (select count(*) from land.addresses), (select count(*) from arpent.history), (select count(*) from arpent.change))`)
}

func TestThePlanOfARealCommuneIsImported(t *testing.T) {
	o := newOffice(t)
	all := sheets(t)
	first, err := o.load(all...)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range first {
		if n.Updated+n.Unchanged+n.Repaired > 0 {
			t.Errorf("a first import finds %+v", n)
		}
		for reason, count := range n.LeftOut {
			t.Logf("%s: %d left out: %s", n.Layer, count, reason)
		}
	}
	for name, c := range map[string]struct{ sql, want string }{
		"parcels by sheet": {`select string_agg(n::text, ' ' order by section) from (select section, count(*) n from land.parcels group by section) s`, "14 142 68 78 22 61 80 46"},
		"identifiers":      {`select count(*) from land.parcels where id = '25354' || prefix || lpad(section, 2, '0') || lpad(number::text, 4, '0')`, "511"},
		"registered areas far from those on the map":  {`select count(*) from land.parcels where abs(registered_area - ST_Area(geom)) > 0.2 * registered_area + 20`, "1"},
		"surveyed parcels":                            {`select count(*) from land.parcels where surveyed`, "17"},
		"parcels in the section they are named after": {`select count(*) from land.parcels p join land.sections s on s.id = left(p.id, 10) where ST_Covers(ST_Buffer(s.geom, 0.02), p.geom)`, "511"},
		"sections in the commune":                     {`select count(*) from land.sections s, land.communes c where ST_Covers(ST_Buffer(c.geom, 0.02), s.geom)`, "8"},
		"buildings, hard and light":                   {`select string_agg(n::text, ' ' order by kind) from (select kind, count(*) n from land.buildings group by kind) k`, "161 91"},
		"streets that several sheets show, once":      {`select count(*) from land.streets where name = 'Autoroute A36 de Beaune à Mulhouse'`, "2"},
		"numbers":                                     {`select count(*) from land.addresses`, "58"},
		"numbers on the parcel that the plan says":    {`select parcel_id from land.addresses where source_id = 'Objet_1840479'`, "25354000AK0196"},
		"numbers near their parcels":                  {`select count(*) from land.addresses a join land.parcels p on p.id = a.parcel_id where ST_DWithin(a.geom, p.geom, 20)`, "58"},
		"the collectivity has the commune's name":     {`select name from arpent.collectivity where code = '25354'`, "LUXIOL"},
		"shapes that are not valid":                   {`select count(*) from arpent.history where not ST_IsValid(new_geometry)`, "0"},
	} {
		if got := o.answer("select (" + c.sql + ")::text"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}

	before := o.rows()
	second, err := o.load(all...)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range second {
		if n.Created+n.Updated > 0 || n.Unchanged != first[i].Created || !maps.Equal(n.LeftOut, first[i].LeftOut) {
			t.Errorf("a second import finds %+v after %+v", n, first[i])
		}
	}
	slices.Reverse(all)
	if _, err := o.load(all[:3]...); err != nil {
		t.Fatal(err)
	}
	if after := o.rows(); after != before {
		t.Errorf("importing again changed the rows from %s to %s", before, after)
	}
	if _, err := o.pool.Exec(t.Context(), `update land.parcels set number = 9999 where id = '25354000AB0001'; delete from land.buildings where source_id = (select min(source_id) from land.buildings)`); err != nil {
		t.Fatal(err)
	}
	third, err := o.load(all...)
	if err != nil || third[2].Updated > 1 || third[3].Created != 1 {
		t.Errorf("an import after a change finds %+v (%v)", third, err)
	}
}

// unpacked is a sheet as a folder that a test may spoil, and pack makes an
// archive of it again.
func unpacked(t *testing.T, sheet string) (dir string, pack func(name string) string) {
	t.Helper()
	dir = t.TempDir()
	if out, err := exec.Command("tar", "xjf", sheet, "-C", dir).CombinedOutput(); err != nil {
		t.Skipf("tar does not unpack a .tar.bz2: %s", out)
	}
	return dir, func(name string) string {
		path := filepath.Join(t.TempDir(), name)
		if out, err := exec.Command("tar", "cjf", path, "-C", dir, ".").CombinedOutput(); err != nil {
			t.Fatalf("packing: %s", out)
		}
		return path
	}
}

// spoil changes the one file of a folder that has the ending.
func spoil(t *testing.T, dir, ending string, change func(string) string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"+ending))
	if err != nil || len(files) != 1 {
		t.Fatalf("%s: %v (%v)", ending, files, err)
	}
	content, err := os.ReadFile(files[0])
	if err == nil {
		err = os.WriteFile(files[0], []byte(change(string(content))), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnImportThatCannotBeDoneLeavesNothing(t *testing.T) {
	o := newOffice(t)
	all := sheets(t)
	before := o.rows()
	for name, c := range map[string]struct {
		archive func(t *testing.T) string
		want    string
	}{
		"an archive that is cut short": {func(t *testing.T) string {
			whole, err := os.ReadFile(all[1])
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "short.tar.bz2")
			if err := os.WriteFile(path, whole[:len(whole)/2], 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, "short.tar.bz2 is no complete .tar.bz2 archive"},
		"an archive named after another commune": {func(t *testing.T) string {
			_, pack := unpacked(t, all[1])
			return pack("edigeo-39354000AK01.tar.bz2")
		}, "is the plan of commune 39354, not of 25354"},
		"a plan of another commune": {func(t *testing.T) string {
			dir, pack := unpacked(t, all[1])
			spoil(t, dir, "T1.VEC", func(s string) string { return strings.ReplaceAll(s, "354000", "355000") })
			return pack("plan.tar.bz2")
		}, "belongs to commune 25355, not to 25354"},
		"another projection": {func(t *testing.T) string {
			dir, pack := unpacked(t, all[1])
			spoil(t, dir, ".GEO", func(s string) string { return strings.Replace(s, "RELSA06:LAMB93", "RELSA06:LAMB2E", 1) })
			return pack("plan.tar.bz2")
		}, `plan.tar.bz2: is in the projection "LAMB2E"`},
		"two projections": {func(t *testing.T) string {
			dir, pack := unpacked(t, all[1])
			spoil(t, dir, ".GEO", func(s string) string { return strings.Replace(s, "RELSA06:LAMB93", "RELSA09:RGF93CC47", 1) })
			return pack("plan.tar.bz2")
		}, "give sheets in one projection"},
		"no exchange in the archive": {func(t *testing.T) string {
			dir, pack := unpacked(t, all[1])
			if err := os.Remove(filepath.Join(dir, "E000AK01.THF")); err != nil {
				t.Fatal(err)
			}
			return pack("plan.tar.bz2")
		}, "plan.tar.bz2 holds 0 .THF files"},
		"a file of the exchange is missing": {func(t *testing.T) string {
			dir, pack := unpacked(t, all[1])
			if err := os.Remove(filepath.Join(dir, "EDAK01T1.VEC")); err != nil {
				t.Fatal(err)
			}
			return pack("plan.tar.bz2")
		}, "plan.tar.bz2: its file EDAK01T1.VEC is missing"},
		"a file of the exchange is cut short": {func(t *testing.T) string {
			dir, pack := unpacked(t, all[1])
			spoil(t, dir, "T1.VEC", func(s string) string { return s[:len(s)/2] })
			return pack("plan.tar.bz2")
		}, "plan.tar.bz2: its file EDAK01T1.VEC is cut short"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.load(all[0], c.archive(t))
			if layers.KindOf(err) == "" || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, want one line with %q", err, c.want)
			}
			if after := o.rows(); after != before {
				t.Errorf("rows changed from %s to %s", before, after)
			}
		})
	}
	if _, err := land.ImportEDIGEO(t.Context(), o.service, o.store, commandLine, "2535", all); layers.KindOf(err) != layers.BadRequest {
		t.Errorf("a code of four characters: %v", err)
	}
}
