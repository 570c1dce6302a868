package ogc

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles"
	"arpent/tiles/tiletest"
	"arpent/web/auth"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

const (
	parcelsFile = `
id: land.parcels
title: {fr: Parcelles, en: Parcels}
public: true
source: {table: land.parcels, collectivity: collectivity}
fields:
  - {name: section, required: true}
  - {name: number, required: true}
  - {name: surveyed}
  - {name: notes, private: true}
tiles: {minzoom: 8, maxzoom: 18}
`
	spotsFile = `
id: spots
title: {fr: Lieux, en: Spots}
public: true
source: {table: public.spots}
fields: [{name: name}]
`
	blocksFile = `
id: land.blocks
title: Îlots
source: {table: land.blocks, collectivity: collectivity}
fields: [{name: number}]
`
)

// columns and rows of the parcels, squares of 40 m whose corners are 50 m
// apart, from 574000 6279000 in Lambert-93.
const columns, rows = 20, 15

// centre of the parcels.
var centre = orb.Point{1.4462, 43.6022}

// site serves three layers; the header Viewer says who asks.
type site struct {
	*testing.T
	url  string
	pool *pgxpool.Pool
}

func newSite(t *testing.T) site {
	t.Helper()
	ctx := context.Background()
	pool := postgistest.New(t)
	_, err := pool.Exec(ctx, `
		insert into arpent.collectivity (code, name, srid) values ('00001', 'Essai', 2154);
		create table public.spots (id integer primary key, name text, geom geometry(Point, 4326));
		insert into public.spots values (1, 'Taveuni', ST_Point(179.99, -16.8, 4326)), (2, 'Lau', ST_Point(-178.8, -17.9, 4326)), (3, 'Paris', ST_Point(2.35, 48.85, 4326)), (-4, 'nowhere', null);
		insert into land.parcels (id, collectivity, section, number, surveyed, notes, geom)
		select '00001000AB' || to_char(n, 'FM0000'), '00001', 'AB', n, false, 'private', ST_Multi(ST_MakeEnvelope(x, y, x + 40, y + 40, 2154))
		from (select i * 15 + j + 1 as n, 574000 + i * 50 as x, 6279000 + j * 50 as y from generate_series(0, 19) i, generate_series(0, 14) j) p`)
	if err != nil {
		t.Fatal(err)
	}
	var all []*layers.Layer
	for i, file := range []string{parcelsFile, spotsFile, blocksFile} {
		l, err := layers.ReadFile(fmt.Sprintf("%d.yaml", i), []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	service, store, _ := postgistest.Service(t, pool, all...)
	tileService, err := tiles.NewService(service, store)
	if err != nil {
		t.Fatal(err)
	}
	viewers := map[string]layers.Viewer{"": {}}
	for id, name := range map[int64]string{1: "reader", 2: "editor"} {
		viewers[name] = layers.Viewer{UserID: id, Login: name, Roles: map[string]layers.Role{"00001": layers.Role(name)}}
		if _, err := pool.Exec(ctx, `insert into arpent.account (id, login) overriding system value values ($1, $2)`, id, name); err != nil {
			t.Fatal(err)
		}
		if _, err := pool.Exec(ctx, `insert into arpent.membership values ($1, '00001', $2)`, id, name); err != nil {
			t.Fatal(err)
		}
	}
	server := &Server{Layers: service, Tiles: tileService}
	r := chi.NewRouter()
	r.Use(middleware.GetHead, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(auth.With(r.Context(), viewers[r.Header.Get("Viewer")])))
		})
	})
	r.Mount("/ogc", server.Features())
	r.Mount("/tiles", server.TileRoutes())
	listening := httptest.NewServer(r)
	t.Cleanup(listening.Close)
	return site{t, listening.URL, pool}
}

// answer is what came back, its body apart.
type answer struct {
	StatusCode int
	Status     string
	Header     http.Header
}

// call sends a request; headers are "Name: value".
func (s site) call(method, path, body string, headers ...string) (answer, []byte) {
	s.Helper()
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = w.Body.Close() }()
	data, err := io.ReadAll(w.Body)
	if err != nil {
		s.Fatal(err)
	}
	return answer{w.StatusCode, w.Status, w.Header}, data
}

