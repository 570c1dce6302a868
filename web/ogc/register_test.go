package ogc

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

func TestRecordsWithoutShapeAreFeaturesWithoutGeometry(t *testing.T) {
	s := newSite(t)
	collection := s.get("/ogc/collections/kinds")
	if _, ok := collection["storageCrs"]; ok || strings.Contains(string(mustJSON(t, collection["links"])), "/tiles/") {
		t.Errorf("the collection is %v", collection)
	}
	items := s.get("/ogc/collections/kinds/items")
	features, _ := items["features"].([]any)
	if len(features) != 2 || items["numberMatched"] != 2.0 {
		t.Fatalf("items are %v", items)
	}
	if first, _ := features[0].(map[string]any); first["geometry"] != nil || first["properties"].(map[string]any)["name"] != "oak" {
		t.Errorf("the first is %v", first)
	}
	s.status(201, "POST", "/ogc/collections/kinds/items", `{"type":"Feature","geometry":null,"properties":{"name":"ash"}}`, "Viewer: editor", "Content-Type: application/geo+json")
	s.status(422, "POST", "/ogc/collections/kinds/items", `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"name":"elm"}}`, "Viewer: editor", "Content-Type: application/geo+json")
	s.status(400, "GET", "/ogc/collections/kinds/items?bbox=1,2,3,4", "")
	s.status(204, "GET", "/tiles/kinds/14/1/1.mvt", "")
	out, err := exec.Command("ogrinfo", "-ro", "-al", "-so", "OAPIF:"+s.url+"/ogc", "kinds").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Feature Count: 3") {
		t.Errorf("GDAL reads %s (%v)", out, err)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
