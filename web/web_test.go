package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"arpent/apps/land"
	"arpent/geo/town"
	"arpent/layers"
	"arpent/layers/basemaps"
	"arpent/layers/cartography"
	"arpent/layers/documents"
	"arpent/layers/exports"
	"arpent/layers/external"
	"arpent/layers/imports"
	"arpent/layers/jobs"
	"arpent/layers/notes"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
	"arpent/layers/views"
	"arpent/layers/working"
	"arpent/tiles"
	"arpent/tiles/bulk"
	"arpent/web"
	"arpent/web/api"
	"arpent/web/auth"
	"arpent/web/ogc"
	"arpent/web/outbound"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

// site is the whole server, without the program around it, over a village.
type site struct {
	testing.TB
	url   string
	face  http.Handler // what answers there
	pool  *pgxpool.Pool
	feed  *postgis.Feed
	town  *town.Town
	token string // of admin
	work  *jobs.Service
	data  string // the folder of files

	accounts *auth.Service
	store    *postgis.Store
}

const password = "correct horse battery"

// newSite is a site with the layers of the land and those of other trades, which
// are empty.
func newSite(t testing.TB, trades ...func() ([]*layers.Layer, error)) *site {
	t.Helper()
	ctx := context.Background()
	pool := postgistest.New(t)
	var all []*layers.Layer
	for _, read := range append(trades, land.Layers) {
		some, err := read()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
	}
	service, store, feed := postgistest.Service(t, pool, all...)
	village, err := town.Generate(town.Options{Seed: 7, Inhabitants: 300, Name: "Essai"})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.PutCollectivity(ctx, village.Code, village.Name, 2154); err != nil {
		t.Fatal(err)
	}
	if err := land.LoadTown(ctx, service, layers.Viewer{Admin: true, Login: "test"}, village, 1); err != nil {
		t.Fatal(err)
	}
	if err := auth.CreateAccount(ctx, pool, "admin", "Admin", true); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.SetPassword(ctx, pool, "admin", password); err != nil {
		t.Fatal(err)
	}
	token, err := auth.CreateToken(ctx, pool, "admin", "test", 0)
	if err != nil {
		t.Fatal(err)
	}
	tileService, err := tiles.NewService(service, store)
	if err != nil {
		t.Fatal(err)
	}
	tileService.Follow(feed)
	holding, letGo := context.WithCancel(context.Background())
	held := make(chan struct{})
	go func() {
		defer close(held)
		_ = tileService.Hold(holding, 64<<20)
	}()
	t.Cleanup(func() {
		letGo()
		<-held
	})
	files := t.TempDir()
	mailer, err := auth.OpenMailer("", filepath.Join(files, "mail"))
	if err != nil {
		t.Fatal(err)
	}
	accounts := auth.New(pool, auth.Config{URL: "http://town.example", Mail: mailer})
	attached, err := documents.New(service, store, documents.Folder(files), filepath.Join(files, "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	ground, err := basemaps.Open(pool, filepath.Join(files, "maps.yaml"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	importer := imports.New(service, pool, filepath.Join(files, "uploads"))
	exporter := exports.New(service, filepath.Join(files, "exports"))
	many := bulk.New(service, tileService, filepath.Join(files, "exports"), func(ctx context.Context) ([]layers.Viewer, error) { return auth.Viewers(ctx, pool) })
	work, err := jobs.New(jobs.Config{Pool: pool, Viewer: accounts.Account, Kinds: map[string]jobs.Work{imports.Kind: importer.Work, exports.Kind: exporter.Work, bulk.ExportKind: many.WorkExport, bulk.SeedKind: many.WorkSeed}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	sets := working.New(service, pool)
	face := web.Handler(web.Config{
		Auth:  accounts,
		API:   &api.Server{Layers: service, Store: store, Feed: feed, Documents: attached, Jobs: work, Imports: importer, Exports: exporter, Bulk: many, Views: views.New(service, pool), Working: sets, Cartography: cartography.New(service, pool), Notes: notes.New(pool), BaseMaps: ground, External: external.NewRegistry(pool), Outbound: outbound.New(ground.PrivateHosts), Auth: accounts, Version: "test"},
		OGC:   &ogc.Server{Layers: service, Tiles: tileService},
		Ready: func(context.Context) []web.Wrong { return nil },
	})
	server := httptest.NewServer(face)
	ctx, stop := context.WithCancel(ctx)
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = store.Listen(ctx, working.Channel, sets.Knock) }()
	t.Cleanup(func() { server.Close(); stop(); <-stopped })
	return &site{t, server.URL, face, pool, feed, village, token, work, files, accounts, store}
}

// answer is what came back.
type answer struct {
	*http.Response
	body []byte
}

func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%s is no JSON: %v", a.body, err)
	}
	return v
}

// call sends a request. headers are "Name: value"; the token is sent when as is true.
func (s *site) call(client *http.Client, method, path string, body any, headers ...string) answer {
	s.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			s.Fatal(err)
		}
		reader = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, s.url+path, reader)
	if err != nil {
		s.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	return answer{response, content}
}

