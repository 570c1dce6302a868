package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"arpent/apps/sewerage"
	"arpent/layers/postgis/postgistest"
)

// picked are the identifiers that a filter selects.
func (s *site) picked(status int, layer, filter string, headers ...string) []string {
	s.Helper()
	a := s.ask(status, http.MethodPost, "/api/layers/"+layer+"/pick", map[string]any{"filter": json.RawMessage(filter)}, headers...)
	var body struct{ IDs []string }
	if err := json.Unmarshal(a.body, &body); err != nil {
		s.Fatal(err)
	}
	return body.IDs
}

func (s *site) text(sql string, args ...any) string {
	s.Helper()
	var text string
	if err := s.pool.QueryRow(s.Context(), sql, args...).Scan(&text); err != nil {
		s.Fatal(err)
	}
	return text
}

func TestShapesSelectAsPostGISSelects(t *testing.T) {
	s := newSite(t)
	id := s.text(`select id from land.parcels order by ST_Area(geom) desc limit 1`)
	polygon := s.text(`select ST_AsGeoJSON(ST_Transform(ST_Buffer(geom, 30), 3857), 3) from land.parcels where id = $1`, id)
	drawn := strings.TrimSuffix(polygon, "}") + `,"crs":"EPSG:3857"}`
	degrees := s.text(`select ST_AsGeoJSON(ST_Transform(ST_Centroid(geom), 4326), 9) from land.parcels where id = $1`, id)
	exact := s.text(`select ST_AsGeoJSON(geom, 9) from land.parcels where id = $1`, id)
	stored := strings.TrimSuffix(exact, "}") + `,"crs":"EPSG:2154"}`
	// What PostGIS gets is the same shape in the plane of the layer.
	inPlane := fmt.Sprintf(`ST_Transform(ST_Segmentize(ST_SetSRID(ST_GeomFromGeoJSON('%s'), 3857), 200), 2154)`, polygon)
	own := fmt.Sprintf(`(select geom from land.parcels where id = '%s')`, id)
	for _, c := range []struct{ filter, sql string }{
		{`{"op":"s_intersects","args":[{"property":"geometry"},` + drawn + `]}`, "ST_Intersects(geom, " + inPlane + ")"},
		{`{"op":"s_within","args":[{"property":"geometry"},` + drawn + `]}`, "ST_Within(geom, " + inPlane + ")"},
		{`{"op":"s_overlaps","args":[{"property":"geom"},` + drawn + `]}`, "ST_Overlaps(geom, " + inPlane + ")"},
		{`{"op":"s_disjoint","args":[{"property":"geometry"},` + drawn + `]}`, "ST_Disjoint(geom, " + inPlane + ")"},
		{`{"op":"s_contains","args":[{"property":"geometry"},` + degrees + `]}`, "id = '" + id + "'"},
		{`{"op":"s_equals","args":[{"property":"geometry"},` + stored + `]}`, "id = '" + id + "'"},
		{`{"op":"s_touches","args":[{"property":"geometry"},` + stored + `]}`, "ST_Touches(geom, " + own + ")"},
		{`{"op":"s_touches","args":[{"property":"geometry"},{"features":{"layer":"land.parcels","ids":["` + id + `"]}}]}`, "ST_Touches(geom, " + own + ")"},
		{`{"op":"s_intersects","args":[{"property":"geometry"},{"features":{"layer":"land.sections","ids":["` + s.text(`select id::text from land.sections order by id limit 1`) + `"]}}]}`,
			"ST_Intersects(geom, (select geom from land.sections order by id limit 1))"},
		{`{"op":"s_dwithin","args":[{"property":"geometry"},` + degrees + `,60]}`,
			"ST_DWithin(ST_Transform(geom, 4326)::geography, (select ST_Transform(ST_Centroid(geom), 4326) from land.parcels where id = '" + id + "')::geography, 60)"},
		{`{"op":"s_dwithin","args":[{"property":"geometry"},{"features":{"layer":"land.parcels","ids":["` + id + `"]}},25]}`,
			"ST_DWithin(ST_Transform(geom, 4326)::geography, ST_Transform(" + own + ", 4326)::geography, 25)"},
		{`{"op":"and","args":[{"op":"s_intersects","args":[{"property":"geometry"},` + drawn + `]},{"op":">","args":[{"property":"number"},3]}]}`,
			"number > 3 and ST_Intersects(geom, " + inPlane + ")"},
	} {
		want := s.counted("select count(*) from land.parcels where " + c.sql)
		if got := s.picked(200, "land.parcels", c.filter, s.admin()); len(got) != want || want == 0 {
			t.Errorf("%.200s: picks %d, PostGIS %d", c.filter, len(got), want)
		}
		list := s.list(200, parcels, url.Values{"filter": {c.filter}}, s.admin())
		if list.Total != want {
			t.Errorf("%.200s: lists %d, PostGIS %d", c.filter, list.Total, want)
		}
	}
}

