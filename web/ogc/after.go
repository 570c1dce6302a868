package ogc

import (
	"net/http"
	"strconv"

	"arpent/layers"
)

// afterHeader names the position of the change feed whose writes a tile must show, as
// the answer to a write tells it in Arpent-Position; the parameter "after" does
// too.
const afterHeader = "Arpent-After"

// await waits until the tiles of this server show what the request wants to see.
func (s *Server) await(r *http.Request) error {
	text := r.Header.Get(afterHeader)
	if text == "" && r.URL.RawQuery != "" {
		text = r.URL.Query().Get("after")
	}
	if text == "" {
		return nil
	}
	position, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return layers.BadParameter("after", text, "is no position, as Arpent-Position tells it")
	}
	s.Tiles.Await(r.Context(), position)
	return nil
}
