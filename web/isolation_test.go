package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb/maptile"

	"arpent/layers/postgis/postgistest"
)

func TestNoInterfaceShowsOrTouchesTheRowsOfAnotherCollectivity(t *testing.T) {
	s := newSite(t)
	if _, err := s.pool.Exec(t.Context(), `insert into arpent.collectivity (code, name) values ('00002', 'Two')`); err != nil {
		t.Fatal(err)
	}
	postgistest.Account(t, s.pool, "ours", s.town.Code, "manager")
	postgistest.Account(t, s.pool, "stranger", "00002", "administrator")
	ours, stranger := s.bearer("ours"), s.bearer("stranger")
	var block, at string
	var version string
	var lon, lat float64
	err := s.pool.QueryRow(t.Context(), `select id::text, xmin::text, ST_X(p), ST_Y(p) from land.blocks, ST_Transform(ST_PointOnSurface(geom), 4326) p order by id limit 1`).Scan(&block, &version, &lon, &lat)
	if err != nil {
		t.Fatal(err)
	}
	tile := maptile.At([2]float64{lon, lat}, 16)
	at = fmt.Sprintf("/tiles/land.blocks/%d/%d/%d.mvt", tile.Z, tile.X, tile.Y)

	t.Run("reading", func(t *testing.T) {
		s.ask(200, "GET", at, nil, ours)
		s.ask(204, "GET", at, nil, stranger) // an empty tile
		s.ask(401, "GET", at, nil)
		for _, path := range []string{"/api/layers/land.blocks/features", "/ogc/collections/land.blocks/items"} {
			if a := s.ask(200, "GET", path, nil, ours); len(a.json(t)["features"].([]any)) == 0 {
				t.Errorf("%s shows us nothing", path)
			}
			if a := s.ask(200, "GET", path, nil, stranger); len(a.json(t)["features"].([]any)) != 0 {
				t.Errorf("%s shows a stranger %s", path, a.body)
			}
		}
		for _, path := range []string{"/api/layers/land.blocks/features/" + block, "/ogc/collections/land.blocks/items/" + block} {
			s.ask(200, "GET", path, nil, ours)
			s.ask(404, "GET", path, nil, stranger)
		}
		if a := s.ask(200, "GET", "/api/layers/land.blocks/features/"+block+"/history", nil, stranger); len(a.json(t)["entries"].([]any)) != 0 {
			t.Errorf("history shows %s", a.body)
		}
		for _, l := range s.ask(200, "GET", "/api/layers", nil, stranger).json(t)["layers"].([]any) {
			l := l.(map[string]any)
			owned := slices.ContainsFunc(l["fields"].([]any), func(f any) bool { return f.(map[string]any)["name"] == "collectivity" })
			if owned && slices.Contains(l["editableIn"].([]any), any(s.town.Code)) { // tables of reference are everybody's
				t.Errorf("a stranger may edit our %v", l["id"])
			}
		}
	})
	s.working()
	t.Run("searching", func(t *testing.T) {
		look := func(who string) string {
			return string(s.ask(200, "GET", "/api/search?q=cachette", nil, who).body)
		}
		if _, err := s.pool.Exec(t.Context(), `insert into land.accounts (collectivity, number) values ($1, 'cachette 1')`, s.town.Code); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(look(ours), "cachette 1") || strings.Contains(look(stranger), "cachette 1") {
			t.Errorf("we find %s, a stranger finds %s", look(ours), look(stranger))
		}
	})
	t.Run("summing up", func(t *testing.T) {
		for path, body := range map[string]map[string]any{"/api/layers/land.blocks/summary": {}, "/api/layers/land.blocks/groups": {"field": "number"}} {
			a := s.ask(200, "POST", path, body, stranger).json(t)
			if groups, ok := a["groups"].([]any); ok && len(groups) > 0 || !ok && a["count"].(float64) > 0 {
				t.Errorf("%s tells a stranger %v", path, a)
			}
		}
	})
	t.Run("SQL as the application role", func(t *testing.T) {
		count := func(login string) (n int) {
			tx, err := s.pool.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback(context.Background()) }()
			if _, err := tx.Exec(t.Context(), `select set_config('arpent.viewer', (select id::text from arpent.account where login = $1), true)`, login); err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), `set local role arpent_app`); err != nil {
				t.Fatal(err)
			}
			if err := tx.QueryRow(t.Context(), `select (select count(*) from land.blocks) + (select count(*) from land.accounts) + (select count(*) from arpent.history)`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if count("ours") == 0 || count("stranger") != 0 {
			t.Errorf("SQL shows us %d rows, a stranger %d", count("ours"), count("stranger"))
		}
	})
	t.Run("exporting", func(t *testing.T) {
		if file := s.exported("land.blocks", map[string]any{"format": "csv"}, ours); !strings.Contains(file, "\n"+block+";") {
			t.Errorf("our export is %s", file)
		}
		if file := s.exported("land.blocks", map[string]any{"format": "csv"}, stranger); strings.Count(file, "\n") != 1 {
			t.Errorf("a stranger exports %s", file)
		}
		if file := s.exported("land.blocks", map[string]any{"format": "geojson", "ids": []string{block}}, stranger); strings.Contains(file, "Polygon") {
			t.Errorf("a stranger exports %s", file)
		}
		if a := s.ask(200, "POST", "/api/layers/land.blocks/exports/now", map[string]any{"format": "csv"}, stranger); strings.Count(string(a.body), "\n") != 1 {
			t.Errorf("a stranger exports at once %s", a.body)
		}
		job := s.ask(200, "POST", "/api/layers/land.blocks/exports", map[string]any{"format": "csv"}, ours).json(t)
		s.endedFor(job, ours)
		path := fmt.Sprintf("/api/exports/%v/file", job["id"])
		s.ask(200, "GET", path, nil, ours)
		s.ask(404, "GET", path, nil, stranger)
		s.ask(404, "GET", path, nil, s.admin()) // it was made with the rights of another
		s.ask(404, "GET", path, nil)
		s.ask(404, "GET", fmt.Sprintf("/api/jobs/%v", job["id"]), nil, stranger)
		s.ask(401, "POST", "/api/layers/land.blocks/exports", map[string]any{"format": "csv"})
	})
	t.Run("files of records", func(t *testing.T) {
		at := "/api/layers/land.parcels/features/" + s.town.Parcels[0].ID + "/documents"
		file := s.ask(201, "POST", at+"?name=plan.png", dot(t), ours, "Content-Type: image/png").json(t)
		path := fmt.Sprintf("/api/documents/%.0f", file["id"])
		s.ask(200, "GET", path+"/content", nil, ours)
		if a := s.ask(200, "GET", at, nil, ours); len(a.json(t)["documents"].([]any)) != 1 {
			t.Errorf("we have the files %s", a.body)
		}
		// The parcel is public, its files are not.
		if a := s.call(http.DefaultClient, "GET", at, nil, stranger); strings.Contains(string(a.body), "plan.png") {
			t.Errorf("a stranger sees the files %s", a.body)
		}
		for _, way := range []string{path + "/content", path + "/preview"} {
			s.ask(404, "GET", way, nil, stranger)
		}
		s.ask(404, "PATCH", path, map[string]any{"title": "mine"}, stranger)
		if a := s.call(http.DefaultClient, "POST", at+"?name=plan.png", dot(t), stranger, "Content-Type: image/png"); a.StatusCode != 404 && a.StatusCode != 403 {
			t.Errorf("a stranger attaches a file: %d", a.StatusCode)
		}
	})
	t.Run("private fields of a public layer", func(t *testing.T) {
		if _, err := s.pool.Exec(t.Context(), `update land.parcels set notes = 'between us'`); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/api/layers/land.parcels/features?limit=3", "/ogc/collections/land.parcels/items?limit=3"} {
			if a := s.ask(200, "GET", path, nil, ours); !strings.Contains(string(a.body), "between us") {
				t.Errorf("%s does not show us our notes", path)
			}
			a := s.ask(200, "GET", path, nil, stranger)
			if strings.Contains(string(a.body), "between us") || len(a.json(t)["features"].([]any)) != 3 {
				t.Errorf("%s shows a stranger %s", path, a.body)
			}
		}
		if a := s.ask(200, "GET", "/api/layers/land.parcels/features?filter[notes]=between%20us", nil, stranger); len(a.json(t)["features"].([]any)) != 0 {
			t.Errorf("a filter tells a stranger what the notes are: %s", a.body)
		}
	})
	t.Run("private fields in exports of a public layer", func(t *testing.T) {
		file := s.exported("land.parcels", map[string]any{"format": "csv"}, ours)
		if strings.Count(file, "between us") != len(s.town.Parcels) {
			t.Error("our export does not have our notes")
		}
		file = s.exported("land.parcels", map[string]any{"format": "csv"}, stranger)
		if strings.Contains(file, "between us") || strings.Count(file, "\n") != len(s.town.Parcels)+1 {
			t.Errorf("a stranger exports %.300s", file)
		}
	})
	t.Run("rows that may be read and not exported", func(t *testing.T) {
		if _, err := s.pool.Exec(t.Context(), `insert into arpent.profile (id, title) values ('onlooker', '{"fr": "Regard", "en": "Onlooker"}');
			insert into arpent.profile_grant values ('onlooker', '*', '{read}');
			insert into land.blocks (collectivity, number, geom) select '00002', 777, geom from land.blocks order by id limit 1`); err != nil {
			t.Fatal(err)
		}
		postgistest.Account(t, s.pool, "both", s.town.Code, "onlooker", "00002", "reader")
		both := s.bearer("both")
		if a := s.ask(200, "GET", "/api/layers/land.blocks/features", nil, both); a.json(t)["total"].(float64) < 2 {
			t.Errorf("both read %s", a.body)
		}
		if file := s.exported("land.blocks", map[string]any{"format": "csv"}, both); strings.Count(file, "\n") != 2 || !strings.Contains(file, ";777;") {
			t.Errorf("exported are %s", file)
		}
		if file := s.exported("land.parcels", map[string]any{"format": "csv"}, both); strings.Contains(file, "between us") {
			t.Error("private fields are exported with the right to read alone")
		}
	})
	t.Run("writing", func(t *testing.T) {
		change := func(op string) map[string]any {
			return map[string]any{"changes": []any{map[string]any{"op": op, "layer": "land.blocks", "id": block, "version": version, "properties": map[string]any{}}}}
		}
		for _, op := range []string{"update", "delete"} {
			if a := s.call(http.DefaultClient, "POST", "/api/transactions", change(op), stranger); a.StatusCode < 400 {
				t.Errorf("%s is let through: %s", op, a.body)
			}
		}
		create := map[string]any{"changes": []any{map[string]any{"op": "create", "layer": "land.blocks", "collectivity": s.town.Code, "properties": map[string]any{"number": 999}}}}
		s.ask(403, "POST", "/api/transactions", create, stranger)
		s.ask(404, "DELETE", "/ogc/collections/land.blocks/items/"+block, nil, stranger)
		s.ask(200, "GET", "/api/layers/land.blocks/features/"+block, nil, ours)
	})
}