func (s *site) get(path string, headers ...string) answer {
	s.Helper()
	return s.call(http.DefaultClient, http.MethodGet, path, nil, headers...)
}

// admin is the header of the administrator's token.
func (s *site) admin() string { return "Authorization: Bearer " + s.token }

func (s *site) want(a answer, status int) answer {
	s.Helper()
	if a.StatusCode != status {
		s.Fatalf("%s %s: status %d, want %d: %s", a.Request.Method, a.Request.URL, a.StatusCode, status, a.body)
	}
	return a
}

// refused checks the status and that the problem names the place.
func (s *site) refused(a answer, status int, location string) {
	s.Helper()
	s.want(a, status)
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		s.Errorf("problem has Content-Type %q", got)
	}
	if location != "" && !strings.Contains(string(a.body), `"location":"`+location+`"`) {
		s.Errorf("problem does not name %s: %s", location, a.body)
	}
}

func (s *site) rows() (n int) {
	s.Helper()
	if err := s.pool.QueryRow(context.Background(), `select (select count(*) from arpent.history) + (select count(*) from land.parcels)`).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

func TestCollectionsAreListedAndPrivateOnesHidden(t *testing.T) {
	s := newSite(t)
	list := string(s.want(s.get("/ogc/collections"), 200).body)
	for _, id := range []string{"land.sections", "land.parcels", "land.buildings", "land.streets", "land.addresses"} {
		if !strings.Contains(list, `"id":"`+id+`"`) {
			t.Errorf("%s is missing", id)
		}
	}
	if strings.Contains(list, "land.blocks") {
		t.Error("a private collection is listed")
	}
	s.refused(s.get("/ogc/collections/land.blocks/items"), 401, "")
	s.want(s.get("/ogc/collections/land.blocks/items", s.admin()), 200)
	for _, path := range []string{"/ogc", "/ogc/", "/ogc/conformance", "/ogc/api", "/ogc/collections/land.parcels", "/healthz", "/readyz", "/schemas/layer.json", "/api/openapi.json"} {
		s.want(s.get(path), 200)
	}
}

func TestPagesFollowNextToTheLastFeature(t *testing.T) {
	s := newSite(t)
	seen := map[string]bool{}
	path := "/ogc/collections/land.parcels/items?limit=37"
	for path != "" {
		page := s.want(s.get(path), 200).json(t)
		features := page["features"].([]any)
		if int(page["numberReturned"].(float64)) != len(features) || int(page["numberMatched"].(float64)) != len(s.town.Parcels) {
			t.Fatalf("page says returned %v, matched %v", page["numberReturned"], page["numberMatched"])
		}
		for _, f := range features {
			id := f.(map[string]any)["id"].(string)
			if seen[id] {
				t.Fatalf("%s comes twice", id)
			}
			seen[id] = true
		}
		path = ""
		for _, l := range page["links"].([]any) {
			if link := l.(map[string]any); link["rel"] == "next" {
				path = strings.TrimPrefix(link["href"].(string), s.url)
			}
		}
	}
	if len(seen) != len(s.town.Parcels) {
		t.Errorf("pages gave %d of %d parcels", len(seen), len(s.town.Parcels))
	}
}

func TestBadParametersAreNamed(t *testing.T) {
	s := newSite(t)
	for path, status := range map[string]int{
		"/ogc/collections/land.parcels/items?limit=0":                  400,
		"/ogc/collections/land.parcels/items?limit=many":               400,
		"/ogc/collections/land.parcels/items?bbox=1,2,3":               400,
		"/ogc/collections/land.parcels/items?bbox=1,2,3,NaN":           400,
		"/ogc/collections/land.parcels/items?colour=red":               400,
		"/ogc/collections/land.parcels/items?number=twelve":            400,
		"/ogc/collections/land.parcels/items?notes=secret":             400,
		"/ogc/collections/land.parcels/items?crs=http://example.com/x": 400,
		"/ogc/collections/land.parcels/items/nothing":                  404,
		"/ogc/collections/land.buildings/items/nothing":                404,
		"/ogc/collections/land.buildings/items/99999999999999999999":   404,
		"/ogc/collections/nothing":                                     404,
		"/tiles/land.parcels/3/8/0.mvt":                                404,
		"/tiles/land.parcels/99/0/0.mvt":                               404,
		"/tiles/land.parcels/a/0/0.mvt":                                400,
		"/tiles/nothing/3/0/0.mvt":                                     404,
		"/tiles/land.blocks/3/0/0.mvt":                                 401,
		"/api/layers/land.parcels/features?bbox=1":                     400,
		"/api/layers/land.parcels/features?sort=colour":                400,
		"/api/layers/land.parcels/features/00001000AA0001/history":     401,
		"/api/nothing": 404,
		"/ogc/collections/land.parcels/items?number=1%3Bdrop%20table%20land.parcels": 400,
	} {
		s.refused(s.get(path), status, "")
	}
	if n := s.want(s.get("/ogc/collections/land.parcels/items?number=1&limit=1"), 200).json(t)["numberMatched"].(float64); n < 1 {
		t.Errorf("filter by number matches %v", n)
	}
}

func feature(id string, ring string, properties string) string {
	return fmt.Sprintf(`{"type":"Feature","id":%q,"geometry":{"type":"Polygon","coordinates":[%s]},"properties":%s}`, id, ring, properties)
}

const ring = "[[5.61,47.25],[5.611,47.25],[5.611,47.251],[5.61,47.251],[5.61,47.25]]"

func TestBadFeaturesAreRefusedAndNothingIsStored(t *testing.T) {
	s := newSite(t)
	before := s.rows()
	const fine = `{"collectivity":"00001","section":"ZZ","number":1}`
	for name, c := range map[string]struct {
		body     string
		status   int
		location string
	}{
		"no JSON":                {`{"type":`, 400, ""},
		"nothing":                {``, 400, ""},
		"two documents":          {feature("00001000ZZ0001", ring, fine) + "{}", 400, ""},
		"no feature":             {`{"type":"Point"}`, 422, "type"},
		"no geometry member":     {`{"type":"Feature","properties":{}}`, 422, "geometry"},
		"open ring":              {feature("00001000ZZ0001", "[[5.61,47.25],[5.611,47.25],[5.611,47.251],[5.61,47.251]]", fine), 422, "geometry"},
		"crosses itself":         {feature("00001000ZZ0001", "[[5.61,47.25],[5.611,47.251],[5.611,47.25],[5.61,47.251],[5.61,47.25]]", fine), 422, "geometry"},
		"wrong nesting":          {feature("00001000ZZ0001", "[5.61,47.25]", fine), 422, "geometry.coordinates[0][0]"},
		"a word in a position":   {feature("00001000ZZ0001", `[[5.61,"a"],[5.611,47.25],[5.611,47.251],[5.61,47.25]]`, fine), 422, "geometry.coordinates[0][0]"},
		"huge number":            {feature("00001000ZZ0001", `[[1e400,47.25],[5.611,47.25],[5.611,47.251],[5.61,47.25]]`, fine), 422, ""},
		"metres as degrees":      {feature("00001000ZZ0001", "[[900000,6690000],[900010,6690000],[900010,6690010],[900000,6690000]]", fine), 422, "geometry"},
		"wrong type of geometry": {`{"type":"Feature","id":"00001000ZZ0001","geometry":{"type":"Point","coordinates":[5.6,47.2]},"properties":` + fine + `}`, 422, "geometry"},
		"unknown field":          {feature("00001000ZZ0001", ring, `{"collectivity":"00001","section":"ZZ","number":1,"colour":"red"}`), 422, "properties.colour"},
		"wrong type":             {feature("00001000ZZ0001", ring, `{"collectivity":"00001","section":"ZZ","number":"one"}`), 422, "properties.number"},
		"out of range":           {feature("00001000ZZ0001", ring, `{"collectivity":"00001","section":"ZZ","number":10000}`), 422, "properties.number"},
		"missing field":          {feature("00001000ZZ0001", ring, `{"collectivity":"00001","section":"ZZ"}`), 422, "properties.number"},
		"no such date":           {feature("00001000ZZ0001", ring, `{"collectivity":"00001","section":"ZZ","number":1,"created_on":"2026-02-30"}`), 422, "properties.created_on"},
		"badly formed id":        {feature("x", ring, fine), 422, "properties.id"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{TB: t, url: s.url, token: s.token}
			s.refused(s.call(http.DefaultClient, http.MethodPost, "/ogc/collections/land.parcels/items", c.body, s.admin(), "Content-Type: application/geo+json"), c.status, c.location)
		})
	}
	s.refused(s.call(http.DefaultClient, http.MethodPost, "/ogc/collections/land.parcels/items", feature("00001000ZZ0001", ring, fine), "Content-Type: application/geo+json"), 401, "")
	s.refused(s.call(http.DefaultClient, http.MethodPost, "/ogc/collections/land.parcels/items", "x", s.admin(), "Content-Type: text/plain"), 415, "")
	s.refused(s.call(http.DefaultClient, http.MethodPost, "/ogc/collections/land.parcels/items", strings.Repeat(" ", 11<<20), s.admin(), "Content-Type: application/geo+json"), 413, "")
	s.refused(s.call(http.DefaultClient, http.MethodPost, "/ogc/collections/land.parcels/items", feature("00001000ZZ0001", ring, fine), s.admin(), "Content-Type: application/geo+json", "Content-Crs: <http://www.opengis.net/def/crs/EPSG/0/99999>"), 400, "")
	s.refused(s.call(http.DefaultClient, http.MethodPost, "/api/transactions", map[string]any{"changes": []any{map[string]any{"op": "create", "layer": "land.buildings", "collectivity": "00001", "properties": map[string]any{"kind": "09"}}}}, s.admin()), 422, "changes[0].properties.kind")
	if after := s.rows(); after != before {
		t.Errorf("%d rows were stored", after-before)
	}
}

