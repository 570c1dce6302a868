package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"arpent/web/auth"
)

// metrics answers the counters of this process, as Prometheus reads them
// (text exposition format 0.0.4), to who administers the server.
func metrics(reduced func() map[string]int64) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := auth.ServerAdministrator(auth.Viewer(r.Context())); err != nil {
			return err
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		const name = "arpent_tiles_reduced_total"
		_, _ = fmt.Fprintf(w, "# HELP %s Tiles made with fewer features than there are, by layer.\n# TYPE %s counter\n", name, name)
		counts := reduced()
		for _, layer := range slices.Sorted(maps.Keys(counts)) {
			_, _ = fmt.Fprintf(w, "%s{layer=%q} %d\n", name, layer, counts[layer])
		}
		return nil
	}
}
