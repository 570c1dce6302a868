package outbound_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"arpent/layers"
	"arpent/layers/external"
	"arpent/web/outbound"
)

var nobody = outbound.New(func() []string { return nil })

// loopback lets tests ask servers of their own.
var loopback = outbound.New(func() []string { return []string{"127.0.0.1"} })

func want(types ...string) outbound.Want {
	return outbound.Want{Types: types, Size: 1 << 20, Time: 5 * time.Second}
}

// code is that of the fault of an error.
func code(err error) string {
	e, ok := errors.AsType[*layers.Error](err)
	if !ok || len(e.Faults) == 0 {
		return fmt.Sprint(err)
	}
	return e.Faults[0].Location
}

func TestNoAddressLeadsIntoOurNetwork(t *testing.T) {
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{
		"127.0.0.1", "localhost", "0.0.0.0", "127.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.1.1",
		"100.64.0.1", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "2130706433", "0x7f000001",
	} {
		_, err := nobody.Get(t.Context(), "http://"+host+":"+port+"/", want("image/png"))
		if got := code(err); got != "private" && got != "silent" || err == nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	for _, address := range []string{"file:///etc/passwd", "gopher://127.0.0.1/", "http://", "//127.0.0.1/", "http://me:secret@127.0.0.1/", "http://\x00/"} {
		if _, err := nobody.Get(t.Context(), address, want("text/plain")); code(err) != "address" {
			t.Errorf("%q: %v", address, err)
		}
	}
	if asked {
		t.Error("our own server was asked")
	}
}

// A name that is public when it is looked at and private when it is dialled is
// dialled by address: what the dialler resolves is what the guard sees. localhost
// is such a name, whatever a check of its text would say.
func TestANameIsCheckedWhereItIsDialled(t *testing.T) {
	_, err := nobody.Get(t.Context(), "http://localhost:1/", want("image/png"))
	if code(err) != "private" {
		t.Errorf("a name that leads to us: %v", err)
	}
	if strings.Contains(err.(interface{ Unwrap() error }).Unwrap().Error(), "127.0.0.1") {
		t.Error("the words of the error tell of our network")
	}
}

func TestRedirectsAreFollowedOnlyWhereWeMayGo(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, "secret")
	}))
	defer inner.Close()
	var to string
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }))
	defer outer.Close()
	elsewhere := func(host string) string { return strings.Replace(inner.URL, "127.0.0.1", host, 1) }
	for name, c := range map[string]struct {
		client *outbound.Client
		to     string
		want   string // code; "" for an answer
	}{
		"to another place of the same host":     {loopback, inner.URL, ""},
		"to a private host":                     {loopback, elsewhere("localhost"), "redirect"},
		"to the data of the machine":            {loopback, "http://169.254.169.254/latest/meta-data", "redirect"},
		"from outside to a host that is opened": {outbound.New(func() []string { return []string{"127.0.0.1", "localhost"} }), elsewhere("localhost"), "redirect"},
		"to another scheme":                     {loopback, "file:///etc/passwd", "redirect"},
		"with a password":                       {loopback, "http://me:secret@127.0.0.1/", "redirect"},
		"round and round":                       {loopback, outer.URL, "redirect"},
	} {
		to = c.to
		a, err := c.client.Get(t.Context(), outer.URL, want("text/plain"))
		if c.want == "" && (err != nil || string(a.Body) != "secret") || c.want != "" && code(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAHostThatIsClosedAgainIsNotAskedOverAnOldConnection(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/plain") }))
	defer server.Close()
	hosts := []string{"127.0.0.1"}
	client := outbound.New(func() []string { return hosts })
	if _, err := client.Get(t.Context(), server.URL, want("text/plain")); err != nil {
		t.Fatal(err)
	}
	hosts = nil
	if _, err := client.Get(t.Context(), server.URL, want("text/plain")); code(err) != "private" {
		t.Errorf("closed again it answers %v", err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	release := make(chan struct{})
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 64<<20))
	_ = z.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		switch r.URL.Path {
		case "/huge":
			for range 40 {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		case "/packed":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
		case "/drops":
			_, _ = w.Write([]byte("x"))
			_ = http.NewResponseController(w).Flush()
			<-release
		case "/mute":
			<-release
		case "/broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "/script":
			w.Header().Set("Content-Type", "image/svg+xml")
		}
	}))
	defer server.Close()
	defer close(release)
	for path, wanted := range map[string]string{
		"/huge": "size", "/packed": "size", "/drops": "silent", "/mute": "silent", "/broken": "status", "/script": "type",
	} {
		w := want("image/png")
		if wanted == "silent" {
			w.Time = time.Second
		}
		if _, err := loopback.Get(t.Context(), server.URL+path, w); code(err) != wanted {
			t.Errorf("%s: %v", path, err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := loopback.Get(gone, server.URL+"/mute", want("image/png")); !errors.Is(err, context.Canceled) {
		t.Errorf("of who went away the error is %v", err)
	}
}

func TestNothingOfOursIsSent(t *testing.T) {
	var seen http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		http.SetCookie(w, &http.Cookie{Name: "theirs", Value: "1"})
		w.Header().Set("Content-Type", "text/plain; charset=iso-8859-1")
		_, _ = w.Write([]byte("for\xeat"))
	}))
	defer server.Close()
	for range 2 {
		a, err := loopback.Get(t.Context(), server.URL, want("text/plain"))
		if err != nil || string(a.Text()) != "forêt" {
			t.Fatalf("answer %v, %v", a, err)
		}
	}
	for _, name := range []string{"Cookie", "Authorization", "Referer", "X-Forwarded-For"} {
		if seen.Get(name) != "" {
			t.Errorf("%s is sent: %s", name, seen.Get(name))
		}
	}
}

func TestXMLThatWouldGrowIsRefused(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
		<WMS_Capabilities version="1.3.0"><Service><Title>&c;</Title></Service></WMS_Capabilities>`
	outside := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]><WMS_Capabilities version="1.3.0"><Service><Title>&file;</Title></Service></WMS_Capabilities>`
	var text string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, text)
	}))
	defer server.Close()
	for _, text = range []string{bomb, outside, strings.Repeat("<Layer>", 100_000), "<html></html>", "", `<ServiceExceptionReport><ServiceException>no such map</ServiceException></ServiceExceptionReport>`} {
		_, err := loopback.Capabilities(t.Context(), server.URL, external.WMS)
		if got := code(err); got != "noCapabilities" && got != "exception" {
			t.Errorf("%.60s: %v", text, err)
		}
	}
}

func TestAnAddressLosesWhatTheStandardSetsItself(t *testing.T) {
	for address, wanted := range map[string]string{
		"https://geo.example/ows?SERVICE=WMS&request=GetCapabilities&map=/a.map": "https://geo.example/ows?map=%2Fa.map",
		" http://geo.example:8080/wms ":                                          "http://geo.example:8080/wms",
		"https://geo.example/ows?LAYERS=x&cql_filter=1=1&token=t#top":            "https://geo.example/ows?token=t",
	} {
		got, _, err := external.Normalize(address)
		if err != nil || got != wanted {
			t.Errorf("%s becomes %s, %v, want %s", address, got, err, wanted)
		}
	}
	for _, address := range []string{"", "ftp://geo.example", "geo.example/wms", "https://me:secret@geo.example", "javascript:alert(1)", "https:///wms", "https://geo.example/" + strings.Repeat("a", 3000)} {
		if got, _, err := external.Normalize(address); err == nil {
			t.Errorf("%.40s becomes %s", address, got)
		}
	}
}
