package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"arpent/layers"
	"arpent/layers/documents"
	"arpent/layers/postgis"
	"arpent/web/auth"
	"arpent/web/problem"
)

// Document is a file attached to a record.
type Document struct {
	ID        int64       `json:"id"`
	Name      string      `json:"name"`
	Title     string      `json:"title"`
	MediaType string      `json:"mediaType"`
	Size      int64       `json:"size" doc:"Bytes"`
	Who       string      `json:"who"`
	At        time.Time   `json:"at"`
	Removed   bool        `json:"removed"`
	Preview   bool        `json:"preview" doc:"There is a small picture of it"`
	TakenAt   string      `json:"takenAt,omitempty" doc:"When a photo was taken, by the clock of the camera" example:"2024-05-02T10:11:12"`
	Position  *[2]float64 `json:"position,omitempty" doc:"Where a photo was taken, in EPSG:3857"`
}

func documentOf(d *postgis.Document) Document {
	out := Document{ID: d.ID, Name: d.Name, Title: d.Title, MediaType: d.MediaType, Size: d.Size, Who: d.Who, At: d.At, Removed: d.RemovedAt != nil, Preview: d.Preview}
	if d.TakenAt != nil {
		out.TakenAt = d.TakenAt.Format("2006-01-02T15:04:05")
	}
	if d.Longitude != nil && d.Latitude != nil && math.Abs(*d.Latitude) < 85 {
		out.Position = &[2]float64{
			*d.Longitude / 180 * layers.World.MaxX,
			math.Atanh(math.Sin(*d.Latitude*math.Pi/180)) / math.Pi * layers.World.MaxX,
		}
	}
	return out
}

type documentsOutput struct {
	Body struct {
		Documents []Document `json:"documents" nullable:"false"`
	}
}

func (s *Server) listDocuments(ctx context.Context, in *featureInput) (*documentsOutput, error) {
	found, err := s.Documents.List(ctx, auth.Viewer(ctx), in.Layer, in.ID)
	if err != nil {
		return nil, err
	}
	out := &documentsOutput{}
	out.Body.Documents = []Document{}
	for i := range found {
		out.Body.Documents = append(out.Body.Documents, documentOf(&found[i]))
	}
	return out, nil
}

type documentInput struct {
	ID   int64 `path:"id"`
	Body struct {
		Title   *string `json:"title,omitempty" maxLength:"200"`
		Removed *bool   `json:"removed,omitempty" doc:"true takes the file away from its record, false brings it back"`
	}
}

type documentOutput struct{ Body Document }

func (s *Server) changeDocument(ctx context.Context, in *documentInput) (*documentOutput, error) {
	d, err := s.Documents.Change(ctx, auth.Viewer(ctx), in.ID, in.Body.Title, in.Body.Removed)
	if err != nil {
		return nil, err
	}
	return &documentOutput{documentOf(d)}, nil
}

// uploadTime is how long a slow line may take to send a file.
const uploadTime = 30 * time.Minute

// upload attaches the body of the request to a record as a file.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) error {
	layer, err := url.PathUnescape(chi.URLParam(r, "layer"))
	if err != nil {
		return layers.BadParameter("layer", nil, "is badly written: %v", err)
	}
	id, err := url.PathUnescape(chi.URLParam(r, "id"))
	if err != nil {
		return layers.BadParameter("id", nil, "is badly written: %v", err)
	}
	line := http.NewResponseController(w)
	end := time.Now().Add(uploadTime)
	if err := line.SetReadDeadline(end); err != nil {
		return fmt.Errorf("receiving a file: %w", err)
	}
	if err := line.SetWriteDeadline(end.Add(time.Minute)); err != nil {
		return fmt.Errorf("receiving a file: %w", err)
	}
	d, err := s.Documents.Add(r.Context(), auth.Viewer(r.Context()), layer, id, documents.Upload{
		Name: r.URL.Query().Get("name"), MediaType: r.Header.Get("Content-Type"), Size: r.ContentLength, Content: r.Body,
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(documentOf(d))
}

// shownInPlace are the types that a browser may show itself: none in which
// programs run.
var shownInPlace = []string{"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf", "text/plain"}

// content sends a file. What a browser cannot show safely is only downloaded.
func (s *Server) content(w http.ResponseWriter, r *http.Request) error {
	id, err := documentID(r)
	if err != nil {
		return err
	}
	d, content, err := s.Documents.Open(r.Context(), auth.Viewer(r.Context()), id)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	mediaType, disposition := "application/octet-stream", "attachment"
	if slices.Contains(shownInPlace, d.MediaType) {
		mediaType = d.MediaType
		if mediaType == "text/plain" {
			mediaType += "; charset=utf-8"
		}
		if !r.URL.Query().Has("download") {
			disposition = "inline"
		}
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": d.Name}))
	h.Set("Content-Security-Policy", contentPolicy(d.MediaType))
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+d.SHA256+`"`)
	http.ServeContent(w, r, "", d.At, content)
	return nil
}

// contentPolicy lets a file load nothing and run nothing. The browser's own
// reader of PDF does not work in a sandbox.
func contentPolicy(mediaType string) string {
	policy := "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	if mediaType == "application/pdf" {
		return policy + "; object-src 'self'"
	}
	return policy + "; img-src 'self'; sandbox"
}

// preview sends a small picture of a file.
func (s *Server) preview(w http.ResponseWriter, r *http.Request) error {
	id, err := documentID(r)
	if err != nil {
		return err
	}
	d, picture, err := s.Documents.OpenPreview(r.Context(), auth.Viewer(r.Context()), id)
	if err != nil {
		return err
	}
	defer func() { _ = picture.Close() }()
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Security-Policy", contentPolicy("image/jpeg"))
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=300")
	h.Set("ETag", `"`+d.SHA256+`-preview"`)
	http.ServeContent(w, r, "", d.At, picture)
	return nil
}

func documentID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return 0, layers.Errorf(layers.NotFound, "there is no file %q", chi.URLParam(r, "id"))
	}
	return id, nil
}

// streams are the addresses whose bodies are files and streams.
func (s *Server) streams(r chi.Router) {
	r.Get("/api/changes", problem.Handler(s.changes))
	r.Get("/api/session/oidc", problem.Handler(s.Auth.SignInElsewhere))
	r.Get("/api/session/oidc/callback", problem.Handler(s.Auth.ComeBack))
	r.Post("/api/layers/{layer}/features/{id}/documents", problem.Handler(s.upload))
	r.Get("/api/documents/{id}/content", problem.Handler(s.content))
	r.Get("/api/documents/{id}/preview", problem.Handler(s.preview))
	r.Post("/api/layers/{layer}/imports", problem.Handler(s.receive))
	r.Get("/api/imports/{id}/rejects", problem.Handler(s.rejects))
	r.Get("/api/exports/{job}/file", problem.Handler(s.exported))
}
