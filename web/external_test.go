package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/png" // legends and maps
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arpent/web/outbound/mapservertest"
)

// zones are the middle and the surroundings of the flood zones, in EPSG:3857.
const (
	zones      = "623389,5981336,627841,5982976"
	beside     = "500000,5981336,500100,5981436"
	service    = "/api/external/services/risks"
	ofTheLayer = "/api/external/layers/risks/0"
)

// openPrivate lets external services be on this machine.
func (s *site) openPrivate() {
	s.Helper()
	if err := os.WriteFile(filepath.Join(s.data, "maps.yaml"), []byte("privateHosts: [127.0.0.1]\n"), 0o644); err != nil {
		s.Fatal(err)
	}
}

// register registers the flood zones as a service of a kind.
func (s *site) register(kind, layer, address string, public bool) answer {
	return s.call(http.DefaultClient, http.MethodPut, service, map[string]any{
		"url": address, "kind": kind, "title": map[string]string{"fr": "Risques"}, "public": public, "layers": []map[string]any{{"name": layer}},
	}, s.admin())
}

func TestAWMSOfOthersIsShownThroughTheServer(t *testing.T) {
	s := newSite(t)
	s.openPrivate()
	address := mapservertest.Start(t)
	inspect := func(body map[string]any) map[string]any {
		t.Helper()
		return s.want(s.call(http.DefaultClient, http.MethodPost, "/api/external/inspect", body, s.admin()), 200).json(t)
	}
	offered := inspect(map[string]any{"url": address + "?service=WMS&request=GetCapabilities"})
	if offered["kind"] != "wms" || offered["version"] != "1.3.0" || offered["url"] != address || offered["attribution"] != "Préfecture" || !strings.Contains(fmt.Sprint(offered["layers"]), "Zones inondables") {
		t.Errorf("the service offers %v", offered)
	}
	if kind := inspect(map[string]any{"url": address, "kind": "wfs"})["kind"]; kind != "wfs" {
		t.Errorf("asked for features it is %v", kind)
	}
	s.refused(s.get(ofTheLayer+"/map?bbox="+zones+"&width=64&height=24"), 404, "")
	s.want(s.register("wms", "flood", address, false), 204)
	s.refused(s.get(ofTheLayer+"/map?bbox="+zones+"&width=64&height=24"), 401, "")
	if list := s.want(s.get("/api/maps"), 200).json(t)["external"].([]any); len(list) != 0 {
		t.Errorf("whoever is not signed in sees %v", list)
	}
	s.want(s.register("wms", "flood", address, true), 204)
	shown := s.want(s.get("/api/maps"), 200).json(t)["external"].([]any)[0].(map[string]any)
	if shown["id"] != "external.risks.0" || shown["crs"] != "EPSG:3857" || shown["tells"] != true || shown["legend"] != true || shown["extent"] == nil {
		t.Errorf("the page is told %v", shown)
	}

	picture := s.want(s.get(ofTheLayer+"/map?bbox="+zones+"&width=64&height=24&layers=secret&sld=http://evil.example"), 200)
	drawn, format, err := image.Decode(bytes.NewReader(picture.body))
	if err != nil || format != "png" || drawn.Bounds().Dx() != 64 {
		t.Fatalf("the map is %s, %v", format, err)
	}
	if _, _, blue, alpha := drawn.At(10, 12).RGBA(); alpha == 0 || blue>>8 != 220 {
		t.Errorf("a flood zone is drawn %v", drawn.At(10, 12))
	}
	if policy := picture.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") {
		t.Errorf("what others draw comes under the policy %q", policy)
	}
	if _, _, err := image.Decode(bytes.NewReader(s.want(s.get(ofTheLayer+"/legend"), 200).body)); err != nil {
		t.Errorf("the legend is no picture: %v", err)
	}
	told := s.want(s.get(ofTheLayer+"/information?bbox="+zones+"&width=64&height=24&x=10&y=12"), 200).json(t)
	if text := told["text"].(string); told["format"] != "gml" || !strings.Contains(text, "Zone inondable de la rivière") {
		t.Errorf("of a place it tells %v", told)
	}
	for path, status := range map[string]int{
		"/map?bbox=1,2,3&width=10&height=10":                                      400,
		"/map?bbox=0,0,NaN,1&width=10&height=10":                                  400,
		"/map?bbox=0,0,0,0&width=10&height=10":                                    400,
		"/map?bbox=" + zones + "&width=99999&height=10":                           400,
		"/map?bbox=" + zones + "&width=-1&height=10":                              400,
		"/map?bbox=" + zones + "&width=ten&height=10":                             400,
		"/information?bbox=" + zones + "&width=10&height=10&x=10&y=0":             400,
		"/information?bbox=" + zones + "&width=10&height=10&x=0&y=1;drop%20table": 422,
		"/features?bbox=" + zones:                                                 400,
		"/features?bbox=" + zones + "&start=0":                                    404,
		"/tile/1/0/0":                                                             404,
	} {
		s.refused(s.get(ofTheLayer+path), status, "")
	}
	s.refused(s.get("/api/external/layers/risks/1/map?bbox="+zones+"&width=10&height=10"), 404, "")
	s.refused(s.get("/api/external/layers/risks/-1/legend"), 404, "")
	s.refused(s.get("/api/external/layers/other/0/legend"), 404, "")
	s.refused(s.call(http.DefaultClient, http.MethodDelete, service, nil), 401, "")
	s.want(s.call(http.DefaultClient, http.MethodDelete, service, nil, s.admin()), 204)
	s.refused(s.get(ofTheLayer+"/legend"), 404, "")
}

