// Package exports writes what a list shows into files of any format.
package exports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"

	"arpent/layers"
	"arpent/layers/exchange"
	"arpent/layers/jobs"
)

// Format is how a file is written.
type Format string

// The formats.
const (
	CSV        Format = "csv"
	XLSX       Format = "xlsx"
	GeoJSON    Format = "geojson"
	GeoPackage Format = "gpkg"
	Shapefile  Format = "shp"
	KML        Format = "kml"
)

// kinds of files by format.
var kinds = map[Format]struct{ ending, mediaType string }{
	CSV:        {"csv", "text/csv; charset=utf-8"},
	XLSX:       {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	GeoJSON:    {"geojson", "application/geo+json"},
	GeoPackage: {"gpkg", "application/geopackage+sqlite3"},
	Shapefile:  {"zip", "application/zip"},
	KML:        {"kml", "application/vnd.google-earth.kml+xml"},
}

// Options say what is written and how.
type Options struct {
	Format Format       `json:"format"`
	Query  layers.Query `json:"query"`
	Fields []string     `json:"fields"` // empty: all that the viewer sees
	SRID   int          `json:"srid"`   // 0: that of the layer, or of the format
	Labels bool         `json:"labels"` // words in the place of codes, in headers too
	Shape  bool         `json:"shape"`  // CSV has columns of the shape; XLSX of points only, as a cell holds no polygon
}

// Outcome is what was written.
type Outcome struct {
	Name      string            `json:"name" doc:"Of the file"`
	MediaType string            `json:"mediaType"`
	Size      int64             `json:"size" doc:"Bytes"`
	Records   int64             `json:"records"`
	Renamed   map[string]string `json:"renamed,omitempty" doc:"By field: its name in a shapefile, which is no longer than ten characters"`
	Cut       int64             `json:"cut,omitempty" doc:"Texts that were cut after 254 characters, as a shapefile holds no more"`
	NoShape   int64             `json:"noShape,omitempty" doc:"Records without a shape"`
}

// Service writes exports.
type Service struct {
	layers *layers.Service
	files  *jobs.Files
}

// New makes the service, whose files are kept for a while below a folder.
func New(service *layers.Service, folder string) *Service {
	return &Service{layers: service, files: jobs.NewFiles(folder)}
}

// Kind is that of jobs that export.
const Kind = "export"

// maxSheet is how many rows a sheet of a workbook has, its header apart.
const maxSheet = 1<<20 - 1

// check tells what in the options does not fit the layer, fills in what they
// leave open, and returns the viewer as far as it may export.
func (s *Service) check(v layers.Viewer, layer string, o *Options) (*layers.Layer, layers.Viewer, error) {
	l, err := Allowed(s.layers.Catalog(), v, layer)
	if err != nil {
		return nil, v, err
	}
	v = Exporting(v, l)
	if _, ok := kinds[o.Format]; !ok {
		return nil, v, layers.BadParameter("format", string(o.Format), "is none of csv, xlsx, geojson, gpkg, shp, kml")
	}
	for _, name := range o.Fields {
		if f := l.Field(name); f == nil || !v.MaySee(l, f) {
			return nil, v, layers.BadParameter("fields", name, "layer %s has no field of this name", l.ID)
		}
	}
	if o.Format == KML || o.Format == GeoJSON && o.SRID == 0 {
		o.SRID = 4326
	}
	if o.SRID == 0 {
		o.SRID = l.Source.SRID
	}
	if o.Format == Shapefile && (l.Geometry.Type == "Geometry" || l.Geometry.Type == "GeometryCollection") && l.Source.Geometry != "" {
		return nil, v, layers.Errorf(layers.Invalid, "a shapefile holds one type of shape, layer %s several: choose GeoPackage", layer)
	}
	o.Query.SRID, o.Query.Labels, o.Query.NoGeometry = o.SRID, o.Labels, !o.shaped(l)
	o.Query.Limit, o.Query.After, o.Query.Backward, o.Query.WithBBox = 0, nil, false, false
	return l, v, nil
}

// Allowed is a layer that the viewer may export somewhere.
func Allowed(c *layers.Catalog, v layers.Viewer, layer string) (*layers.Layer, error) {
	l, err := c.Get(v, layer)
	if err != nil {
		return nil, err
	}
	if !v.May(layers.Export, l, "") {
		return nil, layers.Errorf(layers.Forbidden, "you have no right to export layer %s: ask an administrator", layer)
	}
	return l, nil
}

// Exporting is the viewer with the profiles that may export the layer, so that
// what the others may only read is neither written nor logged as read.
func Exporting(v layers.Viewer, l *layers.Layer) layers.Viewer {
	v.Profiles = maps.Clone(v.Profiles)
	maps.DeleteFunc(v.Profiles, func(_ string, p *layers.Profile) bool { return !p.May(layers.Export, l) })
	return v
}

// shaped reports whether the file tells where the records are.
func (o Options) shaped(l *layers.Layer) bool {
	switch o.Format {
	case CSV:
		return o.Shape && l.Source.Geometry != ""
	case XLSX:
		return o.Shape && places(l)
	default:
		return l.Source.Geometry != ""
	}
}

// places reports whether records lie at points, which two numbers tell.
func places(l *layers.Layer) bool {
	return l.Source.Geometry != "" && l.Geometry.Type == "Point" && !l.Geometry.Z
}

// Order puts an export in the queue.
func (s *Service) Order(ctx context.Context, v layers.Viewer, queue *jobs.Service, layer string, o Options) (*jobs.Job, error) {
	l, may, err := s.check(v, layer, &o)
	if err != nil {
		return nil, err
	}
	if _, err := s.layers.Features(ctx, may, layer, o.Query); err != nil { // a filter that cannot be is told at once
		return nil, err
	}
	return queue.Add(ctx, v, jobs.Order{Kind: Kind, Layer: layer, Title: nameOf(l, v, o.Format), Arguments: o})
}

// Work does a job of exporting.
func (s *Service) Work(ctx context.Context, v layers.Viewer, j *jobs.Job, report func(done, total int64)) (any, error) {
	var o Options
	if err := j.Arguments(&o); err != nil {
		return nil, err
	}
	folder, err := s.files.Begin(j)
	if err != nil {
		return nil, exchange.Full(err)
	}
	outcome, err := s.write(ctx, v, j.Layer, o, folder, report)
	if err != nil {
		s.files.Drop(j)
		return nil, err
	}
	return outcome, nil
}

// Open opens the file of a job that exported, for who ordered it and may still
// export the layer.
func (s *Service) Open(v layers.Viewer, j *jobs.Job) (*os.File, *Outcome, error) {
	if j.Kind != Kind || j.State != jobs.Done {
		return nil, nil, layers.Errorf(layers.NotFound, "job %d made no file", j.ID)
	}
	l, err := s.layers.Catalog().Get(v, j.Layer)
	if err != nil {
		return nil, nil, err
	}
	if !v.May(layers.Export, l, "") {
		return nil, nil, layers.Errorf(layers.Forbidden, "you have no right to export layer %s any more: ask an administrator", j.Layer)
	}
	var outcome Outcome
	if err := json.Unmarshal(j.Result, &outcome); err != nil {
		return nil, nil, fmt.Errorf("reading what job %d made: %w", j.ID, err)
	}
	f, err := s.files.Open(j)
	return f, &outcome, err
}

// maxNow is how many records are written while somebody waits.
const maxNow = 10_000

// Now writes a small export while somebody waits. The file is gone when it is
// closed.
func (s *Service) Now(ctx context.Context, v layers.Viewer, layer string, o Options) (*os.File, *Outcome, error) {
	if v.Anonymous() {
		return nil, nil, layers.Errorf(layers.Unauthorized, "sign in to export layer %s", layer)
	}
	_, may, err := s.check(v, layer, &o)
	if err != nil {
		return nil, nil, err
	}
	total, err := s.layers.Count(ctx, may, layer, o.Query)
	if err != nil {
		return nil, nil, err
	}
	if total > maxNow {
		return nil, nil, layers.Errorf(layers.TooLarge, "%d records are too many to wait for, more than %d: order the export as a job", total, maxNow)
	}
	folder, err := s.files.Passing()
	if err != nil {
		return nil, nil, exchange.Full(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	outcome, err := s.write(ctx, v, layer, o, folder, func(int64, int64) {})
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(filepath.Join(folder, jobs.FileName))
	return f, outcome, err
}

// WriteTo writes an export at once to a file, which appears when it is whole.
func (s *Service) WriteTo(ctx context.Context, v layers.Viewer, layer string, o Options, path string, report func(done, total int64)) (*Outcome, error) {
	folder, err := os.MkdirTemp(filepath.Dir(path), ".export-")
	if err != nil {
		return nil, exchange.Full(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	outcome, err := s.write(ctx, v, layer, o, folder, report)
	if err != nil {
		return nil, err
	}
	return outcome, os.Rename(filepath.Join(folder, jobs.FileName), path)
}

// Sweep removes files of jobs that are too old to be of use.
func (s *Service) Sweep() error { return s.files.Sweep() }

// nameOf is what the file of an export is called.
func nameOf(l *layers.Layer, v layers.Viewer, f Format) string {
	return jobs.NameOf(l.Title.In(v.Language), kinds[f].ending)
}

// write writes the file of an export into a folder.
func (s *Service) write(ctx context.Context, v layers.Viewer, layer string, o Options, folder string, report func(done, total int64)) (*Outcome, error) {
	l, v, err := s.check(v, layer, &o)
	if err != nil {
		return nil, err
	}
	total, err := s.layers.Count(ctx, v, layer, o.Query)
	if err != nil {
		return nil, err
	}
	if o.Format == XLSX && total > maxSheet {
		return nil, layers.Errorf(layers.TooLarge, "a sheet holds %d rows, the list has %d: choose CSV or GeoPackage", maxSheet, total)
	}
	features, err := s.layers.Features(ctx, v, layer, o.Query)
	if err != nil {
		return nil, err
	}
	outcome := &Outcome{Name: nameOf(l, v, o.Format), MediaType: kinds[o.Format].mediaType}
	w := &writing{layer: l, viewer: v, options: o, columns: columnsOf(l, v, o), outcome: outcome}
	counted := func(yield func(*layers.Feature, error) bool) {
		for f, err := range features {
			if err == nil {
				if outcome.Records++; outcome.Records%500 == 0 {
					report(outcome.Records, total)
				}
				if f.Geometry == nil && o.shaped(l) {
					outcome.NoShape++
				}
			}
			if !yield(f, err) {
				return
			}
		}
	}
	path := filepath.Join(folder, jobs.FileName)
	switch o.Format {
	case CSV:
		err = toFile(path, func(to io.Writer) error { return w.csv(to, counted) })
	case GeoJSON:
		err = toFile(path, func(to io.Writer) error { return w.geojson(to, counted) })
	default:
		err = w.gdal(ctx, folder, path, counted)
	}
	if err != nil {
		return nil, exchange.Full(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	outcome.Size = info.Size()
	report(outcome.Records, outcome.Records)
	return outcome, nil
}

func toFile(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