// get reads a JSON document.
func (s site) get(path string, headers ...string) map[string]any {
	s.Helper()
	w, data := s.call("GET", path, "", headers...)
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil || w.StatusCode != 200 {
		s.Fatalf("GET %s: %s %s", path, w.Status, data)
	}
	return doc
}

func (s site) status(want int, method, path, body string, headers ...string) {
	s.Helper()
	if w, data := s.call(method, path, body, headers...); w.StatusCode != want {
		s.Errorf("%s %s: %s, want %d: %s", method, path, w.Status, want, data)
	}
}

func TestBoxesSelectInEveryCRS(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]int{
		"spots/items?bbox=170,-30,180,0":                       1,
		"spots/items?bbox=170,-30,-170,0":                      2, // over the antimeridian
		"spots/items?bbox=-180,-90,180,90":                     3,
		"spots/items?bbox=2,48,-5,3,49,1000":                   1, // with heights
		"spots/items?bbox=48,2,49,3":                           0,
		"spots/items?bbox=48,2,49,3&bbox-crs=[EPSG:4326]":      1, // latitude first
		"spots/items?bbox=-30,170,0,-170&bbox-crs=[EPSG:4326]": 2,
		"land.parcels/items?bbox=574000,6279000,574040,6279040&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2154": 1,
		"land.parcels/items?bbox=574000,6279000,574060,6279060&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2154": 4,
		"land.parcels/items?bbox=-180,-90,180,90":             columns * rows,
		"land.parcels/items?bbox=1,43,2,44&number=7":          1,
		"land.parcels/items?section=AB&surveyed=false":        columns * rows,
		"land.parcels/items?section=ab":                       0,
		"land.parcels/items?datetime=2026-01-01T00:00:00Z/..": columns * rows,
	} {
		doc := s.get("/ogc/collections/" + path + "&limit=1")
		if got := int(doc["numberMatched"].(float64)); got != want {
			t.Errorf("%s: %d match, want %d", path, got, want)
		}
	}
	for _, path := range []string{"bbox=574060,6279000,574000,6279060&bbox-crs=[EPSG:2154]", "bbox=1,44,2,43", "datetime=now", "number=1&number=2", "f=xml", "limit=-1"} {
		s.status(400, "GET", "/ogc/collections/land.parcels/items?"+path, "")
	}
	if got := len(s.get("/ogc/collections/land.parcels/items?limit=99999999999999999999")["features"].([]any)); got != columns*rows {
		t.Errorf("a limit beyond the largest gives %d features", got)
	}
}

func TestFeaturesAreWrittenAsTheStandardSays(t *testing.T) {
	s := newSite(t)
	w, data := s.call("GET", "/ogc/collections/spots/items?crs=http://www.opengis.net/def/crs/EPSG/0/4326", "")
	if got := w.Header.Get("Content-Crs"); got != "<http://www.opengis.net/def/crs/EPSG/0/4326>" {
		t.Errorf("Content-Crs is %s", got)
	}
	if got := w.Header.Get("Content-Type"); got != mediaGeoJSON {
		t.Errorf("Content-Type is %s", got)
	}
	data = regexp.MustCompile(`"timeStamp":"[^"]+"`).ReplaceAll(data, []byte(`"timeStamp":"now"`))
	data = bytes.ReplaceAll(data, []byte(s.url), []byte("http://host"))
	const want = `{"type":"FeatureCollection","timeStamp":"now","numberMatched":4,"features":[` +
		`{"type":"Feature","id":-4,"geometry":null,"properties":{"name":"nowhere"}},` +
		`{"type":"Feature","id":1,"geometry":{"type":"Point","coordinates":[-16.8,179.99]},"properties":{"name":"Taveuni"}},` +
		`{"type":"Feature","id":2,"geometry":{"type":"Point","coordinates":[-17.9,-178.8]},"properties":{"name":"Lau"}},` +
		`{"type":"Feature","id":3,"geometry":{"type":"Point","coordinates":[48.85,2.35]},"properties":{"name":"Paris"}}],` +
		`"numberReturned":4,"links":[{"href":"http://host/ogc/collections/spots/items?crs=http://www.opengis.net/def/crs/EPSG/0/4326","rel":"self","type":"application/geo+json","title":"This document"},` +
		`{"href":"http://host/ogc/collections/spots","rel":"collection","type":"application/json","title":"Spots"}]}`
	if string(data) != want {
		t.Errorf("got  %s\nwant %s", data, want)
	}
	if w, _ := s.call("GET", "/ogc/collections/spots/items", "", "Accept: application/json"); w.Header.Get("Content-Type") != mediaJSON {
		t.Errorf("asked for JSON, Content-Type is %s", w.Header.Get("Content-Type"))
	}
	s.status(406, "GET", "/ogc/collections/spots/items", "", "Accept: text/html")
	s.status(406, "GET", "/ogc/collections/spots/items/1", "", "Accept: application/gml+xml")
	s.status(404, "GET", "/ogc/collections/spots/items/01", "")
	for _, path := range []string{"/ogc/", "/ogc/api", "/ogc/collections/spots/items", "/ogc/collections/spots/items/1"} {
		get, _ := s.call("GET", path, "")
		head, body := s.call("HEAD", path, "")
		if head.StatusCode != 200 || len(body) > 0 || head.Header.Get("Content-Type") != get.Header.Get("Content-Type") {
			t.Errorf("HEAD %s: %s %v %s", path, head.Status, head.Header, body)
		}
	}
}

