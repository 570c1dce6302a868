package web_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"arpent/apps/cemetery"
	"arpent/layers/postgis/postgistest"
)

// export orders an export, waits for it and returns what the job brought.
func (s *site) export(layer string, order map[string]any, headers ...string) (result map[string]any, file answer) {
	s.Helper()
	job := s.want(s.call(http.DefaultClient, http.MethodPost, "/api/layers/"+layer+"/exports", order, headers...), 200).json(s.TB)
	ended := s.endedFor(job, headers[0])
	if ended["state"] != "done" {
		s.Fatalf("the export is %v", ended)
	}
	return ended["result"].(map[string]any), s.want(s.get(fmt.Sprintf("/api/exports/%v/file", job["id"]), headers...), 200)
}

// exported is the file of an export.
func (s *site) exported(layer string, order map[string]any, headers ...string) string {
	s.Helper()
	_, file := s.export(layer, order, headers...)
	return string(file.body)
}

// ogrinfo is what GDAL says of a file.
func (s *site) ogrinfo(name string, content []byte, options ...string) string {
	s.Helper()
	path := filepath.Join(s.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		s.Fatal(err)
	}
	if strings.HasSuffix(name, ".zip") {
		path = "/vsizip/" + path
	}
	said, err := exec.Command("ogrinfo", append([]string{"-ro", "-al", path}, options...)...).CombinedOutput()
	if err != nil {
		s.Fatalf("ogrinfo: %v: %s", err, said)
	}
	return string(said)
}

var featureCount = regexp.MustCompile(`Feature Count: (\d+)`)

func TestEveryFormatIsReadBackByGDAL(t *testing.T) {
	s := newSite(t)
	s.working()
	parcel := s.town.Parcels[0]
	for _, c := range []struct {
		format, name, where string
		shape, srid         string
	}{
		{"csv", "p.csv", "id", "", ""},
		{"xlsx", "p.xlsx", "id", "", ""},
		{"geojson", "p.geojson", "id", "MULTIPOLYGON (((", `ID["EPSG",4326]`},
		{"gpkg", "p.gpkg", "id", "MULTIPOLYGON (((9", `ID["EPSG",2154]`},
		{"shp", "p.zip", "id", "POLYGON ((9", `Lambert-93`},
		{"kml", "p.kml", "id", "MULTIPOLYGON", `ID["EPSG",4326]`},
	} {
		t.Run(c.format, func(t *testing.T) {
			sub := *s
			sub.TB = t
			result, file := sub.export("land.parcels", map[string]any{"format": c.format}, s.admin())
			if result["records"] != float64(len(s.town.Parcels)) || result["size"] != float64(len(file.body)) {
				t.Errorf("the outcome is %v, the file has %d bytes", result, len(file.body))
			}
			if got := file.Header.Get("Content-Type"); got != result["mediaType"] {
				t.Errorf("sent as %s", got)
			}
			said := sub.ogrinfo(c.name, file.body, "-where", fmt.Sprintf("%s = '%s'", c.where, parcel.ID))
			if n := featureCount.FindStringSubmatch(said); n == nil || n[1] != "1" {
				t.Errorf("one parcel is found %v times: %.2000s", n, said)
			}
			for _, want := range []string{"id (String) = " + parcel.ID, c.shape, c.srid, "number"} {
				if !strings.Contains(said, want) {
					t.Errorf("GDAL does not say %q: %.2000s", want, said)
				}
			}
			said = sub.ogrinfo(c.name, file.body, "-so")
			if n := featureCount.FindStringSubmatch(said); n == nil || n[1] != strconv.Itoa(len(s.town.Parcels)) {
				t.Errorf("%v features of %d", n, len(s.town.Parcels))
			}
		})
	}
}

