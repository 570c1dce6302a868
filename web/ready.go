package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Wrong is what keeps a part of the server from doing its work.
type Wrong struct {
	Part   string `json:"part"` // database, changes
	Detail string `json:"detail"`
}

// readyPatience is how long the parts have to tell.
const readyPatience = 5 * time.Second

// ready answers whether the server can do all its work: with status 503 and what
// is wrong while it cannot. A server that is not ready may serve all the same, as
// one that has lost the feed of changes does, more slowly.
func ready(check func(context.Context) []Wrong) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyPatience)
		defer cancel()
		wrong := check(ctx)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if len(wrong) > 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(struct {
			Ready bool    `json:"ready"`
			Wrong []Wrong `json:"wrong,omitempty"`
		}{len(wrong) == 0, wrong})
	}
}