func TestShapesThatDoNotFitAreRefusedWithTheirReason(t *testing.T) {
	s := newSite(t)
	for filter, want := range map[string]string{
		`{"op":"s_intersects","args":[{"property":"number"},{"type":"Point","coordinates":[2,48]}]}`:                                           `the property is \"geometry\"`,
		`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Circle","coordinates":[2,48]}]}`:                                        "no type of geometry",
		`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}]}`:                        "is no ring",
		`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[2,48],"crs":"Lambert"}]}`:                         "is no CRS",
		`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[2,48],"crs":"EPSG:999999"}]}`:                     "coordinate reference system",
		`{"op":"s_dwithin","args":[{"property":"geometry"},{"type":"Point","coordinates":[2,48]},-1]}`:                                         "is no distance",
		`{"op":"s_touches","args":[{"property":"geometry"},{"features":{"layer":"land.parcels","ids":[]}}]}`:                                   "at least one",
		`{"op":"s_touches","args":[{"property":"geometry"},{"features":{"layer":"land.nothing","ids":["1"]}}]}`:                                "no layer of this name",
		`{"op":"=","args":[{"property":"number"},{"type":"Point","coordinates":[2,48]}]}`:                                                      "this is a shape",
		`{"op":"s_within","args":[{"property":"geometry"},{"bbox":[3,48,2,49]}]}`:                                                              "lower corner",
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"MultiPoint","coordinates":[` + strings.Repeat("[1,2],", 6000) + `[1,2]]}]}`: "positions",
	} {
		a := s.call(http.DefaultClient, http.MethodPost, "/api/layers/land.parcels/pick", map[string]any{"filter": json.RawMessage(filter)}, s.admin())
		if a.StatusCode != 400 || !strings.Contains(string(a.body), want) {
			t.Errorf("%.160s: %d %s, want %q", filter, a.StatusCode, a.body, want)
		}
	}
}

func TestShapesOfOthersTellNothing(t *testing.T) {
	s := newSite(t)
	s.exec(`insert into arpent.collectivity (code, name) values ('00002', 'Two')`)
	postgistest.Account(t, s.pool, "stranger", "00002", "administrator")
	stranger := s.bearer("stranger")
	block := s.text(`select id::text from land.blocks order by id limit 1`)
	touching := `{"op":"s_intersects","args":[{"property":"geometry"},{"features":{"layer":"land.blocks","ids":["` + block + `"]}}]}`
	if got := s.picked(200, "land.parcels", touching, s.admin()); len(got) == 0 {
		t.Error("a block has no parcels")
	}
	if got := s.picked(200, "land.parcels", touching, stranger); len(got) != 0 {
		t.Errorf("a stranger finds where a block of others lies by %d parcels", len(got))
	}
	everywhere := `{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[-10,40,12,52]}]}`
	if got := s.picked(200, "land.blocks", everywhere, stranger); len(got) != 0 {
		t.Errorf("a stranger picks %d blocks of others", len(got))
	}
	a := s.call(http.DefaultClient, http.MethodPost, "/api/layers/land.parcels/pick", map[string]any{"filter": json.RawMessage(touching)})
	if a.StatusCode != 400 {
		t.Errorf("anybody compares with blocks, which are not public: %d %s", a.StatusCode, a.body)
	}
}

func TestSystemsOfCoordinatesAreThoseOfThePlace(t *testing.T) {
	s := newSite(t)
	body := string(s.ask(200, http.MethodGet, "/api/crs", nil).body)
	for _, want := range []string{"EPSG:2154", "EPSG:4326", "EPSG:3857", "+proj=lcc", "EPSG:39"} {
		if !strings.Contains(body, want) {
			t.Errorf("the systems lack %s: %s", want, body)
		}
	}
	if n := strings.Count(body, "EPSG:39"); n > 3 {
		t.Errorf("%d conics for one town: %s", n, body)
	}
}

func TestHeightsAreReadAndNeverMadeUp(t *testing.T) {
	s := newSite(t, sewerage.Layers)
	code := s.text(`select code from arpent.collectivity`)
	s.exec(`insert into sewerage.nodes (collectivity, reference, geom) values
		($1, 'known', ST_SetSRID(ST_MakePoint(652000, 6861000, 31.25), 2154)), ($1, 'unknown', ST_SetSRID(ST_MakePoint(652100, 6861000, 0), 2154))`, code)
	places := s.text(`select json_agg(json_build_array(ST_X(p), ST_Y(p)))::text from unnest(array[652000.5, 652100, 652300]) x, ST_Transform(ST_SetSRID(ST_Point(x, 6861000), 2154), 3857) p`)
	ask := map[string]any{"places": json.RawMessage(places), "within": 2}
	var out struct {
		Heights []*struct {
			Z                float64
			Layer, ID, Label string
		}
	}
	if err := json.Unmarshal(s.ask(200, http.MethodPost, "/api/heights", ask, s.admin()).body, &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Heights) != 3 || out.Heights[0] == nil || out.Heights[0].Z != 31.25 || out.Heights[0].Layer != "sewerage.nodes" || out.Heights[1] != nil || out.Heights[2] != nil {
		t.Errorf("heights of a known node, one without height and nothing: %+v", out.Heights)
	}
	s.exec(`insert into arpent.collectivity (code, name) values ('00002', 'Two')`)
	postgistest.Account(t, s.pool, "stranger", "00002", "administrator")
	if body := string(s.ask(200, http.MethodPost, "/api/heights", ask, s.bearer("stranger")).body); strings.Contains(body, "31.25") {
		t.Errorf("a stranger reads heights of others: %s", body)
	}
	s.ask(422, http.MethodPost, "/api/heights", map[string]any{"places": json.RawMessage(places), "within": 5000}, s.admin())
}
