package web_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"arpent/apps/sewerage"
)

// Networks and free layers are edited by the same addresses as coverages.
func TestANetworkAndFreeShapesAreEditedByTheSameAddresses(t *testing.T) {
	s := newSite(t, sewerage.Layers)
	const manholes, path = "/api/layers/sewerage.nodes/working", "/api/layers/sewerage.pipes/working"
	var at [2]float64
	err := s.pool.QueryRow(context.Background(), `select ST_X(c), ST_Y(c) from (select ST_Transform(ST_SetSRID(ST_Centroid(ST_Extent(geom)::geometry), 2154), 3857) as c from land.parcels) s`).Scan(&at[0], &at[1])
	if err != nil {
		t.Fatal(err)
	}
	revision := 0.0
	do := func(path string, operation map[string]any) map[string]any {
		t.Helper()
		out := s.ask(200, http.MethodPost, path+"/steps", map[string]any{"revision": revision, "operation": operation}, s.admin()).json(t)
		if set, done := out["working"].(map[string]any); done {
			revision = set["revision"].(float64)
		}
		return out
	}
	properties := map[string]any{"network": "02", "collectivity": s.town.Code, "invert_up": 200.5, "invert_down": 200.1}
	out := do(manholes, map[string]any{"kind": "draw", "line": [][]float64{{at[0], at[1], 200.5}, {at[0] + 60, at[1], 200.1}}, "properties": properties})
	if out["refusal"] != nil {
		t.Fatalf("%v", out)
	}
	set := out["working"].(map[string]any)
	if set["model"] != "network" || set["layer"] != "sewerage.pipes" || fmt.Sprint(set["layers"]) != "[sewerage.pipes sewerage.nodes]" {
		t.Errorf("%v %v %v", set["model"], set["layer"], set["layers"])
	}
	features := set["features"].([]any)
	if len(features) != 3 {
		t.Fatalf("%v", features)
	}
	for _, f := range features {
		f := f.(map[string]any)
		shape := f["after"].(map[string]any)
		if f["layer"] != "sewerage.pipes" {
			if shape["type"] != "Point" || len(shape["coordinates"].([]any)) != 3 {
				t.Errorf("%v", shape)
			}
			do(path, map[string]any{"kind": "describe", "layer": f["layer"], "ids": []any{f["id"]}, "properties": map[string]any{"kind": "06"}})
			continue
		}
		if shape["type"] != "LineString" || f["length"].(float64) < 30 || f["properties"].(map[string]any)["network"] != "02" {
			t.Errorf("%v", f)
		}
	}
	do(path, map[string]any{"kind": "put-node", "to": [][]float64{{at[0] + 30, at[1]}}})
	saved := s.ask(200, http.MethodPost, path+"/save", map[string]any{"revision": revision}, s.admin()).json(t)
	if saved["created"].(float64) != 5 || len(saved["names"].([]any)) != 5 {
		t.Fatalf("%v", saved)
	}
	var joined int
	var middle float64
	err = s.pool.QueryRow(context.Background(), `select count(*), max(p.invert_up) filter (where p.invert_up < 200.4) from sewerage.pipes p
		join sewerage.nodes u on u.id = p.upstream and ST_DWithin(u.geom, ST_StartPoint(p.geom), 0) join sewerage.nodes d on d.id = p.downstream and ST_DWithin(d.geom, ST_EndPoint(p.geom), 0)`).Scan(&joined, &middle)
	if err != nil || joined != 2 || middle < 200.29 || middle > 200.31 {
		t.Errorf("%d pipes are joined, the level between is %v: %v", joined, middle, err)
	}
	box := fmt.Sprintf("%f,%f,%f,%f", at[0]-50, at[1]-50, at[0]+100, at[1]+50)
	if faults := s.ask(200, http.MethodGet, path+"/faults?bbox="+box, nil, s.admin()).json(t)["faults"].([]any); len(faults) > 0 {
		t.Errorf("%v", faults)
	}
	s.ask(422, http.MethodGet, "/api/layers/land.parcels/working/faults?bbox="+box, nil, s.admin())
	s.ask(401, http.MethodGet, path+"/faults?bbox="+box, nil)

	const free = "/api/layers/land.buildings/working"
	revision = 0
	ring := [][]float64{{at[0], at[1]}, {at[0] + 10, at[1] + 10}, {at[0] + 10, at[1]}, {at[0], at[1] + 10}, {at[0], at[1]}}
	refused := do(free, map[string]any{"kind": "put", "shapes": []any{map[string]any{"type": "Polygon", "coordinates": []any{ring}}}, "properties": map[string]any{"collectivity": s.town.Code}})["refusal"].(map[string]any)
	if refused["kind"] != "invalid" || refused["mend"] == nil || refused["at"] == nil || refused["shape"] == nil {
		t.Fatalf("%v", refused)
	}
	out = do(free, map[string]any{"kind": "put", "shapes": []any{refused["mend"]}, "properties": map[string]any{"collectivity": s.town.Code, "name": "Halle"}})
	if out["refusal"] != nil {
		t.Fatalf("%v", out)
	}
	s.ask(422, http.MethodPost, free+"/steps", map[string]any{"revision": revision, "operation": map[string]any{"kind": "put", "shapes": []any{map[string]any{"type": "Polygon", "coordinates": []any{1}}}}}, s.admin())
	s.ask(422, http.MethodPost, free+"/steps", map[string]any{"revision": revision, "operation": map[string]any{"kind": "put", "shapes": []any{nil}}}, s.admin())
	if saved := s.ask(200, http.MethodPost, free+"/save", map[string]any{"revision": revision}, s.admin()).json(t); saved["created"].(float64) != 1 {
		t.Errorf("%v", saved)
	}

	// A hole in what is stored, drawn and filled where the map shows it.
	square := func(x, y, side float64) map[string]any {
		return map[string]any{"type": "Polygon", "coordinates": []any{[][]float64{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}}}
	}
	revision = 0
	do(free, map[string]any{"kind": "put", "shapes": []any{square(at[0]+20, at[1], 30)}, "properties": map[string]any{"collectivity": s.town.Code, "name": "Cour"}})
	saved = s.ask(200, http.MethodPost, free+"/save", map[string]any{"revision": revision}, s.admin()).json(t)
	id := saved["names"].([]any)[0].(map[string]any)["id"]
	revision = 0
	for _, operation := range []map[string]any{
		{"kind": "cut-hole", "ids": []any{id}, "shapes": []any{square(at[0]+30, at[1]+10, 8)}},
		{"kind": "fill-hole", "ids": []any{id}, "to": [][]float64{{at[0] + 34, at[1] + 14}}},
	} {
		out := do(free, operation)
		if out["refusal"] != nil {
			t.Fatalf("%v: %v", operation["kind"], out["refusal"])
		}
		rings := len(out["working"].(map[string]any)["features"].([]any)[0].(map[string]any)["after"].(map[string]any)["coordinates"].([]any)[0].([]any))
		if want := map[string]int{"cut-hole": 2, "fill-hole": 1}[operation["kind"].(string)]; rings != want {
			t.Errorf("%v leaves %d rings", operation["kind"], rings)
		}
	}
}
