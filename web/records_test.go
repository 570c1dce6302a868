package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
)

func dot(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFilesAreSentSoThatNothingRunsInThem(t *testing.T) {
	s := newSite(t)
	at := "/api/layers/land.parcels/features/" + s.town.Parcels[0].ID
	svg := `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	for _, c := range []struct{ name, content, sentAs, disposition string }{
		{"plan.png", dot(t), "image/png", "inline"},
		{"acte.pdf", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "application/pdf", "inline"},
		{"dessin.svg", svg, "application/octet-stream", "attachment"},
	} {
		added := s.want(s.call(http.DefaultClient, "POST", at+"/documents?name="+c.name, c.content, s.admin(), "Content-Type: "), 201).json(t)
		got := s.want(s.get(fmt.Sprintf("/api/documents/%.0f/content", added["id"]), s.admin()), 200)
		if string(got.body) != c.content {
			t.Errorf("%s came back as %q", c.name, got.body)
		}
		if kind := got.Header.Get("Content-Type"); kind != c.sentAs {
			t.Errorf("%s is sent as %s", c.name, kind)
		}
		if d := got.Header.Get("Content-Disposition"); d != c.disposition+"; filename="+c.name {
			t.Errorf("%s has disposition %s", c.name, d)
		}
		if got.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(got.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s is sent with %v", c.name, got.Header)
		}
		s.want(s.get(fmt.Sprintf("/api/documents/%.0f/content", added["id"])), 404)
	}
	s.want(s.get(at+"/documents"), 401)
	s.want(s.call(http.DefaultClient, "POST", at+"/documents?name=x.png", dot(t), "Content-Type: image/png"), 401)
	s.refused(s.call(http.DefaultClient, "POST", at+"/documents?name=photo.jpg", "<html></html>", s.admin(), "Content-Type: image/jpeg"), 415, "")
	related := s.want(s.get(at+"/related", s.admin()), 200).json(t)
	if related["documents"] != 3.0 {
		t.Errorf("related %v", related)
	}
}

func TestAFileThatGoesComesBackAndHistoryKnows(t *testing.T) {
	s := newSite(t)
	at := "/api/layers/land.parcels/features/" + s.town.Parcels[0].ID
	added := s.want(s.call(http.DefaultClient, "POST", at+"/documents?name=plan.png", dot(t), s.admin(), "Content-Type: image/png"), 201).json(t)
	document := fmt.Sprintf("/api/documents/%.0f", added["id"])
	for _, removed := range []string{"true", "false"} {
		s.want(s.call(http.DefaultClient, "PATCH", document, `{"removed":`+removed+`}`, s.admin()), 200)
	}
	var ops []string
	for _, e := range s.want(s.get(at+"/history", s.admin()), 200).json(t)["entries"].([]any) {
		entry := e.(map[string]any)
		ops = append(ops, entry["op"].(string))
		if file, ok := entry["file"].(map[string]any); ok && file["name"] != "plan.png" {
			t.Errorf("an entry is about %v", file)
		}
	}
	if got := strings.Join(ops, " "); got != "return remove attach insert" {
		t.Errorf("history says %s", got)
	}
}

func TestAnOldVersionComesBackAsANewChangeThatSaysSo(t *testing.T) {
	s := newSite(t)
	id := s.town.Parcels[0].ID
	at := "/api/layers/land.parcels/features/" + id
	version := s.want(s.get(at, s.admin()), 200).json(t)["version"]
	s.want(s.call(http.DefaultClient, "POST", "/api/transactions", map[string]any{"changes": []any{map[string]any{
		"op": "delete", "layer": "land.parcels", "id": id, "version": version}}}, s.admin()), 200)
	s.want(s.get(at, s.admin()), 404)
	deletion := s.newest(at)
	if deletion["op"] != "delete" {
		t.Fatalf("the newest change is %v", deletion)
	}
	s.want(s.call(http.DefaultClient, "POST", fmt.Sprintf("%s/history/%.0f/restore", at, deletion["id"]), nil), 401)
	s.want(s.call(http.DefaultClient, "POST", fmt.Sprintf("%s/history/%.0f/restore", at, deletion["id"]), nil, s.admin()), 200)
	s.want(s.get(at, s.admin()), 200)
	if e := s.newest(at); e["op"] != "insert" || e["cause"] != fmt.Sprintf("restore %.0f", deletion["id"]) {
		t.Errorf("the newest change is %v", e)
	}
	s.refused(s.call(http.DefaultClient, "POST", fmt.Sprintf("%s/history/%.0f/undo", at, deletion["id"]), nil, s.admin()), 409, "")
}

func (s *site) newest(at string) map[string]any {
	s.Helper()
	return s.want(s.get(at+"/history", s.admin()), 200).json(s.TB)["entries"].([]any)[0].(map[string]any)
}
