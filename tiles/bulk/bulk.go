// Package bulk does long work on many tiles as jobs: files of them to take along,
// and filling the cache that servers share.
package bulk

import (
	"context"
	"strings"

	"github.com/paulmach/orb"

	"arpent/layers"
	"arpent/layers/jobs"
	"arpent/tiles"
)

// Kinds of jobs.
const (
	ExportKind = "tiles"
	SeedKind   = "seed"
)

// MaxTiles is how many tiles a job may look at: more is for the command line.
const MaxTiles = 500_000

// Extent is which tiles of layers are meant.
type Extent struct {
	Layers  []string    `json:"layers" minItems:"1" maxItems:"50" nullable:"false"`
	MinZoom int         `json:"minZoom,omitempty" minimum:"0" maximum:"22" doc:"Least zoom; absent: that of the layers"`
	MaxZoom int         `json:"maxZoom,omitempty" minimum:"0" maximum:"22" doc:"Greatest zoom; absent: that of the layers"`
	Bounds  *[4]float64 `json:"bounds,omitempty" doc:"West, south, east, north in degrees; absent: all there is"`
}

// of is the extent as tiles have it.
func (e Extent) of() (tiles.Extent, error) {
	to := tiles.Extent{Layers: e.Layers, MinZoom: e.MinZoom, MaxZoom: e.MaxZoom}
	if b := e.Bounds; b != nil {
		to.Bounds = &orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}}
		if to.Bounds.IsEmpty() {
			return to, layers.BadParameter("bounds", b, "is an empty box: give west, south, east, north in degrees")
		}
	}
	return to, nil
}

// TilesExpected is about what a job has before it.
type TilesExpected struct {
	Tiles   int64      `json:"tiles" doc:"To be looked at, about"`
	Most    int64      `json:"most" doc:"More than so many are refused"`
	MinZoom int        `json:"minZoom"`
	MaxZoom int        `json:"maxZoom"`
	Bounds  [4]float64 `json:"bounds" doc:"West, south, east, north in degrees"`
}

// Service orders and does the work.
type Service struct {
	layers   *layers.Service
	tiles    *tiles.Service
	files    *jobs.Files
	everyone func(context.Context) ([]layers.Viewer, error)
}

// New makes the service. Its files are kept for a while below a folder, which is
// swept with that of exports of data; everyone reads who may look at maps, but
// for who has not signed in.
func New(service *layers.Service, made *tiles.Service, folder string, everyone func(context.Context) ([]layers.Viewer, error)) *Service {
	return &Service{layers: service, tiles: made, files: jobs.NewFiles(folder), everyone: everyone}
}

// expect tells what is before a job, and what to change where that is too much.
func (s *Service) expect(ctx context.Context, v layers.Viewer, e Extent) (*TilesExpected, error) {
	of, err := e.of()
	if err != nil {
		return nil, err
	}
	d, err := s.tiles.Survey(ctx, v, of)
	if err != nil {
		return nil, err
	}
	count, err := s.tiles.Expect(ctx, v, d)
	if err != nil {
		return nil, err
	}
	return &TilesExpected{Tiles: count, Most: MaxTiles, MinZoom: d.MinZoom, MaxZoom: d.MaxZoom, Bounds: d.Bounds}, nil
}

// check refuses what is too much.
func (e *TilesExpected) check() error {
	if e.Tiles <= MaxTiles {
		return nil
	}
	return layers.Errorf(layers.TooLarge, "about %d tiles are too many, more than %d: choose a greatest zoom below %d, each makes about four times as many, or a smaller extent", e.Tiles, MaxTiles, e.MaxZoom)
}

// names are the layers of a job in one text.
func names(ids []string) string { return strings.Join(ids, ",") }