func TestWhatIsExportedAndImportedAgainIsUnchanged(t *testing.T) {
	s := newSite(t)
	s.working()
	// Texts that a spreadsheet would take for formulas, and those that look guarded.
	for i, notes := range []string{"=1+1", "'=1+1", "+33 1 23", "-", "a \"quoted\";\nline", "'tis"} {
		if _, err := s.pool.Exec(t.Context(), `update land.parcels set notes = $2 where id = $1`, s.town.Parcels[i].ID, notes); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name  string
		order map[string]any
	}{
		{"parcelles.csv", map[string]any{"format": "csv", "shape": true}},
		{"parcels-en.csv", map[string]any{"format": "csv", "shape": true, "labels": true}},
		{"parcelles.gpkg", map[string]any{"format": "gpkg"}},
		{"parcelles.geojson", map[string]any{"format": "geojson", "srid": 2154}},
		{"parcelles.xlsx", map[string]any{"format": "xlsx"}},
		{"parcelles.zip", map[string]any{"format": "shp"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sub := *s
			sub.TB = t
			language := "Accept-Language: fr"
			if strings.Contains(c.name, "-en") {
				language = "Accept-Language: en"
			}
			content := sub.exported("land.parcels", c.order, s.admin(), language)
			sent := sub.want(sub.send("land.parcels", c.name, content), 201).json(t)
			path := fmt.Sprintf("/api/imports/%v", sent["id"])
			plan := sub.want(s.call(http.DefaultClient, http.MethodPost, path+"/inspect", map[string]any{}, s.admin()), 200).json(t)["plan"].(map[string]any)
			if fmt.Sprint(plan["key"]) != "[id]" {
				t.Fatalf("the plan is %v", plan)
			}
			plan["collectivity"] = s.town.Code
			if c.order["format"] == "shp" { // in which rings turn the other way
				plan["shape"] = map[string]any{"from": ""}
			}
			job := sub.want(s.call(http.DefaultClient, http.MethodPost, path+"/run", map[string]any{"plan": plan, "dryRun": false}, s.admin()), 200).json(t)
			result, ok := sub.ended(job)["result"].(map[string]any)
			if !ok || result["unchanged"] != float64(len(s.town.Parcels)) || result["rejected"] != 0.0 || result["updated"] != 0.0 {
				t.Errorf("of %d parcels: %.1500v", len(s.town.Parcels), result)
			}
		})
	}
	csv := s.exported("land.parcels", map[string]any{"format": "csv", "fields": []string{"id", "notes"}}, s.admin())
	for i, want := range []string{"'=1+1", "''=1+1", "'+33 1 23", "'-"} {
		if !strings.Contains(csv, s.town.Parcels[i].ID+";"+want+"\n") {
			t.Errorf("a spreadsheet is not kept from %s", want)
		}
	}
}

func TestReferencesOfAnExportInCodesAreIdentifiersBeforeTheyAreNames(t *testing.T) {
	s := newSite(t, cemetery.Layers)
	s.working()
	// The path called 2 is the first, the one called 1 the second.
	if _, err := s.pool.Exec(t.Context(), `with c as (insert into cemetery.cemeteries (collectivity, name) values ($1, 'Old') returning id),
		s as (insert into cemetery.sections (collectivity, cemetery, name) select $1, id, 'A' from c returning id),
		p as (insert into cemetery.paths (collectivity, section, name) select $1, id, name from s, (values ('2'), ('1')) n (name) returning id)
		insert into cemetery.plots (collectivity, path, number) select $1, id, 12 from p`, s.town.Code); err != nil {
		t.Fatal(err)
	}
	file := s.exported("cemetery.plots", map[string]any{"format": "csv"}, s.admin())
	sent := s.want(s.send("cemetery.plots", "plots.csv", file), 201).json(t)
	path := fmt.Sprintf("/api/imports/%v", sent["id"])
	plan := s.want(s.call(http.DefaultClient, http.MethodPost, path+"/inspect", map[string]any{}, s.admin()), 200).json(t)["plan"].(map[string]any)
	if fmt.Sprint(plan["key"]) != "[arpent_id]" {
		t.Fatalf("the plan is %v", plan)
	}
	plan["collectivity"] = s.town.Code
	job := s.want(s.call(http.DefaultClient, http.MethodPost, path+"/run", map[string]any{"plan": plan, "dryRun": false}, s.admin()), 200).json(t)
	if result := s.ended(job)["result"].(map[string]any); result["unchanged"] != 2.0 {
		t.Errorf("of two plots %v", result)
	}
}

