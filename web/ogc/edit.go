package ogc

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"arpent/layers"
	"arpent/web/auth"
	"arpent/web/geojson"
)

// maxBody is how long a body may be.
const maxBody = 10 << 20

// create makes a feature of the body.
func (s *Server) create(w http.ResponseWriter, r *http.Request) error {
	l, f, as, err := s.body(w, r, false)
	if err != nil {
		return err
	}
	edit := layers.Edit{Op: layers.Create, Layer: l.ID, Properties: f.Properties, Geometry: f.Geometry}
	if l.Source.IDGiven {
		edit.ID = f.ID
	}
	result, err := s.Layers.Transact(r.Context(), auth.Viewer(r.Context()), layers.Transaction{Edits: []layers.Edit{edit}})
	if err != nil {
		return err
	}
	done := result.Edits[0]
	w.Header().Set("Location", itemURL(r, l, done.ID))
	w.Header().Set("ETag", etag(done.Version, as, ""))
	w.WriteHeader(http.StatusCreated)
	return nil
}

func (s *Server) replace(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, layers.Replace)
}

func (s *Server) update(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, layers.Update)
}

// change replaces a feature by the body, or patches it.
func (s *Server) change(w http.ResponseWriter, r *http.Request, op layers.Op) error {
	l, f, as, err := s.body(w, r, op == layers.Update)
	if err != nil {
		return err
	}
	id := chi.URLParam(r, "feature")
	if f.ID != "" && f.ID != id {
		return geojson.Fault("id", "differs from the identifier %q in the address", id)
	}
	version, err := s.baseVersion(r, l, id)
	if err != nil {
		return err
	}
	result, err := s.Layers.Transact(r.Context(), auth.Viewer(r.Context()), layers.Transaction{Edits: []layers.Edit{{
		Op: op, Layer: l.ID, ID: id, Version: version, Properties: f.Properties, Geometry: f.Geometry, ClearGeometry: f.ClearGeometry,
	}}})
	if err != nil {
		return err
	}
	w.Header().Set("ETag", etag(result.Edits[0].Version, as, ""))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) delete(w http.ResponseWriter, r *http.Request) error {
	l, err := s.layer(r)
	if err != nil {
		return err
	}
	if err := onlyParameters(r); err != nil {
		return err
	}
	id := chi.URLParam(r, "feature")
	version, err := s.baseVersion(r, l, id)
	if err != nil {
		return err
	}
	_, err = s.Layers.Transact(r.Context(), auth.Viewer(r.Context()), layers.Transaction{Edits: []layers.Edit{{Op: layers.Delete, Layer: l.ID, ID: id, Version: version}}})
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// baseVersion is the version that If-Match says the edit is based on, "" for
// any. Of several it is the one stored now, if that is among them.
func (s *Server) baseVersion(r *http.Request, l *layers.Layer, id string) (string, error) {
	versions := ifMatch(r)
	if len(versions) < 2 {
		return strings.Join(versions, ""), nil
	}
	f, err := s.Layers.Feature(r.Context(), auth.Viewer(r.Context()), l.ID, id, 0)
	if err != nil {
		return "", err
	}
	if slices.Contains(versions, f.Version) {
		return f.Version, nil
	}
	return versions[0], nil
}

// body reads the feature in the body of a request.
func (s *Server) body(w http.ResponseWriter, r *http.Request, patch bool) (*layers.Layer, *geojson.Feature, crs, error) {
	fail := func(err error) (*layers.Layer, *geojson.Feature, crs, error) { return nil, nil, crs{}, err }
	l, err := s.layer(r)
	if err != nil {
		return fail(err)
	}
	if err := onlyParameters(r); err != nil {
		return fail(err)
	}
	if v := auth.Viewer(r.Context()); !l.Source.ReadOnly && !mayWrite(v, l) { // told before the body is read
		if v.Anonymous() {
			return fail(layers.Errorf(layers.Unauthorized, "sign in to edit layer %s", l.ID))
		}
		return fail(layers.Errorf(layers.Forbidden, "you have no right to edit layer %s: ask an administrator", l.ID))
	}
	want := []string{mediaGeoJSON, mediaJSON}
	if patch {
		want = []string{"application/merge-patch+json", mediaGeoJSON, mediaJSON}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || !slices.Contains(want, kind) {
		return fail(layers.Errorf(layers.WrongType, "the body's Content-Type is %q: send %s", r.Header.Get("Content-Type"), want[0]))
	}
	as, err := parseCRS(l, "Content-Crs", strings.Trim(r.Header.Get("Content-Crs"), "<> "))
	if e, ok := errors.AsType[*layers.Error](err); ok {
		e.Faults[0].Location = "header.Content-Crs"
		return fail(e)
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fail(layers.Errorf(layers.TooLarge, "the body is longer than %d MB", tooLong.Limit>>20))
	}
	if err != nil {
		return fail(layers.Errorf(layers.BadRequest, "the body ended before its end"))
	}
	f, err := geojson.DecodeFeature(data, as.srid, as.swap, patch)
	if err != nil {
		return fail(err)
	}
	return l, f, as, nil
}
