package coverage_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"arpent/geo/coverage"
	"arpent/geo/town"
)

// invented answers the parcels of a made-up town, all alike in each test.
func invented(t testing.TB, inhabitants int) []coverage.Feature {
	t.Helper()
	all, err := town.Generate(town.Options{Seed: 7, Inhabitants: inhabitants})
	if err != nil {
		t.Fatal(err)
	}
	features := make([]coverage.Feature, len(all.Parcels))
	for i, p := range all.Parcels {
		features[i] = coverage.Feature{ID: coverage.ID(p.ID), Shape: orb.MultiPolygon{p.Geometry}}
	}
	return features
}

var commune = sync.OnceValues(readCommune)

// real answers the 511 parcels of commune 25354.
func real(t testing.TB) []coverage.Feature {
	t.Helper()
	features, err := commune()
	if err != nil {
		t.Fatal(err)
	}
	if len(features) == 0 {
		t.Skip("../../../shared/data/cadastre-25354 is missing")
	}
	return features
}

func readCommune() ([]coverage.Feature, error) {
	sheets, err := filepath.Glob("../../../shared/data/cadastre-25354/*.tar.bz2")
	if err != nil {
		return nil, err
	}
	var features []coverage.Feature
	for _, sheet := range sheets {
		parcels, err := readSheet(sheet)
		if err != nil {
			return nil, err
		}
		for _, f := range parcels {
			id := coverage.ID(f.Properties.MustString("IDU"))
			switch g := f.Geometry.(type) {
			case orb.Polygon:
				features = append(features, coverage.Feature{ID: id, Shape: orb.MultiPolygon{g}})
			case orb.MultiPolygon:
				features = append(features, coverage.Feature{ID: id, Shape: g})
			}
		}
	}
	return features, nil
}

func readSheet(archive string) ([]*geojson.Feature, error) {
	folder, err := os.MkdirTemp("", "sheet")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := exec.Command("tar", "-xjf", archive, "-C", folder).Run(); err != nil {
		return nil, err
	}
	index, err := filepath.Glob(folder + "/*.THF")
	if err != nil {
		return nil, err
	}
	// As CSV would, GeoJSON keeps Lambert-93 when it is told not to be RFC 7946.
	read := exec.Command("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=6", "/vsistdout/", index[0], "PARCELLE_id")
	var text bytes.Buffer
	read.Stdout = &text
	if err := read.Run(); err != nil {
		return nil, err
	}
	all, err := geojson.UnmarshalFeatureCollection(text.Bytes())
	if err != nil {
		return nil, err
	}
	return all.Features, nil
}

// build makes a coverage that must have no more than the faults of the kinds
// expected.
func build(t testing.TB, features []coverage.Feature) (*coverage.Coverage, []coverage.Fault) {
	t.Helper()
	c, faults, err := coverage.Build(features, coverage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c, faults
}

// square is a square of a size in metres.
func square(x, y, size float64) orb.MultiPolygon { return rectangle(x, y, x+size, y+size) }

func rectangle(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}
}

func feature(id coverage.ID, shape orb.MultiPolygon) coverage.Feature {
	return coverage.Feature{ID: id, Shape: shape}
}
