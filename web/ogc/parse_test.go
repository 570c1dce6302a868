package ogc

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"arpent/layers"
	"arpent/tiles"
	"arpent/web/geojson"
	"arpent/web/problem"
)

func request(headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestWantedEncodings(t *testing.T) {
	for header, want := range map[string]string{
		"": "identity", "gzip": "gzip", "GZIP": "gzip", "x-gzip": "gzip", "br": "br", "br, gzip;q=0.5": "br", "br;q=0.5, gzip": "gzip", "gzip, deflate, br, zstd": "gzip br", "gzip,br": "gzip br",
		"gzip;q=0": "identity", "gzip; q=0.000": "identity", "*": "gzip br", "*;q=0": "identity", "*, gzip;q=0": "br", "gzip;q=1, *;q=0": "gzip", "identity": "identity",
		"deflate, br": "br", "gzip;q=x": "identity", "identity, gzip;q=0.5": "identity", "identity;q=0.5, gzip;q=0.8": "gzip", "identity;q=0": "identity", "zstd": "identity",
	} {
		var names []string
		for e, wanted := range wantedEncodings(header) {
			if wanted {
				names = append(names, tiles.Encoding(e).String())
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("Accept-Encoding %q: %s, want %s", header, got, want)
		}
	}
}

func TestNegotiate(t *testing.T) {
	for accept, want := range map[string]string{
		"":                                       mediaGeoJSON,
		"*/*":                                    mediaGeoJSON,
		"application/json":                       mediaJSON,
		"application/geo+json":                   mediaGeoJSON,
		"application/*":                          mediaGeoJSON,
		"application/geo+json, application/json": mediaGeoJSON,
		"application/geo+json;q=0.5, application/json":                    mediaJSON,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": mediaGeoJSON,
		"application/geo+json;q=0, */*":                                   mediaJSON,
		"application/gml+xml":                                             "",
		"text/html":                                                       "",
		"*/*;q=0":                                                         "",
	} {
		got, err := negotiate(request("Accept", accept), mediaGeoJSON, mediaJSON)
		if got != want || (want == "") != (layers.KindOf(err) == problem.NotAcceptable) {
			t.Errorf("Accept %q: %q (%v), want %q", accept, got, err, want)
		}
	}
	r := request("Accept", "text/html")
	r.URL.RawQuery = "f=json"
	if got, err := negotiate(r, mediaGeoJSON); got != mediaGeoJSON {
		t.Errorf("f=json does not win over Accept: %q %v", got, err)
	}
}

func TestNoneMatch(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, `"a"`: true, `W/"a"`: true, `"b", "a"`: true, `"b"`: false, `*`: true, `a`: false, `"a-gzip"`: false,
	} {
		if got := noneMatch(request("If-None-Match", header), `"a"`); got != want {
			t.Errorf("If-None-Match %s: %v, want %v", header, got, want)
		}
	}
}

func TestIfMatchNamesVersions(t *testing.T) {
	for header, want := range map[string][]string{
		"":                                  nil,
		"*":                                 nil,
		`"77.4326"`:                         {"77"},
		`"77.2154s", "78.4326"`:             {"77", "78"},
		`W/"77.4326"`:                       {`W/"77.4326"`}, // weak tags never match here (RFC 9110, 13.1.1)
		`".4326"`:                           {`".4326"`},
		`"whatever"`:                        {`"whatever"`},
		etag("9", crs{2154, false}, "full"): {"9"},
	} {
		got := ifMatch(request("If-Match", header))
		if len(got) != len(want) {
			t.Errorf("If-Match %s: %q, want %q", header, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("If-Match %s: %q, want %q", header, got, want)
			}
		}
	}
}

func TestParseBBox(t *testing.T) {
	for text, want := range map[string]*layers.BBox{
		"1,2,3,4":          {MinX: 1, MinY: 2, MaxX: 3, MaxY: 4, SRID: 4326},
		" 1 , 2 , 3 , 4 ":  {MinX: 1, MinY: 2, MaxX: 3, MaxY: 4, SRID: 4326},
		"1,2,-10,3,4,1000": {MinX: 1, MinY: 2, MaxX: 3, MaxY: 4, SRID: 4326},
		"170,-20,-170,-10": {MinX: 170, MinY: -20, MaxX: -170, MaxY: -10, SRID: 4326},
		"1,2,3":            nil, "1,2,3,4,5": nil, "a,2,3,4": nil, "": nil, "1,,3,4": nil,
	} {
		got, err := parseBBox(text, crs{4326, false})
		if (err != nil) != (want == nil) || want != nil && *got != *want {
			t.Errorf("bbox %q: %v (%v), want %v", text, got, err, want)
		}
	}
	if got, err := parseBBox("43,1,44,2", crs{4326, true}); err != nil || *got != (layers.BBox{MinX: 1, MinY: 43, MaxX: 2, MaxY: 44, SRID: 4326}) {
		t.Errorf("latitude first: %v (%v)", got, err)
	}
}

func TestParseCRS(t *testing.T) {
	l := &layers.Layer{Source: layers.Source{SRID: 2154, Grid: 1000}}
	for name, want := range map[string]crs{
		"": {4326, false}, crs84: {4326, false}, "[OGC:CRS84]": {4326, false},
		"http://www.opengis.net/def/crs/EPSG/0/4326":    {4326, true},
		"https://www.opengis.net/def/crs/EPSG/0/2154":   {2154, false},
		"http://www.opengis.net/def/crs/EPSG/9.9/3857":  {3857, false},
		"urn:ogc:def:crs:EPSG::2154":                    {2154, false},
		"[EPSG:4326]":                                   {4326, true},
		"EPSG:3857":                                     {3857, false},
		"http://www.opengis.net/def/crs/EPSG/0/3949":    {},
		"http://www.opengis.net/def/crs/EPSG/0/2154'--": {},
		"WGS84": {},
	} {
		got, err := parseCRS(l, "crs", name)
		if got != want || (want == crs{}) != (layers.KindOf(err) == layers.BadRequest) {
			t.Errorf("crs %q: %v (%v), want %v", name, got, err, want)
		}
	}
}

func TestDatetimeIsUnderstood(t *testing.T) {
	for text, ok := range map[string]bool{
		"2026-02-28": true, "2026-02-28T13:45:00Z": true, "2026-02-28T13:45:00.5+01:00": true, "../2026-02-28": true, "2026-02-28/..": true,
		"/2026-02-28": true, "2026-02-27/2026-02-28": true, "../..": true,
		"": false, "..": false, "yesterday": false, "2026-02-30": false, "2026-03-01/2026-02-28": false, "2026-02-28/x": false,
	} {
		if _, err := momentOf(url.Values{"datetime": {text}}); (err == nil) != ok {
			t.Errorf("datetime %q: %v, want understood: %v", text, err, ok)
		}
	}
}

// FuzzDecodeFeature feeds the decoder anything: it answers a feature or an
// error of a person, and never panics.
func FuzzDecodeFeature(f *testing.F) {
	for _, seed := range []string{
		`{"type":"Feature","geometry":null,"properties":{}}`,
		`{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[1,2]},"properties":{"a":1}}`,
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[]},"properties":null}`,
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[1e400,2]},"properties":{}}`,
		`{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4,5]]},"properties":{}}`,
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]},"properties":{}}`,
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[]]},"properties":{}}`,
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[]},"properties":{}}`,
		`{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[],[[[0,0]]]]},"properties":{}}`,
		`{"type":"Feature","geometry":{"type":"MultiPoint","coordinates":[[1,2,3],[4,5,6]]},"properties":{}}`,
		`{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]},"properties":{}}`,
		`{"type":"Feature","geometry":{"type":"Point","coordinates":"x"},"properties":[]}`,
		`{"type":"Feature","type":"Point","geometry":{"Type":"Polygon","type":"Point","COORDINATES":[[1]],"coordinates":[1,2]},"properties":{}}`,
		`{"properties":{"a":null}}`, `[]`, `null`, ``, `{"type":`, `{}{}`, "\x00",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, patch bool) {
		feature, err := geojson.DecodeFeature(data, 4326, patch, patch)
		if err != nil {
			if kind := layers.KindOf(err); kind != layers.BadRequest && kind != layers.Invalid {
				t.Fatalf("%q: the error has kind %q: %v", data, kind, err)
			}
			return
		}
		if feature.Geometry == nil {
			return
		}
		if feature.Geometry.SRID() != 4326 {
			t.Fatalf("%q: the geometry has SRID %d", data, feature.Geometry.SRID())
		}
		if _, err := geojson.EncodeGeometry(feature.Geometry, false); err != nil {
			t.Fatalf("%q was read and cannot be written: %v", data, err)
		}
	})
}
