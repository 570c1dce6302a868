package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBaseMapsAreSwitchedOnByAdministratorsAlone(t *testing.T) {
	s := newSite(t)
	names := func() string {
		t.Helper()
		var ids []string
		for _, b := range s.want(s.get("/api/maps"), 200).json(t)["baseMaps"].([]any) {
			ids = append(ids, b.(map[string]any)["id"].(string))
		}
		return strings.Join(ids, " ")
	}
	put := func(id, body string, headers ...string) answer {
		return s.call(http.DefaultClient, http.MethodPut, "/api/maps/base/"+id, body, headers...)
	}
	if got := names(); got != "" {
		t.Errorf("at first %s are on", got)
	}
	s.refused(s.get("/api/maps/base"), 401, "")
	s.refused(put("osm", `{"enabled":true}`), 401, "")
	s.want(put("osm", `{"enabled":true}`, s.admin()), 204)
	if got := names(); got != "osm" {
		t.Errorf("then %s are on", got)
	}
	s.refused(put("atlas", `{"enabled":true}`, s.admin()), 404, "")
	s.refused(put("osm", `{"enabled":"yes"}`, s.admin()), 422, "enabled")
	s.want(put("osm", `{"enabled":null}`, s.admin()), 204)
	if got := names(); got != "" {
		t.Errorf("left to the file %s are on", got)
	}
	if err := os.WriteFile(filepath.Join(s.data, "maps.yaml"), []byte("maps: 3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if fault := s.want(s.get("/api/maps/base", s.admin()), 200).json(t)["fault"].(string); !strings.Contains(fault, "maps.yaml:1: maps:") {
		t.Errorf("the fault is %q", fault)
	}
}