func TestAFeatureLivesThroughTheFeaturesAPI(t *testing.T) {
	s := newSite(t)
	const path = "/ogc/collections/land.parcels/items/00001000ZZ0001"
	write := func(method, path, body string, headers ...string) answer {
		return s.call(http.DefaultClient, method, path, body, append([]string{s.admin(), "Content-Type: application/geo+json"}, headers...)...)
	}
	created := s.want(write("POST", "/ogc/collections/land.parcels/items", feature("00001000ZZ0001", ring, `{"collectivity":"00001","section":"ZZ","number":1,"address":"1 rue A"}`)), 201)
	if got := created.Header.Get("Location"); got != s.url+path {
		t.Errorf("Location is %s", got)
	}
	first := s.want(s.get(path), 200)
	tag := first.Header.Get("ETag")
	if tag != created.Header.Get("ETag") || tag == "" {
		t.Errorf("ETag is %s, was %s on creation", tag, created.Header.Get("ETag"))
	}
	s.want(s.get(path, "If-None-Match: "+tag), 304)
	s.refused(write("POST", "/ogc/collections/land.parcels/items", feature("00001000ZZ0001", ring, `{"collectivity":"00001","section":"ZZ","number":1}`)), 409, "")

	patched := s.want(write("PATCH", path, `{"properties":{"notes":"vu"}}`, "Content-Type: application/merge-patch+json", "If-Match: "+tag), 204)
	s.refused(write("PATCH", path, `{"properties":{"notes":"trop tard"}}`, "Content-Type: application/merge-patch+json", "If-Match: "+tag), 412, "")
	if patched.Header.Get("ETag") == tag {
		t.Error("the ETag stayed")
	}
	if f := s.get(path).json(t); f["properties"].(map[string]any)["address"] != "1 rue A" {
		t.Errorf("a patch lost the address: %v", f)
	}
	if f := s.get(path, s.admin()).json(t); f["properties"].(map[string]any)["notes"] != "vu" {
		t.Errorf("notes are %v", f)
	}
	s.want(write("PUT", path, feature("00001000ZZ0001", ring, `{"section":"ZZ","number":1}`), "If-Match: *"), 204)
	if f := s.get(path).json(t); f["properties"].(map[string]any)["address"] != nil {
		t.Errorf("a replacement kept the address: %v", f)
	}
	options := s.call(http.DefaultClient, "OPTIONS", path, nil, s.admin())
	if allow := options.Header.Get("Allow"); !strings.Contains(allow, "PUT") || !strings.Contains(allow, "DELETE") {
		t.Errorf("Allow is %q", allow)
	}
	if allow := s.call(http.DefaultClient, "OPTIONS", path, nil).Header.Get("Allow"); strings.Contains(allow, "PUT") {
		t.Errorf("anonymous may %q", allow)
	}
	s.refused(write("DELETE", path, "", "If-Match: "+tag), 412, "")
	s.want(write("DELETE", path, ""), 204)
	s.refused(s.get(path), 404, "")
}

