package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"arpent/layers"
	"arpent/layers/exchange"
	"arpent/layers/exports"
	"arpent/layers/jobs"
	"arpent/tiles/archive"
)

// TilesExport says which tiles are written into a file, and for whom.
type TilesExport struct {
	Extent
	Format string `json:"format" enum:"pmtiles,mbtiles"`
	Own    bool   `json:"own,omitempty" doc:"What who orders sees and may export; absent: what anybody may see, fit to be published"`
}

// mediaTypes of files by format.
var mediaTypes = map[string]string{"pmtiles": "application/vnd.pmtiles", "mbtiles": "application/vnd.sqlite3"}

// Outcome is what is in a file of tiles.
type Outcome struct {
	Name      string `json:"name" doc:"Of the file"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size" doc:"Bytes"`
	Tiles     int    `json:"tiles"`
	MinZoom   int    `json:"minZoom"`
	MaxZoom   int    `json:"maxZoom"`
}

// exporter is the viewer whose tiles are written, once it is clear that who asks
// may export each layer.
func (s *Service) exporter(asks layers.Viewer, o TilesExport) (layers.Viewer, error) {
	if asks.Anonymous() {
		return asks, layers.Errorf(layers.Unauthorized, "sign in to export tiles")
	}
	if mediaTypes[o.Format] == "" {
		return asks, layers.BadParameter("format", o.Format, "is none of pmtiles, mbtiles")
	}
	sees := asks
	sees.Purpose = "" // tiles are for many
	for _, id := range o.Layers {
		l, err := exports.Allowed(s.layers.Catalog(), asks, id)
		if err != nil {
			return asks, err
		}
		if !o.Own && !l.Public {
			return asks, layers.Errorf(layers.Invalid, "layer %s is not public and has nothing that anybody may see: leave it out, or ask for what you see yourself", id)
		}
		sees = exports.Exporting(sees, l)
	}
	if !o.Own {
		return layers.Viewer{Language: asks.Language}, nil
	}
	return sees, nil
}

// Expect is about what an export has before it.
func (s *Service) Expect(ctx context.Context, v layers.Viewer, o TilesExport) (*TilesExpected, error) {
	sees, err := s.exporter(v, o)
	if err != nil {
		return nil, err
	}
	return s.expect(ctx, sees, o.Extent)
}

// OrderExport puts the writing of a file into the queue.
func (s *Service) OrderExport(ctx context.Context, v layers.Viewer, queue *jobs.Service, o TilesExport) (*jobs.Job, error) {
	expected, err := s.Expect(ctx, v, o)
	if err != nil {
		return nil, err
	}
	if err := expected.check(); err != nil {
		return nil, err
	}
	return queue.Add(ctx, v, jobs.Order{Kind: ExportKind, Layer: names(o.Layers), Title: jobs.NameOf(s.titleOf(v, o.Layers), o.Format), Arguments: o})
}

// titleOf is what a job is called: after its layers, or the first where these are
// many.
func (s *Service) titleOf(v layers.Viewer, ids []string) string {
	var titles []string
	for _, id := range ids {
		if l, err := s.layers.Catalog().Get(v, id); err == nil {
			titles = append(titles, l.Title.In(v.Language))
		}
	}
	if n := len(titles); n > 3 {
		titles = append(titles[:2], fmt.Sprintf("+ %d", n-2))
	}
	return strings.Join(titles, ", ")
}

// WorkExport does a job of writing a file.
func (s *Service) WorkExport(ctx context.Context, v layers.Viewer, j *jobs.Job, report func(done, total int64)) (any, error) {
	var o TilesExport
	if err := j.Arguments(&o); err != nil {
		return nil, err
	}
	sees, err := s.exporter(v, o)
	if err != nil {
		return nil, err
	}
	e, err := o.of()
	if err != nil {
		return nil, err
	}
	folder, err := s.files.Begin(j)
	if err != nil {
		return nil, exchange.Full(err)
	}
	path := filepath.Join(folder, "made."+o.Format)
	var done archive.Written
	err = bounded(ctx, report, func(ctx context.Context, report func(done, total int64)) (err error) {
		done, err = archive.Write(ctx, s.tiles, sees, e, path, report)
		return err
	})
	if err == nil {
		err = os.Rename(path, filepath.Join(folder, jobs.FileName))
	}
	if err != nil {
		s.files.Drop(j)
		return nil, exchange.Full(err)
	}
	return &Outcome{Name: jobs.NameOf(s.titleOf(v, o.Layers), o.Format), MediaType: mediaTypes[o.Format], Size: done.Bytes, Tiles: done.Tiles, MinZoom: done.MinZoom, MaxZoom: done.MaxZoom}, nil
}

// bounded does work that was expected to be less than MaxTiles, and stops it where
// it proves to be much more.
func bounded(ctx context.Context, report func(done, total int64), work func(context.Context, func(done, total int64)) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err := work(ctx, func(done, total int64) {
		if done > 2*MaxTiles {
			stop(layers.Errorf(layers.TooLarge, "there are more than %d tiles: choose a lower greatest zoom or a smaller extent", 2*MaxTiles))
		}
		report(done, total)
	})
	if e, ok := errors.AsType[*layers.Error](context.Cause(ctx)); ok && err != nil {
		return e
	}
	return err
}

// Open opens the file of a job, for who ordered it and may still export its layers.
func (s *Service) Open(v layers.Viewer, j *jobs.Job) (*os.File, *Outcome, error) {
	if j.Kind != ExportKind || j.State != jobs.Done {
		return nil, nil, layers.Errorf(layers.NotFound, "job %d made no file", j.ID)
	}
	var o TilesExport
	if err := j.Arguments(&o); err != nil {
		return nil, nil, err
	}
	if _, err := s.exporter(v, o); err != nil {
		return nil, nil, err
	}
	var outcome Outcome
	if err := json.Unmarshal(j.Result, &outcome); err != nil {
		return nil, nil, fmt.Errorf("reading what job %d made: %w", j.ID, err)
	}
	f, err := s.files.Open(j)
	return f, &outcome, err
}
