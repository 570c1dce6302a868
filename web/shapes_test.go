package web_test

import (
	"math"
	"net/http"
	"testing"

	"arpent/layers/postgis/postgistest"
)

func TestShapesAreMadeForWhoMayDraw(t *testing.T) {
	s := newSite(t)
	const path = "/api/layers/land.buildings/shapes"
	square := map[string]any{"type": "Polygon", "coordinates": [][][2]float64{{{650000, 5780000}, {650020, 5780000}, {650020, 5780020}, {650000, 5780020}, {650000, 5780000}}}}
	line := map[string]any{"type": "LineString", "coordinates": [][2]float64{{650010, 5779990}, {650010, 5780030}}}
	split := map[string]any{"operation": "split", "shapes": []any{square}, "with": line}
	rows := s.rows()

	s.ask(401, http.MethodPost, path, split)
	postgistest.Account(t, s.pool, "reads", s.town.Code, "reader")
	s.ask(403, http.MethodPost, path, split, s.bearer("reads"))
	s.ask(404, http.MethodPost, "/api/layers/land.nothing/shapes", split, s.admin())
	shapes := s.ask(200, http.MethodPost, path, split, s.admin()).json(t)["shapes"].([]any)
	if len(shapes) != 2 {
		t.Fatalf("%v", shapes)
	}
	// What lay on the grid of the map's plane comes back to within that of the layer.
	first := shapes[0].(map[string]any)["coordinates"].([]any)[0].([]any)[0].([]any)
	if x := first[0].(float64); math.Min(math.Abs(x-650000), math.Min(math.Abs(x-650010), math.Abs(x-650020))) > 0.002 {
		t.Errorf("%v", first)
	}

	missed := map[string]any{"operation": "split", "shapes": []any{square}, "with": map[string]any{"type": "LineString", "coordinates": [][2]float64{{650030, 5779990}, {650030, 5780030}}}}
	refusal := s.ask(200, http.MethodPost, path, missed, s.admin()).json(t)["refusal"].(map[string]any)
	if refusal["reason"] != "missed" || refusal["detail"] == "" {
		t.Errorf("%v", refusal)
	}
	s.refused(s.ask(422, http.MethodPost, path, map[string]any{"operation": "split", "shapes": []any{map[string]any{"type": "Polygon"}}}, s.admin()), 422, "shapes[0].coordinates")
	s.ask(422, http.MethodPost, path, map[string]any{"operation": "melt", "shapes": []any{square}}, s.admin())
	s.ask(422, http.MethodPost, path, map[string]any{"operation": "buffer", "shapes": []any{square}}, s.admin())
	if s.rows() != rows {
		t.Error("something was stored")
	}
}
