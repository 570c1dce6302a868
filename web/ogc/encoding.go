package ogc

import (
	"net/http"
	"strings"

	"arpent/tiles"
)

// encodingOf chooses the encoding in which a tile is sent (RFC 9110, 12.5.3): of
// those that the client wants most, what it has already, then what is packed
// already, then what is shortest. known: the client has it.
func encodingOf(r *http.Request, t *tiles.Tile) (chosen tiles.Encoding, known bool) {
	if t.Empty() {
		return tiles.Identity, noneMatch(r, t.Tag(tiles.Identity))
	}
	wanted := wantedEncodings(r.Header.Get("Accept-Encoding"))
	conditional := r.Header.Get("If-None-Match") != ""
	best, ready := false, false
	for _, e := range [...]tiles.Encoding{tiles.Brotli, tiles.Gzip, tiles.Identity} { // the shortest first
		if !wanted[e] {
			continue
		}
		if conditional && noneMatch(r, t.Tag(e)) {
			return e, true
		}
		if packed := t.Packed(e); !best || packed && !ready {
			chosen, best, ready = e, true, packed
		}
	}
	return chosen, false
}

// wantedEncodings are those that have the greatest weight in a header
// Accept-Encoding; where it names none that is known, tiles are sent as they are.
func wantedEncodings(header string) (wanted [3]bool) {
	const unsaid = -1.0
	weights, others := [3]float64{unsaid, unsaid, unsaid}, unsaid
	for part := range strings.SplitSeq(header, ",") {
		coding, parameters, _ := strings.Cut(part, ";")
		switch coding = strings.TrimSpace(coding); {
		case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
			weights[tiles.Gzip] = quality(parameters)
		case strings.EqualFold(coding, "br"):
			weights[tiles.Brotli] = quality(parameters)
		case strings.EqualFold(coding, "identity"):
			weights[tiles.Identity] = quality(parameters)
		case coding == "*":
			others = quality(parameters)
		}
	}
	most := 0.0
	for e, weight := range weights {
		if weight == unsaid && tiles.Encoding(e) != tiles.Identity { // which none needs to name
			weights[e] = others
		}
		most = max(most, weights[e])
	}
	for e, weight := range weights {
		wanted[e] = weight > 0 && weight == most
	}
	wanted[tiles.Identity] = wanted[tiles.Identity] && !wanted[tiles.Gzip] && !wanted[tiles.Brotli] || most == 0
	return wanted
}
