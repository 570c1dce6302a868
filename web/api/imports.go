package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"arpent/layers"
	"arpent/layers/exchange"
	"arpent/layers/imports"
	"arpent/web/auth"
)

// Import is a file that waits to be imported.
type Import struct {
	ID    int64  `json:"id"`
	Layer string `json:"layer"`
	File  string `json:"file"`
	Size  int64  `json:"size" doc:"Bytes"`
}

// receive takes the files of an import, the parts of a multipart/form-data
// body, as they stream in.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) error {
	layer, err := url.PathUnescape(chi.URLParam(r, "layer"))
	if err != nil {
		return layers.BadParameter("layer", nil, "is badly written: %v", err)
	}
	line := http.NewResponseController(w)
	end := time.Now().Add(uploadTime)
	if err := errors.Join(line.SetReadDeadline(end), line.SetWriteDeadline(end.Add(time.Minute))); err != nil {
		return fmt.Errorf("receiving a file: %w", err)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return layers.Errorf(layers.WrongType, "send files as multipart/form-data")
	}
	in, err := s.Imports.Receive(auth.Viewer(r.Context()), layer)
	if err != nil {
		return err
	}
	i, err := keep(r.Context(), in, parts)
	if err != nil {
		in.Drop()
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(Import{i.ID, i.Layer, i.File, i.Size})
}

func keep(ctx context.Context, in *imports.Incoming, parts *multipart.Reader) (*imports.Import, error) {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return in.Keep(ctx)
		}
		if err != nil {
			return nil, cutOff(err)
		}
		if name := part.FileName(); name != "" {
			if err := in.Add(name, part); err != nil {
				return nil, cutOff(err)
			}
		}
	}
}

// cutOff says of an upload that ended in the middle that it did.
func cutOff(err error) error {
	if layers.KindOf(err) == "" && errors.Is(err, io.ErrUnexpectedEOF) {
		return layers.Errorf(layers.BadRequest, "the file did not arrive whole: send it again")
	}
	return err
}

type inspectInput struct {
	ID   int64 `path:"id"`
	Body struct {
		Reading *exchange.Reading `json:"reading,omitempty" doc:"How the file is to be read; absent: as it looks"`
		Table   string            `json:"table,omitempty" doc:"Which table of the file; absent: the first"`
	}
}

// Inspection is what a file looks like, and a proposal how it fills the layer.
type Inspection struct {
	Import     Import           `json:"import"`
	Format     string           `json:"format" enum:"csv,xlsx,geojson,shp,dbf,gpkg,kml,dxf,thf"`
	Tables     []exchange.Table `json:"tables" nullable:"false"`
	Rows       [][]string       `json:"rows" nullable:"false" doc:"The first records of the table"`
	Shapes     []string         `json:"shapes" nullable:"false" doc:"Their shapes, as WKT cut short"`
	Plan       imports.Plan     `json:"plan"`
	Remembered bool             `json:"remembered" doc:"The plan is the one last used for files with these columns"`
}

type inspectOutput struct{ Body Inspection }

func (s *Server) inspectImport(ctx context.Context, in *inspectInput) (*inspectOutput, error) {
	v := auth.Viewer(ctx)
	i, err := s.Imports.Get(ctx, v, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := s.Imports.Inspect(ctx, v, in.ID, in.Body.Reading, in.Body.Table)
	if err != nil {
		return nil, err
	}
	return &inspectOutput{Inspection{Import{i.ID, i.Layer, i.File, i.Size}, string(found.Format), found.Tables, found.Rows, found.Shapes, *found.Plan, found.Remembered}}, nil
}

type runInput struct {
	ID   int64 `path:"id"`
	Body struct {
		Plan   imports.Plan `json:"plan"`
		DryRun bool         `json:"dryRun" doc:"Check everything and write nothing"`
	}
}

func (s *Server) runImport(ctx context.Context, in *runInput) (*jobOutput, error) {
	j, err := s.Imports.Order(ctx, auth.Viewer(ctx), s.Jobs, in.ID, in.Body.Plan, in.Body.DryRun)
	if err != nil {
		return nil, err
	}
	return &jobOutput{jobOf(j)}, nil
}

// rejects sends the records that were rejected, to be mended and sent again.
func (s *Server) rejects(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return layers.Errorf(layers.NotFound, "there is no import %q", chi.URLParam(r, "id"))
	}
	i, err := s.Imports.Get(r.Context(), auth.Viewer(r.Context()), id)
	if err != nil {
		return err
	}
	f, err := s.Imports.Rejects(i)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	download(w.Header(), "text/csv; charset=utf-8", strings.TrimSuffix(i.File, path.Ext(i.File))+" - rejets.csv")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// download tells a browser to store the answer in a file.
func download(h http.Header, mediaType, name string) {
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", contentPolicy(mediaType))
	h.Set("Cache-Control", "private, no-store")
}
