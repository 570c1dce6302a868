package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"arpent/apps/cemetery"
	"arpent/layers/postgis/postgistest"
)

// tiles orders a file of tiles, waits for it and returns what the job brought.
func (s *site) tilesFile(order map[string]any, who string) (result map[string]any, file answer) {
	s.Helper()
	job := s.ask(200, http.MethodPost, "/api/tiles/exports", order, who).json(s.TB)
	ended := s.endedFor(job, who)
	if ended["state"] != "done" || ended["kind"] != "tiles" {
		s.Fatalf("the export is %v", ended)
	}
	return ended["result"].(map[string]any), s.want(s.get(fmt.Sprintf("/api/exports/%v/file", job["id"]), who), 200)
}

func TestTilesAreExportedAsAJob(t *testing.T) {
	s := newSite(t)
	s.working()
	postgistest.Account(t, s.pool, "reader", s.town.Code, "reader")
	reader := s.bearer("reader")
	order := map[string]any{"layers": []string{"land.parcels", "land.buildings"}, "format": "mbtiles", "minZoom": 14, "maxZoom": 16}
	expected := s.ask(200, http.MethodPost, "/api/tiles/exports/expected", order, reader).json(t)
	result, file := s.tilesFile(order, reader)
	if result["size"] != float64(len(file.body)) || result["minZoom"] != 14.0 || result["maxZoom"] != 16.0 || result["tiles"].(float64) > expected["tiles"].(float64) {
		t.Errorf("the outcome is %v, expected was %v, the file has %d bytes", result, expected, len(file.body))
	}
	if got := file.Header.Get("Content-Disposition"); !strings.Contains(got, ".mbtiles") {
		t.Errorf("the file is called %s", got)
	}
	if said := s.ogrinfo("village.mbtiles", file.body, "-so"); !strings.Contains(said, "land.parcels") || !strings.Contains(said, "land.buildings") {
		t.Errorf("GDAL reads %.2000s", said)
	}
	order["format"] = "pmtiles"
	if _, file := s.tilesFile(order, s.admin()); !bytes.HasPrefix(file.body, []byte("PMTiles\x03")) || file.Header.Get("Content-Type") != "application/vnd.pmtiles" {
		t.Errorf("the file begins with %.8q, sent as %s", file.body, file.Header.Get("Content-Type"))
	}
}

func TestWhoMayExportWhichTiles(t *testing.T) {
	s := newSite(t, cemetery.Layers)
	s.working()
	if _, err := s.pool.Exec(t.Context(), `
		insert into arpent.profile (id, title) values ('looker', '{}');
		insert into arpent.profile_grant values ('looker', '*', '{read}')`); err != nil {
		t.Fatal(err)
	}
	postgistest.Account(t, s.pool, "looker", s.town.Code, "looker")
	postgistest.Account(t, s.pool, "manager", s.town.Code, "manager")
	looker, manager := s.bearer("looker"), s.bearer("manager")
	order := func(layer string, own bool) map[string]any {
		return map[string]any{"layers": []string{layer}, "format": "mbtiles", "maxZoom": 15, "own": own}
	}
	for _, c := range []struct {
		name  string
		order map[string]any
		who   []string
		want  int
	}{
		{"nobody", order("land.parcels", false), nil, 401},
		{"who may only look, what anybody sees", order("land.parcels", false), []string{looker}, 200},
		{"who may only look, what is not public", order("cemetery.plots", true), []string{looker}, 403},
		{"what is not public, for anybody", order("cemetery.plots", false), []string{manager}, 422},
		{"no such layer", order("land.nothing", false), []string{manager}, 404},
		{"zooms without tiles", map[string]any{"layers": []string{"land.parcels"}, "format": "mbtiles", "minZoom": 22}, []string{manager}, 400},
		{"another format", map[string]any{"layers": []string{"land.parcels"}, "format": "zip"}, []string{manager}, 422},
		{"an empty box", map[string]any{"layers": []string{"land.parcels"}, "format": "mbtiles", "bounds": []float64{2, 2, 1, 1}}, []string{manager}, 400},
	} {
		if a := s.call(http.DefaultClient, http.MethodPost, "/api/tiles/exports/expected", c.order, c.who...); a.StatusCode != c.want {
			t.Errorf("%s: %d %s", c.name, a.StatusCode, a.body)
		}
	}
	job := s.ask(200, http.MethodPost, "/api/tiles/exports", order("land.parcels", false), manager).json(t)
	s.endedFor(job, manager)
	s.ask(404, http.MethodGet, fmt.Sprintf("/api/exports/%v/file", job["id"]), nil, looker)
	seed := map[string]any{"layers": []string{"land.parcels"}, "maxZoom": 14}
	s.ask(403, http.MethodPost, "/api/tiles/seeds", seed, manager)
	if a := s.ask(422, http.MethodPost, "/api/tiles/seeds", seed, s.admin()); !strings.Contains(string(a.body), "ARPENT_TILE_CACHE") {
		t.Errorf("without a cache it says %s", a.body)
	}
}
