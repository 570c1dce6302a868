package web

import (
	"net/http"
	"strconv"

	"arpent/layers/postgis"
)

// positionHeader carries the position of the change feed in answers to writes.
const positionHeader = "Arpent-Position"

// positioned tells who writes how far the feed has come when it is done: with that
// position in Arpent-After, he reads what he wrote from any server.
func positioned(feed *postgis.Feed) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.Method {
			case http.MethodGet, http.MethodHead, http.MethodOptions:
			default:
				w = &positionWriter{ResponseWriter: w, feed: feed}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// positionWriter adds the position to the headers when they are written.
type positionWriter struct {
	http.ResponseWriter
	feed *postgis.Feed
	done bool
}

func (w *positionWriter) WriteHeader(status int) {
	if !w.done {
		w.done = true
		w.Header().Set(positionHeader, strconv.FormatInt(w.feed.Position(), 10))
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *positionWriter) Write(data []byte) (int, error) {
	if !w.done {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController find what is below.
func (w *positionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