func TestCoordinatesComeInTheCRSAndAxisOrderAsked(t *testing.T) {
	s := newSite(t)
	path := "/ogc/collections/land.parcels/items/" + s.town.Parcels[0].ID
	first := func(crs string) (x, y float64) {
		p := path
		if crs != "" {
			p += "?crs=" + crs
		}
		g := s.want(s.get(p), 200).json(t)["geometry"].(map[string]any)
		at := g["coordinates"].([]any)[0].([]any)[0].([]any)[0].([]any)
		return at[0].(float64), at[1].(float64)
	}
	lon, lat := first("")
	if lon < 5 || lon > 7 || lat < 46 || lat > 48 {
		t.Errorf("CRS84 gives %v %v", lon, lat)
	}
	if y, x := first("http://www.opengis.net/def/crs/EPSG/0/4326"); x != lon || y != lat {
		t.Errorf("EPSG:4326 gives %v %v", y, x)
	}
	if x, y := first("http://www.opengis.net/def/crs/EPSG/0/2154"); x != s.town.Parcels[0].Geometry[0][0][0] || y != s.town.Parcels[0].Geometry[0][0][1] {
		t.Errorf("EPSG:2154 gives %v %v, the town has %v", x, y, s.town.Parcels[0].Geometry[0][0])
	}
}

