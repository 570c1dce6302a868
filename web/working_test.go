package web_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"testing"

	"arpent/layers/postgis/postgistest"
	"arpent/web/auth"
)

const workingPath = "/api/layers/land.parcels/working"

// bench does operations on the parcels of the town as somebody.
type bench struct {
	*site
	who      string // header
	revision float64
}

// parcel is the box of a parcel in EPSG:3857.
func (b *bench) parcel(id string) (box [4]float64) {
	b.Helper()
	var g string
	if err := b.pool.QueryRow(context.Background(), `select ST_AsText(geom) from land.parcels where id = $1`, id).Scan(&g); err != nil {
		b.Fatal(err)
	}
	err := b.pool.QueryRow(context.Background(), `select ST_XMin(g), ST_YMin(g), ST_XMax(g), ST_YMax(g) from (select ST_Transform(geom, 3857) as g from land.parcels where id = $1) p`, id).Scan(&box[0], &box[1], &box[2], &box[3])
	if err != nil {
		b.Fatal(err)
	}
	return box
}

// across is a line through the middle of a box from west to east.
func across(box [4]float64) [][2]float64 {
	y := (box[1] + box[3]) / 2
	return [][2]float64{{box[0] - 2, y}, {box[2] + 2, y}}
}

func (b *bench) do(operation map[string]any) map[string]any {
	b.Helper()
	out := b.ask(200, http.MethodPost, workingPath+"/steps", map[string]any{"revision": b.revision, "operation": operation}, b.who).json(b.TB)
	if set, ok := out["working"].(map[string]any); ok {
		b.revision = set["revision"].(float64)
	}
	return out
}

func (b *bench) undo(steps int) map[string]any {
	b.Helper()
	set := b.ask(200, http.MethodPost, workingPath+"/undo", map[string]any{"revision": b.revision, "steps": steps}, b.who).json(b.TB)
	b.revision = set["revision"].(float64)
	return set
}

func (b *bench) save() map[string]any {
	b.Helper()
	return b.ask(200, http.MethodPost, workingPath+"/save", map[string]any{"revision": b.revision}, b.who).json(b.TB)
}

// sound checks that parcels do not overlap and cover what they covered.
func (b *bench) sound(area float64) {
	b.Helper()
	var overlaps int
	var now float64
	err := b.pool.QueryRow(context.Background(), `
		select (select count(*) from land.parcels a join land.parcels b on a.id < b.id and ST_Overlaps(a.geom, b.geom)),
		       (select ST_Area(ST_Union(geom)) from land.parcels)`).Scan(&overlaps, &now)
	if err != nil {
		b.Fatal(err)
	}
	if overlaps > 0 || math.Abs(now-area) > 0.1 { // outer borders bend by half a millimetre where they are cut
		b.Errorf("%d parcels overlap; %.6f m² became %.6f", overlaps, area, now)
	}
}

func (s *site) area() (area float64) {
	s.Helper()
	if err := s.pool.QueryRow(context.Background(), `select ST_Area(ST_Union(geom)) from land.parcels`).Scan(&area); err != nil {
		s.Fatal(err)
	}
	return area
}

// largest are the identifiers of the largest parcels of the town.
func (s *site) largest(n int) (ids []string) {
	s.Helper()
	err := s.pool.QueryRow(context.Background(), `select array_agg(id) from (select id from land.parcels order by ST_Area(geom) desc, id limit $1) p`, n).Scan(&ids)
	if err != nil {
		s.Fatal(err)
	}
	return ids
}

