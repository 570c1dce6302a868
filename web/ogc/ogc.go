// Package ogc serves layers to other programs: OGC API Features, and vector
// tiles with TileJSON.
package ogc

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"arpent/layers"
	"arpent/tiles"
	"arpent/web/auth"
	"arpent/web/problem"
)

// Server answers for the layers of a service.
type Server struct {
	Layers *layers.Service
	Tiles  *tiles.Service
}

// Features are the routes of OGC API Features, to be mounted at /ogc.
func (s *Server) Features() chi.Router {
	r := chi.NewRouter()
	// The middleware that answers HEAD by GET knows nothing of the roots of
	// routers: these are named.
	r.Get("/", problem.Handler(s.landing))
	r.Head("/", problem.Handler(s.landing))
	r.Get("/conformance", problem.Handler(s.conformance))
	r.Get("/api", problem.Handler(s.api))
	r.Get("/collections", problem.Handler(s.collections))
	r.Get("/collections/{collection}", problem.Handler(s.collection))
	r.Route("/collections/{collection}/items", func(r chi.Router) {
		r.Get("/", problem.Handler(s.items))
		r.Head("/", problem.Handler(s.items))
		r.Post("/", problem.Handler(s.create))
		r.Options("/", problem.Handler(s.options("GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS, POST")))
		r.Get("/{feature}", problem.Handler(s.item))
		r.Put("/{feature}", problem.Handler(s.replace))
		r.Patch("/{feature}", problem.Handler(s.update))
		r.Delete("/{feature}", problem.Handler(s.delete))
		r.Options("/{feature}", problem.Handler(s.options("GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS, PUT, PATCH, DELETE")))
	})
	return r
}

// media types.
const (
	mediaJSON    = "application/json"
	mediaGeoJSON = "application/geo+json"
	mediaOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
)

// conformanceClasses are the requirements classes that tests show to hold.
var conformanceClasses = []string{
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
	"http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
}

// Link is a link of OGC API Common.
type Link struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type,omitempty"`
	Title string `json:"title,omitempty"`
}

func (s *Server) landing(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "f"); err != nil {
		return err
	}
	base := baseURL(r) + "/ogc"
	return writeJSON(w, r, mediaJSON, map[string]any{
		"title":       "Arpent",
		"description": "Layers of the town: parcels, buildings, streets, networks and more.",
		"links": []Link{
			{base + "/", "self", mediaJSON, "This document"},
			{base + "/api", "service-desc", mediaOpenAPI, "Definition of the API"},
			{base + "/conformance", "conformance", mediaJSON, "Conformance classes"},
			{base + "/collections", "data", mediaJSON, "Collections"},
		},
	})
}

func (s *Server) conformance(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "f"); err != nil {
		return err
	}
	return writeJSON(w, r, mediaJSON, map[string]any{"conformsTo": conformanceClasses})
}

func (s *Server) collections(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "f"); err != nil {
		return err
	}
	all := []any{}
	for _, l := range s.Layers.Catalog().Readable(auth.Viewer(r.Context())) {
		c, err := s.describe(r, l)
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	base := baseURL(r) + "/ogc"
	return writeJSON(w, r, mediaJSON, map[string]any{
		"collections": all,
		"crs":         crsURIs(commonCRS),
		"links":       []Link{{base + "/collections", "self", mediaJSON, "This document"}, {base + "/", "root", mediaJSON, "Landing page"}},
	})
}

func (s *Server) collection(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "f"); err != nil {
		return err
	}
	l, err := s.layer(r)
	if err != nil {
		return err
	}
	c, err := s.describe(r, l)
	if err != nil {
		return err
	}
	return writeJSON(w, r, mediaJSON, c)
}

func (s *Server) layer(r *http.Request) (*layers.Layer, error) {
	return s.Layers.Catalog().Get(auth.Viewer(r.Context()), chi.URLParam(r, "collection"))
}

// describe is the metadata of a collection.
func (s *Server) describe(r *http.Request, l *layers.Layer) (map[string]any, error) {
	lang := language(r)
	address := collectionURL(r, l)
	c := map[string]any{
		"id":          l.ID,
		"title":       l.Title.In(lang),
		"description": l.Description.In(lang),
		"itemType":    "feature",
		"crs":         crsURIs(crsOf(l)),
		"links": []Link{
			{address, "self", mediaJSON, "This document"},
			{address + "/items", "items", mediaGeoJSON, l.Title.In(lang)},
		},
	}
	if l.Source.Geometry == "" {
		return c, nil
	}
	c["links"] = append(c["links"].([]Link), Link{baseURL(r) + "/tiles/" + l.ID + ".json", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", mediaJSON, "TileJSON"})
	c["storageCrs"] = crsURI(l.Source.SRID)
	box, err := s.Layers.Extent(r.Context(), auth.Viewer(r.Context()), l.ID, 4326)
	if err != nil {
		return nil, err
	}
	if box != nil {
		c["extent"] = map[string]any{"spatial": map[string]any{
			"bbox": [][]float64{{box.MinX, box.MinY, box.MaxX, box.MaxY}},
			"crs":  crs84,
		}}
	}
	return c, nil
}

// baseURL is the address under which the client knows the server.
func baseURL(r *http.Request) string {
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if p := r.Header.Get("X-Forwarded-Proto"); p == "https" || p == "http" {
		scheme = p
	}
	if h := r.Header.Get("X-Forwarded-Host"); h != "" && !strings.ContainsAny(h, "/?#\\ ") {
		host = h
	}
	return scheme + "://" + host
}

func collectionURL(r *http.Request, l *layers.Layer) string {
	return baseURL(r) + "/ogc/collections/" + l.ID
}

func itemURL(r *http.Request, l *layers.Layer, id string) string {
	return collectionURL(r, l) + "/items/" + url.PathEscape(id)
}

// language is the one the client prefers of those there are.
func language(r *http.Request) string {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		if lang := strings.ToLower(strings.TrimSpace(part)); strings.HasPrefix(lang, "en") {
			return "en"
		} else if strings.HasPrefix(lang, "fr") {
			return "fr"
		}
	}
	return "en"
}

// onlyParameters refuses parameters that the operation does not know.
func onlyParameters(r *http.Request, known ...string) error {
	for name, values := range r.URL.Query() {
		if !slices.Contains(known, name) {
			return layers.BadParameter(name, nil, "is not known here; known are %s", strings.Join(known, ", "))
		}
		if len(values) > 1 {
			return layers.BadParameter(name, nil, "is given %d times: give it once", len(values))
		}
	}
	if f := r.URL.Query().Get("f"); f != "" && f != "json" {
		return layers.BadParameter("f", f, "only json is offered")
	}
	return nil
}

// writeJSON answers a document of the media type.
func writeJSON(w http.ResponseWriter, r *http.Request, media string, body any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(encoded)))
	h.Add("Vary", "Accept, Accept-Language")
	if r.Method != http.MethodHead {
		_, err = w.Write(encoded)
	}
	return err
}

// mayWrite reports whether the viewer may write rows of some collectivity.
func mayWrite(v layers.Viewer, l *layers.Layer) bool {
	return v.May(layers.CreateRows, l, "") || v.May(layers.UpdateRows, l, "") || v.May(layers.DeleteRows, l, "")
}

// options tells what the viewer may do; QGIS asks before it offers to edit.
func (s *Server) options(reader, editor string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.layer(r)
		if err != nil {
			return err
		}
		v := auth.Viewer(r.Context())
		allowed := reader
		if mayWrite(v, l) {
			allowed = editor
		}
		w.Header().Set("Allow", allowed)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
}