// tileOf is the tile in which a parcel lies.
func (s *site) tileOf(id string, zoom maptile.Zoom) maptile.Tile {
	s.Helper()
	var lon, lat float64
	err := s.pool.QueryRow(context.Background(), `select ST_X(p), ST_Y(p) from (select ST_Transform(ST_PointOnSurface(geom), 4326) p from land.parcels where id = $1) q`, id).Scan(&lon, &lat)
	if err != nil {
		s.Fatal(err)
	}
	return maptile.At([2]float64{lon, lat}, zoom)
}

func TestATileChangesItsETagExactlyWhenItsContentDoes(t *testing.T) {
	s := newSite(t)
	id := s.town.Parcels[0].ID
	at := s.tileOf(id, 18)
	path := fmt.Sprintf("/tiles/land.parcels/%d/%d/%d.mvt", at.Z, at.X, at.Y)
	plain := s.want(s.get(path, "Accept-Encoding: identity"), 200)
	packed := s.want(s.get(path, "Accept-Encoding: gzip"), 200)
	if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Errorf("gzip: %v", packed.Header)
	}
	read, err := mvt.Unmarshal(plain.body)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range read[0].Features {
		found = found || f.Properties["id"] == id
		if f.ID == nil || f.Properties["notes"] != nil {
			t.Errorf("feature %v %v", f.ID, f.Properties)
		}
	}
	if !found || read[0].Name != "land.parcels" {
		t.Errorf("tile %s has no parcel %s", read[0].Name, id)
	}
	tag := plain.Header.Get("ETag")
	s.want(s.get(path, "Accept-Encoding: identity", "If-None-Match: "+tag), 304)

	update := func(sql string, args ...any) {
		t.Helper()
		if _, err := s.pool.Exec(context.Background(), sql, args...); err != nil {
			t.Fatal(err)
		}
		if err := s.feed.Sync(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	update(`update land.parcels set notes = 'not in tiles' where id = $1`, id)
	s.want(s.get(path, "Accept-Encoding: identity", "If-None-Match: "+tag), 304)
	update(`update land.parcels set number = 9999 where id = $1`, id)
	changed := s.want(s.get(path, "Accept-Encoding: identity", "If-None-Match: "+tag), 200)
	if changed.Header.Get("ETag") == tag {
		t.Error("the ETag stayed")
	}
	update(`delete from land.parcels`)
	s.want(s.get(path), 204)
	if h := s.get(path).Header; h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Cache-Control"), "no-cache") {
		t.Errorf("headers %v", h)
	}
}