func TestParcelsAreDividedTogetherAndSavedAtOnce(t *testing.T) {
	s := newSite(t)
	b := &bench{site: s, who: s.admin()}
	area := s.area()
	ids := s.largest(2)
	id := ids[0]
	if _, err := s.pool.Exec(context.Background(), `update land.parcels set registered_area = 1001 where id = $1`, id); err != nil {
		t.Fatal(err)
	}
	rows := s.rows()
	out := b.do(map[string]any{"kind": "split", "ids": []string{id}, "line": across(b.parcel(id))})
	if out["refusal"] != nil {
		t.Fatalf("%v", out)
	}
	set := out["working"].(map[string]any)
	found := map[string]float64{}
	for _, f := range set["features"].([]any) {
		f := f.(map[string]any)
		found[f["id"].(string)] = f["area"].(float64)
	}
	if found[id] == 0 || found[id+"/2"] == 0 {
		t.Fatalf("split into %v", found)
	}
	refused := b.do(map[string]any{"kind": "split", "ids": []string{id}, "line": [][2]float64{{0, 0}, {1, 1}}})["refusal"].(map[string]any)
	if refused["kind"] != "too-far" && refused["kind"] != "missed" {
		t.Errorf("%v", refused)
	}
	b.undo(1)
	if n := len(b.undo(-1)["steps"].([]any)); n != 1 {
		t.Errorf("%d steps after undo and redo", n)
	}
	if s.rows() != rows {
		t.Error("something was stored before it was saved")
	}
	saved := b.save()
	if saved["created"].(float64) != 1 || len(saved["conflicts"].([]any)) > 0 {
		t.Fatalf("%v", saved)
	}
	name := saved["names"].([]any)[0].(map[string]any)
	if name["layer"] != "land.parcels" || name["name"] != id+"/2" {
		t.Errorf("%v", name)
	}
	created := name["id"].(string)
	var sum, numbered int
	err := s.pool.QueryRow(context.Background(), `select sum(registered_area), count(*) filter (where id = collectivity || prefix || lpad(section, 2, '0') || lpad(number::text, 4, '0')) from land.parcels where id in ($1, $2)`, id, created).Scan(&sum, &numbered)
	if err != nil || sum != 1001 || numbered != 2 {
		t.Errorf("registered areas make up %d, %d are numbered: %v", sum, numbered, err)
	}
	b.sound(area)
	if got := s.ask(200, http.MethodGet, workingPath, nil, b.who).json(t); got["revision"].(float64) != 0 {
		t.Errorf("the set is still there: %v", got)
	}
	b.revision = 0
	b.do(map[string]any{"kind": "merge", "ids": []string{id, created}})
	b.save()
	err = s.pool.QueryRow(context.Background(), `select sum(registered_area), count(*) from land.parcels where id in ($1, $2)`, id, created).Scan(&sum, &numbered)
	if err != nil || sum != 1001 || numbered != 1 {
		t.Errorf("merged: %d m², %d parcels: %v", sum, numbered, err)
	}
	b.sound(area)
}

func TestOthersSavesAreNotLost(t *testing.T) {
	s := newSite(t)
	area := s.area()
	if err := auth.CreateAccount(t.Context(), s.pool, "colleague", "Colleague", true); err != nil {
		t.Fatal(err)
	}
	mine, theirs := &bench{site: s, who: s.admin()}, &bench{site: s, who: s.bearer("colleague")}
	id := s.largest(1)[0]
	box := mine.parcel(id)
	line := across(box)
	x := (box[0] + box[2]) / 2
	mine.do(map[string]any{"kind": "split", "ids": []string{id}, "line": line})
	out := theirs.do(map[string]any{"kind": "split", "ids": []string{id}, "line": [][2]float64{{x, box[1] - 2}, {x, box[3] + 2}}})
	if out["refusal"] != nil {
		t.Fatal(out)
	}
	others := s.ask(200, http.MethodGet, workingPath+"/others", nil, theirs.who).json(t)["others"].([]any)
	if len(others) != 1 || others[0].(map[string]any)["who"] != "Admin" {
		t.Errorf("others are %v", others)
	}
	theirs.save()
	conflicts := mine.save()["conflicts"].([]any)
	if len(conflicts) == 0 {
		t.Fatal("a save went over another")
	}
	first := conflicts[0].(map[string]any)
	if first["mine"] == nil || first["theirs"] == nil || first["current"] == nil {
		t.Errorf("a conflict does not show both shapes: %v", first)
	}
	mine.sound(area)
	if had := first["had"].(map[string]any); had["section"] == nil {
		t.Errorf("a conflict does not tell what one began with: %v", had)
	}
	if told := s.ask(200, http.MethodGet, workingPath+"/conflicts", nil, mine.who).json(t)["conflicts"].([]any); len(told) != len(conflicts) {
		t.Errorf("%d conflicts are told before one saves, %d when one does", len(told), len(conflicts))
	}
	choice := map[string]any{"layer": "land.parcels", "id": "another", "choice": "theirs"}
	resolve := func() map[string]any {
		t.Helper()
		return s.ask(200, http.MethodPost, workingPath+"/resolve", map[string]any{"revision": mine.revision, "choices": []any{choice}}, mine.who).json(t)
	}
	if open := resolve()["conflicts"].([]any); len(open) != len(conflicts) {
		t.Errorf("a conflict without a choice is not offered again: %v", open)
	}
	choice["id"] = id
	settled := resolve()
	if len(settled["givenUp"].([]any)) != 1 {
		t.Errorf("%v", settled)
	}
	mine.revision = settled["working"].(map[string]any)["revision"].(float64)
	if got := settled["working"].(map[string]any)["features"].([]any); len(got) > 0 {
		t.Errorf("left over: %v", got)
	}
	mine.do(map[string]any{"kind": "split", "ids": []string{id}, "line": line})
	if c := mine.save()["conflicts"].([]any); len(c) > 0 {
		t.Errorf("%v", c)
	}
	mine.sound(area)
}