func TestCollectionSaysItsCRS(t *testing.T) {
	s := newSite(t)
	c := s.get("/ogc/collections/land.parcels", "X-Forwarded-Proto: https", "X-Forwarded-Host: carte.example.fr")
	offered := fmt.Sprint(c["crs"])
	if storage := c["storageCrs"].(string); storage != crsURI(2154) || !strings.Contains(offered, storage) || !strings.Contains(offered, crs84) {
		t.Errorf("storage CRS %s of %s", storage, offered)
	}
	for _, l := range c["links"].([]any) {
		if href := l.(map[string]any)["href"].(string); !strings.HasPrefix(href, "https://carte.example.fr/") {
			t.Errorf("the proxy's address is lost: %s", href)
		}
	}
	box := c["extent"].(map[string]any)["spatial"].(map[string]any)["bbox"].([]any)[0].([]any)
	if box[0].(float64) > centre[0] || box[2].(float64) < centre[0] || box[1].(float64) > centre[1] || box[3].(float64) < centre[1] {
		t.Errorf("extent %v does not hold the centre", box)
	}
}

// What is written in any CRS comes back the same to the millimetre.
func TestEditsKeepCoordinatesInEveryCRS(t *testing.T) {
	s := newSite(t)
	const path = "/ogc/collections/land.parcels/items/00001000AB0001"
	exact := func() (wkb string) {
		if err := s.pool.QueryRow(context.Background(), `select encode(ST_AsEWKB(geom), 'hex') from land.parcels where number = 1`).Scan(&wkb); err != nil {
			t.Fatal(err)
		}
		return wkb
	}
	if _, err := s.pool.Exec(context.Background(), `update land.parcels set geom = ST_GeomFromText('MULTIPOLYGON(((574000.123 6279000.457, 574041.001 6279000.999, 574040.5 6279040.008, 574000.123 6279000.457)))', 2154) where number = 1`); err != nil {
		t.Fatal(err)
	}
	before := exact()
	for _, name := range []string{crs84, crsURI(4326), crsURI(3857), crsURI(2154)} {
		_, body := s.call("GET", path+"?crs="+name, "", "Viewer: editor")
		var f map[string]json.RawMessage
		if err := json.Unmarshal(body, &f); err != nil {
			t.Fatal(err)
		}
		s.status(204, "PUT", path, fmt.Sprintf(`{"type":"Feature","geometry":%s,"properties":{"section":"AB","number":1}}`, f["geometry"]),
			"Viewer: editor", "Content-Type: application/geo+json", "Content-Crs: <"+name+">")
		if after := exact(); after != before {
			t.Errorf("%s: %s became %s", name, before, after)
		}
	}
}

func TestETagsTellViewersApart(t *testing.T) {
	s := newSite(t)
	const path = "/ogc/collections/land.parcels/items/00001000AB0001"
	w, _ := s.call("GET", path, "")
	anonymous := w.Header.Get("ETag")
	s.status(304, "GET", path, "", "If-None-Match: "+anonymous)
	w, body := s.call("GET", path, "", "Viewer: reader", "If-None-Match: "+anonymous)
	if w.StatusCode != 200 || !strings.Contains(string(body), "private") {
		t.Errorf("who signed in gets %s %s", w.Status, body)
	}
	full := w.Header.Get("ETag")
	s.status(304, "GET", path, "", "Viewer: reader", "If-None-Match: "+full)
	patch := []string{"Viewer: editor", "Content-Type: application/merge-patch+json"}
	s.status(412, "PATCH", path, `{"properties":{"surveyed":true}}`, append(patch, `If-Match: ".4326"`)...)
	s.status(412, "PATCH", path, `{"properties":{"surveyed":true}}`, append(patch, `If-Match: W/`+full)...)
	s.status(204, "PATCH", path, `{"properties":{"surveyed":true}}`, append(patch, `If-Match: "1.1", `+full)...)
	s.status(412, "DELETE", path, "", "Viewer: editor", "If-Match: "+full)
}

