package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A tile that is kept, as anybody asks for it again and again: what is left
// is what the server does about each request.
func BenchmarkWarmTile(b *testing.B) {
	s := newSite(b)
	at := s.tileOf(s.town.Parcels[0].ID, 15)
	path := fmt.Sprintf("/tiles/land.parcels/%d/%d/%d.mvt", at.Z, at.X, at.Y)
	request := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	request.Header.Set("Accept-Encoding", "gzip")
	first := httptest.NewRecorder()
	s.face.ServeHTTP(first, request)
	if first.Code != http.StatusOK {
		b.Fatalf("%s: %d", path, first.Code)
	}
	known := request.Clone(request.Context())
	known.Header.Set("If-None-Match", first.Header().Get("ETag"))
	for name, r := range map[string]*http.Request{"whole": request, "not modified": known} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			w := &nowhere{header: http.Header{}}
			for b.Loop() {
				clear(w.header)
				s.face.ServeHTTP(w, r)
			}
		})
	}
}

// nowhere is a client that reads nothing.
type nowhere struct{ header http.Header }

func (w *nowhere) Header() http.Header         { return w.header }
func (w *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (w *nowhere) WriteHeader(int)             {}