func TestCompositesHoldEachLayerAndTileJSONDescribesThem(t *testing.T) {
	s := newSite(t)
	at := s.tileOf(s.town.Parcels[0].ID, 15)
	tile := s.want(s.get(fmt.Sprintf("/tiles/land.parcels,land.sections/%d/%d/%d.mvt", at.Z, at.X, at.Y), "Accept-Encoding: identity"), 200)
	read, err := mvt.Unmarshal(tile.body)
	if err != nil || len(read) != 2 {
		t.Fatalf("tile has %d layers (%v)", len(read), err)
	}
	doc := s.want(s.get("/tiles/land.parcels,land.sections.json"), 200).json(t)
	if doc["tilejson"] != "3.0.0" || len(doc["vector_layers"].([]any)) != 2 || doc["attribution"] != nil {
		t.Errorf("TileJSON is %v", doc)
	}
}

// browser is a client with cookies, as the page is.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func (s *site) signIn(client *http.Client, login, password string) answer {
	s.Helper()
	return s.call(client, "POST", "/api/session", map[string]string{"login": login, "password": password})
}

func TestPeopleSignInAndOut(t *testing.T) {
	s := newSite(t)
	client := browser(t)
	s.refused(s.signIn(client, "admin", "wrong"), 401, "")
	s.refused(s.signIn(client, "nobody", password), 401, "")
	if user := s.want(s.signIn(client, "Admin", password), 200).json(t)["user"]; user.(map[string]any)["login"] != "admin" {
		t.Errorf("user is %v", user)
	}
	if user := s.call(client, "GET", "/api/session", nil).json(t)["user"]; user == nil {
		t.Error("the session is not kept")
	}
	t.Run("another site may not use the session", func(t *testing.T) {
		s.want(s.call(client, "DELETE", "/api/session", nil, "Sec-Fetch-Site: cross-site"), 403)
		s.want(s.call(client, "POST", "/api/transactions", map[string]any{"changes": []any{}}, "Origin: https://evil.example"), 403)
	})
	t.Run("another password ends other sessions", func(t *testing.T) {
		other := browser(t)
		s.want(s.signIn(other, "admin", password), 200)
		s.refused(s.call(client, "PUT", "/api/session/password", map[string]string{"current": "wrong", "new": "long enough for all"}), 422, "body.current")
		s.refused(s.call(client, "PUT", "/api/session/password", map[string]string{"current": password, "new": "short"}), 422, "body.new")
		s.want(s.call(client, "PUT", "/api/session/password", map[string]string{"current": password, "new": "long enough for all"}), 204)
		if user := s.call(other, "GET", "/api/session", nil).json(t)["user"]; user != nil {
			t.Error("the other session lives")
		}
		if user := s.call(client, "GET", "/api/session", nil).json(t)["user"]; user == nil {
			t.Error("our own session ended")
		}
	})
	s.want(s.call(client, "DELETE", "/api/session", nil), 204)
	if user := s.call(client, "GET", "/api/session", nil).json(t)["user"]; user != nil {
		t.Error("signed in after signing out")
	}
}

