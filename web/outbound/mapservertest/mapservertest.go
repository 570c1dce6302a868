// Package mapservertest starts Debian's MapServer for tests, so that what is
// written of the standards meets a program that keeps them: a WMS and a WFS of
// two flood zones.
package mapservertest

import (
	"embed"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

//go:embed flood.geojson mapserver.conf risks.map
var files embed.FS

// Box is in longitude and latitude; the zones meet in its middle.
var Box = [4]float64{5.6, 47.24, 5.64, 47.25}

// Start serves until the test ends and answers the address.
func Start(t testing.TB) string {
	t.Helper()
	program, err := exec.LookPath("mapserv")
	if err != nil {
		t.Fatal("MapServer is missing: make test-packages installs it")
	}
	dir := t.TempDir()
	entries, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, e.Name()), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(&cgi.Handler{
		Path: program, Dir: dir, Root: "/",
		Env: []string{"MS_MAPFILE=" + filepath.Join(dir, "risks.map"), "MAPSERVER_CONFIG_FILE=" + filepath.Join(dir, "mapserver.conf")},
	})
	t.Cleanup(server.Close)
	return server.URL + "/ows"
}