func TestAReportTellsWhatIsWrongAndMendsIt(t *testing.T) {
	s := newSite(t)
	b := &bench{site: s, who: s.admin()}
	id := s.largest(1)[0]
	s.exec(`update land.parcels set geom = ST_Multi(ST_MakePolygon(ST_AddPoint(ST_ExteriorRing(ST_GeometryN(geom, 1)), ST_PointN(ST_ExteriorRing(ST_GeometryN(geom, 1)), 2), 1))) where id = $1`, id)
	report := func() (twice []map[string]any) {
		t.Helper()
		box := b.parcel(id)
		path := fmt.Sprintf("%s/report?bbox=%.3f,%.3f,%.3f,%.3f", workingPath, box[0], box[1], box[2], box[3])
		for _, w := range s.ask(200, http.MethodGet, path, nil, b.who).json(t)["wrong"].([]any) {
			if w := w.(map[string]any); w["kind"] == "duplicate-vertex" {
				twice = append(twice, w)
			}
		}
		return twice
	}
	wrong := report()
	if len(wrong) != 1 || wrong[0]["features"].([]any)[0].(map[string]any)["id"] != id {
		t.Fatalf("%v", wrong)
	}
	if out := b.do(wrong[0]["mends"].([]any)[0].(map[string]any)); out["refusal"] != nil {
		t.Fatal(out)
	}
	if left := report(); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	s.ask(400, http.MethodGet, workingPath+"/report?bbox=1,2,3", nil, b.who)
	s.ask(401, http.MethodGet, workingPath+"/report?bbox=1,2,3,4", nil)
}

func TestWorkingSetsAreGuarded(t *testing.T) {
	s := newSite(t)
	id := s.largest(1)[0]
	b := &bench{site: s, who: s.admin()}
	body := map[string]any{"revision": 0, "operation": map[string]any{"kind": "split", "ids": []string{id}, "line": across(b.parcel(id))}}
	s.ask(401, http.MethodPost, workingPath+"/steps", body)
	s.ask(401, http.MethodGet, workingPath, nil)
	postgistest.Account(t, s.pool, "reader", s.town.Code, "reader")
	s.ask(403, http.MethodPost, workingPath+"/steps", body, s.bearer("reader"))
	s.ask(422, http.MethodGet, "/api/layers/land.instructors/working", nil, s.admin())
	s.ask(404, http.MethodGet, "/api/layers/land.nothing/working", nil, s.admin())
	for _, bad := range []map[string]any{
		{"kind": "explode"}, {"kind": "split"}, {"kind": "merge"}, {"kind": "cut-road", "line": across(b.parcel(id))},
		{"kind": "split-by-areas", "ids": []string{id}, "line": across(b.parcel(id))},
		{"kind": "move", "from": [][2]float64{{1, 1}}, "to": [][2]float64{{1, 1}, {2, 2}}},
	} {
		s.ask(422, http.MethodPost, workingPath+"/steps", map[string]any{"revision": 0, "operation": bad}, s.admin())
	}
	b.do(body["operation"].(map[string]any))
	s.ask(409, http.MethodPost, workingPath+"/steps", body, s.admin()) // another window
	s.ask(204, http.MethodDelete, fmt.Sprintf("%s?revision=%v", workingPath, b.revision), nil, s.admin())
}

func TestSetsThatWereLeftAreListed(t *testing.T) {
	s := newSite(t)
	postgistest.Account(t, s.pool, "planner", s.town.Code, "manager")
	b := &bench{site: s, who: s.bearer("planner")}
	listed := func(who string) []any {
		t.Helper()
		return s.ask(200, http.MethodGet, "/api/working", nil, who).json(t)["sets"].([]any)
	}
	if sets := listed(b.who); len(sets) > 0 {
		t.Errorf("before anything was done: %v", sets)
	}
	id := s.largest(1)[0]
	box := b.parcel(id)
	b.do(map[string]any{"kind": "split", "ids": []string{id}, "line": across(box)})
	x := (box[0] + box[2]) / 2
	b.do(map[string]any{"kind": "split", "ids": []string{id}, "line": [][2]float64{{x, box[1] - 2}, {x, box[3] + 2}}})
	b.undo(1)
	sets := listed(b.who)
	if len(sets) != 1 {
		t.Fatalf("listed: %v", sets)
	}
	if set := sets[0].(map[string]any); set["layer"] != "land.parcels" || set["steps"] != 2.0 || set["done"] != 1.0 || set["changedAt"] == nil {
		t.Errorf("listed: %v", set)
	}
	if sets := listed(s.admin()); len(sets) > 0 {
		t.Errorf("somebody else sees them: %v", sets)
	}
	if sets := s.ask(200, http.MethodGet, "/api/working", nil).json(t)["sets"].([]any); len(sets) > 0 {
		t.Errorf("visitors see them: %v", sets)
	}
	if _, err := s.pool.Exec(t.Context(), `update arpent.membership set profile = 'reader' where account_id = (select id from arpent.account where login = 'planner')`); err != nil {
		t.Fatal(err)
	}
	if sets := listed(b.who); len(sets) > 0 {
		t.Errorf("a set that may not be saved any more: %v", sets)
	}
}
