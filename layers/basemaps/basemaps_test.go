package basemaps_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arpent/layers"
	"arpent/layers/basemaps"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

const fine = `default: plan
privateHosts: [sig.mairie.example]
maps:
  - id: plan
    title: {fr: Plan, en: Map}
    kind: xyz
    url: https://tiles.example/{z}/{x}/{y}.png
    attribution: Town
  - id: photo
    title: Photographies
    kind: wmts
    url: https://photo.example:8443/wmts
    layer: ORTHO
    matrixSet: PM
    attribution: Town
    enabled: false
`

func TestWhatIsWrongIsToldWithItsLine(t *testing.T) {
	c, err := basemaps.ReadFile("maps.yaml", []byte(fine))
	if err != nil {
		t.Fatal(err)
	}
	if plan := c.Maps[0]; !plan.Enabled || !plan.CORS || plan.MaxZoom != 19 || plan.CRS != "EPSG:3857" || plan.Host() != "https://tiles.example" || c.Maps[1].Title.In("en") != "Photographies" {
		t.Errorf("what is left out is not filled in: %+v", plan)
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"no YAML":                {"maps:", "maps: [", "maps.yaml: "},
		"a slip in a key":        {"attribution: Town\n  -", "atribution: Town\n  -", "maps.yaml:8: maps[0].atribution: is no known key: do you mean attribution?"},
		"a kind there is not":    {"kind: xyz", "kind: xzy", "maps.yaml:6: maps[0].kind: xzy is not one of xyz, wmts, wms"},
		"no attribution":         {"    attribution: Town\n  -", "  -", "attribution is missing"},
		"no place for a row":     {"{y}", "y", "maps.yaml:7: maps[0].url: of kind xyz needs {z}, {x} and {y}"},
		"several hosts":          {"//tiles", "//{a-c}.tiles", "maps.yaml:7: maps[0].url: name one host"},
		"a host that is code":    {"//tiles.example", "//tiles.example;script-src", "maps[0].url: needs a host"},
		"a password":             {"//photo", "//me:secret@photo", "maps.yaml:12: maps[1].url: needs a host"},
		"no address":             {"https://photo", "file://photo", "maps.yaml:12: maps[1].url"},
		"no layer":               {"    layer: ORTHO\n", "", "maps[1].layer: is missing"},
		"no matrix set":          {"    matrixSet: PM\n", "", "maps[1].matrixSet: is missing"},
		"the same twice":         {"id: photo", "id: plan", "maps.yaml:9: maps[1].id: there is another base map plan"},
		"the name of own":        {"id: photo", "id: own", "there is another base map own"},
		"a default there is not": {"default: plan", "default: plans", "maps.yaml:1: default: there is no base map plans: do you mean plan?"},
		"a grid is wanted":       {"    matrixSet: PM", "    matrixSet: PM\n    crs: EPSG:2154", "maps[1].grid: is missing"},
		"a grid upside down":     {"    matrixSet: PM", "    matrixSet: PM\n    grid: {origin: [0, 0], resolutions: [1, 2]}", "write them coarsest first"},
		"too few matrices":       {"    matrixSet: PM", "    matrixSet: PM\n    grid: {origin: [0, 0], resolutions: [2, 1], matrices: [a]}", "names 1 matrices for 2 resolutions"},
		"levels upside down":     {"    matrixSet: PM", "    matrixSet: PM\n    minzoom: 20", "maps.yaml:15: maps[1].minzoom: is above maxzoom"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(fine, c.from) {
				t.Fatalf("%q is not in the file", c.from)
			}
			_, err := basemaps.ReadFile("maps.yaml", []byte(strings.Replace(fine, c.from, c.to, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add([]byte(fine))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := basemaps.ReadFile("fuzz.yaml", data)
		if err != nil {
			return
		}
		for _, b := range c.Maps {
			if b.Host() == "" || strings.ContainsAny(b.Host(), " ;,'\"") {
				t.Errorf("host %q goes into a policy", b.Host())
			}
		}
	})
}

func TestShippedMapsAreReadyAndOff(t *testing.T) {
	s, path := open(t)
	all, fault, err := s.All(t.Context())
	if err != nil || fault != "" || len(all) < 4 {
		t.Fatalf("%s gives %v, %q, %v", path, all, fault, err)
	}
	on, first, err := s.Enabled(t.Context())
	if err != nil || len(on) != 0 || first != basemaps.Own {
		t.Errorf("on are %v, first %s, %v", on, first, err)
	}
}

func TestTheFileIsReadAgainAndAFaultKeepsWhatWas(t *testing.T) {
	s, path := open(t)
	write(t, path, fine)
	on, first, err := s.Enabled(t.Context())
	if err != nil || len(on) != 1 || first != "plan" {
		t.Fatalf("on are %v, first %s, %v", on, first, err)
	}
	write(t, path, strings.Replace(fine, "kind: xyz", "kind: atlas", 1))
	all, fault, err := s.All(t.Context())
	if err != nil || len(all) != 2 || !strings.Contains(fault, "maps.yaml:6:") {
		t.Errorf("of a wrong file there are %v, fault %q, %v", all, fault, err)
	}
	write(t, path, "maps: []\n")
	if all, fault, err = s.All(t.Context()); err != nil || len(all) != 0 || fault != "" {
		t.Errorf("of an empty one there are %v, fault %q, %v", all, fault, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if c, fault := s.Config(); len(c.Maps) != 0 || fault != "" {
		t.Errorf("of none there are %v, fault %q", c.Maps, fault)
	}
}

func TestAdministratorsDecideBeforeTheFile(t *testing.T) {
	s, path := open(t)
	write(t, path, fine)
	admin := layers.Viewer{Admin: true}
	yes, no := true, false
	enable := func(id string, on *bool) {
		t.Helper()
		if err := s.Enable(t.Context(), admin, id, on); err != nil {
			t.Fatal(err)
		}
	}
	hosts := func(want ...string) {
		t.Helper()
		got, err := s.Hosts(t.Context())
		if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("hosts are %v, %v, want %v", got, err, want)
		}
	}
	hosts("https://tiles.example")
	enable("photo", &yes)
	hosts("https://photo.example:8443", "https://tiles.example")
	enable("plan", &no)
	hosts("https://photo.example:8443")
	enable("plan", nil)
	enable("photo", nil)
	hosts("https://tiles.example")
	for _, c := range []struct {
		viewer layers.Viewer
		id     string
		want   layers.Kind
	}{{layers.Viewer{UserID: 1}, "plan", layers.Forbidden}, {admin, "atlas", layers.NotFound}} {
		e, ok := errors.AsType[*layers.Error](s.Enable(context.Background(), c.viewer, c.id, &yes))
		if !ok || e.Kind != c.want {
			t.Errorf("switching %s is %v, want %s", c.id, e, c.want)
		}
	}
}

func open(t *testing.T) (*basemaps.Service, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "maps.yaml")
	s, err := basemaps.Open(postgistest.New(t), path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s, path
}

// write changes the file in a way that its size tells.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
