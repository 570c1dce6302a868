package api

import (
	"context"

	"arpent/layers"
	"arpent/web/auth"
)

// Related says how many records and files belong to a record: the numbers on
// its tabs.
type Related struct {
	Children  []ChildCount `json:"children" nullable:"false" doc:"In the order of the layer's children"`
	Documents int64        `json:"documents"`
}

// ChildCount is how many records of a layer refer to the record.
type ChildCount struct {
	Layer string `json:"layer"`
	Field string `json:"field"`
	Count int64  `json:"count"`
}

type relatedOutput struct{ Body Related }

func (s *Server) getRelated(ctx context.Context, in *featureInput) (*relatedOutput, error) {
	v := auth.Viewer(ctx)
	l, err := s.Layers.Catalog().Get(v, in.Layer)
	if err != nil {
		return nil, err
	}
	if _, err := s.Layers.Feature(ctx, v, l.ID, in.ID, 0); err != nil {
		return nil, err
	}
	out := &relatedOutput{Body: Related{Children: []ChildCount{}}}
	for _, child := range infoOf(l, v).Children {
		n, err := s.Layers.Count(ctx, v, child.Layer, layers.Query{Equal: map[string]string{child.Field: in.ID}})
		if err != nil {
			return nil, err
		}
		out.Body.Children = append(out.Body.Children, ChildCount{child.Layer, child.Field, n})
	}
	if l.Documents != nil {
		if out.Body.Documents, err = s.Documents.Count(ctx, v, l.ID, in.ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}