func TestAWFSOfOthersGivesItsFeaturesInABox(t *testing.T) {
	s := newSite(t)
	s.openPrivate()
	s.want(s.register("wfs", "ms:flood", mapservertest.Start(t), true), 204)
	names := func(box string) (found []string) {
		t.Helper()
		a := s.want(s.get(ofTheLayer+"/features?start=0&bbox="+box), 200)
		if got := a.Header.Get("Content-Type"); got != "application/geo+json" {
			t.Fatalf("features come as %s: %s", got, a.body)
		}
		var collection struct {
			Features []struct {
				Properties map[string]any
				Geometry   struct{ Coordinates [][][2]float64 }
			}
		}
		if err := json.Unmarshal(a.body, &collection); err != nil {
			t.Fatal(err)
		}
		for _, f := range collection.Features {
			found = append(found, f.Properties["code"].(string))
			if x := f.Geometry.Coordinates[0][0][0]; x < 623000 || x > 628000 {
				t.Errorf("%v lies at %v", f.Properties, x)
			}
		}
		return found
	}
	if got := names(zones); len(got) != 2 {
		t.Errorf("in the box are %v", got)
	}
	if got := names("623400,5981400,623500,5981500"); len(got) != 1 || got[0] != "R1" {
		t.Errorf("in the corner are %v", got)
	}
	if got := names(beside); len(got) != 0 {
		t.Errorf("beside are %v", got)
	}
	s.refused(s.get(ofTheLayer+"/features?start=7&bbox="+zones), 400, "")
}

func TestOnlyAdministratorsSayWhereTheServerAsksAndNotWithin(t *testing.T) {
	s := newSite(t)
	address := mapservertest.Start(t)
	inspect := func(body string, headers ...string) answer {
		return s.call(http.DefaultClient, http.MethodPost, "/api/external/inspect", body, headers...)
	}
	s.refused(inspect(`{"url":"`+address+`"}`), 401, "")
	s.refused(s.get("/api/external/services"), 401, "")
	s.refused(s.call(http.DefaultClient, http.MethodPut, service, map[string]any{
		"url": address, "kind": "wms", "title": map[string]string{"fr": "x"}, "layers": []map[string]any{{"name": "flood"}},
	}), 401, "")
	s.refused(inspect(`{"url":"`+address+`"}`, s.admin()), 503, "private")
	s.refused(inspect(`{"url":"http://169.254.169.254/latest"}`, s.admin()), 503, "private")
	s.refused(inspect(`{"url":"file:///etc/passwd"}`, s.admin()), 422, "address")
	s.refused(inspect(`{"url":"https://me:secret@geo.example/wms"}`, s.admin()), 422, "credentials")
	s.refused(s.register("wms", "flood", address, true), 503, "private")
	s.openPrivate()
	s.refused(s.register("wms", "nothing", address, true), 422, "layers")
	s.want(s.register("wms", "flood", address, true), 204)
	listed := s.want(s.get("/api/external/services", s.admin()), 200).json(t)["services"].([]any)
	if one := listed[0].(map[string]any); one["url"] != address || one["attribution"] != "Préfecture" {
		t.Errorf("registered is %v", one)
	}
	// A host that is closed again is not asked any more.
	if err := os.WriteFile(filepath.Join(s.data, "maps.yaml"), []byte("maps: []\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.refused(s.get(ofTheLayer+"/map?bbox="+zones+"&width=64&height=24"), 503, "private")
}