func TestEditingNeedsTheRight(t *testing.T) {
	s := newSite(t)
	const items = "/ogc/collections/land.parcels/items"
	json := "Content-Type: application/geo+json"
	for viewer, status := range map[string]int{"": 401, "reader": 403} {
		s.status(status, "POST", items, "not even JSON", "Viewer: "+viewer, json)
		s.status(status, "PUT", items+"/00001000AB0001", "not even JSON", "Viewer: "+viewer, json)
		s.status(status, "DELETE", items+"/00001000AB0001", "", "Viewer: "+viewer)
	}
	for viewer, want := range map[string]string{"": "GET, HEAD, OPTIONS", "reader": "GET, HEAD, OPTIONS", "editor": "GET, HEAD, OPTIONS, POST"} {
		if w, _ := s.call("OPTIONS", items, "", "Viewer: "+viewer); w.Header.Get("Allow") != want {
			t.Errorf("%s is offered %s", viewer, w.Header.Get("Allow"))
		}
	}
	s.status(404, "PUT", items+"/00001000AB9999", `{"type":"Feature","geometry":null,"properties":{"section":"AB","number":9999}}`, "Viewer: editor", json)
	s.status(401, "GET", "/ogc/collections/land.blocks/items", "")
	s.status(200, "GET", "/ogc/collections/land.blocks/items", "", "Viewer: reader")
}

// Each reference in the definition leads somewhere, each operation has an
// identifier of its own, each parameter of a path is declared.
func TestDefinitionIsSound(t *testing.T) {
	s := newSite(t)
	doc := s.get("/ogc/api")
	if doc["openapi"] != "3.0.3" {
		t.Errorf("openapi is %v", doc["openapi"])
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				var at any = doc
				for _, step := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
					m, _ := at.(map[string]any)
					at = m[step]
				}
				if at == nil {
					t.Errorf("%s leads nowhere", ref)
				}
			}
			for _, part := range v {
				walk(part)
			}
		case []any:
			for _, part := range v {
				walk(part)
			}
		}
	}
	walk(doc)
	seen := map[string]bool{}
	for path, methods := range doc["paths"].(map[string]any) {
		for method, op := range methods.(map[string]any) {
			o := op.(map[string]any)
			id := o["operationId"].(string)
			if seen[id] {
				t.Errorf("two operations are named %s", id)
			}
			seen[id] = true
			if strings.Contains(path, "{id}") && !strings.Contains(fmt.Sprint(o["parameters"]), "#/components/parameters/id") {
				t.Errorf("%s %s does not declare id", method, path)
			}
			if len(o["responses"].(map[string]any)) < 2 {
				t.Errorf("%s %s has no answers", method, path)
			}
		}
	}
	for _, path := range []string{"/", "/conformance", "/collections", "/collections/spots", "/collections/spots/items", "/collections/spots/items/{id}"} {
		if doc["paths"].(map[string]any)[path] == nil {
			t.Errorf("%s is not described", path)
		}
	}
	if strings.Contains(fmt.Sprint(doc), "notes") || strings.Contains(fmt.Sprint(doc), "land.blocks") {
		t.Error("the definition tells anonymous viewers of what they may not see")
	}
}

