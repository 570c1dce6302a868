// Package exchange reads files of other programs through GDAL.
package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"arpent/layers"
)

// Record is one feature of a file.
type Record struct {
	Properties map[string]any
	Geometry   json.RawMessage // GeoJSON in the CRS of the file; null for none
}

// Layers lists the layers of a file, in its order.
func Layers(ctx context.Context, path string) ([]string, error) {
	out, err := gdal(ctx, path, "ogrinfo", "-ro", "-q", path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, match := range layerLine.FindAllStringSubmatch(string(out), -1) {
		names = append(names, match[1])
	}
	return names, nil
}

var layerLine = regexp.MustCompile(`(?m)^\d+: (.*?)(?: \([^()]*\))?$`)

// Read reads one layer of a file, coordinates as they are in it.
func Read(ctx context.Context, path, layer string) ([]Record, error) {
	out, err := gdal(ctx, path, "ogr2ogr", "-f", "GeoJSON", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=6", "/vsistdout/", path, layer)
	if err != nil {
		return nil, err
	}
	var collection struct{ Features []Record }
	if err := json.Unmarshal(out, &collection); err != nil {
		return nil, fmt.Errorf("reading layer %s of %s: %w", layer, path, err)
	}
	return collection.Features, nil
}

// gdal runs a program of GDAL on a file. Only plain files are read: GDAL would
// open addresses on the network and databases under the same kind of name.
func gdal(ctx context.Context, path, program string, args ...string) ([]byte, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, layers.Errorf(layers.BadRequest, "%s is no file that can be read", path)
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "CPL_DEBUG=OFF", "GDAL_HTTP_MAX_RETRY=0"}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, layers.Errorf(layers.Unavailable, "%s is not installed: install the package gdal-bin", program)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || bytes.Contains(stderr.Bytes(), []byte("ERROR")) {
		first, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return nil, layers.Errorf(layers.Invalid, "%s cannot be read: %s", path, first)
	}
	return stdout.Bytes(), nil
}
