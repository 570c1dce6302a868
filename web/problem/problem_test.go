package problem

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"arpent/layers"
)

// answer is what a handler that fails with err sends, and what the log says.
func answer(t *testing.T, err error) (*httptest.ResponseRecorder, map[string]any, string) {
	t.Helper()
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(old)
	w := httptest.NewRecorder()
	Handler(func(http.ResponseWriter, *http.Request) error { return err })(w, httptest.NewRequest(http.MethodGet, "/here", nil))
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s is no JSON: %v", w.Body, err)
	}
	return w, body, log.String()
}

func TestEachKindHasItsStatus(t *testing.T) {
	for kind, want := range map[layers.Kind]int{
		layers.BadRequest: 400, layers.Unauthorized: 401, layers.Forbidden: 403, layers.NotFound: 404, NotAcceptable: 406, layers.Conflict: 409,
		layers.Stale: 412, layers.TooLarge: 413, layers.WrongType: 415, layers.Invalid: 422, layers.TooMany: 429, layers.Unavailable: 503,
	} {
		r, body, _ := answer(t, fmt.Errorf("wrapped: %w", layers.Errorf(kind, "words for people")))
		if r.Code != want || body["status"] != float64(want) || body["detail"] != "words for people" || body["title"] != http.StatusText(want) {
			t.Errorf("%s: %d %v, want %d", kind, r.Code, body, want)
		}
		if got := r.Header().Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%s: Content-Type %s", kind, got)
		}
	}
}

func TestInternalErrorsStayPrivate(t *testing.T) {
	r, body, log := answer(t, errors.New("password=hunter2"))
	if r.Code != 500 || strings.Contains(fmt.Sprint(body), "hunter2") {
		t.Errorf("%d %v", r.Code, body)
	}
	if strings.Count(log, "\n") != 1 || !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "hunter2") || !strings.Contains(log, "/here") {
		t.Errorf("the log says %q", log)
	}
}

func TestErrorsOfClientsAreOneLineAtInfo(t *testing.T) {
	_, _, log := answer(t, layers.BadParameter("limit", "x", "is a whole number"))
	if strings.Count(log, "\n") != 1 || !strings.Contains(log, "level=INFO") {
		t.Errorf("the log says %q", log)
	}
}

func TestFaultsAndConflictsAreListed(t *testing.T) {
	_, body, _ := answer(t, layers.BadParameter("limit", "x", "is a whole number"))
	want := map[string]any{"location": "query.limit", "message": "is a whole number", "value": "x"}
	if got := body["errors"].([]any); len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(want) {
		t.Errorf("errors are %v, want %v", got, want)
	}
	_, body, _ = answer(t, &layers.Error{Kind: layers.Stale, Conflicts: []layers.StaleFeature{{Change: 2, Layer: "a.b", ID: "7"}}})
	got := body["conflicts"].([]any)[0].(map[string]any)
	if current, ok := got["current"]; !ok || current != nil || got["change"] != 2.0 || got["layer"] != "a.b" || got["id"] != "7" {
		t.Errorf("conflict %v: a deleted feature has current null", got)
	}
}

func TestWhoGoesAwayIsNotLogged(t *testing.T) {
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(old)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	Log(ctx, context.Canceled, "GET", "/")
	if log.Len() > 0 {
		t.Errorf("the log says %q", log.String())
	}
}

func TestBrowsersAreNotOfferedBasic(t *testing.T) {
	d := &Details{Status: http.StatusUnauthorized}
	if got := fmt.Sprint(d.Headers(true)["Www-Authenticate"]); strings.Contains(got, "Basic") {
		t.Errorf("a browser is offered %s", got)
	}
	if got := fmt.Sprint(d.Headers(false)["Www-Authenticate"]); !strings.Contains(got, "Basic") || !strings.Contains(got, "Bearer") {
		t.Errorf("a program is offered %s", got)
	}
}
