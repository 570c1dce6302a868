// Package web is the HTTP face of the server: routing and middleware.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"arpent/layers"
	"arpent/layers/basemaps"
	"arpent/web/api"
	"arpent/web/auth"
	"arpent/web/ogc"
	"arpent/web/problem"
	"arpent/web/ui"
)

// Config is what the server is made of.
type Config struct {
	Auth *auth.Service
	API  *api.Server
	OGC  *ogc.Server
	// Ready names what keeps the server from doing all its work.
	Ready func(context.Context) []Wrong
}

// compressionLevel of text answers; tiles compress themselves.
const compressionLevel = 5

// Handler serves everything.
func Handler(c Config) http.Handler {
	r := chi.NewRouter()
	r.Use(securityHeaders, middleware.GetHead)
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	r.Get("/readyz", ready(c.Ready))
	r.With(c.Auth.Reader).Get("/metrics", problem.Handler(metrics(c.OGC.Tiles.Reduced)))
	r.Get("/schemas/layer.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/schema+json")
		_, _ = w.Write(layers.LayerSchema)
	})
	r.Get("/schemas/maps.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/schema+json")
		_, _ = w.Write(basemaps.Schema)
	})
	r.Group(func(r chi.Router) { // what programs of others use
		r.Use(openToAll, positioned(c.API.Feed), c.Auth.Reader)
		r.With(middleware.Compress(compressionLevel, "application/json", "application/geo+json", "application/vnd.oai.openapi+json")).Mount("/ogc", c.OGC.Features())
	})
	r.Group(func(r chi.Router) { // what the page uses
		r.Use(positioned(c.API.Feed), c.Auth.Middleware, middleware.Compress(compressionLevel, "application/json"), middleware.NoCache)
		c.API.Register(r)
	})
	r.With(middleware.Compress(compressionLevel)).Get("/*", page(ui.Files(), c.API.BaseMaps.Hosts).ServeHTTP)
	nothing := problem.Handler(func(http.ResponseWriter, *http.Request) error {
		return layers.Errorf(layers.NotFound, "there is nothing at this address")
	})
	r.NotFound(nothing)
	for _, taken := range []string{"/api/*", "/schemas/*"} { // not places within the page
		r.Get(taken, nothing)
	}
	return recoverer(beside(r, openToAll(c.Auth.Reader(c.OGC.Tiler()))))
}

// beside serves what is under /tiles past the router: tiles are asked for by
// the dozen, and finding the way took as long as answering (DESIGN.md).
func beside(all, tiles http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, ogc.TilePrefix) {
			w.Header()["X-Content-Type-Options"] = nosniff
			tiles.ServeHTTP(w, r)
			return
		}
		all.ServeHTTP(w, r)
	})
}

// recoverer answers a panic with a problem and logs it once.
func recoverer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				slog.ErrorContext(r.Context(), "panic", "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				problem.Write(w, r, fmt.Errorf("panic: %v", p))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// policy lets the page load what comes from here, and nothing else.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src " + pictures + "; worker-src 'self' blob:; " +
	"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

const pictures = "'self' data: blob:"

// openedFor is the policy that lets the page show pictures of hosts too.
func openedFor(hosts []string) string {
	return strings.Replace(policy, pictures, strings.Join(append([]string{pictures}, hosts...), " "), 1)
}

// Values of headers that answers share: nobody writes to them.
var (
	nosniff  = []string{"nosniff"}
	anywhere = []string{"*"}
	exposed  = []string{"ETag, Location, Content-Crs, " + positionHeader}
)

func securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h["X-Content-Type-Options"] = nosniff
		h.Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// openToAll lets pages of other sites read, and edit with a token of their
// own. They never get the cookies of our users.
func openToAll(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["Access-Control-Allow-Origin"] = anywhere
		h["Access-Control-Expose-Headers"] = exposed
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
			h.Set("Access-Control-Allow-Headers", "Authorization, Arpent-After, Arpent-Purpose, Content-Type, Content-Crs, If-Match, If-None-Match")
			h.Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
