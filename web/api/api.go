// Package api is the JSON API of the web page, described by OpenAPI, and the
// stream of changes. Geometries and boxes are in EPSG:3857.
package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"arpent/layers"
	"arpent/layers/basemaps"
	"arpent/layers/cartography"
	"arpent/layers/documents"
	"arpent/layers/exports"
	"arpent/layers/external"
	"arpent/layers/imports"
	"arpent/layers/jobs"
	"arpent/layers/library"
	"arpent/layers/notes"
	"arpent/layers/postgis"
	"arpent/layers/views"
	"arpent/layers/working"
	"arpent/tiles/bulk"
	"arpent/web/auth"
	"arpent/web/outbound"
	"arpent/web/problem"
)

// srid is the CRS in which the page works.
const srid = 3857

// maxBody is how long a body may be.
const maxBody = 10 << 20

// Server answers the page.
type Server struct {
	Layers      *layers.Service
	Store       *postgis.Store
	Feed        *postgis.Feed
	Library     *library.Library
	Documents   *documents.Service
	Jobs        *jobs.Service
	Imports     *imports.Service
	Exports     *exports.Service
	Bulk        *bulk.Service
	Views       *views.Service
	Working     *working.Service
	Cartography *cartography.Service
	Notes       *notes.Service
	BaseMaps    *basemaps.Service
	External    *external.Registry
	Outbound    *outbound.Client
	Auth        *auth.Service
	Version     string // of the program
}

// Register adds the API, all below /api, to the router.
func (s *Server) Register(r chi.Router) {
	s.register(r)
	s.streams(r)
	s.externalStreams(r)
}

// OpenAPI is the definition of the API, as JSON.
func OpenAPI() ([]byte, error) {
	definition, err := (&Server{}).register(chi.NewRouter()).OpenAPI().MarshalJSON()
	if err != nil {
		return nil, err
	}
	var indented json.RawMessage = definition
	return json.MarshalIndent(indented, "", "  ")
}

func (s *Server) register(r chi.Router) huma.API {
	huma.NewError = refuse
	config := huma.DefaultConfig("Arpent", "1.0.0")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "/api/openapi", "", ""
	config.CreateHooks = nil // no $schema in answers
	a := humachi.New(r, config)

	operate(a, "getSession", http.MethodGet, "/api/session", "Who is signed in", s.getSession)
	operate(a, "signIn", http.MethodPost, "/api/session", "Sign in", s.signIn)
	operate(a, "signOut", http.MethodDelete, "/api/session", "Sign out", s.signOut)
	operate(a, "changePassword", http.MethodPut, "/api/session/password", "Change one's password", s.changePassword)
	operate(a, "requestReset", http.MethodPost, "/api/session/reset", "Ask for a link to choose another password", s.requestReset)
	operate(a, "resetPassword", http.MethodPut, "/api/session/reset", "Choose another password by such a link", s.resetPassword)
	operate(a, "listLayers", http.MethodGet, "/api/layers", "Layers the viewer may read, in drawing order", s.listLayers)
	operate(a, "getForm", http.MethodGet, "/api/layers/{layer}/form", "Form of a layer", s.getForm)
	operate(a, "evaluate", http.MethodPost, "/api/layers/{layer}/evaluate", "What conditions, computed fields and rules say of a form that is being filled in", s.evaluate)
	operate(a, "listFeatures", http.MethodGet, "/api/layers/{layer}/features", "List of a layer", s.listFeatures)
	operate(a, "getFeature", http.MethodGet, "/api/layers/{layer}/features/{id}", "One feature", s.getFeature)
	operate(a, "getHistory", http.MethodGet, "/api/layers/{layer}/features/{id}/history", "History of a feature, newest first", s.getHistory)
	operate(a, "getSince", http.MethodGet, "/api/history/since", "How far back the map can be seen", s.getSince)
	operate(a, "undoCause", http.MethodPost, "/api/history/undo", "Take back all that an import or a bulk edit did", s.undoCause)
	operate(a, "gather", http.MethodPost, "/api/layers/{layer}/gather", "One shape of several features", s.gather)
	operate(a, "shape", http.MethodPost, "/api/layers/{layer}/shapes", "Shapes made of shapes: buffers, parts, unions; nothing is stored", s.shape)
	operate(a, "undo", http.MethodPost, "/api/layers/{layer}/features/{id}/history/{change}/undo", "Take one change back, as a new change", s.undo)
	operate(a, "restoreVersion", http.MethodPost, "/api/layers/{layer}/features/{id}/history/{change}/restore", "Make a feature again what it was after a change, as a new change", s.restoreVersion)
	operate(a, "getRelated", http.MethodGet, "/api/layers/{layer}/features/{id}/related", "How many records and files belong to a feature", s.getRelated)
	operate(a, "listDocuments", http.MethodGet, "/api/layers/{layer}/features/{id}/documents", "Files of a feature", s.listDocuments)
	operate(a, "changeDocument", http.MethodPatch, "/api/documents/{id}", "Give a file a title, remove it, bring it back", s.changeDocument)
	operate(a, "transact", http.MethodPost, "/api/transactions", "Create, change and delete features, all or nothing", s.transact)
	s.registerWorking(a)
	s.registerPresence(a)
	s.registerDesign(a)
	s.registerAdministration(a)
	s.registerJobs(a)
	s.registerBulk(a)
	s.registerLists(a)
	s.registerReading(a)
	s.registerCartography(a)
	s.registerBookmarks(a)
	s.registerNotes(a)
	s.registerMaps(a)
	s.registerExternal(a)
	operate(a, "search", http.MethodGet, "/api/search", "Search in all layers", s.search)
	return a
}

// operate registers an operation whose errors become problem details.
func operate[I, O any](a huma.API, id, method, path, summary string, handle func(context.Context, *I) (*O, error)) {
	huma.Register(a, huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, MaxBodyBytes: maxBody, Errors: []int{}},
		func(ctx context.Context, in *I) (*O, error) {
			out, err := handle(ctx, in)
			if err == nil {
				return out, nil
			}
			problem.Log(ctx, err, method, path)
			return nil, newRefusal(problem.Of(err))
		})
}

// refusal is a problem as huma wants its errors.
type refusal struct {
	problem.Details
}

func (r *refusal) Error() string             { return r.Detail }
func (r *refusal) GetStatus() int            { return r.Status }
func (r *refusal) ContentType(string) string { return "application/problem+json" }

func newRefusal(d *problem.Details) error {
	if h := d.Headers(true); len(h) > 0 {
		return huma.ErrorWithHeaders(&refusal{*d}, h)
	}
	return &refusal{*d}
}

// refuse makes huma's own errors, of requests that do not fit the definition,
// look like ours.
func refuse(status int, message string, errs ...error) huma.StatusError {
	d := problem.Details{Status: status, Title: http.StatusText(status), Detail: message}
	for _, err := range errs {
		f := problem.Fault{Message: err.Error()}
		if detailed, ok := err.(huma.ErrorDetailer); ok {
			e := detailed.ErrorDetail()
			f = problem.Fault{Location: strings.TrimPrefix(e.Location, "body."), Message: e.Message}
		}
		d.Errors = append(d.Errors, f)
	}
	if len(d.Errors) > 0 && message == "validation failed" {
		d.Detail = d.Errors[0].Location + ": " + d.Errors[0].Message
	}
	return &refusal{d}
}