func TestTilesOverHTTP(t *testing.T) {
	s := newSite(t)
	at := maptile.At(centre, 16)
	path := fmt.Sprintf("/tiles/land.parcels/16/%d/%d.mvt", at.X, at.Y)
	plain, data := s.call("GET", path, "", "Accept-Encoding: gzip;q=0")
	if plain.StatusCode != 200 || plain.Header.Get("Content-Encoding") != "" || plain.Header.Get("Cache-Control") != "public, no-cache" {
		t.Fatalf("%s %v", plain.Status, plain.Header)
	}
	if n := len(tiletest.Decode(t, data)[0].Features); n == 0 || n > columns*rows {
		t.Errorf("the tile has %d parcels", n)
	}
	packed, body := s.call("GET", path, "", "Accept-Encoding: br, gzip")
	unpacked, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := io.ReadAll(unpacked); err != nil || !bytes.Equal(again, data) {
		t.Errorf("compressed is another tile (%v)", err)
	}
	tag, packedTag := plain.Header.Get("ETag"), packed.Header.Get("ETag")
	if tag == packedTag || !strings.Contains(packed.Header.Get("Vary"), "Accept-Encoding") {
		t.Errorf("ETags %s and %s, Vary %s", tag, packedTag, packed.Header.Get("Vary"))
	}
	s.status(304, "GET", path, "", `If-None-Match: "x", W/`+tag)
	s.status(304, "GET", path, "", "If-None-Match: *")
	s.status(304, "GET", path, "", "Accept-Encoding: gzip", "If-None-Match: "+packedTag)
	s.status(200, "GET", path, "", "Accept-Encoding: gzip", "If-None-Match: "+tag)
	head, none := s.call("HEAD", path, "")
	if head.StatusCode != 200 || len(none) > 0 || head.Header.Get("ETag") != tag || head.Header.Get("Content-Length") != strconv.Itoa(len(data)) {
		t.Errorf("HEAD: %s %v", head.Status, head.Header)
	}
	empty, _ := s.call("GET", "/tiles/land.parcels/16/0/0.mvt", "")
	if empty.StatusCode != 204 || empty.Header.Get("ETag") == "" {
		t.Errorf("an empty tile: %s %v", empty.Status, empty.Header)
	}
	s.status(304, "GET", "/tiles/land.parcels/16/0/0.mvt", "", "If-None-Match: "+empty.Header.Get("ETag"))
	signedIn, _ := s.call("GET", path, "", "Viewer: reader")
	if signedIn.Header.Get("Cache-Control") != "private, no-cache" || signedIn.Header.Get("ETag") == tag {
		t.Errorf("who is signed in gets %v", signedIn.Header)
	}
	s.status(400, "GET", "/tiles/land.parcels,land.parcels/16/0/0.mvt", "")
	s.status(400, "GET", "/tiles/land.parcels,land.parcels.json", "")
	s.status(400, "GET", "/tiles/land.parcels/1.5/0/0.mvt", "")
	s.status(404, "GET", "/tiles/land.parcels/2/4/0.mvt", "")
	s.status(404, "GET", "/tiles/land.parcels", "")
}

func TestTileJSONDescribesWhatTheViewerMaySee(t *testing.T) {
	s := newSite(t)
	doc := s.get("/tiles/land.parcels,spots.json", "Accept-Language: fr", "X-Forwarded-Proto: https", "X-Forwarded-Host: carte.example.fr")
	if got := fmt.Sprint(doc["tiles"]); got != "[https://carte.example.fr/tiles/land.parcels,spots/{z}/{x}/{y}.mvt]" {
		t.Errorf("tiles are at %s", got)
	}
	if doc["tilejson"] != "3.0.0" || doc["minzoom"] != 0.0 || doc["maxzoom"] != 18.0 || doc["name"] != "Parcelles, Lieux" || len(doc["center"].([]any)) != 3 {
		t.Errorf("TileJSON is %v", doc)
	}
	for name, value := range doc {
		if value == nil {
			t.Errorf("%s is null, which TileJSON does not allow", name)
		}
	}
	first := doc["vector_layers"].([]any)[0].(map[string]any)
	if got := fmt.Sprint(first["fields"]); got != "map[id:String number:Number section:String surveyed:Boolean]" || first["id"] != "land.parcels" || first["minzoom"] != 8.0 {
		t.Errorf("the layer of parcels is %v", first)
	}
	if fields := s.get("/tiles/land.parcels.json", "Viewer: reader")["vector_layers"].([]any)[0].(map[string]any)["fields"]; fields.(map[string]any)["notes"] == nil {
		t.Errorf("a reader is told of %v", fields)
	}
	s.status(401, "GET", "/tiles/land.blocks.json", "")
}

