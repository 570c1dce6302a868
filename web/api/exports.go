package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"arpent/layers"
	"arpent/layers/exports"
	"arpent/layers/jobs"
	"arpent/tiles/bulk"
	"arpent/web/auth"
)

// ExportOrder says which records of a layer are written into a file, and how.
// They are chosen and sorted as in the list of the layer.
type ExportOrder struct {
	Format exports.Format `json:"format" enum:"csv,xlsx,geojson,gpkg,shp,kml"`
	Fields []string       `json:"fields,omitempty" doc:"Absent: all that the viewer sees"`
	SRID   int            `json:"srid,omitempty" doc:"EPSG code of the coordinates; absent: that of the layer, 4326 for GeoJSON; KML has no other than 4326"`
	Labels bool           `json:"labels,omitempty" doc:"Words in the place of codes"`
	Shape  bool           `json:"shape,omitempty" doc:"CSV has columns of the shape, XLSX those of points; the other formats always have it"`

	Selected
	Sort string `json:"sort,omitempty" doc:"Field to sort by, with - before it from last to first"`
}

type exportInput struct {
	Layer string `path:"layer"`
	Body  ExportOrder
}

// options are the order as the service takes it.
func (o ExportOrder) options() (exports.Options, error) {
	q, err := o.query()
	if err != nil {
		return exports.Options{}, err
	}
	q.Sort = o.Sort
	return exports.Options{Format: o.Format, Query: q, Fields: o.Fields, SRID: o.SRID, Labels: o.Labels, Shape: o.Shape}, nil
}

func (s *Server) orderExport(ctx context.Context, in *exportInput) (*jobOutput, error) {
	o, err := in.Body.options()
	if err != nil {
		return nil, err
	}
	j, err := s.Exports.Order(ctx, auth.Viewer(ctx), s.Jobs, in.Layer, o)
	if err != nil {
		return nil, err
	}
	return &jobOutput{jobOf(j)}, nil
}

// exportNow answers a small export at once.
func (s *Server) exportNow(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	o, err := in.Body.options()
	if err != nil {
		return nil, err
	}
	f, outcome, err := s.Exports.Now(ctx, auth.Viewer(ctx), in.Layer, o)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer func() { _ = f.Close() }()
		header := http.Header{}
		download(header, outcome.MediaType, outcome.Name)
		for name := range header {
			c.SetHeader(name, header.Get(name))
		}
		c.SetHeader("Content-Length", strconv.FormatInt(outcome.Size, 10))
		_, _ = io.Copy(c.BodyWriter(), f) // it fails where the other side is gone
	}}, nil
}

// exported sends the file of an export to who ordered it.
func (s *Server) exported(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "job"), 10, 64)
	if err != nil {
		return layers.Errorf(layers.NotFound, "there is no export %q", chi.URLParam(r, "job"))
	}
	v := auth.Viewer(r.Context())
	j, err := s.Jobs.Get(r.Context(), v, id)
	if err != nil {
		return err
	}
	f, mediaType, name, err := s.fileOf(v, j)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(uploadTime)); err != nil {
		return fmt.Errorf("sending a file: %w", err)
	}
	download(w.Header(), mediaType, name)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// fileOf opens what a job of any kind made.
func (s *Server) fileOf(v layers.Viewer, j *jobs.Job) (f *os.File, mediaType, name string, err error) {
	if j.Kind == bulk.ExportKind {
		f, outcome, err := s.Bulk.Open(v, j)
		if err != nil {
			return nil, "", "", err
		}
		return f, outcome.MediaType, outcome.Name, nil
	}
	f, outcome, err := s.Exports.Open(v, j)
	if err != nil {
		return nil, "", "", err
	}
	return f, outcome.MediaType, outcome.Name, nil
}
