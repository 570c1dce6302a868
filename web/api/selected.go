package api

import (
	"time"

	"arpent/layers"
)

// Selected chooses records of a layer as a Selection does, in the body of a
// request: identifiers, and shapes in filters, may be many.
type Selected struct {
	IDs    []string          `json:"ids,omitempty" maxItems:"100000" doc:"Only these records"`
	BBox   string            `json:"bbox,omitempty" doc:"Only features that meet the box minx,miny,maxx,maxy"`
	Q      string            `json:"q,omitempty" maxLength:"200" doc:"Words that the search fields have"`
	Equal  map[string]string `json:"equal,omitempty" doc:"By field: the value it has"`
	Filter map[string]any    `json:"filter,omitempty" doc:"A condition as CQL2-JSON"`
	Valid  bool              `json:"valid,omitempty" doc:"Only records that may be chosen today"`
	At     time.Time         `json:"at,omitzero" doc:"As it was at that moment"`
}

func (s Selected) query() (layers.Query, error) {
	q := layers.Query{IDs: s.IDs, Text: s.Q, Equal: s.Equal, At: s.At}
	if s.Valid {
		q.ValidOn = time.Now().Format(time.DateOnly)
	}
	var err error
	if q.Filter, err = filterOf(s.Filter); err != nil {
		return q, err
	}
	if s.BBox != "" {
		q.BBox, err = parseBBox(s.BBox)
	}
	return q, err
}