// gdal runs a GDAL program and returns what it prints.
func gdal(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("ERROR")) || bytes.Contains(out, []byte("Warning")) {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

var featureCount = regexp.MustCompile(`Feature Count: (\d+)`)

func count(t *testing.T, info string) int {
	t.Helper()
	match := featureCount.FindStringSubmatch(info)
	if match == nil {
		t.Fatalf("no count in %s", info)
	}
	n, err := strconv.Atoi(match[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestGDALReadsAllFeaturesWhateverTheirNumber(t *testing.T) {
	s := newSite(t)
	info := gdal(t, "ogrinfo", "-ro", "-so", "OAPIF:"+s.url+"/ogc", "land.parcels")
	if n := count(t, info); n != columns*rows {
		t.Errorf("GDAL counts %d parcels of %d", n, columns*rows)
	}
	file := filepath.Join(t.TempDir(), "out.gpkg")
	gdal(t, "ogr2ogr", "-f", "GPKG", file, "OAPIF:"+s.url+"/ogc", "land.parcels", "-oo", "PAGE_SIZE=7", "-t_srs", "EPSG:2154")
	info = gdal(t, "ogrinfo", "-ro", "-so", file, "land.parcels")
	if n := count(t, info); n != columns*rows || !regexp.MustCompile(`Extent: \((573999.9999|574000.0000)`).MatchString(info) {
		t.Errorf("pages of 7 brought %d parcels of %d: %s", n, columns*rows, info)
	}
	// the box is in longitude and latitude; the boxes of four parcels reach into it
	info = gdal(t, "ogrinfo", "-ro", "-so", "-spat", "1.44032", "43.59914", "1.44057", "43.59932", "OAPIF:"+s.url+"/ogc", "land.parcels")
	var want int
	err := s.pool.QueryRow(context.Background(), `select count(*) from land.parcels where ST_Intersects(ST_Transform(geom, 4326), ST_MakeEnvelope(1.44032, 43.59914, 1.44057, 43.59932, 4326))`).Scan(&want)
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, info); n != want || want == 0 || want == columns*rows {
		t.Errorf("in the box GDAL finds %d parcels, PostGIS %d", n, want)
	}
	info = gdal(t, "ogrinfo", "-ro", "-so", "-where", "number = 7", "OAPIF:"+s.url+"/ogc", "land.parcels")
	if n := count(t, info); n != 1 {
		t.Errorf("GDAL finds %d parcels with number 7", n)
	}
}

func TestGDALReadsTiles(t *testing.T) {
	s := newSite(t)
	// A folder of tiles as GDAL wants it: z/x/y.mvt, and our TileJSON as metadata.
	folder := t.TempDir()
	_, metadata := s.call("GET", "/tiles/land.parcels.json", "")
	if err := os.WriteFile(filepath.Join(folder, "metadata.json"), metadata, 0o600); err != nil {
		t.Fatal(err)
	}
	const z = 16
	middle := maptile.At(centre, z)
	for x := middle.X - 4; x <= middle.X+4; x++ {
		for y := middle.Y - 4; y <= middle.Y+4; y++ {
			w, data := s.call("GET", fmt.Sprintf("/tiles/land.parcels/%d/%d/%d.mvt", z, x, y), "")
			if w.StatusCode == 204 {
				continue
			}
			tiletest.Decode(t, data)
			name := filepath.Join(folder, strconv.Itoa(z), fmt.Sprint(x), fmt.Sprintf("%d.mvt", y))
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	file := filepath.Join(folder, "out.gpkg")
	gdal(t, "ogr2ogr", "-f", "GPKG", file, "MVT:"+folder+"/"+strconv.Itoa(z), "-oo", "TILE_EXTENSION=mvt", "-oo", "METADATA_FILE="+folder+"/metadata.json")
	info := gdal(t, "ogrinfo", "-ro", "-q", file, "-sql", `select count(distinct id) as n, count(distinct number) as numbers from "land.parcels"`)
	if !strings.Contains(info, fmt.Sprintf("n (Integer) = %d", columns*rows)) || !strings.Contains(info, fmt.Sprintf("numbers (Integer) = %d", columns*rows)) {
		t.Errorf("the tiles hold not all of the %d parcels: %s", columns*rows, info)
	}
	if info := gdal(t, "ogrinfo", "-ro", "-so", "-al", fmt.Sprintf("MVT:%s/tiles/land.parcels/%d/%d/%d.mvt", s.url, z, middle.X, middle.Y)); count(t, info) == 0 {
		t.Errorf("GDAL reads nothing by HTTP: %s", info)
	}
}