func TestAnExportHasTheRowsThatTheListHas(t *testing.T) {
	s := newSite(t)
	s.working()
	var section string
	if err := s.pool.QueryRow(t.Context(), `select section from land.parcels order by id limit 1`).Scan(&section); err != nil {
		t.Fatal(err)
	}
	count := func(query string) int {
		t.Helper()
		return int(s.want(s.get("/api/layers/land.parcels/features?"+query, s.admin()), 200).json(t)["total"].(float64))
	}
	rows := func(order map[string]any) []string {
		t.Helper()
		order["format"] = "csv"
		order["fields"] = []string{"id", "number"}
		return strings.Split(strings.TrimSpace(s.exported("land.parcels", order, s.admin())), "\n")[1:]
	}
	for _, c := range []struct {
		name, query string
		order       map[string]any
	}{
		{"a filter", "filter[section]=" + section, map[string]any{"equal": map[string]any{"section": section}}},
		{"a condition", "filter=" + url.QueryEscape(`{"op":"<","args":[{"property":"number"},4]}`), map[string]any{"filter": map[string]any{"op": "<", "args": []any{map[string]any{"property": "number"}, 4}}}},
		{"a search", "q=" + s.town.Parcels[3].ID, map[string]any{"q": s.town.Parcels[3].ID}},
		{"chosen records", "filter[id]=" + s.town.Parcels[3].ID, map[string]any{"ids": []string{s.town.Parcels[3].ID}}},
	} {
		want, got := count(c.query), rows(c.order)
		if len(got) != want || want == 0 || want == len(s.town.Parcels) {
			t.Errorf("%s: %d rows, the list has %d", c.name, len(got), want)
		}
	}
	now := map[string]any{"format": "csv", "equal": map[string]any{"section": section}, "fields": []string{"id", "number"}}
	at := s.want(s.call(http.DefaultClient, "POST", "/api/layers/land.parcels/exports/now", now, s.admin()), 200)
	if string(at.body) != s.exported("land.parcels", now, s.admin()) || at.Header.Get("Content-Type") != "text/csv; charset=utf-8" || at.Header.Get("Content-Disposition") != "attachment; filename=Parcelles.csv" {
		t.Errorf("at once it is %.200s, with %v", at.body, at.Header)
	}
	s.want(s.call(http.DefaultClient, "POST", "/api/layers/land.parcels/exports/now", now), 401)
	if left, err := filepath.Glob(filepath.Join(s.data, "exports", "now-*")); err != nil || len(left) > 0 {
		t.Errorf("left are %v (%v)", left, err)
	}
	sorted := rows(map[string]any{"sort": "-id"})
	if len(sorted) != len(s.town.Parcels) || sorted[0] < sorted[1] {
		t.Errorf("sorted the other way the first are %v", sorted[:2])
	}
	var before time.Time
	if err := s.pool.QueryRow(t.Context(), `select clock_timestamp()`).Scan(&before); err != nil {
		t.Fatal(err)
	}
	if _, err := s.pool.Exec(t.Context(), `delete from land.addresses; update land.parcels set address = 'changed'`); err != nil {
		t.Fatal(err)
	}
	past := s.exported("land.parcels", map[string]any{"format": "csv", "at": before}, s.admin())
	if now := s.exported("land.parcels", map[string]any{"format": "csv"}, s.admin()); strings.Contains(past, ";changed;") || !strings.Contains(now, ";changed;") {
		t.Error("an export of the past shows the present")
	}
	for _, wrong := range []map[string]any{
		{"format": "doc"}, {"format": "csv", "fields": []string{"nothing"}}, {"format": "csv", "equal": map[string]any{"nothing": "1"}}, {"format": "csv", "sort": "nothing"}, {"format": "csv", "bbox": "1,2"},
	} {
		if a := s.call(http.DefaultClient, "POST", "/api/layers/land.parcels/exports", wrong, s.admin()); a.StatusCode != 400 && a.StatusCode != 422 {
			t.Errorf("%v is answered by %d %s", wrong, a.StatusCode, a.body)
		}
	}
}

