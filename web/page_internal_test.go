package web

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestThePolicyOpensForTheHostsOfBaseMapsAlone(t *testing.T) {
	var hosts []string
	var failure error
	handler := securityHeaders(page(fstest.MapFS{"index.html": {Data: []byte("<html>")}, "icon.svg": {Data: []byte("<svg/>")}},
		func(context.Context) ([]string, error) { return hosts, failure }))
	policyAt := func(path string) string {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 {
			t.Fatalf("%s answers %d", path, w.Code)
		}
		return w.Header().Get("Content-Security-Policy")
	}
	if got := policyAt("/"); got != policy {
		t.Errorf("without base maps the policy is %s", got)
	}
	hosts = []string{"https://a.example", "https://b.example:8443"}
	if got := policyAt("/"); !strings.Contains(got, "img-src 'self' data: blob: https://a.example https://b.example:8443; worker-src") {
		t.Errorf("with base maps the policy is %s", got)
	}
	if got := policyAt("/icon.svg"); got != policy {
		t.Errorf("of a picture of ours the policy is %s", got)
	}
	hosts, failure = nil, errors.New("the database is away")
	if got := policyAt("/"); got != policy {
		t.Errorf("without the database the policy is %s", got)
	}
}
