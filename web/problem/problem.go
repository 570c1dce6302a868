// Package problem answers errors as problem details (RFC 9457).
package problem

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"arpent/layers"
)

// NotAcceptable is the one kind of error that only HTTP knows: the client
// accepts no media type that is offered.
const NotAcceptable layers.Kind = "not-acceptable"

// NotAllowed is the kind of a method that is not for what is at an address.
const NotAllowed layers.Kind = "not-allowed"

// statuses turns kinds of error into HTTP, for every interface of the server.
var statuses = map[layers.Kind]int{
	layers.BadRequest:   http.StatusBadRequest,
	layers.Unauthorized: http.StatusUnauthorized,
	layers.Forbidden:    http.StatusForbidden,
	layers.NotFound:     http.StatusNotFound,
	NotAcceptable:       http.StatusNotAcceptable,
	NotAllowed:          http.StatusMethodNotAllowed,
	layers.Conflict:     http.StatusConflict,
	layers.Stale:        http.StatusPreconditionFailed,
	layers.TooLarge:     http.StatusRequestEntityTooLarge,
	layers.Invalid:      http.StatusUnprocessableEntity,
	layers.WrongType:    http.StatusUnsupportedMediaType,
	layers.TooMany:      http.StatusTooManyRequests,
	layers.Unavailable:  http.StatusServiceUnavailable,
}

// Details is the body of a problem.
type Details struct {
	Type      string     `json:"type,omitempty"`
	Title     string     `json:"title"`
	Status    int        `json:"status"`
	Detail    string     `json:"detail,omitempty"`
	Errors    []Fault    `json:"errors,omitempty" doc:"Each value at fault"`
	Conflicts []Conflict `json:"conflicts,omitempty" doc:"What was changed since, for status 412"`
}

// Fault is one value that breaks a rule.
type Fault struct {
	Location string `json:"location,omitempty" example:"changes[0].properties.number"`
	Message  string `json:"message"`
	Value    any    `json:"value,omitempty"`
}

// Conflict names a feature that was changed or deleted since it was read.
type Conflict struct {
	Change  int    `json:"change" doc:"Index of the change in the transaction"`
	Layer   string `json:"layer"`
	ID      string `json:"id"`
	Current any    `json:"current" doc:"The feature as it is stored now; null when it was deleted"`
}

// Of puts an error into the words that the person who caused it may read.
func Of(err error) *Details {
	e, ok := errors.AsType[*layers.Error](err)
	if !ok {
		return &Details{Status: http.StatusInternalServerError, Title: "Internal Server Error", Detail: "something went wrong on the server; its log says what"}
	}
	status := statuses[e.Kind]
	d := &Details{Status: status, Title: http.StatusText(status), Detail: e.Detail}
	for _, f := range e.Faults {
		d.Errors = append(d.Errors, Fault{f.Location, f.Message, f.Value})
	}
	for _, c := range e.Conflicts {
		d.Conflicts = append(d.Conflicts, Conflict{c.Change, c.Layer, c.ID, c.Shown})
	}
	return d
}

// retryAfter is how many seconds who tried too often shall wait.
const retryAfter = "900"

// Headers are the headers that the status asks for. Browsers are not offered
// Basic authentication.
func (d *Details) Headers(browser bool) http.Header {
	h := http.Header{}
	switch d.Status {
	case http.StatusUnauthorized:
		h.Add("WWW-Authenticate", `Bearer realm="Arpent"`)
		if !browser {
			h.Add("WWW-Authenticate", `Basic realm="Arpent", charset="UTF-8"`)
		}
	case http.StatusTooManyRequests:
		h.Set("Retry-After", retryAfter)
	}
	return h
}

// Log writes the one line that the log keeps of an error. method and path
// say on what it happened.
func Log(ctx context.Context, err error, method, path string) {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return // the client went away
	}
	level := slog.LevelInfo
	if Of(err).Status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	slog.Log(ctx, level, "request refused", "method", method, "path", path, "error", err)
}

// Write answers a request with an error and logs it.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	Log(r.Context(), err, r.Method, r.URL.Path)
	d := Of(err)
	h := w.Header()
	// A browser would open its own window to ask for a password.
	for name, values := range d.Headers(r.Header.Get("Sec-Fetch-Site") != "") {
		h[name] = values
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	w.WriteHeader(d.Status)
	_ = json.NewEncoder(w).Encode(d)
}

// Handler serves by a function that returns its error.
func Handler(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := serve(w, r); err != nil {
			Write(w, r, err)
		}
	}
}
