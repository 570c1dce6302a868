// Package exchange reads and writes files of other programs through GDAL.
package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/geojson"

	"arpent/layers"
)

// Layer is a layer of a file.
type Layer struct {
	Name   string
	SRID   int      // EPSG code of its CRS; 0 when the file does not say one that has a code
	Fields []string // in the order of the file
	Shape  string   // type of its geometries as OGC Simple Features names it, such as "Polygon"; "" for none
	Count  int64    // of its records; -1 when it does not say
}

// Record is one feature of a layer.
type Record struct {
	Properties map[string]any // as encoding/json reads them
	Geometry   geom.T         // in the CRS of the layer; nil for none
}

// Layers lists the layers of a file, in its order.
func Layers(ctx context.Context, path string, options ...Option) ([]Layer, error) {
	path, err := plainFile(path)
	if err != nil {
		return nil, err
	}
	args := []string{"-ro", "-so", "-al", "-nomd"}
	for _, o := range options {
		args = append(args, string(o))
	}
	run, err := start(ctx, "ogrinfo", append(args, path)...)
	if err != nil {
		return nil, err
	}
	said, err := io.ReadAll(run.stdout)
	if err := errors.Join(run.end(path), err); err != nil {
		return nil, err
	}
	return parseInfo(string(said)), nil
}

var (
	// epsgLine closes the WKT of a CRS: the identifiers within it stand deeper.
	epsgLine  = regexp.MustCompile(`^    ID\["EPSG",(\d+)\]\]$`)
	fieldLine = regexp.MustCompile(`^(.+): \w+(?:\(\w+\))? \(\d+\.\d+\)`)
)

// parseInfo reads what ogrinfo -so -al says.
func parseInfo(said string) []Layer {
	var all []Layer
	for line := range strings.Lines(said) {
		line = strings.TrimRight(line, "\r\n")
		if name, ok := strings.CutPrefix(line, "Layer name: "); ok {
			all = append(all, Layer{Name: name, Count: -1})
			continue
		}
		if len(all) == 0 {
			continue
		}
		l := &all[len(all)-1]
		if shape, ok := strings.CutPrefix(line, "Geometry: "); ok && shape != "None" {
			l.Shape = shapeName(shape)
		} else if count, ok := strings.CutPrefix(line, "Feature Count: "); ok {
			l.Count, _ = strconv.ParseInt(count, 10, 64)
		} else if match := epsgLine.FindStringSubmatch(line); match != nil {
			l.SRID, _ = strconv.Atoi(match[1])
		} else if match := fieldLine.FindStringSubmatch(line); match != nil {
			l.Fields = append(l.Fields, match[1])
		}
	}
	return all
}

// shapeName writes what ogrinfo calls a type of geometry as one word.
func shapeName(said string) string {
	said = strings.NewReplacer("3D ", "", "Measured ", "").Replace(said)
	for _, w := range strings.Fields(said) {
		switch w {
		case "Unknown":
			return "Geometry"
		case "String", "Line", "Multi", "Point", "Polygon", "Collection", "Geometry":
		default:
			return "Geometry"
		}
	}
	return strings.ReplaceAll(said, " ", "")
}

// Option changes how records are read.
type Option string

// Mended repairs the shapes that break the rules of OGC Simple Features.
const Mended Option = "-makevalid"

// Records reads the records of a layer as one asks for them. Reading stops at
// the first error.
func Records(ctx context.Context, path, layer string, options ...Option) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		if err := records(ctx, path, layer, options, yield); err != nil && !errors.Is(err, errEnough) {
			yield(Record{}, err)
		}
	}
}

var errEnough = errors.New("no more records are wanted")

func records(ctx context.Context, path, layer string, options []Option, yield func(Record, error) bool) error {
	path, err := plainFile(path)
	if err != nil {
		return err
	}
	// Not RFC 7946, nor GeoJSON sequences: they would be brought into WGS 84.
	// Native data would take properties called id away.
	args := []string{"-f", "GeoJSON", "-lco", "RFC7946=NO", "-noNativeData"}
	for _, o := range options {
		args = append(args, string(o))
	}
	run, err := start(ctx, "ogr2ogr", append(args, "/vsistdout/", path, layer)...)
	if err != nil {
		return err
	}
	failed := decode(run.stdout, func(r Record) bool { return yield(r, nil) })
	if errors.Is(failed, errEnough) {
		run.abandon()
		return failed
	}
	if err := run.end(path); err != nil {
		return err // why the output is cut short
	}
	if failed != nil {
		return fmt.Errorf("reading layer %s of %s: %w", layer, path, failed)
	}
	return nil
}

// decode reads a GeoJSON feature collection feature by feature.
func decode(from io.Reader, each func(Record) bool) error {
	in := json.NewDecoder(from)
	for {
		token, err := in.Token()
		if err != nil {
			return err
		}
		if token == "features" {
			break
		}
	}
	if _, err := in.Token(); err != nil { // [
		return err
	}
	for in.More() {
		var feature struct {
			Properties map[string]any
			Geometry   json.RawMessage
		}
		if err := in.Decode(&feature); err != nil {
			return err
		}
		r := Record{Properties: feature.Properties}
		if err := geojson.Unmarshal(feature.Geometry, &r.Geometry); err != nil {
			return err
		}
		if !each(r) {
			return errEnough
		}
	}
	_, err := io.Copy(io.Discard, io.MultiReader(in.Buffered(), from))
	return err
}

// unreadable says that a file cannot be read, as far as its owner can mend it.
func unreadable(path, why string) error {
	return layers.Errorf(layers.Invalid, "%s cannot be read: %s", path, why)
}