func TestPersonalDataIsExportedWithTheRightAndAReasonOnly(t *testing.T) {
	s := newSite(t, cemetery.Layers)
	s.working()
	if _, err := s.pool.Exec(t.Context(), `with c as (insert into cemetery.cemeteries (collectivity, name) values ($1, 'Old') returning id),
		s as (insert into cemetery.sections (collectivity, cemetery, name) select $1, id, 'A' from c returning id),
		p as (insert into cemetery.paths (collectivity, section, name) select $1, id, '1' from s returning id),
		plot as (insert into cemetery.plots (collectivity, path, number) select $1, id, 12 from p returning id)
		insert into cemetery.holders (collectivity, plot, name, phone, quality) select $1, id, 'Martin', '+33 6', 'entitled' from plot`, s.town.Code); err != nil {
		t.Fatal(err)
	}
	postgistest.Account(t, s.pool, "manager", s.town.Code, "manager")
	postgistest.Account(t, s.pool, "reader", s.town.Code, "reader")
	manager, reader := s.bearer("manager"), s.bearer("reader")
	reads := func() (n int) {
		t.Helper()
		if err := s.pool.QueryRow(t.Context(), `select count(*) from arpent.personal_read where layer = 'cemetery.holders' and purpose = 'renewal letters' and who = 'manager'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, format := range []string{"csv", "geojson", "gpkg", "shp", "xlsx"} {
		order := map[string]any{"format": format}
		for _, headers := range [][]string{{manager}, {reader}, {reader, "Arpent-Purpose: renewal letters"}} {
			if said := s.read(format, s.exported("cemetery.holders", order, headers...)); strings.Contains(said, "+33 6") || strings.Contains(said, "phone") || !strings.Contains(said, "Martin") {
				t.Errorf("without the right and a reason %s has %s", format, said)
			}
		}
		before := reads()
		if said := s.read(format, s.exported("cemetery.holders", order, manager, "Arpent-Purpose: renewal letters")); !strings.Contains(said, "+33 6") {
			t.Errorf("with both %s has %s", format, said)
		}
		if reads() != before+1 {
			t.Errorf("the log has %d reads, want one more than %d", reads(), before)
		}
	}
	s.ask(400, "POST", "/api/layers/cemetery.holders/exports", map[string]any{"format": "csv", "fields": []string{"phone"}}, manager)
	s.ask(400, "POST", "/api/layers/cemetery.holders/exports", map[string]any{"format": "csv", "equal": map[string]any{"phone": "+33 6"}}, manager)
	words := s.exported("cemetery.holders", map[string]any{"format": "csv", "labels": true, "fields": []string{"name", "quality", "plot", "deceased"}}, manager, "Accept-Language: fr")
	if !strings.HasPrefix(words, "\ufeffNom;Qualité;Emplacement;Décédé\nMartin;Ayant droit;") || !strings.HasSuffix(words, ";non\n") {
		t.Errorf("in words: %q", words)
	}
	if codes := s.exported("cemetery.holders", map[string]any{"format": "csv", "fields": []string{"name", "quality"}}, manager); !strings.Contains(codes, ";Martin;entitled\n") {
		t.Errorf("in codes: %q", codes)
	}
}

// read is what a person would read of a file.
func (s *site) read(format, content string) string {
	s.Helper()
	if format == "csv" || format == "geojson" {
		return content
	}
	return s.ogrinfo("f."+map[string]string{"shp": "zip"}[format]+strings.TrimPrefix(format, "shp"), []byte(content))
}

func TestAShapefileTellsWhichColumnsItRenamed(t *testing.T) {
	s := newSite(t)
	s.working()
	result, file := s.export("land.parcels", map[string]any{"format": "shp"}, s.admin(), "Accept-Language: en")
	renamed := result["renamed"].(map[string]any)
	if renamed["registered_area"] != "registered" || renamed["collectivity"] != "collectivi" {
		t.Errorf("renamed are %v", renamed)
	}
	archive, err := zip.NewReader(bytes.NewReader(file.body), int64(len(file.body)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := archive.Open("columns.txt")
	if err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(text)
	if err != nil || !strings.Contains(string(said), "registered = registered_area\r\n") {
		t.Errorf("columns.txt says %q (%v)", said, err)
	}
}
