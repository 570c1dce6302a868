package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"arpent/layers/postgis/postgistest"
)

// exec runs SQL past the server.
func (s *site) exec(sql string, args ...any) {
	s.Helper()
	if _, err := s.pool.Exec(s.Context(), sql, args...); err != nil {
		s.Fatal(err)
	}
}

// counted is what SQL counts past the server.
func (s *site) counted(sql string) int {
	s.Helper()
	var n int
	if err := s.pool.QueryRow(s.Context(), sql).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

// page is an answer of a list.
type page struct {
	Total         int
	Exact         bool
	Before, After string
	Features      []struct {
		ID         string
		Properties map[string]any
	}
}

func (s *site) list(status int, path string, parameters url.Values, headers ...string) page {
	s.Helper()
	var p page
	a := s.ask(status, http.MethodGet, path+"?"+parameters.Encode(), nil, headers...)
	if err := json.Unmarshal(a.body, &p); err != nil {
		s.Fatal(err)
	}
	return p
}

const parcels = "/api/layers/land.parcels/features"

func TestAListIsFilteredAsSQLWouldFilterIt(t *testing.T) {
	s := newSite(t)
	s.exec(`update land.parcels set address = null where number = 3; update land.parcels set notes = 'à revoir' where number = 4`)
	for _, c := range []struct{ layer, filter, sql string }{
		{"land.parcels", `{"op":"=","args":[{"property":"number"},7]}`, `land.parcels where number = 7`},
		{"land.parcels", `{"op":"<>","args":[{"property":"number"},7]}`, `land.parcels where number <> 7`},
		{"land.parcels", `{"op":"<","args":[{"property":"number"},2.5]}`, `land.parcels where number < 2.5`},
		{"land.parcels", `{"op":"between","args":[{"property":"registered_area"},400,800]}`, `land.parcels where registered_area between 400 and 800`},
		{"land.parcels", `{"op":"in","args":[{"property":"section"},["AA","AB"]]}`, `land.parcels where section in ('AA', 'AB')`},
		{"land.parcels", `{"op":"in","args":[{"property":"section"},[]]}`, `land.parcels where false`},
		{"land.parcels", `{"op":"isNull","args":[{"property":"address"}]}`, `land.parcels where address is null`},
		{"land.parcels", `{"op":"not","args":[{"op":"isNull","args":[{"property":"address"}]}]}`, `land.parcels where address is not null`},
		{"land.parcels", `{"op":"like","args":[{"op":"casei","args":[{"op":"accenti","args":[{"property":"notes"}]}]},{"op":"casei","args":[{"op":"accenti","args":["A%REVOIR"]}]}]}`, `land.parcels where notes = 'à revoir'`},
		{"land.parcels", `{"op":"like","args":[{"property":"notes"},"A%"]}`, `land.parcels where notes like 'A%'`},
		{"land.parcels", `{"op":"or","args":[{"op":"=","args":[{"property":"number"},1]},{"op":"and","args":[{"op":">","args":[{"property":"number"},5]},{"op":"=","args":[{"property":"surveyed"},true]}]}]}`,
			`land.parcels where number = 1 or number > 5 and surveyed`},
		{"land.parcels", `{"op":">=","args":[{"property":"created_on"},{"date":"2000-01-01"}]}`, `land.parcels where created_on >= '2000-01-01'`},
		{"land.parcels", `{"op":">","args":[{"property":"registered_area"},{"property":"number"}]}`, `land.parcels where registered_area > number`},
		{"land.addresses", `{"op":"=","args":[{"property":"parcel_id.number"},2]}`, `land.addresses a join land.parcels p on p.id = a.parcel_id where p.number = 2`},
		{"land.addresses", `{"op":"isNull","args":[{"property":"parcel_id.address"}]}`, `land.addresses a left join land.parcels p on p.id = a.parcel_id where p.address is null`},
		{"land.parcels", `{"op":"related","args":[{"property":"land.addresses.parcel_id"}]}`, `land.parcels p where exists (select from land.addresses a where a.parcel_id = p.id)`},
		{"land.parcels", `{"op":"not","args":[{"op":"related","args":[{"property":"land.addresses.parcel_id"},{"op":"<","args":[{"property":"number"},10]}]}]}`,
			`land.parcels p where not exists (select from land.addresses a where a.parcel_id = p.id and a.number < 10)`},
	} {
		got := s.list(200, "/api/layers/"+c.layer+"/features", url.Values{"filter": {c.filter}}, s.admin())
		if want := s.counted("select count(*) from " + c.sql); got.Total != want || !got.Exact || len(got.Features) != min(want, 50) {
			t.Errorf("%s: %d of which %d are shown, SQL says %d", c.filter, got.Total, len(got.Features), want)
		}
	}
}

func TestAFilterThatDoesNotFitIsRefusedWithItsReason(t *testing.T) {
	s := newSite(t)
	for filter, want := range map[string]string{
		`{"op":"=","args":[{"property":"nothing"},7]}`:                                                             `no field \"nothing\"`,
		`{"op":"=","args":[{"property":"number"},"seven"]}`:                                                        "of type integer",
		`{"op":"=","args":[{"property":"created_on"},"2000-01-01"]}`:                                               "of type date",
		`{"op":"like","args":[{"property":"number"},"1%"]}`:                                                        "no text",
		`{"op":"=","args":[{"property":"section.name"},"a"]}`:                                                      "refers to no record",
		`{"op":"related","args":[{"property":"land.blocks.nothing"}]}`:                                             "names no field",
		`{"op":"related","args":[{"property":"land.addresses.parcel_id"},{"op":"=","args":[{"property":"x"},1]}]}`: `no field \"x\"`,
		`{"op":"=","args":[{"property":"number"},{"property":"section"}]}`:                                         "is of type text",
		`{"op":"=","args":[7,{"property":"number"}]}`:                                                              "name the property first",
		`{"op":"=","args":[{"property":"number"},99999999999]}`:                                                    "",
		`{"op":"drop table"`: "no JSON",
	} {
		a := s.call(http.DefaultClient, http.MethodGet, parcels+"?"+url.Values{"filter": {filter}}.Encode(), nil, s.admin())
		if want != "" && (a.StatusCode != 400 || !strings.Contains(string(a.body), want)) || want == "" && a.StatusCode != 200 {
			t.Errorf("%s: %d %s, want %q", filter, a.StatusCode, a.body, want)
		}
	}
	a := s.ask(400, http.MethodGet, parcels+"?after=nonsense", nil, s.admin())
	if !strings.Contains(string(a.body), "no place in a list") {
		t.Errorf("a place that is none: %s", a.body)
	}
	s.ask(400, http.MethodGet, parcels+"?at=2020-01-01T00:00:00Z&"+url.Values{"filter": {`{"op":"related","args":[{"property":"land.addresses.parcel_id"}]}`}}.Encode(), nil, s.admin())
}

func TestAFilterTellsNothingThatOneMayNotSee(t *testing.T) {
	s := newSite(t)
	s.exec(`insert into arpent.collectivity (code, name) values ('00002', 'Two')`)
	s.exec(`update land.parcels set notes = 'between us'`)
	postgistest.Account(t, s.pool, "stranger", "00002", "administrator")
	stranger := s.bearer("stranger")
	notes := url.Values{"filter": {`{"op":"like","args":[{"property":"notes"},"between%"]}`}}
	if got := s.list(200, parcels, notes, stranger); got.Total != 0 {
		t.Errorf("a stranger finds %d parcels by notes that are not theirs", got.Total)
	}
	through := url.Values{"filter": {`{"op":"=","args":[{"property":"parcel_id.notes"},"between us"]}`}}
	if got := s.list(200, "/api/layers/land.addresses/features", through, stranger); got.Total != 0 {
		t.Errorf("a stranger finds %d addresses by notes on their parcels", got.Total)
	}
	blocks := url.Values{"filter": {`{"op":"related","args":[{"property":"land.blocks.section"}]}`}}
	if got := s.list(200, "/api/layers/land.sections/features", blocks, stranger); got.Total != 0 {
		t.Errorf("a stranger finds %d sections by blocks that are not theirs", got.Total)
	}
	if got := s.list(200, "/api/layers/land.sections/features", blocks, s.admin()); got.Total == 0 {
		t.Error("nobody finds sections by their blocks")
	}
	s.ask(400, http.MethodGet, parcels+"?"+notes.Encode(), nil) // anybody
	sums := "/api/layers/land.blocks/summary"
	if a := s.ask(200, http.MethodPost, sums, map[string]any{}, stranger).json(t); a["count"].(float64) != 0 {
		t.Errorf("a summary counts for a stranger: %v", a)
	}
	if a := s.ask(200, http.MethodPost, "/api/layers/land.parcels/groups", map[string]any{"field": "notes"}, stranger); strings.Contains(string(a.body), "between") {
		t.Errorf("groups tell a stranger: %s", a.body)
	}
	if a := s.call(http.DefaultClient, http.MethodPost, "/api/layers/land.parcels/bulk", map[string]any{"set": map[string]any{"notes": "mine"}, "dryRun": false}, stranger); a.StatusCode == 200 && a.json(t)["written"] == true {
		t.Errorf("a stranger edits all parcels: %s", a.body)
	}
	if n := s.counted(`select count(*) from land.parcels where notes = 'mine'`); n != 0 {
		t.Errorf("%d parcels of others were edited", n)
	}
}

func TestPagesOfASortedListNeitherSkipNorRepeat(t *testing.T) {
	s := newSite(t)
	s.exec(`update land.parcels set registered_area = null where number % 5 = 0; update land.parcels set registered_area = 500 where number % 5 = 1; update land.parcels set address = number || ' rue É' where number % 2 = 0`)
	for _, sort := range []string{"", "registered_area", "-registered_area", "address", "-address", "id"} {
		var whole []string
		for at := (url.Values{"limit": {"1000"}, "sort": {sort}}); ; {
			p := s.list(200, parcels, at, s.admin())
			for _, f := range p.Features {
				whole = append(whole, f.ID)
			}
			if p.After == "" {
				break
			}
			at.Set("after", p.After)
		}
		if n := s.counted(`select count(*) from land.parcels`); len(whole) != n {
			t.Fatalf("sort %q: %d records of %d", sort, len(whole), n)
		}
		var forth, back []string
		p := s.list(200, parcels, url.Values{"limit": {"7"}, "sort": {sort}}, s.admin())
		if p.Before != "" {
			t.Errorf("sort %q: there is a page before the first", sort)
		}
		for {
			for _, f := range p.Features {
				forth = append(forth, f.ID)
			}
			if p.After == "" {
				break
			}
			p = s.list(200, parcels, url.Values{"limit": {"7"}, "sort": {sort}, "after": {p.After}}, s.admin())
		}
		p = s.list(200, parcels, url.Values{"limit": {"7"}, "sort": {sort}, "last": {"true"}}, s.admin())
		if p.After != "" {
			t.Errorf("sort %q: there is a page after the last", sort)
		}
		for {
			for _, f := range slices.Backward(p.Features) {
				back = append(back, f.ID)
			}
			if p.Before == "" {
				break
			}
			p = s.list(200, parcels, url.Values{"limit": {"7"}, "sort": {sort}, "before": {p.Before}}, s.admin())
		}
		slices.Reverse(back)
		if !slices.Equal(forth, whole) {
			t.Errorf("sort %q: page by page the list is another", sort)
		}
		if !slices.Equal(back, whole) {
			t.Errorf("sort %q: from its end the list is another", sort)
		}
	}
	p := s.list(200, parcels, url.Values{"limit": {"3"}, "sort": {"address"}, "filter": {`{"op":"like","args":[{"property":"address"},"% rue É"]}`}}, s.admin())
	if got := fmt.Sprint(p.Features[0].Properties["address"], p.Features[2].Properties["address"]); strings.HasPrefix(got, "10 ") {
		t.Errorf("numbers in texts are not sorted by their size: %s", got)
	}
}

func TestASummaryAddsUpTheList(t *testing.T) {
	s := newSite(t)
	sum := s.ask(200, http.MethodPost, "/api/layers/land.parcels/summary", map[string]any{"filter": below(5)}, s.admin()).json(t)
	var count, filled int
	var total, median, area float64
	if err := s.pool.QueryRow(t.Context(), `select count(*), count(registered_area), sum(registered_area)::float8, percentile_cont(0.5) within group (order by registered_area), sum(ST_Area(ST_Transform(geom, 4326)::geography)) from land.parcels where number < 5`).Scan(&count, &filled, &total, &median, &area); err != nil {
		t.Fatal(err)
	}
	for _, f := range sum["fields"].([]any) {
		if f := f.(map[string]any); f["field"] == "registered_area" && (f["sum"].(float64) != total || f["median"].(float64) != median || int(f["filled"].(float64)) != filled) {
			t.Errorf("the registered areas are %v, SQL says %v of %d", f, total, filled)
		}
	}
	if got := sum["area"].(float64); int(sum["count"].(float64)) != count || got < area-0.01 || got > area+0.01 {
		t.Errorf("%v, SQL says %d of %v m²", sum, count, area)
	}
	groups := s.ask(200, http.MethodPost, "/api/layers/land.parcels/groups", map[string]any{"field": "section"}, s.admin()).json(t)["groups"].([]any)
	n := 0
	for _, g := range groups {
		n += int(g.(map[string]any)["count"].(float64))
	}
	if n != s.counted(`select count(*) from land.parcels`) || len(groups) != s.counted(`select count(distinct section) from land.parcels`) {
		t.Errorf("%d parcels in %d sections", n, len(groups))
	}
}

// below is a filter: parcels whose number is less.
func below(number int) map[string]any {
	return map[string]any{"op": "<", "args": []any{map[string]any{"property": "number"}, number}}
}

func TestManyRecordsAreDeletedAtOnceAndComeBack(t *testing.T) {
	s := newSite(t)
	const path = "/api/layers/land.blocks/bulk"
	all := s.counted(`select count(*) from land.blocks`)
	var ids []string
	for _, f := range s.list(200, "/api/layers/land.blocks/features", nil, s.admin()).Features[:3] {
		ids = append(ids, f.ID)
	}
	if tried := s.ask(200, http.MethodPost, path, map[string]any{"ids": ids, "delete": true, "dryRun": true}, s.admin()).json(t); tried["deleted"].(float64) != 3 || tried["written"] != false {
		t.Errorf("a try: %v", tried)
	}
	s.ask(422, http.MethodPost, path, map[string]any{"delete": true, "dryRun": false}, s.admin())
	s.ask(422, http.MethodPost, path, map[string]any{"ids": ids, "delete": true, "set": map[string]any{"number": "1"}, "dryRun": false}, s.admin())
	postgistest.Account(t, s.pool, "reader", s.town.Code, "reader")
	s.ask(403, http.MethodPost, path, map[string]any{"ids": ids, "delete": true, "dryRun": false}, s.bearer("reader"))
	s.exec(`insert into arpent.collectivity (code, name) values ('00002', 'Two')`)
	postgistest.Account(t, s.pool, "stranger", "00002", "administrator")
	if a := s.call(http.DefaultClient, http.MethodPost, path, map[string]any{"ids": ids, "delete": true, "dryRun": false}, s.bearer("stranger")); a.StatusCode == 200 && a.json(t)["deleted"].(float64) > 0 {
		t.Errorf("a stranger deletes: %s", a.body)
	}
	if n := s.counted(`select count(*) from land.blocks`); n != all {
		t.Fatalf("%d of %d are left before anything was deleted", n, all)
	}
	done := s.ask(200, http.MethodPost, path, map[string]any{"ids": ids, "delete": true, "dryRun": false}, s.admin()).json(t)
	if done["written"] != true || s.counted(`select count(*) from land.blocks`) != all-3 {
		t.Errorf("the deletion: %v", done)
	}
	s.ask(200, http.MethodPost, "/api/history/undo", map[string]any{"cause": done["cause"]}, s.admin())
	if n := s.counted(`select count(*) from land.blocks`); n != all {
		t.Errorf("%d of %d came back", n-all+3, 3)
	}
}

func TestABulkEditIsTriedDoneAndUndone(t *testing.T) {
	s := newSite(t)
	const path = "/api/layers/land.parcels/bulk"
	n := s.counted(`select count(*) from land.parcels where number < 4`)
	edit := func(set map[string]any, try bool) map[string]any {
		return s.ask(200, http.MethodPost, path, map[string]any{"filter": below(4), "set": set, "dryRun": try}, s.admin()).json(t)
	}
	tried := edit(map[string]any{"notes": "à revoir"}, true)
	if int(tried["updated"].(float64)) != n || tried["written"] != false || s.counted(`select count(*) from land.parcels where notes = 'à revoir'`) != 0 {
		t.Errorf("a try: %v", tried)
	}
	if len(tried["samples"].([]any)) != min(n, 20) {
		t.Errorf("%d samples of %d", len(tried["samples"].([]any)), n)
	}
	bad := edit(map[string]any{"section": "not a section"}, false)
	if bad["written"] != false || int(bad["rejected"].(float64)) != n || s.counted(`select count(*) from land.parcels where section = 'not a section'`) != 0 {
		t.Errorf("a bad edit: %v", bad)
	}
	done := edit(map[string]any{"notes": "à revoir"}, false)
	if done["written"] != true || s.counted(`select count(*) from land.parcels where notes = 'à revoir'`) != n {
		t.Errorf("the edit: %v", done)
	}
	again := edit(map[string]any{"notes": "à revoir"}, false)
	if int(again["unchanged"].(float64)) != n || int(again["updated"].(float64)) != 0 {
		t.Errorf("the same edit again: %v", again)
	}
	s.ask(200, http.MethodPost, "/api/history/undo", map[string]any{"cause": done["cause"]}, s.admin())
	if left := s.counted(`select count(*) from land.parcels where notes is not null`); left != 0 {
		t.Errorf("%d parcels have notes after the undo", left)
	}
	s.ask(422, http.MethodPost, path, map[string]any{"set": map[string]any{}, "dryRun": false}, s.admin())
}

func TestSearchesAreSavedForOneselfOrShared(t *testing.T) {
	s := newSite(t)
	s.exec(`insert into arpent.collectivity (code, name) values ('00002', 'Two')`)
	postgistest.Account(t, s.pool, "ours", s.town.Code, "manager")
	postgistest.Account(t, s.pool, "colleague", s.town.Code, "reader")
	postgistest.Account(t, s.pool, "stranger", "00002", "administrator")
	const path = "/api/layers/land.parcels/views"
	save := func(status int, name, collectivity string, more map[string]any) answer {
		definition := map[string]any{"filter": map[string]any{"op": "=", "args": []any{map[string]any{"property": "number"}, 7}}, "sort": "-number"}
		for key, value := range more {
			definition[key] = value
		}
		return s.ask(status, http.MethodPost, path, map[string]any{"name": name, "collectivity": collectivity, "definition": definition}, s.bearer("ours"))
	}
	names := func(who string) (found []string) {
		for _, v := range s.ask(200, http.MethodGet, path, nil, s.bearer(who)).json(t)["views"].([]any) {
			found = append(found, v.(map[string]any)["name"].(string))
		}
		return found
	}
	id := save(200, "Sept", "", nil).json(t)["id"].(float64)
	save(200, "Partagée", s.town.Code, nil)
	save(409, "Sept", "", nil)
	save(422, " ", "", nil)
	save(403, "Ailleurs", "00002", nil)
	save(422, "Colonnes", "", map[string]any{"columns": []string{"nothing"}})
	save(400, "Filtre", "", map[string]any{"filter": map[string]any{"op": "drop"}})
	if got := fmt.Sprint(names("ours"), names("colleague"), names("stranger")); got != "[Partagée Sept] [Partagée] []" {
		t.Errorf("who sees which searches: %s", got)
	}
	view := map[string]any{"name": "Huit", "definition": map[string]any{"text": "8"}}
	s.ask(404, http.MethodPut, fmt.Sprintf("%s/%.0f", path, id), view, s.bearer("colleague"))
	s.ask(200, http.MethodPut, fmt.Sprintf("%s/%.0f", path, id), view, s.bearer("ours"))
	s.ask(404, http.MethodDelete, fmt.Sprintf("/api/views/%.0f", id), nil, s.bearer("stranger"))
	s.ask(204, http.MethodDelete, fmt.Sprintf("/api/views/%.0f", id), nil, s.bearer("ours"))
	if got := fmt.Sprint(names("ours")); got != "[Partagée]" {
		t.Errorf("after deleting: %s", got)
	}

	columns := func(status int, names ...string) {
		s.ask(status, http.MethodPut, "/api/layers/land.parcels/columns", map[string]any{"columns": append([]string{}, names...)}, s.bearer("ours"))
	}
	columns(204, "number", "notes")
	columns(422, "nothing")
	if got := fmt.Sprint(s.ask(200, http.MethodGet, path, nil, s.bearer("ours")).json(t)["columns"]); got != "[number notes]" {
		t.Errorf("the columns are %s", got)
	}
	columns(204)
	if got := fmt.Sprint(s.ask(200, http.MethodGet, path, nil, s.bearer("ours")).json(t)["columns"]); got != "[]" {
		t.Errorf("the columns are %s", got)
	}
	s.ask(401, http.MethodPost, path, map[string]any{"name": "x", "definition": map[string]any{}})
}
