package web

import (
	"context"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"arpent/layers"
	"arpent/web/problem"
)

// page serves the files of the page. Addresses without an ending are places
// within the page, which is then sent itself, allowed to show pictures of hosts.
func page(files fs.FS, hosts func(context.Context) ([]string, error)) http.Handler {
	static := http.FileServerFS(files)
	return problem.Handler(func(w http.ResponseWriter, r *http.Request) error {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		h := w.Header()
		if info, err := fs.Stat(files, name); name != "" && err == nil && !info.IsDir() {
			h.Set("Cache-Control", "no-cache")
			if strings.HasPrefix(name, "assets/") { // their names carry a hash of their content
				h.Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			static.ServeHTTP(w, r)
			return nil
		}
		if path.Ext(name) != "" {
			return layers.Errorf(layers.NotFound, "there is nothing at this address")
		}
		index, err := fs.ReadFile(files, "index.html")
		if err != nil {
			return layers.Errorf(layers.Unavailable, "the page was not built into this program: run `make build`")
		}
		opened, err := hosts(r.Context())
		if err != nil { // better a page without base maps than none
			problem.Log(r.Context(), err, r.Method, r.URL.Path)
		}
		h.Set("Content-Security-Policy", openedFor(opened))
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		_, err = w.Write(index)
		return err
	})
}