func TestGuessingPasswordsIsSlowedDown(t *testing.T) {
	s := newSite(t)
	for range 5 {
		s.refused(s.signIn(browser(t), "admin", "wrong"), 401, "")
	}
	a := s.signIn(browser(t), "admin", password)
	s.refused(a, 429, "")
	if a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestProgramsShowTokens(t *testing.T) {
	s := newSite(t)
	who := func(headers ...string) any { return s.want(s.get("/api/session", headers...), 200).json(t)["user"] }
	if who() != nil || who(s.admin()) == nil {
		t.Error("the token does not make the difference")
	}
	request, _ := http.NewRequest("GET", s.url+"/api/session", nil)
	request.SetBasicAuth("admin", s.token)
	if who("Authorization: "+request.Header.Get("Authorization")) == nil {
		t.Error("Basic login:token is not taken")
	}
	s.refused(s.get("/api/session", "Authorization: Bearer arp_wrong"), 401, "")
	if _, err := s.pool.Exec(context.Background(), `update arpent.token set expires_at = now() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	s.refused(s.get("/api/session", s.admin()), 401, "")
}

func TestChangesOfAnyClientReachTheStream(t *testing.T) {
	s := newSite(t)
	stream, err := http.Get(s.url + "/api/changes")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	lines := bufio.NewScanner(stream.Body)
	next := func() string {
		event := ""
		for lines.Scan() {
			if lines.Text() == "" && event != "" {
				return event
			}
			event += lines.Text() + "\n"
		}
		t.Fatal("the stream ended")
		return ""
	}
	if got := next(); !strings.HasPrefix(got, "retry: 1000\nevent: ready\ndata: {\"stream\":\"") {
		t.Fatalf("first event is %q", got)
	}
	if _, err := s.pool.Exec(context.Background(), `update land.blocks set number = number + 100000 where number = 1`); err != nil { // private
		t.Fatal(err)
	}
	if _, err := s.pool.Exec(context.Background(), `update land.parcels set notes = 'x' where id = $1`, s.town.Parcels[0].ID); err != nil {
		t.Fatal(err)
	}
	got := next()
	if !strings.Contains(got, `"layer":"land.parcels","id":"`+s.town.Parcels[0].ID+`","op":"update"`) || strings.Contains(got, "who") {
		t.Errorf("event is %q", got)
	}
}

func TestAStaleEditOfThePageShowsWhatIsStored(t *testing.T) {
	s := newSite(t)
	path := "/api/layers/land.parcels/features/" + s.town.Parcels[0].ID
	mine := s.want(s.get(path, s.admin()), 200).json(t)
	if _, err := s.pool.Exec(context.Background(), `update land.parcels set notes = 'direct' where id = $1`, s.town.Parcels[0].ID); err != nil {
		t.Fatal(err)
	}
	change := map[string]any{"op": "update", "layer": "land.parcels", "id": mine["id"], "version": mine["version"], "properties": map[string]any{"notes": "mine"}, "geometry": mine["geometry"]}
	refused := s.want(s.call(http.DefaultClient, "POST", "/api/transactions", map[string]any{"changes": []any{change}}, s.admin()), 412).json(t)
	current := refused["conflicts"].([]any)[0].(map[string]any)["current"].(map[string]any)
	if current["properties"].(map[string]any)["notes"] != "direct" || current["geometry"] == nil {
		t.Errorf("current is %v", current)
	}
	change["version"] = current["version"]
	s.want(s.call(http.DefaultClient, "POST", "/api/transactions", map[string]any{"changes": []any{change}}, s.admin()), 200)
	history := s.want(s.get(path+"/history", s.admin()), 200).json(t)["entries"].([]any)
	if len(history) != 3 || history[0].(map[string]any)["who"] != "admin" || history[0].(map[string]any)["newGeometry"] != nil {
		t.Errorf("history is %v", history)
	}
}

func TestGDALReadsFeaturesAndTiles(t *testing.T) {
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Fatal("ogrinfo is missing: install gdal-bin")
	}
	s := newSite(t)
	info := func(args ...string) string {
		t.Helper()
		out, err := exec.Command("ogrinfo", append([]string{"-ro", "-al", "-so"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("ogrinfo %v: %v: %s", args, err, out)
		}
		return string(out)
	}
	if out := info("OAPIF:"+s.url+"/ogc", "land.parcels"); !strings.Contains(out, fmt.Sprintf("Feature Count: %d\n", len(s.town.Parcels))) {
		t.Errorf("ogrinfo says %s", out)
	}
	at := s.tileOf(s.town.Parcels[0].ID, 15)
	if out := info(fmt.Sprintf("MVT:%s/tiles/land.parcels/%d/%d/%d.mvt", s.url, at.Z, at.X, at.Y)); !strings.Contains(out, "Layer name: land.parcels") {
		t.Errorf("ogrinfo says %s", out)
	}
	// All pages, features whole.
	file := filepath.Join(t.TempDir(), "out.gpkg")
	if out, err := exec.Command("ogr2ogr", "-f", "GPKG", file, "OAPIF:"+s.url+"/ogc", "land.addresses").CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr: %v: %s", err, out)
	}
	if out := info(file); !strings.Contains(out, fmt.Sprintf("Feature Count: %d\n", len(s.town.Addresses))) {
		t.Errorf("the copy has %s", out)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}
