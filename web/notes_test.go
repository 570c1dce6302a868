package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"arpent/layers/postgis/postgistest"
)

func TestNotesAndBookmarksThroughTheAPI(t *testing.T) {
	s := newSite(t)
	code := s.town.Code
	s.exec(`insert into arpent.collectivity (code, name) values ('00002', 'Two')`)
	for login, of := range map[string][2]string{"boss": {code, "administrator"}, "reader": {code, "reader"}, "far": {"00002", "administrator"}} {
		postgistest.Account(t, s.pool, login, of[0], of[1])
	}
	boss, reader, far := s.bearer("boss"), s.bearer("reader"), s.bearer("far")
	at := func(path string, id any) string { return fmt.Sprintf(path, id) }

	t.Run("bookmarks", func(t *testing.T) {
		s := &site{TB: t, url: s.url, pool: s.pool}
		body := map[string]any{"name": "Halle", "view": "at=1,2,3&layers=land.parcels"}
		id := s.ask(200, http.MethodPost, "/api/bookmarks", body, reader).json(t)["id"]
		body["collectivity"] = code
		shared := s.ask(200, http.MethodPost, "/api/bookmarks", body, boss).json(t)["id"]
		s.ask(403, http.MethodPost, "/api/bookmarks", body, reader)
		s.ask(401, http.MethodPost, "/api/bookmarks", body)
		s.ask(204, http.MethodPatch, at("/api/bookmarks/%v", id), map[string]any{"name": "Marché"}, reader)
		s.ask(404, http.MethodPatch, at("/api/bookmarks/%v", shared), map[string]any{"removed": true}, reader)
		s.ask(422, http.MethodPatch, at("/api/bookmarks/%v", id), map[string]any{"name": ""}, reader)
		s.ask(204, http.MethodPut, "/api/bookmarks/order", map[string]any{"ids": []any{id}}, reader)
		for who, want := range map[string]string{reader: "Marché true, Halle false, ", boss: "Halle true, ", far: ""} {
			got := ""
			for _, b := range s.ask(200, http.MethodGet, "/api/bookmarks", nil, who).json(t)["bookmarks"].([]any) {
				got += fmt.Sprintf("%v %v, ", b.(map[string]any)["name"], b.(map[string]any)["editable"])
			}
			if got != want {
				t.Errorf("has %q, want %q", got, want)
			}
		}
	})

	t.Run("notes", func(t *testing.T) {
		s := &site{TB: t, url: s.url, pool: s.pool}
		note := map[string]any{"id": "a", "kind": "line", "places": [][]float64{{1, 2}, {3, 4}}, "text": "<img src=x onerror=alert(1)>", "colour": "#c92a2a", "width": 3, "figures": true}
		content := map[string]any{"title": "Marché", "notes": []any{note}}
		s.ask(401, http.MethodPost, "/api/notes", content)
		id := s.ask(200, http.MethodPost, "/api/notes", content, reader).json(t)["id"]
		sheet, links := at("/api/notes/%v", id), at("/api/notes/%v/links", id)
		if got := s.ask(200, http.MethodGet, sheet, nil, reader).json(t); fmt.Sprint(got["notes"].([]any)[0].(map[string]any)["text"]) != note["text"] {
			t.Errorf("kept is %v", got)
		}
		for _, who := range []string{boss, far} {
			s.ask(404, http.MethodGet, sheet, nil, who)
		}
		s.ask(401, http.MethodGet, sheet, nil)
		content["version"] = 1
		s.ask(200, http.MethodPut, sheet, content, reader)
		s.ask(412, http.MethodPut, sheet, content, reader)
		note["colour"] = "red"
		content["version"] = 2
		s.refused(s.ask(422, http.MethodPut, sheet, content, reader), 422, "notes[0].colour")

		order := map[string]any{"mayComment": true, "days": 7, "view": "at=1,2,3"}
		s.ask(404, http.MethodPost, links, order, boss)
		s.ask(422, http.MethodPost, links, map[string]any{"mayComment": true, "days": 1000, "view": ""}, reader)
		link := s.ask(200, http.MethodPost, links, order, reader).json(t)
		linked := at("/api/linked-notes/%v", link["token"])
		got := s.ask(200, http.MethodGet, linked, nil).json(t)
		if got["mine"] != false || got["mayComment"] != true || got["expiresAt"] == nil || len(got["links"].([]any)) != 0 {
			t.Errorf("under the link is %v", got)
		}
		s.ask(204, http.MethodPost, linked+"/comments", map[string]any{"note": "a", "author": "Anne", "text": "Ici ?"})
		s.ask(422, http.MethodPost, linked+"/comments", map[string]any{"text": "Ici ?"})
		s.ask(204, http.MethodPut, sheet+"/collectivity", map[string]any{"collectivity": code}, reader)
		s.ask(200, http.MethodGet, sheet, nil, boss)
		s.ask(404, http.MethodGet, sheet, nil, far)
		s.ask(204, http.MethodPost, sheet+"/comments", map[string]any{"text": "Vu"}, boss)
		s.ask(404, http.MethodPost, sheet+"/comments", map[string]any{"text": "Vu"}, far)
		comments := s.ask(200, http.MethodGet, sheet, nil, reader).json(t)["comments"].([]any)
		if len(comments) != 2 {
			t.Fatalf("comments are %v", comments)
		}
		s.ask(204, http.MethodDelete, at(sheet+"/comments/%v", comments[0].(map[string]any)["id"]), nil, reader)
		s.ask(204, http.MethodDelete, at(links+"/%v", link["id"]), nil, reader)
		s.ask(404, http.MethodGet, linked, nil)
		s.ask(404, http.MethodPost, linked+"/comments", map[string]any{"author": "Anne", "text": "Ici ?"})
		if a := s.ask(404, http.MethodGet, "/api/linked-notes/"+strings.Repeat("x", 50), nil); strings.Contains(string(a.body), "xxx") {
			t.Errorf("says %s", a.body)
		}
		s.ask(204, http.MethodPut, sheet+"/removed", map[string]any{"removed": true}, reader)
		if all := s.ask(200, http.MethodGet, "/api/notes", nil, reader).json(t)["sheets"].([]any); len(all) != 0 {
			t.Errorf("removed, the list has %v", all)
		}
		s.ask(204, http.MethodPut, sheet+"/removed", map[string]any{"removed": false}, reader)
		s.ask(200, http.MethodGet, sheet, nil, reader)
	})
}
