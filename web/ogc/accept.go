package ogc

import (
	"net/http"
	"strconv"
	"strings"

	"arpent/layers"
	"arpent/web/problem"
)

// negotiate chooses the media type of the answer among those offered, best
// first, by the parameter f or the header Accept (RFC 9110, 12.5.1).
func negotiate(r *http.Request, offered ...string) (string, error) {
	header := strings.Join(r.Header.Values("Accept"), ",")
	if header == "" || r.URL.Query().Has("f") {
		return offered[0], nil
	}
	best, bestWeight := "", 0.0
	for _, media := range offered {
		if weight := weightOf(media, header); weight > bestWeight {
			best, bestWeight = media, weight
		}
	}
	if best == "" {
		return "", layers.Errorf(problem.NotAcceptable, "Accept is %q; offered are %s", header, strings.Join(offered, ", "))
	}
	return best, nil
}

// weightOf is how much the header wants the media type, from 0 for not at all
// to 1: what the most specific range that holds it says.
func weightOf(media, header string) float64 {
	kind, _, _ := strings.Cut(media, "/")
	weight, specific := 0.0, 0
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		rank := 0
		switch strings.ToLower(strings.TrimSpace(name)) {
		case media:
			rank = 3
		case kind + "/*":
			rank = 2
		case "*/*":
			rank = 1
		}
		if rank > specific {
			weight, specific = quality(parameters), rank
		}
	}
	return weight
}

// quality reads the weight q among the parameters of one element of an Accept
// header; 1 when there is none, 0 when it is no number.
func quality(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		if q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(p)), "q="); ok {
			weight, _ := strconv.ParseFloat(q, 64)
			return weight
		}
	}
	return 1
}
