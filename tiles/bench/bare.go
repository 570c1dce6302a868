package main

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

// kept is what is sent of a file.
type kept struct {
	body        []byte
	length, tag []string
}

// serveBare serves the files of a folder from memory, as gzip: the least that a
// program in Go can do about a request, until it is killed.
func serveBare(dir, listen string) error {
	all := map[string]kept{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		all[path[len(dir):]] = kept{body, []string{strconv.Itoa(len(body))}, []string{`"` + strconv.Itoa(len(all)) + `"`}}
		return err
	})
	if err != nil {
		return err
	}
	packed := []string{"gzip"}
	return http.ListenAndServe(listen, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k := all[r.URL.Path]
		h := w.Header()
		h["Etag"] = k.tag
		if k.tag != nil && r.Header.Get("If-None-Match") == k.tag[0] {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h["Content-Encoding"], h["Content-Length"] = packed, k.length
		_, _ = w.Write(k.body)
	}))
}
